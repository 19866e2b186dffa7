"""Finding one of many in a small window, while typing: a student, an open case."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.cards import Card, Row, button, clear, text
from app.ui.fields import LineField
from app.ui.masking import hidden, shown

Person = tuple[int, str, str]
"""A student by id, name, and class and number."""


class FindDialog(QDialog):
    """A question, a field, and the rows that fit; a click or Enter on a row chooses, Enter in the field the first. Subclasses find; then
    they call ``look``."""

    chosen = Signal(int)  # the id of what was chosen

    def __init__(self, parent: QWidget, question: str, label: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("静室"))
        self.setAccessibleName(question)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(480)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(10)
        column.addWidget(text(question, "heading"))
        self.words = LineField(label)
        column.addWidget(self.words)
        self.rows = Card(flush=True)
        column.addWidget(self.rows)
        self.hint = text("", "hint", wrap=True)
        column.addWidget(self.hint)
        line = QHBoxLayout()
        line.addStretch(1)
        no = button(self.tr("取消"))
        no.clicked.connect(self.reject)
        line.addWidget(no)
        column.addLayout(line)
        self.words.changed.connect(self.look)
        self.words.line.returnPressed.connect(self._choose_first)
        self.words.setFocus()

    def found(self, words: str) -> list[tuple[int, Row]]:
        """What fits the words, by id; the hint may be set beside."""
        raise NotImplementedError

    def look(self) -> None:
        """Show what fits the words now."""
        clear(self.rows.body)
        found = self.found(self.words.value().strip())
        self.rows.setVisible(bool(found))
        for own_id, row in found:
            row.setProperty("found", own_id)
            row.chosen.connect(self._choose)
            self.rows.add_row(row)

    def _choose_first(self) -> None:
        """Enter in the field takes what fits best, as in the jump box."""
        found = self.rows.findChildren(Row)
        if found and not self.rows.isHidden():
            found[0].chosen.emit()

    def _choose(self) -> None:
        row = self.sender()
        if isinstance(row, Row):
            self.chosen.emit(int(row.property("found")))
            self.accept()


class PersonDialog(FindDialog):
    """Finds a student as she types; in 会谈模式 only the one beside the screen is named."""

    def __init__(self, parent: QWidget, question: str, people: Callable[[str], list[Person]]) -> None:
        super().__init__(parent, question, self.tr("学生姓名、拼音或学号"))
        self._people = people
        self.nobody, self.usual = self.tr("没有找到这位学生。"), self.tr("输入后在列表里选择。")
        self.look()

    def found(self, words: str) -> list[tuple[int, Row]]:
        rows = []
        for own_id, name, place in self._people(words) if words else []:
            named, where = shown(name, own_id), "" if hidden(own_id) else place
            row = Row(named, where)
            row.make_clickable(f"{named} {where.rpartition(' · ')[2]}".strip())
            rows.append((own_id, row))
        self.hint.setText(self.nobody if words and not rows else self.usual)
        return rows
