"""Changing the ways in from the window: password, recovery code, the school's code; and what is told at the next login."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit

from app.house.house import House
from tests.journeys.furnished import Furnished
from tests.journeys.hands import Hands, name_of
from tests.journeys.steps import unlock

NEW = "zhuzi-shanpo-yuntian-hebian-laoshu-taiyang"


def to_keys(hands: Hands) -> None:
    """From anywhere to the page of password and codes."""
    hands.press("设置")
    hands.press("口令与恢复码")
    hands.reads("打开档案的办法")


def set_password(hands: Hands, new: str = NEW) -> None:
    """The step of the new password, up to its last button."""
    hands.fill("口令", new)
    hands.fill("再输入一次", new)


def copy_down(hands: Hands) -> str:
    """The step that shows a code, and the one where two of its groups are typed back; gives the code."""
    hands.find("恢复码第1组")
    groups = [hands.text(f"恢复码第{number}组") for number in range(1, 8)]
    hands.press("下一步")
    lines = [line for line in hands.front().findChildren(QLineEdit) if line.isVisible()]
    asked = [int(found[1]) for line in lines if (found := re.fullmatch(r"第(\d)组", name_of(line)))]
    assert len(asked) == 2
    for number in asked:
        hands.fill(f"第{number}组", groups[number - 1])
    return "-".join(groups)


def new_code(hands: Hands, act: str, password: str) -> str:
    """From the page, through the steps of a new code, back to the page."""
    hands.press(act)
    hands.fill("现在的口令", password)
    hands.press("下一步")
    code = copy_down(hands)
    hands.press("启用新的码")
    hands.reads("新的码已启用")
    return code


def lock_and_open(hands: Hands, house: House, password: str) -> None:
    house.lock()
    hands.fill("口令", password)
    hands.press("打开")


def open_by_code(hands: Hands, house: House, code: str, new: str) -> None:
    """From the window to the door, by the code, through a new password, inside again."""
    house.lock()
    hands.press("忘了口令？用恢复码打开")
    hands.fill("恢复码", code)
    hands.press("用恢复码打开")
    hands.fill("新口令", new)
    hands.fill("再输入一次", new)
    hands.press("保存新口令")
    hands.wait(lambda: hands.sees("搜索"), "the window")


def test_the_password_is_changed_and_the_old_one_opens_nothing(
    furnished: Furnished, start: Callable[[], House], hands: Hands
) -> None:
    house = start()
    unlock(hands, furnished.password)
    to_keys(hands)
    hands.press("更换口令")
    hands.fill("现在的口令", "这不是现在用的那个口令")
    hands.press("下一步")
    set_password(hands)
    hands.press("更换口令")
    hands.reads("现在的口令不对，什么也没有改。")
    hands.fill("现在的口令", furnished.password)
    hands.press("下一步")
    hands.press("更换口令")
    hands.reads("口令已更换。")
    lock_and_open(hands, house, furnished.password)
    hands.reads("口令不对")
    hands.fill("口令", NEW)
    hands.press("打开")
    hands.reads("上次登录以来，口令或恢复码有过这些事")
    hands.reads("更换口令")
    hands.press("知道了")
    hands.reads("打开档案的办法")


def test_a_weak_new_password_is_refused_where_it_is_typed(
    furnished: Furnished, start: Callable[[], House], hands: Hands
) -> None:
    start()
    unlock(hands, furnished.password)
    to_keys(hands)
    hands.press("更换口令")
    hands.fill("现在的口令", furnished.password)
    hands.press("下一步")
    set_password(hands, "青禾中学的心理辅导室")
    hands.press("更换口令")
    assert "熟悉学校的人容易猜到" in hands.words() or "至少要 12 个字" in hands.words()
    set_password(hands, furnished.password)
    hands.press("更换口令")
    hands.reads("新口令和现在的一样")


def test_a_new_recovery_code_opens_and_the_old_one_does_not(
    furnished: Furnished, start: Callable[[], House], hands: Hands
) -> None:
    house = start()
    unlock(hands, furnished.password)
    to_keys(hands)
    code = new_code(hands, "更换恢复码", furnished.password)
    house.lock()
    hands.press("忘了口令？用恢复码打开")
    hands.fill("恢复码", furnished.code)
    hands.press("用恢复码打开")
    hands.reads("不是这份档案的")
    hands.press("返回")
    hands.fill("口令", furnished.password)
    hands.press("打开")
    hands.press("知道了")
    open_by_code(hands, house, code, NEW)


def test_the_schools_code_is_set_used_and_told_and_taken_away(
    furnished: Furnished, start: Callable[[], House], hands: Hands
) -> None:
    house = start()
    unlock(hands, furnished.password)
    to_keys(hands)
    hands.reads("未设置")
    envelope = new_code(hands, "设置备用码", furnished.password)
    hands.reads("已设置")
    open_by_code(hands, house, envelope, NEW)
    lock_and_open(hands, house, NEW)
    hands.reads("用学校备用码打开档案")
    hands.press("知道了")
    hands.press("撤销学校备用码")
    hands.fill("现在的口令", NEW)
    hands.press("撤销备用码")
    hands.reads("学校备用码已撤销")
    hands.reads("未设置")


def test_a_lock_in_the_middle_of_the_steps_changes_nothing(
    furnished: Furnished, start: Callable[[], House], hands: Hands
) -> None:
    house = start()
    unlock(hands, furnished.password)
    to_keys(hands)
    hands.press("更换恢复码")
    hands.fill("现在的口令", furnished.password)
    hands.press("下一步")
    hands.find("恢复码第1组")
    lock_and_open(hands, house, furnished.password)
    hands.reads("打开档案的办法")
    hands.reads("建立档案以来没有变动")
