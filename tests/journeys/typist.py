"""Somebody who types without stopping, until the lock comes in between."""

from __future__ import annotations

import random
from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication

from app.ui.writing import WritingArea, WritingLine

LETTERS = "天地人和風𠮷abc XYZ，。"
PREEDITS = ("", "wei", "未提交")


class Typist:
    """Commits words through the input method, leaves others uncommitted, and takes letters back."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def type_until(
        self, over: Callable[[], bool], field: WritingLine | WritingArea, tell: Callable[[str], None]
    ) -> None:
        """Tell after every touch what stands in the field; a lock can come only between two touches."""
        tell(field.writing())
        while not over():
            self._touch(field)
            tell(field.writing())
            QApplication.processEvents()

    def _touch(self, field: WritingLine | WritingArea) -> None:
        event = QInputMethodEvent(self._chance.choice(PREEDITS), [])
        event.setCommitString("".join(self._chance.choice(LETTERS) for _ in range(self._chance.randint(0, 3))))
        QApplication.sendEvent(field, event)
        if self._chance.random() < 0.2:
            back = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Backspace, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(field, back)
