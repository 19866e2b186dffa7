"""Text fields that know what the input method has not committed yet, so that a lock in mid-word loses nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAccessible, QFocusEvent, QInputMethodEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

REPLACEMENT = "\ufffd"


class WritingLine(QLineEdit):
    """One line of writing. What no vault can hold is replaced at once, and ``replaced`` says how often."""

    written = Signal()
    replaced = Signal(int)

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

    def _written(self, text: str) -> None:
        length = QAccessible.queryAccessibleInterface(self).textInterface().characterCount()
        if "\0" not in text and _units(text) == length:
            self.written.emit()
            return
        cursor = self.cursorPosition()
        lost = _unsavable(0, length, self._between)
        with QSignalBlocker(self):
            for at in lost:
                self.setSelection(at, 1)
                self.insert(REPLACEMENT)
        self.setCursorPosition(cursor)
        self.written.emit()
        self.replaced.emit(len(lost))

    def _between(self, start: int, end: int) -> str:
        self.setSelection(start, end - start)
        return self.selectedText()


class WritingArea(QPlainTextEdit):
    """Running text; Tab goes on to the next field, as the eye does. ``rows`` lines are shown at least.

    What no vault can hold is replaced as it is pasted, and ``replaced`` says how often.
    """

    written = Signal()
    replaced = Signal(int)

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

    def insertFromMimeData(self, source: QMimeData) -> None:
        start = self.textCursor().selectionStart()
        super().insertFromMimeData(source)
        lost = _unsavable(start, self.textCursor().position(), self._between)
        for at in lost:
            self._selected(at, at + 1).insertText(REPLACEMENT)
        if lost:
            self.replaced.emit(len(lost))

    def _selected(self, start: int, end: int) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _between(self, start: int, end: int) -> str:
        return self._selected(start, end).selectedText()

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


def _unsavable(start: int, end: int, between: Callable[[int, int], str]) -> list[int]:
    """Where, by Qt's count, a NUL stands or half of a character without the other, which ``between`` gives as nothing."""
    words = between(start, end)
    if "\0" not in words and _units(words) == end - start:
        return []
    if end - start == 1:
        return [start]
    middle = (start + end) // 2
    if between(middle - 1, middle + 1) > "\uffff":  # both halves of one
        middle += 1
    return _unsavable(start, middle, between) + _unsavable(middle, end, between)


def _units(text: str) -> int:
    """The length as Qt counts it: characters beyond the BMP twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _with(text: str, uncommitted: str, position: int) -> str:
    """The text with the uncommitted part put in at Qt's cursor position, which counts characters beyond the BMP twice."""
    if not uncommitted:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    before, after = (
        part.decode("utf-16-le", "surrogatepass") for part in (units[: 2 * position], units[2 * position :])
    )
    return before + uncommitted + after
