"""When the vault is locked: after idle time, and at Ctrl+L from anywhere, dialogs included."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from app.ui.idle import IdleTime

LOOK_MS = 2000
"""How often the idle time is looked at."""


class IdleWatch(QObject):
    """Emits ``idle`` once nobody has touched the PC for so many minutes."""

    idle = Signal()

    def __init__(self, application: QApplication, minutes: int) -> None:
        super().__init__(application)
        self.minutes = minutes
        self._time = IdleTime(application)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Watch: the vault is open."""
        self._timer.start(LOOK_MS)

    def stop(self) -> None:
        self._timer.stop()

    def _look(self) -> None:
        if self._time.seconds() >= self.minutes * 60:
            self.stop()
            self.idle.emit()


class LockKey(QObject):
    """Ctrl+L anywhere in the program, also while a dialog is open; emits ``pressed``."""

    pressed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) and isinstance(event, QKeyEvent):
            control = Qt.KeyboardModifier.ControlModifier
            if event.key() == Qt.Key.Key_L and event.modifiers() == control:
                if event.type() == QEvent.Type.KeyPress:
                    self.pressed.emit()
                return True
        return False


def hide_all(application: QApplication) -> None:
    """Hide every window of the program at once, popups and dialogs too; the dialogs are closed after that, answering nothing."""
    windows = [window for window in application.topLevelWidgets() if window.isVisible()]
    for window in windows:
        window.hide()
    application.processEvents()


def close_dialogs(application: QApplication, keep: QObject | None = None) -> None:
    """Close and delete every top-level window but ``keep``; no signal of theirs reaches anybody."""
    for window in application.topLevelWidgets():
        if window is not keep and window.parent() is not None:
            window.blockSignals(True)
            window.close()
            window.deleteLater()
