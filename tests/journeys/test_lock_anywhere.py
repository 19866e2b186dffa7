"""Ctrl+L from wherever she is: everything is hidden, the vault is closed, and what was being typed is there after the unlock."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from app.house.house import House
from app.ui.unlock import Door
from tests.journeys.conftest import Pc
from tests.journeys.hands import CTRL, Hands, windows
from tests.journeys.steps import Secrets, first_run, unlock


@pytest.fixture
def house(start: Callable[[], House]) -> House:
    return start()


@pytest.fixture
def secrets(house: House, hands: Hands, pc: Pc) -> Secrets:
    return first_run(hands, pc.folder / "vault")


def lock(house: House, hands: Hands) -> None:
    """Ctrl+L, and what must be so the moment it is done."""
    desk = house.desk
    assert desk is not None
    hands.key(Qt.Key.Key_L, CTRL)
    assert [type(window) for window in windows()] == [Door]
    assert desk.vault.closed
    assert house.desk is None


def test_words_half_typed_are_there_after_the_unlock(house: House, secrets: Secrets, hands: Hands) -> None:
    hands.press("+ 学生")
    hands.fill("学号", "20240317")
    hands.fill("姓名", "程")
    hands.compose("晓禾")
    lock(house, hands)
    assert "程" not in "".join(window.windowTitle() for window in QApplication.topLevelWidgets())
    unlock(hands, secrets.password)
    assert hands.value("学号") == "20240317"
    assert hands.value("姓名") == "程晓禾"


OPENERS: dict[str, Callable[[Hands], object]] = {
    "a list of answers": lambda hands: (hands.press("+ 学生"), hands.click(hands.find("性别"))),
    "the calendar": lambda hands: (hands.press("+ 学生"), hands.press("出生日期:打开日历")),
    "the jump box": lambda hands: (hands.key(Qt.Key.Key_K, CTRL), hands.write("x")),
}


@pytest.mark.parametrize("state", OPENERS)
def test_nothing_that_is_open_stops_the_lock(state: str, house: House, secrets: Secrets, hands: Hands) -> None:
    OPENERS[state](hands)
    lock(house, hands)
    unlock(hands, secrets.password)


def test_a_second_lock_does_nothing_and_the_door_stays(house: House, secrets: Secrets, hands: Hands) -> None:
    lock(house, hands)
    house.lock()
    assert [type(window) for window in windows()] == [Door]
    assert hands.find("打开", QPushButton).isEnabled()
