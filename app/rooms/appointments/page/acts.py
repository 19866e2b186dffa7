"""What is done from the panel of an appointment and leads on: its note, its student, the same again, its slip, its new time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.errors import Problem
from app.rooms.appointments import overview, store
from app.rooms.appointments.choices import Status
from app.rooms.appointments.page.choosing import StudentDialog
from app.rooms.appointments.page.deeds import Deeds
from app.rooms.appointments.page.papers import Papers
from app.rooms.students import store as students
from app.ui.page import Route
from app.vault.vault import Vault


class Acts(QObject):
    """Each act is one button of the panel; what only changes the appointment is handed to the deeds."""

    went = Signal(object)  # a Route
    again_wanted = Signal(object)  # AppointmentValues
    edit_wanted = Signal(int)
    show_wanted = Signal(int)
    closed = Signal()

    def __init__(self, vault: Vault, deeds: Deeds, papers: Papers, page: QWidget) -> None:
        super().__init__(page)
        self._vault, self._deeds, self._papers, self._page = vault, deeds, papers, page
        self._acts: dict[str, Callable[[int], object]] = {
            "attended": self._attend,
            "absent": self._miss,
            "confirm": deeds.confirm,
            "reopen": deeds.reopen,
            "discard": deeds.discard,
            "note": self.write_note,
            "edit": self.edit_wanted.emit,
            "link": self._want_link,
            "slip": self._print_slip,
            "student": self._open_student,
            "moved_to": self._show_new_time,
            "again": self._again,
            "close": self._close,
        }

    def do(self, act: str, appointment_id: int) -> None:
        """Do what a button of the panel says."""
        self._acts[act](appointment_id)

    def write_note(self, appointment_id: int) -> None:
        """To the note of it, of several students one after the other; a reserved name is linked to a file first."""
        with self._vault.read() as session:
            one = store.one(session, appointment_id)
            noted = overview.noted(session, one)
            files = [students.find(session, own) for own in one.student_ids]
            binned = {file.id for file in files if file is not None and file.deleted_at is not None}
        if not one.appointment.kind.has_note:
            return
        without = [own for own, _, _ in one.students if own not in noted]
        if without and without[0] in binned:
            self._deeds.tell(Problem("这位学生的档案在回收站里。", "请先把档案取回，再写会谈记录。"))
        elif without:
            self.went.emit(Route("note", None, without[0], appointment_id))
        elif one.students:
            first = one.students[0][0]
            self.went.emit(Route("note", noted[first], first))
        else:
            self._ask_link(self.tr("写会谈记录前，先选这位来访者的档案"), partial(self._link_for_note, appointment_id))

    def _attend(self, appointment_id: int) -> None:
        if self._deeds.register(appointment_id, Status.ATTENDED):
            self.write_note(appointment_id)

    def _miss(self, appointment_id: int) -> None:
        self._deeds.register(appointment_id, Status.ABSENT)

    def _again(self, appointment_id: int) -> None:
        """The same people at the same time a week later, to be looked over and saved."""
        with self._vault.read() as session:
            values = store.values_of(store.one(session, appointment_id))
        self.again_wanted.emit(replace(values, day=values.day + timedelta(weeks=1), override_reason=""))

    def _show_new_time(self, appointment_id: int) -> None:
        with self._vault.read() as session:
            moved_to = store.get(session, appointment_id).moved_to_id
        if moved_to is not None:
            self.show_wanted.emit(moved_to)

    def _print_slip(self, appointment_id: int) -> None:
        with self._vault.read() as session:
            self._papers.ask_slip(store.one(session, appointment_id))

    def _open_student(self, appointment_id: int) -> None:
        with self._vault.read() as session:
            student_id = store.one(session, appointment_id).students[0][0]
        self.went.emit(Route("student", student_id, student_id))

    def _close(self, _appointment_id: int) -> None:
        self.closed.emit()

    def _want_link(self, appointment_id: int) -> None:
        self._ask_link(self.tr("这次预约是哪位学生的？"), partial(self._link, appointment_id))

    def _ask_link(self, question: str, then: Callable[[int], None]) -> None:
        dialog = StudentDialog(self._page.window(), self._vault, question)
        dialog.chosen.connect(then)
        dialog.open()

    def _link(self, appointment_id: int, student_id: int) -> None:
        self._deeds.link(appointment_id, student_id)

    def _link_for_note(self, appointment_id: int, student_id: int) -> None:
        if self._deeds.link(appointment_id, student_id):
            self.write_note(appointment_id)
