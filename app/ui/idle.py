"""How long nobody has touched the PC: asked of the system where it tells, else of this program's own events."""

from __future__ import annotations

import ctypes
import sys
import time

from PySide6.QtCore import QEvent, QObject
from PySide6.QtDBus import QDBusConnection, QDBusInterface, QDBusMessage

_OURS = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.InputMethod,
    }
)


class IdleTime(QObject):
    """``seconds`` since the last touch. On Windows and under GNOME PC-wide; elsewhere within this program."""

    def __init__(self, application: QObject) -> None:
        super().__init__(application)
        self._touched = time.monotonic()
        application.installEventFilter(self)
        self._mutter = _mutter()

    def seconds(self) -> float:
        own = time.monotonic() - self._touched
        system = _windows_seconds() if sys.platform == "win32" else self._mutter_seconds()
        return own if system is None else min(own, system)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _OURS:
            self._touched = time.monotonic()
        return False

    def _mutter_seconds(self) -> float | None:
        if self._mutter is None:
            return None
        reply = self._mutter.call("GetIdletime")
        if reply.type() is not QDBusMessage.MessageType.ReplyMessage:
            self._mutter = None
            return None
        return float(reply.arguments()[0]) / 1000


def _mutter() -> QDBusInterface | None:
    bus = QDBusConnection.sessionBus() if sys.platform.startswith("linux") else None
    if bus is None or not bus.isConnected():
        return None
    name, path = "org.gnome.Mutter.IdleMonitor", "/org/gnome/Mutter/IdleMonitor/Core"
    interface = QDBusInterface(name, path, name, bus)
    return interface if interface.isValid() else None


def _windows_seconds() -> float | None:
    if sys.platform != "win32":
        return None

    class LastInput(ctypes.Structure):
        _fields_ = (("size", ctypes.c_uint), ("tick", ctypes.c_uint))

    last = LastInput(ctypes.sizeof(LastInput), 0)
    if not ctypes.windll.user32.GetLastInputInfo(ctypes.byref(last)):
        return None
    now: int = ctypes.windll.kernel32.GetTickCount()
    return ((now - last.tick) & 0xFFFFFFFF) / 1000
