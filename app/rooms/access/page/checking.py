"""Verifying the trail from the register: the result in plain words, with the head read off a printed page where there is one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.errors import Problem
from app.ui.background import Background, Job, Progress
from app.ui.cards import button, restyle, tag, text
from app.ui.fields import LineField
from app.ui.language import sentence_of, told
from app.vault.chain import ChainVerdict, NotACode, judge
from app.vault.trail import read_code
from app.vault.vault import Vault

_WIDTH = 500


class ChainDialog(QDialog):
    """Asks for a head or none, verifies in the background, says what was found."""

    def __init__(self, parent: QWidget, vault: Vault, background: Background) -> None:
        super().__init__(parent)
        self._vault, self._background = vault, background
        self._job: Job | None = None
        self.setWindowTitle(self.tr("静室"))
        self.setAccessibleName(self.tr("核对留痕"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(10)
        column.addWidget(text(self.tr("核对留痕"), "heading"))
        explained = self.tr(
            "从第一行起逐行核对：有没有行被改动、删去、插入、调换，末尾有没有被截去。"
            "手边有签发的文书或登记表时，输入它页脚「记录链」后面的 12 位，可以核对印它以前的每一行。"
        )
        column.addWidget(text(explained, "secondary", wrap=True))
        self.head = LineField(self.tr("纸上的链头(可以不填)"), placeholder="3f9a 51c0 7be2")
        column.addWidget(self.head)
        self.colour = tag("")
        self.said = text("", wrap=True, selectable=True)
        self.said.setAccessibleName(self.tr("核对结果"))
        self._line = QHBoxLayout()
        self._line.addWidget(self.colour)
        self._line.addStretch(1)
        column.addLayout(self._line)
        column.addWidget(self.said)
        column.addSpacing(4)
        column.addLayout(self._make_foot())
        self.head.line.returnPressed.connect(self._check)
        self._show("", "", "")

    def _make_foot(self) -> QHBoxLayout:
        close = button(self.tr("关闭"))
        self.go_button = button(self.tr("开始核对"), primary=True)
        self.go_button.setDefault(True)
        close.clicked.connect(self.reject)
        self.go_button.clicked.connect(self._check)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(close)
        line.addWidget(self.go_button)
        return line

    def done(self, result: int) -> None:
        if self._job is not None:
            self._job.progress.stop()
        super().done(result)

    def _check(self) -> None:
        typed = self.head.value().strip()
        if typed and read_code(typed) is None:
            self.head.show_error(sentence_of(NotACode()) + self.tr("应有 12 位数字和字母 a 到 f。"))
            self._show("", "", "")
            return
        self._show(self.tr("正在核对……"), "", "")
        self.go_button.setEnabled(False)
        self._job = self._background.run(partial(_judge, self._vault, typed), self._judged, self._failed)

    def _judged(self, verdict: ChainVerdict) -> None:
        if not isValid(self):  # closed while the answer was on its way
            return
        self._job = None
        self.go_button.setEnabled(True)
        said = QCoreApplication.translate("Chain", verdict.template) + (
            QCoreApplication.translate("Chain", verdict.next_template) if verdict.next_template else ""
        )
        colour = self.tr("对得上") if verdict.sound else self.tr("对不上")
        self._show(said.format(**verdict.values), colour, "green" if verdict.sound else "red")

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        if not isValid(self):
            return
        self._job = None
        self.go_button.setEnabled(True)
        self._show(told(error), "", "")

    def _show(self, words: str, colour: str, tone: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))
        self.colour.setText(colour)
        self.colour.setProperty("tag", tone)
        self.colour.setVisible(bool(colour))
        restyle(self.colour)
        self._fit()

    def _fit(self) -> None:
        """As high as its words need: a dialog does not grow by itself with a label that wraps."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.setFixedHeight(layout.heightForWidth(_WIDTH))


def _judge(vault: Vault, typed: str, progress: Progress) -> ChainVerdict:
    with vault.read() as session:
        return judge(vault, session, typed, partial(progress.step, 0, 0))
