"""Choosing a student by name, pinyin, class or number: for a new referral, or for the text of a voided one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.rooms.school.record import class_name
from app.rooms.students import store as students
from app.ui.cards import Card, Row, button, clear, text
from app.ui.fields import LineField
from app.vault.vault import Vault

MOST = 7


class StudentDialog(QDialog):
    """Finds as she types; a click or Enter on a row chooses."""

    student_chosen = Signal(int)

    def __init__(self, parent: QWidget, vault: Vault, question: str) -> None:
        super().__init__(parent)
        self._vault = vault
        self.setWindowTitle(self.tr("静室"))
        self.setAccessibleName(question)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(480)
        with vault.read() as session:
            self._index = students.jump_index(session)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(10)
        column.addWidget(text(question, "heading"))
        self.words = LineField(self.tr("学生姓名、拼音或学号"))
        column.addWidget(self.words)
        self.found = Card(flush=True)
        column.addWidget(self.found)
        self.hint = text("", "hint")
        column.addWidget(self.hint)
        line = QHBoxLayout()
        line.addStretch(1)
        no = button(self.tr("取消"))
        no.clicked.connect(self.reject)
        line.addWidget(no)
        column.addLayout(line)
        self.words.changed.connect(self._look)
        self._look()
        self.words.setFocus()

    def _look(self) -> None:
        clear(self.found.body)
        words = self.words.value().strip()
        entries = self._index.find(words, MOST) if words else []
        self.found.setVisible(bool(entries))
        self.hint.setText(self.tr("没有找到这位学生。") if words and not entries else self.tr("输入后在列表里选择。"))
        for match in entries:
            entry = match.entry
            row = Row(entry.name, f"{class_name(entry.grade, entry.class_no)} · {entry.student_no}")
            row.make_clickable(f"{entry.name} {entry.student_no}")
            row.setProperty("student", entry.student_id)
            row.chosen.connect(self._choose)
            self.found.add_row(row)

    def _choose(self) -> None:
        row = self.sender()
        if isinstance(row, Row):
            self.student_chosen.emit(int(row.property("student")))
            self.accept()
