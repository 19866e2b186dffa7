"""Each kind of line leads to the act that settles it, and is gone once that is done; nothing of it was stored beforehand."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.rooms.school import store as schools
from app.rooms.students.choices import StudentStatus
from app.rooms.students.record import Student
from app.rooms.today.record import Snooze
from app.ui.page import Route
from tests.journeys import steps
from tests.rooms.today.test_every_deadline import NAMES, one_of_each

AGO = timedelta(days=9)
AT_SCHOOL, AIMLESS, CAME, MISSED, *GONE = NAMES
LIST = "到期与逾期"
KINDS = {
    "referral.visit": "referral.read",
    "referral.receipt": "receipt",
    "referral.refused": "referral.read",
    "referral.unsent": "referral",
    "case.intake": "case",
    "case.goals": "case",
    "case.unseen": "case",
    "case.silent": "case",
    "consent.oral": "consent",
    "consent.renew": "consent",
    "risk.reassess": "note.read",
    "note.sign": "note",
    "note.draft": "case.first",
    "archive.expire": "archives",
    "appointment.confirm": "appointments",
    "appointment.outcome": "appointments",
    "appointment.unseen": "student",
    "appointment.absent": "student",
    "waiting": "appointments",
}
"""Where a line leads; ``case.first`` because who came has no case yet."""


@pytest.fixture
def house(start, hands, furnished, clock):
    house = start()
    steps.unlock(hands, furnished.password)
    hands.reads(LIST)
    vault, today = house.desk.vault, clock.today()
    one_of_each(vault, today - AGO)
    with vault.write("试") as session:
        long_ago = today.replace(year=today.year - 2)
        gone = Student(
            student_no="99", name="陆离", grade=9, class_no=1, status=StudentStatus.GRADUATED, status_since=long_ago
        )
        session.add(gone)
    hands.find(f"写记录：{CAME}")
    return house


def dues(house):
    with house.desk.vault.read() as session:
        return house.inside.rooms.due(session, schools.terms(session), house.desk.vault.clock.today())


def stands(house, key, name):
    """Whether a line of this kind about this student is told."""
    with house.desk.vault.read() as session:
        ids = set(session.scalars(select(Student.id).where(Student.name == name)))
    return any(one.key == key and one.student_id in ids for one in dues(house))


def settled(house, hands, key, name):
    hands.wait(lambda: not stands(house, key, name), f"{key} of the student to be settled")
    with house.desk.vault.read() as session:
        assert session.scalar(select(func.count()).select_from(Snooze)) == 0


def test_each_line_leads_to_where_it_is_settled(house):
    seen = set()
    for due in dues(house):
        house.go(Route("today"))
        house.inside.settle(due)
        page = house.desk.window.page()
        assert page.route is not None
        assert page.route.place == KINDS[due.key], due.key
        seen.add(due.key)
    assert {"referral.visit", "case.intake", "note.draft", "archive.expire", "appointment.confirm"} <= seen


def test_who_came_is_written_about_with_the_day_and_hour_of_the_talk(house, hands, clock):
    hands.press(f"写记录：{CAME}")
    hands.press("来源：学生主动")
    hands.press("问题类型：情绪困扰")
    hands.fill("主诉", "怕考试")
    hands.press("登记个案，接着写记录")
    hands.find("存草稿")
    assert hands.value("日期") == f"{clock.today() - AGO}"
    hands.press("存草稿")
    settled(house, hands, "note.draft", CAME)
    assert stands(house, "note.sign", CAME)


def test_deadlines_are_gone_once_done(house, hands, clock):
    today = clock.today().isoformat()
    house.go(Route("today.deadline"))
    hands.open_row(LIST, "再次与监护人沟通")
    hands.press("记随访")
    hands.fill("随访日期", today)
    hands.fill("随访情况", "母亲愿意再考虑。")
    hands.press("保存随访")

    house.go(Route("today.deadline"))
    hands.open_row(LIST, "补签知情同意")
    hands.fill("补签日期", today)
    hands.press("保存知情同意")
    settled(house, hands, "consent.oral", AT_SCHOOL)

    house.go(Route("today.deadline"))
    hands.open_row(LIST, "接案评估")
    hands.press("改为接案评估")
    settled(house, hands, "case.intake", AT_SCHOOL)

    house.go(Route("today.deadline"))
    hands.open_row(LIST, "商定辅导目标")
    hands.fill("辅导目标", "每周到校四天")
    hands.press("保存个案")
    hands.wait(lambda: not stands(house, "case.goals", AIMLESS), "the goals to be written down")

    house.go(Route("today.deadline"))
    hands.open_row(LIST, "确认预约")
    hands.press("确认预约")
    settled(house, hands, "appointment.confirm", AT_SCHOOL)


def test_a_file_kept_long_enough_goes_to_the_bin_and_comes_back(house, hands):
    house.go(Route("today.deadline"))
    hands.open_row(LIST, "档案保存到期")
    hands.reads("由您决定继续保存还是销毁")
    hands.press("移到回收站")
    hands.reads("先在名单里选中一份档案")
    house.desk.window.page().table.view.selectRow(0)
    hands.press("移到回收站")
    hands.reads("没有到期的档案")
    settled(house, hands, "archive.expire", "陆离")
    hands.press("撤销")
    hands.wait(lambda: stands(house, "archive.expire", "陆离"), "the file to be back")
    hands.wait(lambda: hands.rows("到期的档案") and hands.rows("到期的档案")[0][0] == "陆离", "the file on the page")
