"""A counsellor's week through the window: a fortnightly series over a holiday, one moved, attended, its note, signed."""

from datetime import date, datetime, time, timedelta, timezone

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from app.house.house import House
from app.rooms.appointments.choices import Status
from app.rooms.appointments.record import Appointment
from app.rooms.notes.record import Case, Note
from app.rooms.students.record import Student
from app.ui.page import Route
from tests.journeys import steps
from tests.journeys.hands import Hands, name_of
from tests.rooms.appointments.conftest import furnish_school

EAST = timezone(timedelta(hours=8))
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def house(start, hands: Hands, furnished) -> House:
    house = start()
    steps.unlock(hands, furnished.password)
    hands.wait(house.desk.window.isActiveWindow, "the window to take keys")
    furnish_school(house.desk.vault)
    house.go(Route("appointments"))
    return house


def one_with_case(house: House, *, has_case: bool = True) -> Student:
    with house.desk.vault.read() as session:
        open_for = select(Case.student_id).where(Case.closed_at.is_(None))
        wanted = Student.id.in_(open_for) if has_case else Student.id.not_in(open_for)
        return session.scalars(select(Student).where(wanted, Student.deleted_at.is_(None)).order_by(Student.id)).first()


def choose_student(hands: Hands, student: Student) -> None:
    hands.press("选择学生")
    hands.fill("学生姓名、拼音或学号", student.student_no)
    hands.press(f"{student.name} {student.student_no}")


def booked(house: House) -> list[Appointment]:
    with house.desk.vault.read() as session:
        return list(
            session.scalars(select(Appointment).where(Appointment.deleted_at.is_(None)).order_by(Appointment.id))
        )


def told(house: House) -> list[tuple[str, str, str]]:
    return [(f"{one.day:%m-%d}", f"{one.start:%H:%M}–{one.end:%H:%M}", one.status.label) for one in booked(house)]


def make(hands: Hands, student: Student, day: str, start: str, end: str) -> None:
    hands.press("+ 预约")
    choose_student(hands, student)
    hands.fill("日期", day)
    hands.fill("开始", start)
    hands.fill("结束", end)
    hands.press("保存预约")
    hands.wait(lambda: hands.sees("改期"), "the appointment at the side")


def test_a_fortnightly_series_over_a_holiday_one_moved_attended_noted_signed(house, hands, clock) -> None:
    student = one_with_case(house)
    hands.press("+ 预约")
    choose_student(hands, student)
    hands.fill("日期", "2026-12-18")
    hands.fill("开始", "1220")
    hands.fill("结束", "1300")
    hands.choose("重复", "隔周")
    hands.fill("重复到", "2027-01-29")
    hands.press("保存预约")
    hands.reads("约 2 次，跳过 2 次。")
    hands.reads("元旦：1月1日")
    hands.reads("不在已填的学期内：1月29日")
    hands.press("保存这组预约")
    hands.wait(lambda: hands.sees("改期"), "the first one at the side")
    assert [one[0] for one in told(house)] == ["12-18", "01-15"]

    hands.press("改期")
    hands.fill("改到哪天", "2026-12-17")
    hands.fill("改期原因", "月考")
    hands.press("确定改期")
    hands.wait(lambda: len(booked(house)) == 3, "the new one")
    assert told(house)[0] == ("12-18", "12:20–13:00", "已改期")
    assert told(house)[2] == ("12-17", "12:20–13:00", "已确认")

    clock.moment = datetime(2026, 12, 17, 13, 5, tzinfo=EAST)
    hands.press("关闭预约")
    hands.click(hands.find(f"{student.name}，个别辅导，周四 12:20–13:00，个别辅导室，未登记"))
    hands.press("已到访")
    hands.wait(lambda: hands.sees("学生自述"), "the note")
    assert (hands.value("日期"), hands.value("开始时间"), hands.value("结束时间")) == ("2026-12-17", "12:20", "13:00")
    hands.fill("学生自述", "考完轻松了一些。")
    hands.fill("观察", "语速平稳。")
    hands.fill("过程与方法", "一起看这周的安排。")
    hands.fill("评估与分析", "状态在恢复。")
    hands.fill("下次计划", "一月中再谈。")
    hands.press("风险标记：无")
    hands.press("存草稿")
    hands.wait(lambda: hands.sees("移到回收站"), "the draft to be saved")
    steps.sign_note(hands)
    assert told(house)[2][2] == "已到访"
    with house.desk.vault.read() as session:
        notes = session.scalars(select(Note).where(Note.held_on == date(2026, 12, 17))).all()
    assert [(note.start, note.end) for note in notes] == [(time(12, 20), time(13, 0))]


def test_the_keyboard_makes_moves_lengthens_and_takes_back(house, hands) -> None:
    student = one_with_case(house)
    make(hands, student, "2026-11-18", "1220", "1300")
    hands.find("周视图").setFocus()
    hands.key(Qt.Key.Key_Right, CTRL)
    hands.wait(lambda: told(house)[0][0] == "11-19", "the next day")
    hands.key(Qt.Key.Key_Down, CTRL)
    hands.wait(lambda: told(house)[0][1] == "12:25–13:05", "five minutes later")
    hands.key(Qt.Key.Key_Up, SHIFT)
    hands.wait(lambda: told(house)[0][1] == "12:25–13:00", "five minutes shorter")
    hands.press("撤销")
    hands.wait(lambda: told(house)[0][1] == "12:25–13:05", "as before")
    hands.find("周视图").setFocus()
    hands.key(Qt.Key.Key_Delete)
    hands.wait(lambda: booked(house) == [], "the bin")
    hands.press("撤销")
    hands.wait(lambda: len(booked(house)) == 1, "back again")
    hands.find("周视图").setFocus()
    hands.key(Qt.Key.Key_N)
    hands.wait(lambda: hands.sees("新预约"), "the form")
    assert hands.value("日期") == "2026-11-19"


def test_the_keyboard_alone_books_for_a_student(house, hands) -> None:
    student = one_with_case(house)
    hands.find("周视图").setFocus()
    hands.key(Qt.Key.Key_N)
    hands.wait(lambda: cursor() == "选择学生", "the form")
    hands.key(Qt.Key.Key_Space)
    hands.wait(lambda: cursor() == "学生姓名、拼音或学号", "the box of names")
    hands.write(student.student_no)
    hands.find(f"{student.name} {student.student_no}")
    hands.key(Qt.Key.Key_Return)
    hands.find(f"去掉{student.name}")
    for _ in range(30):
        hands.key(Qt.Key.Key_Tab)
        if cursor() == "保存预约":
            break
    hands.key(Qt.Key.Key_Space)
    hands.wait(lambda: len(booked(house)) == 1, "the appointment")
    hands.wait(lambda: cursor() == "周视图", "the cursor in the week again")
    hands.key(Qt.Key.Key_Return)
    hands.wait(lambda: cursor() == "改期", "the cursor on what can be done")


def cursor() -> str:
    """What the cursor stands on."""
    at = QApplication.focusWidget()
    return name_of(at) if at is not None else ""


def test_a_clash_asks_for_a_reason_in_the_form(house, hands) -> None:
    student = one_with_case(house)
    make(hands, student, "2026-11-24", "1220", "1300")
    hands.press("+ 预约")
    hands.fill("称呼或名称", "小雨")
    hands.fill("日期", "2026-11-24")
    hands.fill("开始", "1240")
    hands.fill("结束", "1320")
    hands.press("保存预约")
    hands.reads(f"12:20–13:00 {student.name}(辅导老师、地点冲突)")
    hands.press("知道了")
    hands.fill("冲突仍要预约的原因", "当天只有这个时间")
    hands.press("保存预约")
    hands.wait(lambda: len(booked(house)) == 2, "both")
    hands.reads("时间有冲突仍预约：当天只有这个时间")


def test_a_reserved_name_is_linked_and_the_case_opened_before_the_note(house, hands, clock) -> None:
    student = one_with_case(house, has_case=False)
    hands.press("+ 预约")
    hands.fill("称呼或名称", "小雨")
    hands.fill("日期", "2026-11-20")
    hands.fill("开始", "0900")
    hands.fill("结束", "0940")
    hands.press("保存预约")
    hands.press("已到访")
    hands.fill("学生姓名、拼音或学号", student.student_no)
    hands.press(f"{student.name} {student.student_no}")
    hands.reads("还没有进行中的个案")
    hands.press("来源：学生主动")
    hands.press("问题类型：情绪困扰")
    hands.fill("主诉", "睡不好。")
    hands.press("登记个案，接着写记录")
    hands.wait(lambda: hands.sees("学生自述"), "the note")
    assert (hands.value("开始时间"), hands.value("结束时间")) == ("09:00", "09:40")
    assert told(house) == [("11-20", "09:00–09:40", Status.ATTENDED.label)]


def test_a_lock_in_the_middle_of_the_form_loses_nothing(house, hands, furnished) -> None:
    hands.press("+ 预约")
    hands.fill("称呼或名称", "小雨")
    hands.fill("事由", "换座位以后")
    house.lock()
    steps.unlock(hands, furnished.password)
    hands.wait(lambda: hands.sees("保存预约"), "the form again")
    assert (hands.value("称呼或名称"), hands.value("事由")) == ("小雨", "换座位以后")
