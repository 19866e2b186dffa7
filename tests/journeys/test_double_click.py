"""Who clicks twice where once is meant saves once, and opens nothing on the page that comes up."""

from PySide6.QtTest import QTest
from sqlalchemy import func, select

from app.rooms.notes.record import Case, Note
from app.rooms.students.record import Guardian, Student
from tests.journeys import steps
from tests.journeys.hands import LEFT, PLAIN


def twice(hands, name):
    """Double-click the one button of this name."""
    button = hands.find(name)
    hands.wait(lambda: not button.visibleRegion().isEmpty(), f"「{name}」 to be seen")
    QTest.mouseDClick(
        button.window().windowHandle(), LEFT, PLAIN, button.mapTo(button.window(), button.rect().center())
    )


def place(house):
    return house.desk.window.page().route.place


def count(house, kind, student_id):
    with house.desk.vault.read() as session:
        return session.scalar(select(func.count()).select_from(kind).where(kind.student_id == student_id))


def test_a_double_click_saves_once_and_stays_where_one_click_leads(start, hands, furnished):
    house = start()
    steps.unlock(hands, furnished.password)
    hands.press("学生")
    hands.press("+ 学生")
    for field, words in (("学号", "20269903"), ("姓名", "双击生"), ("出生日期", "2012-03-04"), ("班级", "3")):
        hands.fill(field, words)
    hands.choose("性别", "女")
    hands.choose("年级", "八年级")
    twice(hands, "保存学生信息")
    hands.wait(lambda: place(house) == "student", "the new file")
    with house.desk.vault.read() as session:
        number = session.scalar(select(Student.id).where(Student.student_no == "20269903"))

    hands.press("添加监护人")
    hands.fill("姓名", "双母")
    hands.fill("电话", "13900001111")
    hands.choose("与学生的关系", "母亲")
    twice(hands, "保存监护人")
    hands.wait(lambda: place(house) == "student", "the file again")
    assert count(house, Guardian, number) == 1

    hands.press("登记个案")
    hands.press("来源：学生主动")
    hands.press("问题类型：情绪困扰")
    hands.fill("主诉", "睡不好")
    before = place(house)
    twice(hands, "开始个案")
    hands.wait(lambda: "+ 会谈记录" in [b.text() for b in house.desk.window.page().head_actions], "the case")
    assert (before, place(house)) == ("case", "case")
    assert (count(house, Case, number), count(house, Note, number)) == (1, 0)
