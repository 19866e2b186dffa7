"""Ten minutes before an appointment, through the window: who may be named where, what a click opens, and who comes early."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from sqlalchemy import select

from app.house.house import House
from app.rooms.appointments import outcomes
from app.rooms.appointments import store as appointments
from app.rooms.appointments.choices import Status
from app.rooms.appointments.record import Appointment, AppointmentValues
from app.rooms.notes.record import Case, Note
from app.rooms.students.record import Student
from app.ui import masking, reminding, tray
from app.ui.page import Route
from tests.journeys import steps
from tests.journeys.hands import CTRL, Hands, windows
from tests.ui.recorded_tray import RecordedIcon

EAST = timezone(timedelta(hours=8))
NAMELESS = "10 分钟后有预约"


@pytest.fixture
def icons(monkeypatch: pytest.MonkeyPatch) -> list[RecordedIcon]:
    monkeypatch.setattr(tray, "QSystemTrayIcon", RecordedIcon)
    monkeypatch.setattr(RecordedIcon, "made", [])
    monkeypatch.setattr(reminding, "LOOK_MS", 20)
    return RecordedIcon.made


@pytest.fixture
def house(icons, start, hands: Hands, furnished) -> House:
    house = start()
    steps.unlock(hands, furnished.password)
    hands.wait(house.desk.window.isActiveWindow, "the window to take keys")
    return house


def book(house: House, clock, student: int, hour: int, minute: int) -> int:
    """From there on for 40 minutes, today."""
    end = datetime.combine(clock.today(), time(hour, minute)) + timedelta(minutes=40)
    values = AppointmentValues(
        day=clock.today(), start=time(hour, minute), end=end.time(), student_ids=(student,), place="心理辅导室"
    )
    with house.desk.vault.write("试") as session:
        return appointments.add(session, values, clock.now()).id


def name_of(house: House, student: int) -> str:
    with house.desk.vault.read() as session:
        return session.get_one(Student, student).name


def it_is(clock, hour: int, minute: int, second: int = 0) -> None:
    clock.moment = datetime(2026, 11, 20, hour, minute, second, tzinfo=EAST)


def out_of_the_way(house: House, hands: Hands) -> None:
    house.desk.window.showMinimized()
    hands.wait(house.desk.window.isMinimized, "the window to be out of the way")


def said_by(icons: list[RecordedIcon]) -> list[str]:
    return [words for icon in icons for _title, words in icon.said]


def test_the_name_stands_in_the_window_and_a_click_on_it_leads_to_the_day(
    house, hands, furnished, clock, icons
) -> None:
    _case, student = furnished.places["case"]
    name = name_of(house, student)
    hands.press("学生")
    book(house, clock, student, 10, 30)
    it_is(clock, 10, 20)
    hands.reads("10 分钟后：")
    (line,) = [words for words in hands.words().splitlines() if "分钟后" in words]
    assert line.startswith(f"10 分钟后：{name} ")
    assert line.endswith("，心理辅导室")
    assert said_by(icons) == []
    hands.press("看今日")
    hands.wait(lambda: house.desk.window.page().route == Route("today"), "the day")
    hands.find(f"开始会谈：{name}")
    hands.wait(lambda: "分钟后" not in hands.words(), "the day alone to say it")
    book(house, clock, student, 11, 30)
    it_is(clock, 11, 22)
    hands.reads(f"8 分钟后：{name}")
    hands.press("收起预约提醒")
    hands.wait(lambda: "分钟后" not in hands.words(), "it to go")


def test_elsewhere_the_tray_says_only_when_and_brings_the_window_back_to_the_day(
    house, hands, furnished, clock, icons
) -> None:
    _case, student = furnished.places["case"]
    hands.press("学生")
    book(house, clock, student, 10, 30)
    out_of_the_way(house, hands)
    it_is(clock, 10, 20, 4)
    hands.wait(lambda: said_by(icons) == [NAMELESS], "the tray")
    icons[0].messageClicked.emit()
    hands.wait(lambda: not house.desk.window.isMinimized(), "the window")
    hands.find(f"开始会谈：{name_of(house, student)}")
    assert house.desk.window.page().route == Route("today")
    assert not icons[0].shown
    assert "分钟后" not in hands.words()
    book(house, clock, student, 11, 30)
    out_of_the_way(house, hands)
    it_is(clock, 11, 20)
    hands.wait(lambda: said_by(icons) == [NAMELESS, NAMELESS], "the tray")
    it_is(clock, 11, 30)
    hands.wait(lambda: not icons[1].shown and "分钟后" not in hands.words(), "it to go when the time has come")


def test_a_click_moves_nothing_under_a_dialog_and_nothing_shows_behind_the_cover(
    house, hands, furnished, clock, icons
) -> None:
    _case, student = furnished.places["case"]
    hands.press("学生")
    book(house, clock, student, 10, 30)
    hands.key(Qt.Key.Key_F9)
    it_is(clock, 10, 20)
    hands.wait(lambda: said_by(icons) == [NAMELESS], "the tray")
    shown: list[str] = []
    window = house.desk.window
    window.windowHandle().visibleChanged.connect(shown.append)
    icons[0].messageClicked.emit()
    assert [one.windowTitle() for one in windows()] == ["课程表"]
    assert "分钟后" not in hands.words()
    assert shown == [], "not even for a moment"
    hands.key(Qt.Key.Key_Space)
    hands.fill("数字或口令", furnished.password)
    hands.key(Qt.Key.Key_Return)
    hands.wait(lambda: hands.sees("搜索"), "the window")
    assert window.page().route == Route("students")
    house.desk.notice.say("先看这个。")
    icons[0].messageClicked.emit()
    assert window.page().route == Route("students")


def test_beside_a_student_and_while_one_may_sit_there_no_name_is_said(house, hands, furnished, clock, icons) -> None:
    _case, student = furnished.places["case"]
    _referral, beside = furnished.places["referral"]
    assert student != beside
    name = name_of(house, student)
    running = book(house, clock, beside, 9, 50)
    book(house, clock, student, 10, 40)
    it_is(clock, 10, 30)
    hands.press("学生")
    hands.reads(NAMELESS)  # the one before is over by the clock, but nobody is hurried out
    with house.desk.vault.write("登记") as session:
        outcomes.register(session, running, Status.ABSENT, clock.now())
    hands.reads(f"10 分钟后：{name}")
    house.go(Route("student", beside, beside))
    hands.key(Qt.Key.Key_F8)
    hands.wait(lambda: masking.student() == beside, "会谈模式")
    hands.reads(NAMELESS)
    assert f"分钟后：{name}" not in hands.words()
    hands.key(Qt.Key.Key_F8)
    hands.reads(f"10 分钟后：{name}")
    assert said_by(icons) == []


def test_who_comes_early_is_begun_with_at_once_and_reminded_of_no_more(house, hands, furnished, clock, icons) -> None:
    with house.desk.vault.read() as session:
        today = select(Note.student_id).where(Note.held_on == clock.today())
        in_care = select(Case.student_id).where(Case.closed_at.is_(None), Case.student_id.not_in(today))
        student = session.scalars(in_care.order_by(Case.id)).first()
    made = book(house, clock, student, 10, 30)
    it_is(clock, 10, 21)
    hands.press("今日")
    hands.reads("9 分钟后：")
    hands.press(f"开始会谈：{name_of(house, student)}")
    hands.wait(lambda: house.desk.window.page().route.place == "note", "the note")
    assert (hands.value("开始时间"), hands.value("结束时间")) == ("10:21", "11:01")
    hands.wait(lambda: "分钟后" not in hands.words(), "the reminder to go")
    with house.desk.vault.read() as session:
        appointment = session.get_one(Appointment, made)
    assert (appointment.status, appointment.start) == (Status.ATTENDED, time(10, 30))


def test_called_off_it_is_taken_back_and_moved_it_is_said_at_the_new_time(
    house, hands, furnished, clock, icons
) -> None:
    _case, student = furnished.places["case"]
    made = book(house, clock, student, 10, 30)
    it_is(clock, 10, 20)
    hands.reads("10 分钟后：")
    with house.desk.vault.write("改期") as session:
        later = (clock.today(), time(11, 0), time(11, 40))
        outcomes.reschedule(session, made, *later, "上一节拖堂")
    hands.wait(lambda: "分钟后" not in hands.words(), "it to go")
    it_is(clock, 10, 50)
    hands.reads("10 分钟后：")


def test_locked_the_door_says_when_and_the_open_window_who(house, hands, furnished, clock, icons) -> None:
    _case, student = furnished.places["case"]
    name = name_of(house, student)
    book(house, clock, student, 10, 30)
    hands.press("学生")
    hands.key(Qt.Key.Key_L, CTRL)
    hands.find("口令", QLineEdit)
    windows()[0].showMinimized()
    it_is(clock, 10, 20)
    hands.wait(lambda: said_by(icons) == [NAMELESS], "the tray")
    icons[0].activated.emit(RecordedIcon.ActivationReason.Trigger)
    hands.wait(lambda: not windows()[0].isMinimized(), "the door")
    hands.reads(NAMELESS)
    assert name not in hands.words()
    assert not hands.sees("看今日")
    it_is(clock, 10, 22)
    steps.unlock(hands, furnished.password)
    hands.reads(f"8 分钟后：{name}")
    hands.key(Qt.Key.Key_L, CTRL)
    hands.find("口令", QLineEdit)
    assert not icons[0].shown
    assert "分钟后" not in hands.words(), "said once"


def test_a_lock_while_the_new_password_is_asked_for_hands_the_times_on(house, hands, furnished, clock, icons) -> None:
    _case, student = furnished.places["case"]
    book(house, clock, student, 10, 30)
    hands.key(Qt.Key.Key_L, CTRL)
    hands.press("忘了口令？用恢复码打开")
    hands.fill("恢复码", furnished.code)
    hands.press("用恢复码打开")
    hands.find("新口令", QLineEdit)
    hands.key(Qt.Key.Key_L, CTRL)
    hands.find("口令", QLineEdit)
    it_is(clock, 10, 22)
    hands.reads("8 分钟后有预约")
