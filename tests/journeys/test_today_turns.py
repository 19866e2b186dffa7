"""The day stands open for long: midnight comes, an appointment's hour goes by, and a note is wanted for whoever comes in."""

from datetime import datetime, time, timedelta

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import select

from app.house import midnight
from app.rooms.appointments import store as appointments
from app.rooms.appointments.record import AppointmentValues
from app.rooms.students.record import Student
from app.rooms.today.page import day
from app.ui.page import Route
from tests.journeys import steps
from tests.journeys.hands import CTRL

SOON = 40
"""Milliseconds."""


@pytest.fixture
def house(start, hands, furnished, monkeypatch):
    monkeypatch.setattr(midnight, "LOOK_MS", SOON)
    monkeypatch.setattr(day, "_LOOK_MS", SOON)
    house = start()
    steps.unlock(hands, furnished.password)
    hands.reads("到期与逾期")
    return house


def test_at_midnight_the_day_turns_by_itself(house, hands, furnished, clock):
    _case, student = furnished.places["case"]
    tomorrow = clock.today() + timedelta(days=1)
    values = AppointmentValues(day=tomorrow, start=time(9, 30), end=time(10, 10), student_ids=(student,))
    with house.desk.vault.write("试") as session:
        appointments.add(session, values, clock.now())
        name = session.get_one(Student, student).name
    hands.reads("11月20日 星期五")
    hands.reads("今天没有预约；下一个在11月21日 星期六 09:30")
    clock.moment = datetime.combine(tomorrow, time(0, 0), clock.moment.tzinfo)
    hands.reads("11月21日 星期六")
    hands.find(f"开始会谈：{name}")


def test_an_appointment_whose_hour_has_gone_by_says_so_by_itself(house, hands, furnished, clock):
    _case, student = furnished.places["case"]
    start = clock.now() + timedelta(minutes=30)
    end = start + timedelta(minutes=40)
    values = AppointmentValues(day=clock.today(), start=start.time(), end=end.time(), student_ids=(student,))
    with house.desk.vault.write("试") as session:
        appointments.add(session, values, clock.now())
    hands.reads("个别辅导")
    line = house.desk.window.page().planned.rows[0]
    line.setFocus()
    clock.moment = end
    hands.reads("未登记")
    assert house.desk.window.page().planned.rows[0].hasFocus(), "the cursor stays on the line"


def test_a_note_for_whoever_comes_in_takes_a_name_and_enter(house, hands, furnished):
    _case, student = furnished.places["case"]
    with house.desk.vault.read() as session:
        row = session.execute(select(Student.name, Student.student_no).where(Student.id == student)).one()
    hands.press("+ 新记录")
    hands.reads("给哪位学生写会谈记录？")
    hands.write(row.student_no)
    hands.reads(row.name)
    hands.key(Qt.Key.Key_Return)
    hands.wait(lambda: house.desk.window.page().route == Route("note", None, student), "the note")
    hands.key(Qt.Key.Key_1, CTRL)
    hands.reads("到期与逾期")
    hands.key(Qt.Key.Key_N, CTRL)
    hands.reads("给哪位学生写会谈记录？")
    hands.press("取消")
    house.inside.pages.go(Route("student", student, student))
    house.inside.begin_talk()
    hands.key(Qt.Key.Key_1, CTRL)
    hands.reads("今天没有预约")
    hands.key(Qt.Key.Key_N, CTRL)
    hands.wait(lambda: house.desk.window.page().route == Route("note", None, student), "the note of the one beside")
