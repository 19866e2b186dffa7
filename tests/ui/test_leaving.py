"""What Windows says of her leaving the PC, read from its own messages (the rest of it needs a Windows PC)."""

from __future__ import annotations

import ctypes
from ctypes import wintypes

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from app.ui.leaving import hear_windows
from app.ui.windows_messages import KIND, WindowsMessages

SESSION, POWER = 0x02B1, 0x0218


def test_a_message_is_read_where_windows_put_it(qapp: QApplication) -> None:
    heard: list[tuple[int, int]] = []
    messages = WindowsMessages(lambda message, word: heard.append((message, word)))
    said = wintypes.MSG()
    said.message, said.wParam = SESSION, 7
    assert messages.nativeEventFilter(KIND, ctypes.addressof(said)) == (False, 0)
    assert messages.nativeEventFilter(b"xcb_generic_event_t", 0) == (False, 0)
    assert heard == [(SESSION, 7)]
    application = QCoreApplication.instance()
    assert application is not None
    application.removeNativeEventFilter(messages)


@pytest.mark.parametrize(
    ("message", "word", "leaves"),
    [
        (SESSION, 0x7, True),  # locked
        (SESSION, 0x8, False),  # unlocked
        (SESSION, 0x1, False),  # connected to the console
        (SESSION, 0x2, True),  # another user is in front
        (SESSION, 0x4, True),
        (SESSION, 0x6, True),
        (POWER, 0x4, True),  # about to sleep
        (POWER, 0x7, False),  # awake again
        (0x0113, 0x7, False),
    ],
)
def test_which_of_them_lock(message: int, word: int, leaves: bool) -> None:
    left: list[int] = []
    hear_windows(lambda: left.append(1), message, word)
    assert left == [1] * leaves
