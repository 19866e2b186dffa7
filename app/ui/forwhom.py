"""For whom and why: what every print and export asks of a paper about students; earlier answers are offered, names never."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.ui.cards import button
from app.ui.fields import Field
from app.ui.icons import icon
from app.ui.theme import present
from app.ui.writing import WritingLine
from app.vault import outgoing
from app.vault.outgoing import ForWhom, Recent
from app.vault.vault import Vault

LONGEST = 60
"""Characters of an answer."""


class SuggestField(Field):
    """One line of text with a list of answers to choose from instead."""

    def __init__(self, label: str, placeholder: str, suggestions: Sequence[str]) -> None:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.line = WritingLine()
        self.line.setPlaceholderText(placeholder)
        self.line.setMaxLength(LONGEST)
        self.choose_button = button("", name=self.tr("{label}：选一个").format(label=label))
        self.choose_button.setIcon(icon("chevron-down", present().ink2))
        self.choose_button.setToolTip(self.tr("常用的和最近用过的"))
        row.addWidget(self.line, 1)
        row.addWidget(self.choose_button)
        super().__init__(label, holder)
        self.setFocusProxy(self.line)
        self.line.setAccessibleName(label)
        self._suggestions = list(dict.fromkeys(suggestions))
        self.line.written.connect(self._changed)
        self.line.replaced.connect(self._say_replaced)
        self.choose_button.clicked.connect(self._offer)

    def value(self) -> str:
        return self.line.writing().strip()

    def set_value(self, value: str) -> None:
        self.line.setText(value)

    def _offer(self) -> None:
        menu = QMenu(self)
        for words in self._suggestions:
            menu.addAction(words.replace("&", "&&")).triggered.connect(partial(self.set_value, words))
        menu.popup(self.choose_button.mapToGlobal(self.choose_button.rect().bottomLeft()))


class ForWhomFields(QWidget):
    """收件人 and 用途 beside each other. Both are asked for: a register that says who and why has no empty lines."""

    def __init__(self, vault: Vault | None) -> None:
        super().__init__()
        recent = _recent(vault)
        receivers = (
            self.tr("监护人"), self.tr("学生本人"), self.tr("接诊医院"), self.tr("班主任"), self.tr("学校领导"),
            self.tr("教育主管部门"), self.tr("公安机关"), self.tr("辅导室留存"),
        )  # fmt: skip
        purposes = (
            self.tr("转介就诊"), self.tr("签字确认"), self.tr("告知情况"), self.tr("校内协商"), self.tr("依法调取"),
            self.tr("上级检查"), self.tr("核对修改"), self.tr("归档"),
        )  # fmt: skip
        self.to_whom = SuggestField(self.tr("收件人"), self.tr("交给谁"), [*recent.to_whom, *receivers])
        self.purpose = SuggestField(self.tr("用途"), self.tr("做什么用"), [*recent.purposes, *purposes])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.to_whom, 1)
        row.addWidget(self.purpose, 1)
        self.setFocusProxy(self.to_whom)

    def answer(self) -> ForWhom | None:
        """Her answer; None, said under the field, where something is missing."""
        missing = ((self.purpose, self.tr("请写做什么用。")), (self.to_whom, self.tr("请写交给谁。")))
        for field, sentence in missing:
            field.show_error("" if field.value() else sentence)
            if not field.value():
                field.setFocus()
        if not (self.to_whom.value() and self.purpose.value()):
            return None
        return ForWhom(self.to_whom.value(), self.purpose.value())


def _recent(vault: Vault | None) -> Recent:
    if vault is None:
        return Recent()
    with vault.read() as session:
        return outgoing.recent(session)
