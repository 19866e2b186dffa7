"""「核验文件」: whether a PDF somebody holds is what this program signed. Nothing of it is stored."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.documents import issuing
from app.documents.verifying import Colour, Verdict, verify
from app.errors import Problem
from app.rooms.papers.page.verdict import VerdictView
from app.ui.background import Background, Progress
from app.ui.cards import Card, button, text
from app.ui.choosing import choose_file
from app.ui.notice import Notice
from app.ui.page import Page
from app.ui.secrets import SecretField
from app.vault.vault import Vault

PLACE = "verify"
LARGEST = 100 * 1024 * 1024
"""Bytes; the command ``jingshi verify`` has the same."""


class VerifyPage(Page):
    """Choose or drop a PDF; green, amber or red with its reason and the next step."""

    def __init__(self, vault: Vault, notice: Notice, background: Background) -> None:
        super().__init__(self.tr("核验文件"), self.tr("文件只在内存里核对，不存入档案"))
        self._vault, self._notice, self._background = vault, notice, background
        self._pdf = b""
        self.choose_button = self.add_action(
            button(self.tr("选择文件"), primary=True, name=self.tr("选择要核验的文件"))
        )
        self.choose_button.clicked.connect(self._choose)
        self.place = DropPlace()
        self.body.addWidget(self.place)
        self.result = Card(self.tr("结果"))
        self.view = VerdictView()
        self.result.body.addWidget(self.view)
        self.password = SecretField(self.tr("文件口令"))
        self.try_button = button(self.tr("用这个口令核验"), primary=True)
        line = QHBoxLayout()
        line.addWidget(self.password, 1)
        line.addWidget(self.try_button, 0, Qt.AlignmentFlag.AlignBottom)
        line.addStretch(1)
        self.result.body.addLayout(line)
        self.body.addWidget(self.result)
        self.body.addWidget(text(_meaning(self), "hint", wrap=True))
        self.body.addStretch(1)
        self.setAcceptDrops(True)
        self.try_button.clicked.connect(self._try_password)
        self.password.line.returnPressed.connect(self._try_password)
        self._ask_password(False)
        self.result.hide()

    def leave(self) -> None:
        """The page is left: the file and its password are forgotten."""
        self._pdf = b""
        self.password.wipe()
        self.result.hide()

    def check(self, path: Path) -> None:
        """Read this file and say what it is."""
        self.password.wipe()
        self.result.set_hint(path.name)
        self.place.say(self.tr("正在核验……"))
        self._background.run(partial(_read_and_judge, self._vault, path), self._judged, self._failed)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped(event)
        if path is not None:
            event.acceptProposedAction()
            self.check(path)

    def _choose(self) -> None:
        filters = [self.tr("PDF 文件 (*.pdf *.PDF)"), self.tr("所有文件 (*)")]
        choose_file(self, self.tr("选择要核验的文件"), Path.home(), filters, self.check)

    def _try_password(self) -> None:
        if self._pdf and self.password.value():
            act = partial(_judge, self._vault, self._pdf, self.password.value())
            self._background.run(act, self._judged, self._failed)

    def _judged(self, found: tuple[bytes, Verdict]) -> None:
        self._pdf, verdict = found
        self.place.say("")
        self.view.show_verdict(verdict, self._vault.now().tzinfo)
        self._ask_password(verdict.colour is Colour.LOCKED)
        self.result.show()

    def _ask_password(self, on: bool) -> None:
        for part in (self.password, self.try_button):
            part.setVisible(on)
        if on:
            self.password.setFocus()
        else:
            self.password.wipe()
            self._pdf = b""

    def _failed(self, error: Exception) -> None:
        self.place.say("")
        if not isinstance(error, Problem):
            raise error
        self._notice.tell(error)


class DropPlace(QFrame):
    """Where a file is dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("well")
        self.setMinimumHeight(120)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        self._usual = self.tr("把 PDF 文件拖到这里，或点右上角的「选择文件」。")
        self.words = text(self._usual, "secondary", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.words)

    def say(self, words: str) -> None:
        """Other words; empty brings the usual ones back."""
        self.words.setText(words or self._usual)


def _meaning(page: VerifyPage) -> str:
    return page.tr(
        "绿色：与本机签发的文件逐字节一致。黄色：签名之后没有改动，但签名人不是本机，需要核对证书指纹。"
        "红色：改动过，或者没有签名。打印再扫描的纸件没有签名，请按编号与「文书」里的原件对照。"
    )


def _dropped(event: QDragEnterEvent | QDropEvent) -> Path | None:
    """The one file that is dropped."""
    places = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
    return Path(places[0]) if len(places) == 1 else None


def _read_and_judge(vault: Vault, path: Path, progress: Progress) -> tuple[bytes, Verdict]:
    try:
        with path.open("rb") as file:
            pdf = file.read(LARGEST + 1)
    except (OSError, ValueError):
        raise Problem(
            "「{name}」读不出来。", "请检查文件还在不在、能不能打开，或换一个位置再试。", name=path.name
        ) from None
    if len(pdf) > LARGEST:
        raise Problem("「{name}」太大，没有核验。", "本程序签发的文件不超过 100 MB。", name=path.name)
    return _judge(vault, pdf, None, progress)


def _judge(vault: Vault, pdf: bytes, password: str | None, _progress: Progress) -> tuple[bytes, Verdict]:
    with vault.read() as session:
        known = issuing.issuers(session)
    return pdf, verify(pdf, known, password)
