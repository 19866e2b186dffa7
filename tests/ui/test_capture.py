"""Every window is kept out of pictures of the screen, dialogs and menus too; ten minutes' leave ends by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.rooms.settings.page.capturing import CaptureCard
from app.ui.capture import LEAVE_MS, Capture


@pytest.fixture
def hidden() -> dict[int, bool]:
    """What the system was last asked for, by window: here there is no system that could do it."""
    return {}


@pytest.fixture
def capture(dressed: QApplication, hidden: dict[int, bool]) -> Iterator[Capture]:
    made = Capture(dressed, dressed, hidden.__setitem__)
    yield made
    dressed.removeEventFilter(made)
    made.deleteLater()


def test_every_window_that_is_shown(capture: Capture, hidden: dict[int, bool], qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    dialog = QDialog(window)
    dialog.open()
    menu = QMenu(window)
    menu.addAction("日历")
    menu.popup(QPoint(0, 0))
    for shown in (window, dialog, menu):
        assert hidden[int(shown.winId())] is True
    menu.close()


def test_leave_is_for_ten_minutes_or_until_it_is_taken_back(
    capture: Capture, hidden: dict[int, bool], qtbot: QtBot
) -> None:
    assert LEAVE_MS == 600_000
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    capture.allow()
    assert hidden[int(window.winId())] is False
    later = QWidget()
    qtbot.addWidget(later)
    later.show()
    assert hidden[int(later.winId())] is False
    capture.forbid()
    assert hidden[int(window.winId())] is True
    assert hidden[int(later.winId())] is True
    capture._leave.setInterval(20)
    capture.allow()
    qtbot.waitUntil(lambda: hidden[int(window.winId())] is True, timeout=5000)
    assert not capture.allowed()


def test_the_switch_goes_back_with_it(capture: Capture, qtbot: QtBot) -> None:
    card = CaptureCard(capture)
    qtbot.addWidget(card)
    card.show()
    card._switch.box.click()
    assert capture.allowed()
    capture.forbid()
    assert not card._switch.is_on()
    card._switch.box.click()
    card._switch.box.click()
    assert not capture.allowed()


def test_where_the_system_cannot_nothing_is_promised(dressed: QApplication) -> None:
    assert not Capture(dressed, dressed).possible()
