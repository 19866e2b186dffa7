"""Choosing the right student's file for the text of a voided note."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.rooms.notes import store
from app.rooms.school.record import class_name
from app.ui.cards import Card, Row, button, clear, text
from app.ui.fields import LineField
from app.vault.vault import Vault


class CopyDialog(QDialog):
    """Finds a student with an open case by name or student number. Emits the case's id."""

    case_chosen = Signal(int)

    def __init__(self, parent: QWidget, vault: Vault) -> None:
        super().__init__(parent)
        self._vault = vault
        self.setWindowTitle(self.tr("静室"))
        self.setAccessibleName(self.tr("复制到哪一份档案"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(460)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(10)
        column.addWidget(text(self.tr("复制到哪一份档案?"), "heading"))
        self.words = LineField(self.tr("姓名或学号"))
        column.addWidget(self.words)
        self.found = Card(flush=True)
        column.addWidget(self.found)
        self.hint = text(self.tr("输入后在下面选择。学生需要有一个未结的个案。"), "hint", wrap=True)
        column.addWidget(self.hint)
        line = QHBoxLayout()
        line.addStretch(1)
        no = button(self.tr("取消"))
        no.clicked.connect(self.reject)
        line.addWidget(no)
        column.addLayout(line)
        self.words.changed.connect(self._look)
        self._look()

    def _look(self) -> None:
        clear(self.found.body)
        with self._vault.read() as session:
            files = store.open_files(session, self.words.value())
        self.found.setVisible(bool(files))
        for student, case in files:
            place = class_name(student.grade, student.class_no)
            row = Row(student.name, f"{place} · {student.student_no} · {case.case_no}")
            row.make_clickable(self.tr("{name} {no}").format(name=student.name, no=student.student_no))
            row.setProperty("case", case.id)
            row.chosen.connect(self._choose)
            self.found.add_row(row)

    def _choose(self) -> None:
        row = self.sender()
        if isinstance(row, Row):
            self.case_chosen.emit(int(row.property("case")))
            self.accept()
