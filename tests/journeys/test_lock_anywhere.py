"""Ctrl+L from wherever she is: everything is hidden, the vault is closed, and what was being typed is there after the unlock."""

import time
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QFileDialog, QPushButton

from app.house.house import House
from app.ui.unlock import Door
from tests.journeys.conftest import Pc
from tests.journeys.hands import CTRL, Hands, windows
from tests.journeys.steps import add_student, first_run, open_case, unlock, write_note


def lock(house: House, hands: Hands) -> None:
    """Ctrl+L, and what must be so the moment it is done."""
    desk = house.desk
    assert desk is not None
    began = time.perf_counter()
    hands.key(Qt.Key.Key_L, CTRL)
    assert time.perf_counter() - began < 1
    assert [type(window) for window in windows()] == [Door]
    assert desk.vault.closed
    assert house.desk is None


def test_words_half_typed_are_there_after_the_unlock(start: Callable[[], House], hands: Hands, pc: Pc) -> None:
    house = start()
    secrets = first_run(hands, pc.folder / "vault")
    hands.press("+ 学生")
    hands.fill("学号", "20240317")
    hands.fill("姓名", "程")
    hands.compose("晓禾")
    lock(house, hands)
    unlock(hands, secrets.password)
    assert hands.value("学号") == "20240317"
    assert hands.value("姓名") == "程晓禾"
    house = start()
    unlock(hands, secrets.password)
    hands.press("+ 学生")
    assert hands.value("姓名") == "程晓禾", "lost with the end of the program"


def pick(name: str) -> Callable[[Hands], None]:
    def act(hands: Hands) -> None:
        hands.click(hands.find(name, QComboBox))
        hands.wait(lambda: QApplication.activePopupWidget() is not None, "the list of answers")

    return act


def ask(*names: str, window: type = QDialog) -> Callable[[Hands], None]:
    def act(hands: Hands) -> None:
        for name in names:
            hands.press(name)
        hands.wait(lambda: any(isinstance(shown, window) for shown in windows()), f"{window.__name__}")

    return act


def jump(hands: Hands) -> None:
    hands.key(Qt.Key.Key_K, CTRL)
    hands.write("cxh")


def calendar(hands: Hands) -> None:
    hands.press("编辑学生信息")
    hands.press("出生日期:打开日历")
    hands.wait(lambda: QApplication.activePopupWidget() is not None, "the calendar")


def test_nothing_that_is_open_stops_the_lock(start: Callable[[], House], hands: Hands, pc: Pc) -> None:
    house = start()
    secrets = first_run(hands, pc.folder / "vault")
    states: list[Callable[[Hands], None]] = [pick("状态"), jump]
    for state in states:
        state(hands)
        lock(house, hands)
        unlock(hands, secrets.password)
    add_student(hands, "20240317", "程晓禾")
    for state in (ask("添加附件", window=QFileDialog), ask("移到回收站"), calendar):
        state(hands)
        lock(house, hands)
        unlock(hands, secrets.password)
    hands.press("学生")
    hands.open_row("学生名单", "程晓禾")
    open_case(hands)
    write_note(hands)
    for state in (ask("打印草稿"), ask("签署")):
        state(hands)
        lock(house, hands)
        unlock(hands, secrets.password)
    assert hands.value("学生自述") != ""


def test_a_second_lock_does_nothing_and_the_door_stays(start: Callable[[], House], hands: Hands, pc: Pc) -> None:
    house = start()
    first_run(hands, pc.folder / "vault")
    lock(house, hands)
    house.lock()
    assert [type(window) for window in windows()] == [Door]
    assert hands.find("打开", QPushButton).isEnabled()


def test_damage_found_while_she_works_closes_the_vault_and_says_so(
    start: Callable[[], House], hands: Hands, pc: Pc
) -> None:
    house = start()
    secrets = first_run(hands, pc.folder / "vault")
    lock(house, hands)
    database = pc.folder / "vault" / "vault.db"
    content = bytearray(database.read_bytes())
    content[len(content) // 4096 // 2 * 4096 + 2000] ^= 1
    database.write_bytes(content)
    hands.fill("口令", secrets.password)
    hands.press("打开")
    hands.reads("损坏")
    assert [type(window) for window in windows()] == [Door]
    assert house.desk is None
    assert database.read_bytes()[:4096] == content[:4096]
    assert "口令没有问题" in hands.words()
