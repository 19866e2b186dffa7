"""The register of access, from an ordinary day to a parent's question: what was seen and sent is there, on the screen and on paper."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QAbstractItemView

from app.house.house import House
from app.rooms.students.record import Student
from app.ui.cards import Row
from app.ui.page import Route
from app.vault.outgoing import ForWhom
from tests.documents.reading import words_of
from tests.journeys import steps
from tests.journeys.conftest import Pc
from tests.journeys.furnished import Furnished
from tests.journeys.hands import Hands

REGISTER = "查阅登记"


def found(hands: Hands, name: str) -> list[Row]:
    """The rows of the small window that name this student."""
    return [row for row in hands.front().findChildren(Row) if row.isVisible() and row.accessibleName().startswith(name)]


def test_a_day_is_in_the_register(start: Callable[[], House], hands: Hands, furnished: Furnished, pc: Pc) -> None:
    house = start()
    steps.unlock(hands, furnished.password)
    note, student = furnished.places["note.read"]
    issued, of = furnished.places["document"]
    house.go(Route("student", student, student))
    house.go(Route("note.read", note, student))
    house.go(Route("document", issued, of))
    steps.export(hands, pc.home / "Desktop" / "信.pdf")

    hands.press(REGISTER)
    hands.find(REGISTER, QAbstractItemView)
    rows = hands.rows(REGISTER)
    assert [row[1] for row in rows] == ["导出", "查阅", "查阅", "查阅"]
    assert rows[0][4:] == ["接诊医院", "转介就诊"]
    assert rows[3][3] == "学生档案"
    assert "次会谈 · " in rows[2][3]
    name = rows[3][2].split()[0]

    hands.press("学生：选一位")
    hands.fill("学生姓名、拼音或学号", name)
    hands.wait(lambda: bool(found(hands, name)), "the student in the small window")
    hands.click(found(hands, name)[0])
    hands.wait(lambda: {row[2].split()[0] for row in hands.rows(REGISTER)} == {name}, "one student's rows")
    of_one = len(hands.rows(REGISTER))

    hands.press("导出登记表")
    hands.reads("在加密档案之外")
    steps.say_for_whom(hands, "监护人", "家长查询")
    hands.press("选择保存位置")
    paper = pc.home / "Desktop" / "登记表.pdf"
    steps.choose_path(hands, paper)
    hands.reads("已导出「登记表.pdf」")
    hands.wait(lambda: len(hands.rows(REGISTER)) == of_one + 1, "the export itself in the register")
    assert hands.rows(REGISTER)[0][3:] == ["查阅登记表", "监护人", "家长查询"]

    head = "".join(words_of(paper.read_bytes())).partition("记录链 ")[2][:14]
    hands.press("核对留痕")
    hands.fill("纸上的链头(可以不填)", head)
    hands.press("开始核对")
    hands.reads("从第 1 行到这一行与印那份纸时完全一致")
    hands.press("关闭")


def test_what_was_answered_is_offered_the_next_time(
    start: Callable[[], House], hands: Hands, furnished: Furnished, pc: Pc
) -> None:
    """But not with a student's name in it; also after a lock."""
    house = start()
    steps.unlock(hands, furnished.password)
    issued, of = furnished.places["document"]
    house.go(Route("document", issued, of))
    assert house.desk is not None
    with house.desk.vault.read() as session:
        name = session.get_one(Student, of).name
    for at, answer in enumerate((ForWhom("区未保中心", "强制报告核实"), ForWhom(f"{name}的姑姑", "代为转交"))):
        hands.press("导出")
        steps.say_for_whom(hands, answer.to_whom, answer.purpose)
        hands.press("选择保存位置")
        steps.choose_path(hands, pc.home / "Desktop" / f"{at}.pdf")
        hands.reads(f"已导出「{at}.pdf」")
    house.lock()
    steps.unlock(hands, furnished.password)
    hands.press("导出")
    hands.press("收件人：选一个")
    offered = [action.text() for action in hands.front().actions()]
    assert offered[0] == "区未保中心"
    assert not any(name in words for words in offered)
    hands.front().close()
    hands.press("用途：选一个")
    assert [action.text() for action in hands.front().actions()][:2] == ["代为转交", "强制报告核实"]
    hands.front().close()
    hands.press("取消")
