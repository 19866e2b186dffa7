"""Text fields that know what the input method has not committed yet, so that a lock in mid-word loses nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget


class WritingLine(QLineEdit):
    """One line of writing."""

    written = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._uncommitted = ""
        self.textChanged.connect(self._written)

    def writing(self) -> str:
        """The text with the uncommitted part where it stands."""
        text, at = self.text(), self.cursorPosition()
        return text[:at] + self._uncommitted + text[at:]

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        super().inputMethodEvent(event)
        self._uncommitted = event.preeditString()
        self.written.emit()

    def _written(self, _text: str) -> None:
        self.written.emit()


class WritingArea(QPlainTextEdit):
    """Running text; Tab goes on to the next field, as the eye does. ``rows`` lines are shown at least."""

    written = Signal()

    def __init__(self, rows: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._uncommitted = ""
        self._rows = rows
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._written)
        self._fit()

    def writing(self) -> str:
        """The text with the uncommitted part where it stands."""
        text, at = self.toPlainText(), self._index()
        return text[:at] + self._uncommitted + text[at:]

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        super().inputMethodEvent(event)
        self._uncommitted = event.preeditString()
        self.written.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._fit()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _index(self) -> int:
        """The cursor's place in Python characters: Qt counts those beyond the BMP twice."""
        before = self.toPlainText().encode("utf-16-le", "surrogatepass")[: 2 * self.textCursor().position()]
        return len(before.decode("utf-16-le", "replace"))

    def _written(self) -> None:
        self._fit()
        self.written.emit()

    def _fit(self) -> None:
        """Grow with the text, so that a page scrolls as a whole and not each field on its own."""
        lines = max(self._rows, min(self.document().size().height(), 40))
        height = int(self.fontMetrics().lineSpacing() * lines + 2 * self.document().documentMargin() + 16)
        if height != self.minimumHeight():
            self.setFixedHeight(height)
