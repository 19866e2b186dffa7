"""A lock while the disk is full and its reserve is spent: what was typed waits in memory, sealed, and comes back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from app.house.house import House
from app.ui.page import Route
from app.ui.unlock import Door
from app.vault import typing
from app.vault.vault import DiskFull
from tests.journeys import steps
from tests.journeys.furnished import Furnished
from tests.journeys.hands import CTRL, Hands, windows

WRITTEN, HALF = "近两周每天如此。", "未提交"


def refuse(*_words: object) -> None:
    raise DiskFull


def test_it_is_told_at_the_door_survives_an_attempt_to_quit_and_comes_back_with_room(
    furnished: Furnished, start: Callable[[], House], hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = start()
    steps.unlock(hands, furnished.password)
    house.go(Route("note", *furnished.places["note"]))
    field = hands.find("学生自述", QPlainTextEdit)
    before = hands.value("学生自述")
    hands.click(field)
    hands.key(Qt.Key.Key_End, CTRL)
    ended: list[int] = []
    application = QCoreApplication.instance()
    assert application is not None
    with monkeypatch.context() as full:
        full.setattr(typing, "_write", refuse)
        full.setattr(QApplication, "quit", lambda *_: ended.append(1))
        hands.write(WRITTEN)
        hands.compose(HALF)
        windows()[0].close()
        hands.reads("只留在静室的内存里")
        hands.press("取消")
        assert house.desk is not None
        hands.key(Qt.Key.Key_L, CTRL)
        hands.reads("只留在静室的内存里")
        assert house.desk is None
        windows()[0].close()
        hands.find("仍然退出")
        hands.press("取消")
        assert [type(window) for window in windows()] == [Door]
        assert not ended
    hands.press("再试一次")
    steps.unlock(hands, furnished.password)
    assert hands.value("学生自述") == before + WRITTEN + HALF
    assert house.desk is not None
    with house.desk.vault.read() as session:
        kept = [typed.content for typed in typing.everything(session)]
    assert any(before + WRITTEN + HALF in content.values() for content in kept)
