"""How long nobody has touched the PC, as far as the system tells."""

from __future__ import annotations

import sys
from collections.abc import Callable

ANSWER_MS = 500
"""A desktop that does not answer in this time is not asked again: the question is put on the GUI thread."""
_ANY_INPUT = 0xFFFFFFFF
_DESKTOPS = (
    ("org.gnome.Mutter.IdleMonitor", "/org/gnome/Mutter/IdleMonitor/Core", "GetIdletime", 1000),
    ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", "GetSessionIdleTime", 1000),
)
"""Service (its interface has the same name), path, method, and how many of its units make a second."""


class PcIdle:
    """``seconds`` since the last key or movement anywhere on the PC; None where the system does not tell."""

    def __init__(self) -> None:
        asks: dict[str, Callable[[], float | None]] = {"win32": _windows, "darwin": _mac}
        self._ask = asks.get(sys.platform) or _Desktop().seconds

    def seconds(self) -> float | None:
        return self._ask()


class _Desktop:
    """Asks a Linux desktop over the session bus: GNOME, or one that has the common screen saver's service (KDE)."""

    def __init__(self) -> None:
        from PySide6.QtDBus import QDBusConnection

        self._bus = QDBusConnection.sessionBus()
        self._asked = list(_DESKTOPS) if self._bus.isConnected() else []

    def seconds(self) -> float | None:
        """By the first service that answers; one that does not is not asked again."""
        from PySide6.QtDBus import QDBus, QDBusMessage

        while self._asked:
            service, path, method, units = self._asked[0]
            question = QDBusMessage.createMethodCall(service, path, service, method)
            question.setAutoStartService(False)
            reply = self._bus.call(question, QDBus.CallMode.Block, ANSWER_MS)
            if reply.type() is QDBusMessage.MessageType.ReplyMessage and reply.arguments():
                return float(reply.arguments()[0]) / units
            self._asked.pop(0)
        return None


def _windows() -> float | None:
    if sys.platform != "win32":
        return None

    import ctypes

    class LastInput(ctypes.Structure):
        _fields_ = (("size", ctypes.c_uint), ("tick", ctypes.c_uint))

    last = LastInput(ctypes.sizeof(LastInput), 0)
    if not ctypes.windll.user32.GetLastInputInfo(ctypes.byref(last)):
        return None
    now: int = ctypes.windll.kernel32.GetTickCount()
    return ((now - last.tick) & _ANY_INPUT) / 1000


def _mac() -> float | None:
    import ctypes

    services = ctypes.CDLL("/System/Library/Frameworks/ApplicationServices.framework/ApplicationServices")
    since = services.CGEventSourceSecondsSinceLastEventType
    since.restype, since.argtypes = ctypes.c_double, (ctypes.c_int32, ctypes.c_uint32)
    return float(since(0, _ANY_INPUT))
