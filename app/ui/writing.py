"""Text fields that know what the input method has not committed yet, so that a lock in mid-word loses nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QResizeEvent
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
        return _with(self.text(), self._uncommitted, self.cursorPosition())

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._uncommitted = event.preeditString()
        super().inputMethodEvent(event)
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
        return _with(self.toPlainText(), self._uncommitted, self.textCursor().position())

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._uncommitted = event.preeditString()
        super().inputMethodEvent(event)
        self.written.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _written(self) -> None:
        self._fit()
        self.written.emit()

    def _fit(self) -> None:
        """Grow with the text, so that a page scrolls as a whole and not each field on its own."""
        lines = max(self._rows, min(self.document().size().height(), 40))
        height = int(self.fontMetrics().lineSpacing() * lines + 2 * self.document().documentMargin() + 16)
        if height != self.minimumHeight():
            self.setFixedHeight(height)


def _with(text: str, uncommitted: str, position: int) -> str:
    """The text with the uncommitted part put in at Qt's cursor position, which counts characters beyond the BMP twice."""
    if not uncommitted:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    before, after = (
        part.decode("utf-16-le", "surrogatepass") for part in (units[: 2 * position], units[2 * position :])
    )
    return before + uncommitted + after
