"""Countdown: a calm line in the window before an idle time ends in a lock; any touch takes it away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.ui.cards import text

BELOW = 28
"""Where the toasts stand, none of which lasts into an idle time."""


class Countdown(QFrame):
    """Stands at the foot of the window, over the page; takes no click and no key."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._over = window
        self.setObjectName("toast")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 8, 16, 8)
        self._words = text("")
        line.addWidget(self._words)
        self.hide()
        window.installEventFilter(self)

    def show_left(self, seconds: int) -> None:
        """So many seconds to the lock; 0 when she has touched something."""
        self._words.setText(self.tr("{seconds} 秒后锁定").format(seconds=seconds))
        self.setVisible(seconds > 0)
        if seconds:
            self._place()
            self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self.adjustSize()
        self.move((self._over.width() - self.width()) // 2, self._over.height() - self.height() - BELOW)
