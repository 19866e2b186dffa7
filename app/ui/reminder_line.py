"""The line at the head of a window that says what begins soon."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.cards import ElidedLabel, button


class ReminderLine(QFrame):
    """Stands above everything else in the window and covers nothing; at the door, which has a margin all round, as a card."""

    opened = Signal()
    dismissed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("reminder")
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 5, 16, 5)
        self._words = ElidedLabel("", "strong")
        self._open = button(self.tr("看今日"), quiet=True)
        self._open.clicked.connect(self.opened)
        seen = button(self.tr("知道了"), quiet=True, name=self.tr("收起预约提醒"))
        seen.clicked.connect(self.dismissed)
        line.addStretch(1)
        for widget in (self._words, self._open, seen):
            line.addWidget(widget)
        line.addStretch(1)
        around = window.layout()
        if not isinstance(around, QVBoxLayout):
            raise TypeError("the line stands above what a window shows")
        inset = around.contentsMargins().top() > 0
        self.setProperty("inset", inset)
        around.insertWidget(0, self, 0, Qt.AlignmentFlag.AlignHCenter if inset else Qt.AlignmentFlag(0))
        self.hide()

    def say(self, words: str, *, opens: bool = False) -> None:
        """These words; none take it away. ``opens`` is whether there is a page to go to."""
        self._words.setText(words)
        self.setAccessibleName(words)
        self._open.setVisible(opens)
        self.setVisible(bool(words))
