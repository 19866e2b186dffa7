"""A note on its way: the case it needs, an old talk entered late, its drawing, its draft on paper, the bin and back, her own phrases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QPushButton

from app.house.house import House
from app.ui.page import Route
from tests.journeys import steps
from tests.journeys.conftest import Pc
from tests.journeys.furnished import Furnished
from tests.journeys.hands import CTRL, Hands, name_of

MENU = "约定与作业：常用语"


@pytest.fixture
def house(start: Callable[[], House], hands: Hands, furnished: Furnished) -> House:
    """Unlocked, at the list of students."""
    house = start()
    steps.unlock(hands, furnished.password)
    return house


def go(house: House, route: Route) -> None:
    assert house.inside is not None
    house.inside.pages.go(route)


def route(house: House) -> Route | None:
    return house.inside.desk.window.page().route


def test_without_a_case_she_is_told_why_and_comes_to_the_note_after_it(
    house: House, hands: Hands, furnished: Furnished
) -> None:
    student = furnished.places["case.first"][1]
    go(house, Route("student", student, student))
    hands.press("+ 会谈记录")
    hands.reads("会谈记录要归在一个个案里")
    hands.press("来源：学生主动")
    hands.press("问题类型：学习与考试")
    hands.fill("主诉", steps.SAID)
    hands.key(Qt.Key.Key_L, CTRL)
    steps.unlock(hands, furnished.password)
    hands.reads("会谈记录要归在一个个案里")
    assert hands.value("主诉") == steps.SAID
    hands.press("登记个案，接着写记录")
    hands.find("学生自述", QPlainTextEdit)
    assert route(house) == Route("note", None, student)
    assert not hands.sees("移到回收站")
    hands.press("返回")
    hands.wait(lambda: route(house) == Route("student", student, student), "the file")
    hands.press("返回")
    hands.wait(lambda: route(house) == Route("today"), "the day, for she was in the file once")


def test_an_old_talk_is_entered_late_with_its_drawing_printed_binned_and_taken_back(
    house: House, hands: Hands, furnished: Furnished, pc: Pc, tmp_path: Path
) -> None:
    case, student = furnished.places["case"]
    go(house, Route("case", case, student))
    hands.press("+ 会谈记录")
    hands.fill("日期", "2026-09-03")
    hands.reads("补录")
    hands.fill("学生自述", "画了一棵没有叶子的树。")
    hands.press("存草稿")
    hands.find("添加附件")
    drawing = pc.home / "树.png"
    Image.new("RGB", (40, 30), "white").save(drawing)
    hands.press("添加附件")
    steps.choose_path(hands, drawing)
    hands.press("打开附件 树.png")
    hands.find("树.png")
    hands.press("关闭")
    hands.press("打印草稿")
    hands.find("开始打印")
    hands.press("取消")
    hands.fill("学生自述", "画了一棵没有叶子的树，树下没有人。")
    hands.press("移到回收站")
    hands.press("移到回收站")
    hands.reads("草稿已移到回收站")
    hands.press("撤销")
    hands.find("学生自述", QPlainTextEdit)
    assert hands.value("学生自述") == "画了一棵没有叶子的树，树下没有人。"
    hands.reads("补录")
    hands.find("打开附件 树.png")


def test_own_phrases_are_named_placed_and_taken_away_without_losing_the_note(
    house: House, hands: Hands, furnished: Furnished
) -> None:
    case, student = furnished.places["case"]
    go(house, Route("case", case, student))
    hands.press("+ 会谈记录")
    hands.fill("约定与作业", "每天散步二十分钟。")
    hands.key(Qt.Key.Key_A, CTRL)
    hands.menu(MENU, "把选中的文字存为常用语")
    hands.reads("已存为常用语")
    hands.menu(MENU, "整理常用语…")
    hands.fill("名称", "散步")
    hands.fill("内容", "每天散步三十分钟。")
    hands.press("保存常用语")
    hands.press("+ 常用语")
    hands.fill("名称", "听歌")
    hands.press("用在哪一栏：约定与作业")
    hands.fill("内容", "每天听一首歌。")
    hands.key(Qt.Key.Key_L, CTRL)
    steps.unlock(hands, furnished.password)
    assert hands.value("名称") == "听歌"
    hands.press("保存常用语")
    hands.press("上移")
    hands.press("移除常用语")
    hands.press("撤销")
    hands.wait(lambda: hands.value("名称") == "听歌", "the phrase taken back")
    hands.press("返回")
    hands.wait(lambda: hands.value("约定与作业") == "每天散步二十分钟。", "the note as it was")
    assert own(hands) == ["听歌", "散步"]
    hands.key(Qt.Key.Key_Escape)
    hands.menu(MENU, "散步")
    hands.wait(lambda: hands.value("约定与作业").endswith("每天散步三十分钟。"), "the phrase in the note")


def own(hands: Hands) -> list[str]:
    """The phrases above the ready ones."""
    button = hands.find(MENU, QPushButton)
    assert isinstance(button, QPushButton)
    hands.click(button)
    menu = hands.front()
    assert isinstance(menu, QMenu), name_of(menu)
    names = [action.text() for action in menu.actions()]
    return names[: names.index("")]
