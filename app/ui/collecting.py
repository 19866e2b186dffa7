"""Collecting: Python's cycle collector works on the window's thread only: on any other it would destroy widgets nobody holds any more."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 1000


class Collecting(QObject):
    """Switches the automatic collector off, for it works on whichever thread allocates, and does its work from a timer here."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(look)
        self._timer.start(LOOK_MS)


def look() -> None:
    """Collect the oldest generation that is due by the collector's own thresholds."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation] > 0:
            gc.collect(generation)
            return
