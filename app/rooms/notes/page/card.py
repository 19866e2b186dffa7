"""The card of a student's cases, for the student's file."""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.rooms.notes import cases, store
from app.rooms.notes.choices import CaseStatus
from app.rooms.notes.wording import day
from app.ui.cards import Card, EmptyState, Row, button, clear, tag
from app.ui.language import label_of
from app.vault.vault import Vault


class CasesCard(Card):
    """The student's cases, newest first, with the number of signed notes in each."""

    case_wanted = Signal(int)  # case id
    new_case_wanted = Signal(int)  # student id

    def __init__(self, vault: Vault) -> None:
        super().__init__(self.tr("个案"), flush=True)
        self._vault = vault
        self._student_id = 0
        self.new_button = self.add_action(button(self.tr("新个案"), quiet=True))
        self.new_button.clicked.connect(self._want_new)

    def show_student(self, student_id: int) -> None:
        """Show this student's cases."""
        self._student_id = student_id
        with self._vault.read() as session:
            found = cases.cases(session, student_id)
            signed = [note.case_id for note in store.signed_notes(session, student_id)]
        clear(self.body)
        self.new_button.setVisible(bool(found) and not any(case.is_open for case in found))
        if not found:
            empty = EmptyState(self.tr("还没有个案"), self.tr("第一次会谈前先登记个案。"), self.tr("登记个案"))
            empty.wanted.connect(self._want_new)
            self.body.addWidget(empty)
        for case in found:
            counted = self.tr("{n} 次会谈").format(n=signed.count(case.id))
            row = Row(case.case_no, f"{day(case.opened_at)} · {counted}")
            row.add(tag(label_of(case.status), "plain" if case.status is CaseStatus.CLOSED else "accent"))
            row.make_clickable(self.tr("打开个案 {no}").format(no=case.case_no))
            row.setProperty("case", case.id)
            row.chosen.connect(self._open)
            self.add_row(row)

    def _want_new(self) -> None:
        self.new_case_wanted.emit(self._student_id)

    def _open(self) -> None:
        row = self.sender()
        if isinstance(row, Row):
            self.case_wanted.emit(int(row.property("case")))
