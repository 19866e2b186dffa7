"""Choosing the right student's file for the text of a voided note."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.rooms.notes import cases
from app.rooms.school.record import class_name
from app.ui.cards import Row
from app.ui.finding import FindDialog
from app.ui.masking import shown
from app.vault.vault import Vault


class CopyDialog(FindDialog):
    """Finds a student with an open case by name or student number; chooses the case."""

    def __init__(self, parent: QWidget, vault: Vault) -> None:
        super().__init__(parent, self.tr("复制到哪一份档案？"), self.tr("姓名或学号"))
        self._vault = vault
        self.look()

    def found(self, words: str) -> list[tuple[int, Row]]:
        with self._vault.read() as session:
            files = cases.open_files(session, words)
        rows = []
        for student, case in files:
            place = class_name(student.grade, student.class_no)
            name = shown(student.name, student.id)
            row = Row(name, f"{place} · {student.student_no} · {case.case_no}")
            row.make_clickable(self.tr("{name} {no}").format(name=name, no=student.student_no))
            rows.append((case.id, row))
        nobody = bool(words) and not rows
        self.hint.setText(
            self.tr("没有找到。学生要有一个未结的个案：请核对姓名，或先到他的档案里登记个案。")
            if nobody
            else self.tr("输入后在下面选择。学生要有一个未结的个案。")
        )
        return rows
