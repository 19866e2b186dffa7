"""Coming back: a second start brings the first window forward; the recovery code opens and asks for a new password at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from app.house.house import House
from app.ui.single import Single
from tests.journeys import steps
from tests.journeys.conftest import Pc
from tests.journeys.furnished import Furnished
from tests.journeys.hands import CTRL, Hands, windows

NEW_PASSWORD = "zhuantou lianpeng 42 hupo"
ROOT = Path(__file__).parent.parent.parent


def test_a_second_start_brings_the_first_window_forward(
    furnished: Furnished, start: Callable[[], House], hands: Hands, pc: Pc
) -> None:
    house = start()
    single = Single(parent=house)
    assert single.is_first()
    single.listen()
    single.called.connect(house.come_forward)
    try:
        for unlocked in (False, True):
            if unlocked:
                steps.unlock(hands, furnished.password)
            window = hands.front()
            window.showMinimized()
            hands.wait(window.isMinimized, "the window to be out of the way")
            second = subprocess.Popen([sys.executable, "-m", "app"], cwd=ROOT)
            hands.wait(lambda second=second: second.poll() is not None, "the second start to end")
            assert second.returncode == 0
            hands.wait(lambda window=window: not window.isMinimized() and window.isVisible(), "the first window")
            assert windows() == [window]
    finally:
        single.stop()


def test_the_recovery_code_opens_and_replaces_the_password(
    furnished: Furnished, start: Callable[[], House], hands: Hands, pc: Pc
) -> None:
    start()
    hands.press("忘了口令？用恢复码打开")
    hands.fill("恢复码", furnished.code[:-1] + ("0" if furnished.code[-1] != "0" else "1"))
    hands.press("用恢复码打开")
    hands.wait(lambda: "恢复码" in hands.words() and bool(mistakes(hands)), "what is wrong with the code")
    hands.fill("恢复码", furnished.code.lower().replace("-", " "))
    hands.press("用恢复码打开")
    hands.find("新口令", QLineEdit)
    assert not hands.sees("搜索"), "nothing is to be seen before there is a new password"
    hands.fill("新口令", "qinghe")
    hands.fill("再输入一次", "qinghe")
    hands.press("保存新口令")
    hands.wait(lambda: bool(mistakes(hands)), "why it is too weak")
    hands.fill("新口令", NEW_PASSWORD)
    hands.fill("再输入一次", NEW_PASSWORD)
    hands.press("保存新口令")
    hands.reads("到期与逾期")

    hands.key(Qt.Key.Key_L, CTRL)
    hands.fill("口令", furnished.password)
    hands.press("打开")
    hands.reads("口令不对")
    assert not hands.sees("搜索")
    hands.fill("口令", NEW_PASSWORD)
    hands.press("打开")
    hands.press("知道了")  # the code was used, and the password changed
    hands.reads("到期与逾期")
    hands.key(Qt.Key.Key_L, CTRL)
    hands.press("忘了口令？用恢复码打开")
    hands.fill("恢复码", furnished.code)
    hands.press("用恢复码打开")
    hands.find("新口令", QLineEdit)


def mistakes(hands: Hands) -> list[str]:
    """What is said in red."""
    labels = [label for label in hands.front().findChildren(QLabel) if label.isVisible()]
    return [label.text() for label in labels if label.property("role") == "error" and label.text()]
