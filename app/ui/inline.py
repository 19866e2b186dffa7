"""A small form that opens in place (amend, void, settle): its fields, 保存 and 取消; what is typed in it is kept like any form."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.ui.cards import button, text
from app.ui.fields import Field
from app.ui.forms import Form, bring_into_sight
from app.ui.keeper import Keeper


class InlineForm(QFrame):
    """Shown when wanted, gone when saved or given up.

    The page that holds it opens it again when it comes back and ``Keeper.kept`` knows of words under its key.
    """

    wanted = Signal(object)  # the values, dict[str, str]
    given_up = Signal()

    def __init__(self, keeper: Keeper, title: str, explanation: str, act: str, fields: dict[str, Field]) -> None:
        super().__init__()
        self.setObjectName("well")
        self.setAccessibleName(title)
        self._keeper = keeper
        self.form = Form("", parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        self.title_label = text(title, "strong")
        column.addWidget(self.title_label)
        if explanation:
            column.addWidget(text(explanation, "hint", wrap=True))
        for name, field in fields.items():
            self.form.add(name, field)
            column.addWidget(field)
        line = QHBoxLayout()
        line.addStretch(1)
        no, yes = button(self.tr("取消"), name=self.tr("{title}：取消").format(title=title)), button(act, primary=True)
        no.clicked.connect(self.give_up)
        yes.clicked.connect(self._want)
        line.addWidget(no)
        line.addWidget(yes)
        column.addLayout(line)
        self.hide()

    def begin(self, key: str, student_id: int | None, values: dict[str, str]) -> None:
        """Open for a record, with values to start from; what was typed before and not saved is put back."""
        self.end()
        self._keeper.begin(self.form, key, student_id, values)
        self.show()
        next(iter(self.form.fields.values())).setFocus()
        QTimer.singleShot(0, self, partial(bring_into_sight, self))  # once the page has made room for it

    def settle(self) -> None:
        """What was asked for is done: forget the typing and close."""
        self._keeper.settle(self.form)
        self.end()

    def end(self) -> None:
        """Close; what is unsaved stays kept under the form's key."""
        self._keeper.leave(self.form)
        self.hide()

    def give_up(self) -> None:
        """Close and forget what was typed."""
        if self.form.key:
            self._keeper.settle(self.form)
        self.end()
        self.given_up.emit()

    def _want(self) -> None:
        self.wanted.emit(self.form.values())
