"""Frame: where a window stands on the screen and how large it is, so that the door and the window take each other's place."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class Frame:
    """In pixels of the screen; the size is that of the window when it is not maximised."""

    left: int
    top: int
    width: int
    height: int
    maximised: bool = False
    minimised: bool = False

    @classmethod
    def of(cls, window: QWidget) -> Frame:
        """Where it stands now, or stood before it was hidden."""
        spread = window.normalGeometry() if window.isMaximized() or window.isMinimized() else window.geometry()
        return cls(spread.x(), spread.y(), spread.width(), spread.height(), window.isMaximized(), window.isMinimized())

    def put(self, window: QWidget) -> None:
        """Have a window stand there; on a screen that is gone, only as large."""
        spread = QRect(self.left, self.top, self.width, self.height)
        if QGuiApplication.screenAt(spread.center()) is not None:
            window.setGeometry(spread)
        else:
            window.resize(spread.size())
        for state, on in (
            (Qt.WindowState.WindowMaximized, self.maximised),
            (Qt.WindowState.WindowMinimized, self.minimised),
        ):
            window.setWindowState(window.windowState() | state if on else window.windowState() & ~state)
