"""Tray: the one place where the desktop's own messages are spoken to. It keeps them, so it is given no name."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QSystemTrayIcon

from app.ui.theme import present

SHOWN_MS = 10_000
"""A wish: most desktops have their own time."""


class Tray(QObject):
    """The icon stands there only while something it has said still holds."""

    pressed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._icon: QSystemTrayIcon | None = None

    def can_say(self) -> bool:
        """Whether this desktop has a tray that takes messages."""
        return QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()

    def say(self, words: str) -> None:
        """A message, and the same words at the icon."""
        from app.ui.icons import icon  # not for the start: the door has none

        self.withdraw()
        self._icon = QSystemTrayIcon(icon("calendar", present().accent), self)
        self._icon.messageClicked.connect(self.pressed)
        self._icon.activated.connect(self._activated)
        self._icon.setToolTip(words)
        self._icon.show()
        self._icon.showMessage(self.tr("提醒"), words, self._icon.icon(), SHOWN_MS)

    def withdraw(self) -> None:
        """Take it away, and where the system does so (Windows), its message too."""
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.pressed.emit()
