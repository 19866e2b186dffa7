"""What the week of appointments takes: shown with sixty, and one week further, in the real window."""

from __future__ import annotations

import statistics
from datetime import date, time, timedelta

from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from app.house.house import House
from app.rooms.appointments import store
from app.rooms.appointments.page.diary import AppointmentsPage
from app.rooms.appointments.record import AppointmentValues
from app.rooms.students.record import Student
from app.ui.page import Route

Figure = tuple[str, float, float, str]
APPOINTMENTS, A_DAY = 60, 12


def week(application: QApplication, house: House) -> list[Figure]:
    """Sixty appointments in this week and in the next."""
    from bench.inside import timed

    _book(house)

    def open_week() -> None:
        house.go(Route("appointments"))
        application.processEvents()

    def leave() -> None:
        house.go(Route("settings"))
        application.processEvents()

    opened = []
    for _ in range(7):
        leave()
        opened += timed(open_week, 1)
    page = house.desk.window.page() if house.desk is not None else None
    assert isinstance(page, AppointmentsPage)
    turned = []
    for at in range(10):

        def turn(by: int = 1 if at % 2 == 0 else -1) -> None:
            page.views.grid.turned.emit(by)
            application.processEvents()

        turned += timed(turn, 1)
    return [
        ("week with 60 appointments", statistics.median(opened), 50.0, "ms"),
        ("a week further", statistics.median(turned), 30.0, "ms"),
    ]


def _book(house: House) -> None:
    desk = house.desk
    assert desk is not None
    monday = date.today() - timedelta(days=date.today().weekday())
    with desk.vault.write("测速") as session:
        students = list(session.scalars(select(Student.id).order_by(Student.id).limit(APPOINTMENTS)))
        for at, student in enumerate(students):
            day, hour = monday + timedelta(days=at // A_DAY), 8 + at % A_DAY
            for weeks in (0, 1):
                values = AppointmentValues(
                    day=day + timedelta(weeks=weeks), start=time(hour), end=time(hour, 40), student_ids=(student,)
                )
                store.add(session, values, desk.vault.now())
