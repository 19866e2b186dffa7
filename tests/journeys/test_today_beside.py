"""The day while a student sits beside the screen: no other name, and nobody else's talk is begun."""

from datetime import time

from app.rooms.appointments import store as appointments
from app.rooms.appointments.choices import Status
from app.rooms.appointments.record import AppointmentValues
from app.rooms.students.record import Student
from app.ui.page import Route
from tests.journeys import steps


def test_nobody_elses_talk_is_begun_beside_a_student(start, hands, furnished, clock):
    house = start()
    steps.unlock(hands, furnished.password)
    _note, beside = furnished.places["note.read"]
    _case, other = furnished.places["case.first"]
    assert other != beside
    values = AppointmentValues(day=clock.today(), start=time(9, 30), end=time(10, 10), student_ids=(other,))
    with house.desk.vault.write("试") as session:
        own_id = appointments.add(session, values, clock.now()).id
        name = session.get_one(Student, other).name
    house.go(Route("student", beside, beside))
    house.inside.begin_talk()
    house.go(Route("today"))
    assert not hands.sees("打印一页备用")
    hands.press(f"开始会谈：{name[:1]}**")
    hands.reads("请先结束会谈模式")
    with house.desk.vault.read() as session:
        assert appointments.get(session, own_id).status is Status.CONFIRMED
    assert house.desk.window.page().route == Route("today")
