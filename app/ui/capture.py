"""Capture: the program's windows stay out of pictures of the screen, where the system can do that (Windows); 10 minutes' leave."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication

LEAVE_MS = 10 * 60_000
_SHOWN, _BLACK, _LEFT_OUT = 0x0, 0x1, 0x11
"""WDA_NONE; WDA_MONITOR for Windows before 10 2004, which knows no other; WDA_EXCLUDEFROMCAPTURE."""
Hide = Callable[[int, bool], None]
"""Keeps a window (its system handle) out of pictures, or no longer."""


class Capture(QObject):
    """Sees to every window as it is shown. The filter, which every event passes, is put in only where it serves."""

    changed = Signal()

    def __init__(self, application: QApplication, parent: QObject, hide: Hide | None = None) -> None:
        super().__init__(parent)
        self._hide = hide or _system()
        self._leave = QTimer(self)
        self._leave.setSingleShot(True)
        self._leave.setInterval(LEAVE_MS)
        self._leave.timeout.connect(self.forbid)
        if self._hide is not None:
            application.installEventFilter(self)

    def possible(self) -> bool:
        """Whether the system can keep windows out of pictures at all."""
        return self._hide is not None

    def allowed(self) -> bool:
        """Whether pictures may be taken now."""
        return self._leave.isActive()

    def allow(self) -> None:
        """Pictures may be taken for ten minutes, or until the lock."""
        self._leave.start()
        self._see_to_all()

    def forbid(self) -> None:
        """No picture any more."""
        self._leave.stop()
        self._see_to_all()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWindow):
            self._see_to(watched)
        return False

    def _see_to_all(self) -> None:
        for window in QGuiApplication.topLevelWindows():
            if window.isVisible():
                self._see_to(window)
        self.changed.emit()

    def _see_to(self, window: QWindow) -> None:
        if self._hide is not None and window.isTopLevel():
            self._hide(int(window.winId()), not self.allowed())


def _system() -> Hide | None:
    return _hide_from_windows if sys.platform == "win32" else None


def _hide_from_windows(window: int, hidden: bool) -> None:
    if sys.platform == "win32":
        import ctypes

        affinity = ctypes.windll.user32.SetWindowDisplayAffinity
        if not affinity(window, _LEFT_OUT if hidden else _SHOWN) and hidden:
            affinity(window, _BLACK)
