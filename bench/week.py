"""What the week of appointments takes in the real window: shown with sixty for the first time and again, and one week further."""

from __future__ import annotations

from datetime import date, time, timedelta

from PySide6.QtWidgets import QApplication
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.house.house import House
from app.rooms.appointments import store
from app.rooms.appointments.page.diary import AppointmentsPage
from app.rooms.appointments.record import AppointmentValues
from app.rooms.school.calendar import monday_of
from app.rooms.students.record import Student
from app.ui.page import Route
from bench.timing import Figure, Times

APPOINTMENTS = 60
HOURS = (
    8 * 60,
    8 * 60 + 50,
    10 * 60 + 20,
    11 * 60 + 10,
    14 * 60,
    14 * 60 + 50,
    18 * 60 + 10,
    19 * 60,
    19 * 60 + 50,
    20 * 60 + 40,
)
"""When the demo's week leaves room for one more, in minutes since midnight."""


def week(application: QApplication, house: House) -> list[Figure]:
    """Sixty appointments in this week and in the next, among them the demo's own."""
    desk = house.desk
    assert desk is not None
    monday = monday_of(desk.vault.clock.today())
    with desk.vault.write("测速") as session:
        for first in (monday, monday + timedelta(weeks=1)):
            _fill(session, first)

    def open_week() -> None:
        house.go(Route("appointments"))
        application.processEvents()

    def leave() -> None:
        house.go(Route("settings"))
        application.processEvents()

    first, again, turned = Times(), Times(), Times()
    leave()
    first.take(open_week)
    for _ in range(15):
        leave()
        again.take(open_week)
    page = desk.window.page()
    assert isinstance(page, AppointmentsPage)
    for at in range(20):

        def turn(by: int = 1 if at % 2 == 0 else -1) -> None:
            page.views.grid.turned.emit(by)
            application.processEvents()

        turned.take(turn)
    return [
        *first.figures("week with 60 appointments, the first time", 200.0),
        *again.figures("week with 60 appointments", 50.0),
        *turned.figures("a week further", 30.0),
    ]


def _fill(session: Session, monday: date) -> None:
    """Fill the week up to sixty."""
    wanted = APPOINTMENTS - len(store.booked(session, monday, monday + timedelta(days=6)))
    places = [(monday + timedelta(days=day), minute) for minute in HOURS for day in range(5)]
    students = session.scalars(select(Student.id).order_by(Student.id).limit(wanted))
    for student_id, (day, minute) in zip(students, places, strict=False):
        start, end = time(minute // 60, minute % 60), time((minute + 40) // 60, (minute + 40) % 60)
        values = AppointmentValues(day=day, start=start, end=end, student_ids=(student_id,))
        store.enter(session, values)
    assert len(store.booked(session, monday, monday + timedelta(days=6))) == APPOINTMENTS
