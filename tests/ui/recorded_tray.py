"""A tray that takes notes of what it is told: offscreen there is none. Put it in the place of ``app.ui.tray.QSystemTrayIcon``."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon


class RecordedIcon(QObject):
    """Every icon that was made is in ``made``."""

    messageClicked = Signal()
    activated = Signal(QSystemTrayIcon.ActivationReason)
    ActivationReason = QSystemTrayIcon.ActivationReason
    made: list[RecordedIcon] = []
    there = True

    def __init__(self, icon: QIcon, parent: QObject) -> None:
        super().__init__(parent)
        assert not icon.isNull()
        self._icon, self.tip, self.shown, self.said = icon, "", False, []
        self.made.append(self)

    def icon(self) -> QIcon:
        return self._icon

    def setToolTip(self, words: str) -> None:
        self.tip = words

    def show(self) -> None:
        self.shown = True

    def hide(self) -> None:
        self.shown = False

    def showMessage(self, title: str, words: str, _icon: QIcon, _ms: int) -> None:
        assert self.shown
        self.said.append((title, words))

    @classmethod
    def isSystemTrayAvailable(cls) -> bool:
        return cls.there

    @classmethod
    def supportsMessages(cls) -> bool:
        return cls.there
