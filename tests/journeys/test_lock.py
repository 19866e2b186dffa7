"""The lock from everywhere: every page and every kind of dialog, half-typed words included; a job is rolled back, or finishes its commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QMenu, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.house import house as houses
from app.house.house import House
from app.ui.page import Route
from app.ui.secrets import _SecretLine
from app.ui.unlock import Door
from app.ui.writing import WritingArea, WritingLine
from app.vault.vault import Vault
from tests.journeys import steps
from tests.journeys.furnished import Furnished
from tests.journeys.hands import CTRL, Hands, name_of, windows

TYPED, HALF = "07 yunduo 云朵", "未提交"
SEARCHES = {"搜索", "在名单中找", "查找文书", "查找转介单"}
"""Fields that narrow a list: what is typed there is no one's text."""


@dataclass
class Inside:
    """The window behind the door, and the way back into it."""

    house: House
    hands: Hands
    password: str

    @property
    def vault(self) -> Vault:
        assert self.house.desk is not None
        return self.house.desk.vault

    def go(self, place: str, at: tuple[int | None, int | None]) -> None:
        self.house.go(Route(place, *at))
        QApplication.processEvents()

    def page(self) -> QWidget:
        assert self.house.desk is not None
        page = self.house.desk.window.page()
        assert page is not None
        return page

    def lock(self) -> None:
        """Ctrl+L: when it returns nothing is to be seen but the door, and the vault is closed."""
        vault = self.vault
        self.hands.key(Qt.Key.Key_L, CTRL)
        self.is_locked(vault)

    def is_locked(self, vault: Vault) -> None:
        assert [type(window) for window in windows()] == [Door]
        assert vault.closed
        assert self.house.desk is None

    def unlock(self) -> None:
        steps.unlock(self.hands, self.password)


@pytest.fixture
def inside(furnished: Furnished, start: Callable[[], House], hands: Hands) -> Inside:
    """Unlocked, at the list of students."""
    made = Inside(start(), hands, furnished.password)
    made.unlock()
    return made


def fields(page: QWidget) -> list[QWidget]:
    """Where the counsellor can write on this page."""
    writing = [w for w in page.findChildren(QWidget) if isinstance(w, (QLineEdit, QPlainTextEdit))]
    return [
        w for w in writing
        if w.isVisible() and w.isEnabled() and not w.isReadOnly() and not isinstance(w, _SecretLine)
        and name_of(w) not in SEARCHES
    ]  # fmt: skip


def test_every_page_locks_and_comes_back_with_what_was_typed(inside: Inside, furnished: Furnished) -> None:
    places = {place for room in inside.house.rooms for place in room.pages}
    assert set(furnished.places) <= places
    count = 0
    for place in sorted(places):
        inside.go(place, furnished.places.get(place, (None, None)))
        found = fields(inside.page())
        count += len(found)
        for field in found[:1] + found[1:][-1:]:
            inside.hands.click(field)
            inside.hands.write(TYPED)
        if found:
            inside.hands.compose(HALF)
        before = [(name_of(field), written(field)) for field in found]
        title = inside.page().title
        inside.lock()
        inside.unlock()
        assert inside.page().title == title, place
        again = [(name_of(field), written(field)) for field in fields(inside.page())]
        assert again == before, place
        if found:
            assert any(TYPED in words for _name, words in again), place
            assert any(HALF in words for _name, words in again), place
    assert count > 40


def written(field: QWidget) -> str:
    """What stands in a field, what the input method has not committed included."""
    assert isinstance(field, (WritingLine, WritingArea)), f"{name_of(field)} loses what is not committed"
    return field.writing()
