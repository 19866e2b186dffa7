"""The ‹ and › in the corner of the week and of the month."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.cards import button


class Turner(QWidget):
    """‹ and ›: the week or month before and after."""

    turned = Signal(int)

    def __init__(self, before: str, after: str) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 6, 6, 4)
        line.setSpacing(4)
        for words, name, slot in (("‹", before, self._go_back), ("›", after, self._go_on)):
            made = button(words, quiet=True, name=name)
            made.setToolTip(name)
            made.clicked.connect(slot)
            line.addWidget(made)

    def _go_back(self) -> None:
        self.turned.emit(-1)

    def _go_on(self) -> None:
        self.turned.emit(1)
