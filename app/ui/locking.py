"""When the vault is locked (idle time, Ctrl+L from anywhere), and the order in which a lock does its work."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import ExitStack

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog

from app.ui.idle import PcIdle
from app.ui.letting_go import is_ours, let_go

LOOK_MS = 2000
"""How often the idle time is looked at."""
COUNTED = 30
"""The last seconds before a lock, which are counted on the screen."""
COUNT_MS = 1000
_TOUCHES = frozenset(
    {
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.InputMethod,
    }
)
_KEYS = frozenset({QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride})


class LockWatch(QObject):
    """Watches for Ctrl+L anywhere in the program, dialogs and menus included, and for so many minutes without a touch.

    One filter for both, because each event of the program goes through it.
    """

    pressed = Signal()
    covered = Signal()  # F9
    idle = Signal()
    counted = Signal(int)  # the last seconds to the lock, one by one; 0 when something was touched

    def __init__(self, application: QApplication, minutes: int) -> None:
        super().__init__(application)
        self.minutes = minutes
        self._application = application
        self._pc: PcIdle | None = None
        self._touched = self._looked = 0.0
        self._told = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Watch: the vault is open."""
        if self._pc is None:
            self._pc = PcIdle()
        self._looked = time.time()
        self._touch()
        self._application.installEventFilter(self)
        self._timer.start(LOOK_MS)

    def stop(self) -> None:
        """The vault is locked."""
        self._application.removeEventFilter(self)
        self._timer.stop()

    def seconds(self) -> float:
        """Since the last touch: of the PC where the system tells, else of this program."""
        own = time.monotonic() - self._touched
        pc = self._pc.seconds() if self._pc is not None else None
        return own if pc is None else min(own, pc)

    def look(self) -> None:
        """Emit ``idle`` if the time is up. A PC that slept so long was not touched either, though its clocks stood."""
        now = time.time()
        slept, self._looked = now - self._looked, now
        left = self.minutes * 60 - max(self.seconds(), slept)
        if left > 0:
            self._count(math.ceil(left))
        else:
            self.idle.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _KEYS and isinstance(event, QKeyEvent):
            self._touch()
            if event.key() == Qt.Key.Key_L and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                if kind is QEvent.Type.KeyPress:
                    self.pressed.emit()
                return True
            if event.key() == Qt.Key.Key_F9:
                if kind is QEvent.Type.KeyPress:
                    self.covered.emit()
                return True
        elif kind in _TOUCHES:
            self._touch()
        return False

    def _touch(self) -> None:
        self._touched = time.monotonic()
        if self._told:
            self._count(COUNTED + 1)

    def _count(self, left: int) -> None:
        told = left if left <= COUNTED else 0
        if told != self._told:
            self._told = told
            self._timer.setInterval(COUNT_MS if told else LOOK_MS)
            self.counted.emit(told)


def hide_all(application: QApplication) -> None:
    """Hide every window of the program, menus and dialogs too, and have the screen show it before anything else is done."""
    for _ in range(2):  # a job's answer that was on its way may open another in between
        for window in application.topLevelWidgets():
            if window.isVisible():
                window.hide()
        application.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)


def drop_dialogs(application: QApplication) -> None:
    """Let every dialog and menu that is left go, without an answer; none of them can refuse."""
    for window in application.topLevelWidgets():
        if isinstance(window, QDialog) or window.windowType() == Qt.WindowType.Popup:
            window.blockSignals(True)
            window.hide()
            if window.parent() is not None and is_ours(window):
                let_go(window)


def all_of(*steps: Callable[[], object]) -> None:
    """Take every step in this order, even where one before it fails: a lock that stops half way would leave the vault open.

    The failure is raised when all are done.
    """
    with ExitStack() as stack:
        for step in reversed(steps):  # the stack takes the last one first
            stack.callback(step)
