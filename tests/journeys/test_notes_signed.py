"""What a counsellor does with a note after signing it: correct it, keep a memo, issue it; void it in the wrong file; settle its risk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit
from sqlalchemy import select

from app.house.house import House
from app.rooms.notes.record import Case, Note
from app.rooms.students.record import Student
from app.ui.page import Route
from tests.journeys import steps
from tests.journeys.furnished import Furnished
from tests.journeys.hands import CTRL, Hands


@pytest.fixture
def house(start: Callable[[], House], hands: Hands, furnished: Furnished) -> House:
    """Unlocked, at the list of students."""
    house = start()
    steps.unlock(hands, furnished.password)
    return house


def go(house: House, route: Route) -> None:
    assert house.inside is not None
    house.inside.pages.go(route)


def lock_and_come_back(hands: Hands, furnished: Furnished) -> None:
    hands.key(Qt.Key.Key_L, CTRL)
    steps.unlock(hands, furnished.password)


def test_a_slip_is_corrected_over_a_lock_and_the_note_is_issued_as_it_reads_now(
    house: House, hands: Hands, furnished: Furnished
) -> None:
    note, student = furnished.places["note.read"]
    with house.inside.desk.vault.read() as session:
        original = session.get_one(Note, note).observation
    go(house, Route("note.read", note, student))
    hands.press("更正观察")
    hands.fill("更正为", "语速平稳，能看着老师说话。")
    hands.fill("更正原因", "写成了上一次的观察")
    hands.fill("个人手记", "下次督导时谈")
    lock_and_come_back(hands, furnished)
    assert hands.value("更正为") == "语速平稳，能看着老师说话。"
    assert hands.value("个人手记") == "下次督导时谈"
    hands.press("保存更正")
    hands.reads("更正 · 观察")
    hands.reads("原因：写成了上一次的观察")
    hands.reads("已更正")
    assert original in hands.words()
    assert not hands.sees("保存更正")
    hands.press("保存手记")
    hands.press("这位学生的档案")
    hands.press("返回")
    assert hands.value("个人手记") == "下次督导时谈"
    lock_and_come_back(hands, furnished)
    assert not hands.sees("保存更正")
    steps.issue(hands, furnished.password)
    hands.press("返回")
    hands.find("打开纸件")


def test_a_note_in_the_wrong_file_is_voided_and_its_text_goes_to_the_right_one(
    house: House, hands: Hands, furnished: Furnished
) -> None:
    note, student = furnished.places["note.read"]
    with house.inside.desk.vault.read() as session:
        case = select(Case.student_id).where(Case.closed_at.is_(None), Case.student_id != student)
        right = session.scalars(select(Student).where(Student.id.in_(case)).order_by(Student.id)).first()
        words = session.get_one(Note, note).subjective
    assert right is not None
    go(house, Route("note.read", note, student))
    hands.press("作废")
    hands.fill("作废原因", "写在了同学的档案里")
    lock_and_come_back(hands, furnished)
    assert hands.value("作废原因") == "写在了同学的档案里"
    hands.press("确认作废")
    hands.reads("作废：写在了同学的档案里")
    assert words in hands.words()
    assert not hands.sees("作废")
    assert not hands.sees("更正观察")
    hands.press("把文字复制到另一份档案的新草稿")
    hands.fill("姓名或学号", "没有这个人")
    hands.reads("没有找到")
    hands.fill("姓名或学号", right.student_no)
    hands.press(f"{right.name} {right.student_no}")
    hands.wait(lambda: hands.sees("学生自述", QPlainTextEdit), "the new draft")
    assert hands.value("学生自述") == words
    hands.reads(right.name)
    steps.sign_note(hands)
    hands.press("这位学生的档案")
    hands.reads(right.name)


def test_a_risk_is_answered_for_before_signing_and_leaves_the_file_when_it_is_settled(
    house: House, hands: Hands, furnished: Furnished
) -> None:
    case, student = furnished.places["case"]
    go(house, Route("case", case, student))
    steps.write_note(hands)
    hands.press("风险标记：有自伤/自杀意念")
    hands.press("签署")
    hands.reads("监护人是否已通知")
    hands.press("知道了")
    hands.press("监护人：已通知")
    for done in ("有人陪护，未让学生独处", "已报告校领导", "已建议转介评估"):
        hands.press(f"{done}：是")
    hands.fill("通知监护人的时间", "10:05")
    hands.fill("报告校领导的时间", "10:10")
    hands.fill("告知的内容范围", "安全情况和今晚的陪护")
    hands.fill("处置经过", "母亲十一点到校接走")
    steps.sign_note(hands)
    hands.reads("保密例外")
    hands.press("这位学生的档案")
    hands.reads("风险未了结")
    hands.press("返回")
    hands.press("写明了结")
    hands.fill("如何了结", "复评后未见风险，监护人已知情")
    lock_and_come_back(hands, furnished)
    assert hands.value("如何了结") == "复评后未见风险，监护人已知情"
    hands.press("了结")
    hands.reads("已了结")
    assert not hands.sees("写明了结")
    hands.press("这位学生的档案")
    hands.find("登记知情同意")
    assert "风险未了结" not in hands.words()
