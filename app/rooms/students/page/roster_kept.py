"""The lists whose columns are remembered, each by its name: renamed in place, or removed."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.errors import Problem
from app.rooms.students import remembered
from app.rooms.students.record import RosterMapping
from app.ui.cards import Card, button, clear
from app.ui.fields import LineField
from app.ui.notice import Notice
from app.vault.vault import Vault


class KeptCard(Card):
    """「记住的名册」: gone while nothing is remembered."""

    def __init__(self, vault: Vault, notice: Notice) -> None:
        super().__init__(self.tr("记住的名册"), self.tr("列名相同的名册会按记住的对应读取。"))
        self._vault, self._notice = vault, notice

    def reload(self) -> None:
        """Show what the vault holds now."""
        clear(self.body)
        with self._vault.read() as session:
            kept = remembered.remembered(session)
        for mapping in kept:
            line = _KeptLine(self, mapping)
            self.body.addWidget(line)
            line.show()  # a layout shows its new widgets a moment later; the keyboard may be there sooner
        self.setVisible(bool(kept))

    def rename(self, mapping_id: int, name: str) -> None:
        """Give one another name."""
        try:
            remembered.rename(self._vault, mapping_id, name)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self.reload()

    def forget(self, mapping_id: int) -> None:
        """Remove one; the toast takes it back."""
        gone = remembered.forget(self._vault, mapping_id)
        self.reload()
        words = self.tr("已移除「{name}」的对应。").format(name=gone.name)
        self._notice.toast(words, self.tr("撤销"), partial(self._take_back, gone))

    def _take_back(self, gone: RosterMapping) -> None:
        remembered.remember(self._vault, gone.name, remembered.mapping_of(gone))
        self.reload()


class _KeptLine(QWidget):
    """The name of one, to be written over, and its two buttons."""

    def __init__(self, card: KeptCard, mapping: RosterMapping) -> None:
        super().__init__()
        self._card, self._id, self._name = card, mapping.id, mapping.name
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        self._field = LineField("")
        self._field.set_value(mapping.name)
        self._field.line.setAccessibleName(self.tr("名册「{name}」的名称").format(name=mapping.name))
        self._rename = button(
            self.tr("改名"), quiet=True, name=self.tr("给名册「{name}」改名").format(name=mapping.name)
        )
        remove = button(
            self.tr("移除"), quiet=True, danger=True, name=self.tr("移除名册「{name}」").format(name=mapping.name)
        )
        self._field.changed.connect(self._follow)
        self._field.line.returnPressed.connect(self._want_name)
        self._rename.clicked.connect(self._want_name)
        remove.clicked.connect(self._remove)
        line.addWidget(self._field, 1)
        line.addWidget(self._rename)
        line.addWidget(remove)
        self._follow()

    def _follow(self) -> None:
        self._rename.setEnabled(self._field.value().strip() not in ("", self._name))

    def _want_name(self) -> None:
        if self._rename.isEnabled():
            self._card.rename(self._id, self._field.value())

    def _remove(self) -> None:
        self._card.forget(self._id)
