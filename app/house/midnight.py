"""Midnight: a program that stays open over night, or over a suspend, is told that another day has begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from app.clock import Clock

LOOK_MS = 20_000
"""A timer counts on from where it stood when the PC wakes: so it looks at the clock again and again, and never far ahead."""


class Midnight(QObject):
    """Looks at the clock as long as the vault is open."""

    turned = Signal()  # another day than before

    def __init__(self, clock: Clock, parent: QObject) -> None:
        super().__init__(parent)
        self._clock = clock
        self._day = clock.today()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(LOOK_MS)

    def look(self) -> None:
        """Say so if the day is another; one set back is another too."""
        today = self._clock.today()
        if today != self._day:
            self._day = today
            self.turned.emit()

    def stop(self) -> None:
        """The vault is locked."""
        self._timer.stop()
