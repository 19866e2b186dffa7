"""An older file put back in the vault's folder: the window opens, and says what is older and since when."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta

from app.clock import StandingClock
from app.house.house import House
from app.vault.files import DATABASE, KEYS, KEYS_B
from tests.journeys.furnished import Furnished
from tests.journeys.hands import Hands
from tests.journeys.steps import unlock


def test_an_older_database_is_told_with_its_dates_once(
    furnished: Furnished, start: Callable[[], House], hands: Hands, clock: StandingClock
) -> None:
    house = start()
    unlock(hands, furnished.password)
    house.lock()
    older = (furnished.folder / DATABASE).read_bytes()
    clock.moment += timedelta(days=3)
    unlock(hands, furnished.password)
    house.lock()
    (furnished.folder / DATABASE).write_bytes(older)
    hands.fill("口令", furnished.password)
    hands.press("打开")
    hands.reads("档案文件比上次关闭时旧：上次关闭于 2026-11-23 10:00")
    hands.reads("现在的文件只到 2026-11-20 10:00")
    hands.reads("记录可以照常使用")
    hands.press("知道了")
    house.lock()
    unlock(hands, furnished.password)


def test_an_older_key_file_is_told_with_what_to_do(
    furnished: Furnished, start: Callable[[], House], hands: Hands
) -> None:
    house = start()
    unlock(hands, furnished.password)
    for name in (KEYS, KEYS_B):
        shutil.copy(furnished.folder / name, furnished.folder.parent / name)
    house.lock()
    for name in (KEYS, KEYS_B):
        shutil.copy(furnished.folder.parent / name, furnished.folder / name)
    hands.fill("口令", furnished.password)
    hands.press("打开")
    hands.reads("钥匙文件（vault.keys）比上次关闭时")
    hands.reads("请现在就更换口令和恢复码")
