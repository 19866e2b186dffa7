"""Choosing a student by name, pinyin, class or number: for a new referral, or for the text of a voided one."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.rooms.school.record import class_name
from app.rooms.students import store as students
from app.ui.cards import Row
from app.ui.finding import FindDialog
from app.vault.vault import Vault

MOST = 7


class StudentDialog(FindDialog):
    """Finds as she types; chooses the student."""

    def __init__(self, parent: QWidget, vault: Vault, question: str) -> None:
        super().__init__(parent, question, self.tr("学生姓名、拼音或学号"))
        with vault.read() as session:
            self._index = students.jump_index(session)
        self.look()

    def found(self, words: str) -> list[tuple[int, Row]]:
        entries = [match.entry for match in self._index.find(words, MOST)] if words else []
        self.hint.setText(self.tr("没有找到这位学生。") if words and not entries else self.tr("输入后在列表里选择。"))
        rows = []
        for entry in entries:
            row = Row(entry.name, f"{class_name(entry.grade, entry.class_no)} · {entry.student_no}")
            row.make_clickable(f"{entry.name} {entry.student_no}")
            rows.append((entry.student_id, row))
        return rows
