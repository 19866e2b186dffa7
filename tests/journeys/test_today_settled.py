"""The day: what is due is seen, settled by one click, put off and back on its day; an appointment begins from there."""

from datetime import time, timedelta

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import select

from app.rooms.appointments import store as appointments
from app.rooms.appointments.record import AppointmentValues
from app.rooms.referrals.choices import Status
from app.rooms.referrals.record import Referral
from app.rooms.school.record import Heading
from app.rooms.students.choices import ConsentDecision, ConsentMethod, ConsentType, SignerRole
from app.rooms.students.record import Consent, Student
from app.rooms.today.record import Snooze
from app.ui.page import Route
from app.ui.sidebar import Entry
from app.vault.trail import Link
from tests.journeys import steps
from tests.journeys.hands import CTRL

AFTER = timedelta(days=17)
"""So long after the letters went out their receipts are three days overdue."""
REASON = "家长出差，下周一回校"


@pytest.fixture
def house(start, hands, furnished, clock):
    clock.moment += AFTER
    house = start()
    steps.unlock(hands, furnished.password)
    hands.reads("到期与逾期")
    return house


def receipt(house, furnished):
    """An overdue receipt, as its line is called."""
    _referral, student = furnished.places["receipt"]
    with house.desk.vault.read() as session:
        return f"催要转介回执 {session.get_one(Student, student).name}"


def row(name):
    return f"逾期 3 天 {name}"


def test_an_overdue_receipt_is_one_click_away_and_gone_once_registered(house, hands, furnished, clock):
    name = receipt(house, furnished)
    hands.find(row(name))
    hands.wait(lambda: hands.find("今日", Entry).accessibleDescription() != "", "how much is overdue")
    hands.press(f"登记回执：{name}")
    hands.fill("就诊日期", (clock.today() - timedelta(days=1)).isoformat())
    hands.press("保存回执")
    hands.wait(lambda: house.desk.window.page().route.place == "referral.read", "the referral")
    referral, _student = furnished.places["receipt"]
    with house.desk.vault.read() as session:
        assert session.get_one(Referral, referral).status is Status.RECEIPT
    hands.key(Qt.Key.Key_1, CTRL)
    hands.reads("到期与逾期")
    assert not hands.sees(row(name))


def test_what_is_put_off_says_why_and_comes_back_on_its_day(house, hands, furnished, clock):
    name = receipt(house, furnished)
    until = clock.today() + timedelta(days=3)
    hands.press(f"推后：{name}")
    hands.press("确认推后")
    hands.reads("推后的日期要在今天之后")
    hands.press("知道了")
    hands.fill("推后到", until.isoformat())
    hands.press("确认推后")
    hands.reads("没有写推后的原因")
    hands.press("知道了")
    hands.fill("推后的原因", REASON)
    hands.press("确认推后")
    hands.reads(REASON)
    hands.reads("已推后到 12月10日。")
    assert not hands.sees(row(name))
    there = house.desk.window.page()
    hands.wait(lambda: any(row.hasFocus() for row in there._rows()), "the cursor on the line that took its place")
    hands.press("撤销")
    hands.find(row(name))

    hands.press(f"推后：{name}")
    hands.fill("推后到", until.isoformat())
    hands.fill("推后的原因", REASON)
    hands.press("确认推后")
    hands.find(f"12月10日 {name}")
    with house.desk.vault.read() as session:
        (snooze,) = session.scalars(select(Snooze))
        acts = session.scalars(select(Link.act).where(Link.kind == "snooze").order_by(Link.seq)).all()
    assert (snooze.reason, acts) == (REASON, ["new", "gone", "new"]), "putting off and taking it back are in the trail"
    hands.press(f"取消推后：{name}")
    hands.find(row(name))
    hands.press("撤销")
    hands.find(f"12月10日 {name}")
    hands.reads(REASON)
    clock.moment += timedelta(days=3)
    house.lock()
    steps.unlock(hands, furnished.password)
    hands.find(f"逾期 6 天 {name}")
    assert REASON not in hands.words()


def test_a_reason_being_typed_outlives_a_lock(house, hands, furnished):
    name = receipt(house, furnished)
    hands.press(f"推后：{name}")
    hands.fill("推后的原因", "写了一半")
    house.lock()
    steps.unlock(hands, furnished.password)
    hands.reads(f"推后：{name}")
    assert hands.value("推后的原因") == "写了一半"


def test_an_appointment_of_today_begins_its_note(house, hands, furnished, clock):
    _case, student = furnished.places["case"]
    values = AppointmentValues(day=clock.today(), start=time(9, 30), end=time(10, 10), student_ids=(student,))
    with house.desk.vault.write("试") as session:
        appointments.add(session, values, clock.now())
        name = session.get_one(Student, student).name
    hands.press(f"开始会谈：{name}")
    hands.wait(lambda: house.desk.window.page().route == Route("note", None, student), "the note")
    assert hands.value("开始时间") == "09:30"
    hands.key(Qt.Key.Key_1, CTRL)
    hands.reads("已到访")


def test_the_arrows_lead_through_the_lines_and_enter_opens_one(house, hands, furnished):
    name = receipt(house, furnished)
    line = hands.find(row(name))
    hands.press(f"推后：{name}")
    hands.press("推后：取消")
    hands.wait(line.hasFocus, "the cursor back on the line it was given up for")
    hands.key(Qt.Key.Key_Up)
    hands.key(Qt.Key.Key_Down)
    hands.wait(line.hasFocus, "the cursor on the line again")
    hands.key(Qt.Key.Key_Return)
    hands.wait(lambda: house.desk.window.page().route.place == "receipt", "the receipt's form")


def test_a_line_that_stays_keeps_the_cursor_when_others_come(house, hands, furnished, clock):
    line, lines = hands.find(row(receipt(house, furnished))), house.desk.window.page().under[Heading.DEADLINE]
    line.setFocus()
    before = len(lines.rows)
    with house.desk.vault.write("试") as session:
        session.add(by_telephone(session.scalar(select(Student.id)), clock.today() - timedelta(days=40)))
    hands.wait(lambda: len(lines.rows) == before + 1, "the new line")
    assert lines.rows[0] is not line
    assert line in lines.rows
    assert [one for one in lines.children() if one in lines.rows] == lines.rows  # as a screen reader goes
    assert line.hasFocus()
    hands.key(Qt.Key.Key_Up)
    hands.wait(lines.rows[lines.rows.index(line) - 1].hasFocus, "the cursor one line further up")


def by_telephone(student_id, on):
    """A consent whose signature is owed."""
    return Consent(
        student_id=student_id, type=ConsentType.COUNSELLING, signer_role=SignerRole.GUARDIAN, signer_name="母亲",
        method=ConsentMethod.PHONE, decision=ConsentDecision.AGREED, signed_at=on, exceptions_explained=True,
    )  # fmt: skip


def test_a_day_on_which_nothing_is_due_says_so(start, hands, pc):
    start()
    steps.first_run(hands, pc.home / "静室档案")
    steps.add_student(hands, "028001", "穆青禾")
    hands.press("今日")
    hands.reads("今天没有到期的事")
