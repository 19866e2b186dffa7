"""A letter written into the wrong file: voided with its reason, told so everywhere, and its words on the right file."""

from __future__ import annotations

from app.ui.page import Route
from tests.journeys import steps

REASON = "写在了同名同学的档案里"


def test_voided_with_its_reason_and_written_anew(start, hands, furnished, tmp_path):
    house = start()
    steps.unlock(hands, furnished.password)
    letter, student = furnished.places["document"]
    house.go(Route("document", letter, student))
    hands.reads("未改动且本机签发")
    number = house.desk.window.page().title
    steps.export(hands, tmp_path / "函.pdf")
    hands.press("作废")
    hands.press("确认作废")
    hands.reads("没有写作废的原因")
    hands.fill("作废原因", REASON)
    hands.press("确认作废")
    hands.reads(f"作废：{REASON}")

    hands.press("文书")
    rows = {row.cells[0]: row for row in house.desk.window.page().table.model.rows}
    assert rows[number].cells[-1] == "作废"
    assert 0 in rows[number].struck
    hands.choose("状态", "有效")
    assert number not in {row.cells[0] for row in house.desk.window.page().table.model.rows}
    hands.press("核验文件")
    hands.press("选择要核验的文件")
    steps.choose_path(hands, tmp_path / "函.pdf")
    hands.reads("已作废")

    house.go(Route("document", letter, student))
    hands.reads("已作废")  # the check is done, nothing moves any more
    hands.press("打开原记录")
    hands.reads(f"作废：{REASON}")
    assert not hands.sees("登记回执")
    hands.press("把文字复制到另一份档案的新转介单")
    name, student_no = another_student(house, student)
    hands.fill("学生姓名、拼音或学号", student_no)
    hands.press(f"{name} {student_no}")
    hands.reads(name)
    assert "近一个月情绪持续低落" in hands.value("主要表现及起始时间")
    assert hands.value("告知监护人的日期") == ""


def another_student(house, student_id):
    from sqlalchemy import select

    from app.rooms.students.record import Student

    with house.desk.vault.read() as session:
        other = session.scalars(select(Student).where(Student.id != student_id).order_by(Student.id)).first()
    return other.name, other.student_no
