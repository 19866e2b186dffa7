"""Something said in confidence had to be passed on: she writes down to whom, when, what and why, outside any note."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListView, QScrollArea

from tests.journeys import steps
from tests.journeys.hands import CTRL

TEACHER, SAID = "班主任沈老师", "近期情绪低落，需要课间有人留意；其余内容没有说。"


def test_a_disclosure_is_entered_by_hand(start, hands, furnished):
    start()
    steps.unlock(hands, furnished.password)
    steps.add_student(hands, "028001", "穆青禾")
    steps.open_case(hands)
    hands.press("登记保密例外告知")
    hands.fill("告诉了谁", TEACHER)
    hands.fill("告知时间", "９点半")
    hands.fill("说了哪些内容", SAID)
    hands.press("保存告知")
    hands.reads("没有选依据。")
    hands.press("知道了")
    assert hands.value("告知时间") == "09:30"

    hands.key(Qt.Key.Key_L, CTRL)
    steps.unlock(hands, furnished.password)
    assert hands.value("说了哪些内容") == SAID
    hands.choose("依据", "有伤害自身或他人的严重危险")
    hands.fill("告知时间", "2350")
    hands.press("保存告知")
    hands.reads("告知的时间在现在之后。")
    hands.press("知道了")
    hands.fill("告知时间", "0930")
    hands.press("保存告知")
    hands.reads(SAID)
    assert not hands.sees("保存告知")
    hands.press(f"移除告知 {TEACHER}")
    hands.reads("没有登记过。突破保密时，每一次都要登记。")
    hands.press("撤销")
    hands.find(f"移除告知 {TEACHER}")
    hands.jump("028001", "穆青禾")
    model = hands.find("时间线", QListView).model()
    told = [str(model.index(at, 0).data()) for at in range(model.rowCount())]
    assert [SAID in line for line in told if TEACHER in line] == [True]


def test_a_disclosure_opens_where_it_was_entered_scrolled_to_it(start, hands, furnished):
    house = start()
    steps.unlock(hands, furnished.password)
    house.desk.window.resize(1200, 520)  # the card lies below what is seen first
    steps.add_student(hands, "028002", "穆青衫")
    steps.open_case(hands)
    hands.press("登记保密例外告知")
    hands.fill("告诉了谁", TEACHER)
    hands.choose("依据", "有伤害自身或他人的严重危险")
    hands.fill("说了哪些内容", SAID)
    hands.press("保存告知")
    hands.find(f"移除告知 {TEACHER}")

    def is_seen():
        found = hands.all(f"移除告知 {TEACHER}")
        return bool(found) and not found[0].visibleRegion().isEmpty()

    def to_the_top():
        area = house.desk.window.page().findChild(QScrollArea)
        area.verticalScrollBar().setValue(0)
        hands.wait(lambda: not is_seen(), "the top of the page")

    to_the_top()
    hands.jump("028002", "穆青衫")
    model = hands.find("时间线", QListView).model()
    told = [str(model.index(at, 0).data()) for at in range(model.rowCount())]
    hands.open_row("时间线", next(line for line in told if TEACHER in line))
    hands.wait(is_seen, "the disclosure, come to by the timeline")
    here = house.desk.window.page().route
    assert here.place == "case"
    hands.press("返回")
    hands.find("时间线", QListView)
    house.go(here)
    to_the_top()
    hands.press("返回")
    hands.jump("课间有人留意", "穆青衫")
    hands.wait(is_seen, "the disclosure, come to by the jump box")
    assert house.desk.window.page().route == here
