"""「有人看到了我的口令」 from the window: every key is new, what was typed is there, old backups are listed and destroyed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtWidgets import QLineEdit

from app.clock import StandingClock
from app.house.house import House
from app.ui.page import Route
from app.vault.backup import back_up, local_place
from app.vault.opening import Password, open_vault
from tests.journeys.furnished import Furnished
from tests.journeys.hands import Hands
from tests.journeys.steps import unlock
from tests.journeys.test_keys_change import NEW, copy_down, set_password, to_keys

TYPED = "苔藓色的雨棚下面"


def change_all(hands: Hands, password: str) -> str:
    """From the page of password and codes to the door; gives the new code."""
    hands.press("更换全部钥匙")
    hands.reads("只换口令挡不住")
    hands.press("下一步")
    hands.fill("现在的口令", password)
    hands.press("下一步")
    set_password(hands)
    hands.press("下一步")
    code = copy_down(hands)
    hands.press("更换全部钥匙")
    hands.find("忘了口令？用恢复码打开")
    return code


def test_all_keys_are_changed_and_old_backups_are_destroyed(
    furnished: Furnished, start: Callable[[], House], hands: Hands, clock: StandingClock
) -> None:
    vault = open_vault(furnished.folder, Password(furnished.password), clock)
    old = back_up(vault).path
    vault.close()
    clock.moment += timedelta(days=1)
    house = start()
    unlock(hands, furnished.password)
    house.go(Route("note", *furnished.places["note"]))
    hands.fill("观察", TYPED)
    to_keys(hands)
    change_all(hands, furnished.password)
    hands.fill("口令", furnished.password)
    hands.press("打开")
    hands.reads("口令不对")
    hands.fill("口令", NEW)
    hands.press("打开")
    hands.reads("更换全部钥匙")
    hands.reads("旧备份仍能用旧口令打开")
    hands.press("知道了")
    hands.reads(old.name)
    hands.press("销毁旧备份")
    hands.fill("请输入「销毁」以确认", "销毁")
    hands.press("销毁")
    hands.reads("销毁旧备份")
    assert not old.exists()
    hands.wait(lambda: any(local_place(furnished.folder).glob("*.jsbak")), "the first backup under the new keys")
    house.go(Route("note", *furnished.places["note"]))
    assert hands.value("观察") == TYPED


def test_the_new_code_opens_and_the_old_one_does_not(
    furnished: Furnished, start: Callable[[], House], hands: Hands
) -> None:
    start()
    unlock(hands, furnished.password)
    to_keys(hands)
    code = change_all(hands, furnished.password)
    hands.press("忘了口令？用恢复码打开")
    hands.fill("恢复码", furnished.code)
    hands.press("用恢复码打开")
    hands.reads("不是这份档案的")
    hands.fill("恢复码", code)
    hands.press("用恢复码打开")
    hands.find("保存新口令")


def test_a_wrong_present_password_comes_back_to_its_step_and_nothing_has_changed(
    furnished: Furnished, start: Callable[[], House], hands: Hands
) -> None:
    house = start()
    unlock(hands, furnished.password)
    to_keys(hands)
    hands.press("更换全部钥匙")
    hands.press("下一步")
    hands.fill("现在的口令", "这不是现在用的那个口令")
    hands.press("下一步")
    set_password(hands)
    hands.press("下一步")
    copy_down(hands)
    hands.press("更换全部钥匙")
    hands.reads("现在的口令不对，什么也没有改。")
    hands.find("现在的口令", QLineEdit)
    house.lock()
    unlock(hands, furnished.password)
