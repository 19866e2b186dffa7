"""Leaving: the system says that she has left the PC: its session is locked, another user's is in front, or it goes to sleep."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import SLOT, QObject, Signal, Slot

from app.ui.windows_messages import WindowsMessages

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusMessage, QDBusPendingCallWatcher
    from PySide6.QtWidgets import QWidget

PATIENCE_MS = 5000
LOGIND, MANAGER, PATH = "org.freedesktop.login1", "org.freedesktop.login1.Manager", "/org/freedesktop/login1"
SESSION, PROPERTIES = "org.freedesktop.login1.Session", "org.freedesktop.DBus.Properties"
_SESSION_CHANGE, _POWER = 0x02B1, 0x0218
_LEFT = frozenset({(_SESSION_CHANGE, what) for what in (0x2, 0x4, 0x6, 0x7)} | {(_POWER, 0x4)})
"""WM_WTSSESSION_CHANGE: disconnected from the console or from afar, logged off, locked; WM_POWERBROADCAST: about to sleep."""


class Leaving(QObject):
    """Emits ``left``. A system that tells nothing of this is none to fail on: then the idle time alone locks."""

    left = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        if sys.platform == "win32":
            self._source = _listen_to_windows(int(window.winId()), self.left.emit)
        elif sys.platform == "linux":
            _Logind(self, self.left.emit)


def hear_windows(left: Callable[[], None], message: int, word: int) -> None:
    """Tell when one of Windows' messages says that she has left."""
    if (message, word) in _LEFT:
        left()


if sys.platform == "win32":

    def _listen_to_windows(window: int, left: Callable[[], None]) -> WindowsMessages:
        """Have Windows tell the window of its session; of sleep it tells every window. Listens as long as the result is held."""
        import ctypes

        ctypes.windll.wtsapi32.WTSRegisterSessionNotification(window, 0)
        return WindowsMessages(partial(hear_windows, left))


class _Logind(QObject):
    """Listens to systemd-logind on the system bus; every question is put without waiting for its answer."""

    def __init__(self, parent: QObject, left: Callable[[], None]) -> None:
        from PySide6.QtDBus import QDBusConnection

        super().__init__(parent)
        self._left = left
        self._path = ""
        self._delay: QDBusMessage | None = None
        """Holds the descriptor that has logind put off sleeping until it is closed: this process's end, a new one's start."""
        self._bus = QDBusConnection.systemBus()
        if not self._bus.isConnected():
            return
        self._hear(PATH, MANAGER, "PrepareForSleep", SLOT("sleeping(QDBusMessage)"))
        # processes of a user's own services belong to no session: "auto" is then the one on the screen (systemd 243)
        self._ask(PATH, MANAGER, "GetSession", [os.environ.get("XDG_SESSION_ID") or "auto"], self._found)
        self._ask(PATH, MANAGER, "Inhibit", ["sleep", "Jingshi", "lock", "delay"], self._delayed)

    @Slot("QDBusMessage")
    def sleeping(self, message: QDBusMessage) -> None:
        if message.arguments() == [True]:
            self._left()

    @Slot("QDBusMessage")
    def locked(self, _message: QDBusMessage) -> None:
        self._left()

    @Slot("QDBusMessage")
    def changed(self, _message: QDBusMessage) -> None:
        self._ask(self._path, PROPERTIES, "Get", [SESSION, "Active"], self._told)

    def _found(self, answer: QDBusMessage) -> None:
        self._path = answer.arguments()[0].path()
        self._hear(self._path, SESSION, "Lock", SLOT("locked(QDBusMessage)"))
        self._hear(self._path, PROPERTIES, "PropertiesChanged", SLOT("changed(QDBusMessage)"))

    def _told(self, answer: QDBusMessage) -> None:
        if answer.arguments()[0].variant() is False:
            self._left()

    def _delayed(self, answer: QDBusMessage) -> None:
        self._delay = answer

    def _hear(self, path: str, interface: str, name: str, slot: object) -> None:
        self._bus.connect(LOGIND, path, interface, name, self, slot)  # type: ignore[call-overload]  # the stub: bytes

    def _ask(
        self, path: str, interface: str, name: str, words: list[str], answered: Callable[[QDBusMessage], None]
    ) -> None:
        from PySide6.QtDBus import QDBusMessage, QDBusPendingCallWatcher

        def take(watcher: QDBusPendingCallWatcher) -> None:
            watcher.deleteLater()
            if not watcher.isError():
                answered(watcher.reply())

        question = QDBusMessage.createMethodCall(LOGIND, path, interface, name)
        question.setArguments(words)
        QDBusPendingCallWatcher(self._bus.asyncCall(question, PATIENCE_MS), self).finished.connect(take)
