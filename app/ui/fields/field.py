"""The field every other is made from, and those of words, a choice and a yes."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QTextCursor, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QListView, QVBoxLayout, QWidget

from app.ui.cards import restyle, text
from app.ui.language import label_of
from app.ui.theme import scaled
from app.ui.writing import WritingArea, WritingLine
from app.vault.choice import Choice

LEAST_BOX = 220
"""Pixels a combo box with long words in its list may be squeezed to."""
C = TypeVar("C", bound=Choice)


class Field(QWidget):
    """A label, the widget under it, and room for one sentence of what is wrong with it."""

    changed = Signal()

    def __init__(self, label: str, widget: QWidget, hint: str = "") -> None:
        super().__init__()
        self.label = label
        self.widget = widget
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        if label:
            head = text(label, "label")
            head.setBuddy(widget)
            column.addWidget(head)
        widget.setAccessibleName(label)
        column.addWidget(widget)
        self.hint_label = text(hint, "hint", wrap=True)
        column.addWidget(self.hint_label)
        self.hint_label.setVisible(
            bool(hint)
        )  # only once it has a parent: without one it would be a window for a moment
        self._error = text("", "error", wrap=True)
        self._error.hide()
        column.addWidget(self._error)
        self.setFocusProxy(widget)

    def value(self) -> str:
        """What is in the field, uncommitted input included."""
        raise NotImplementedError

    def set_value(self, value: str) -> None:
        raise NotImplementedError

    def set_hint(self, words: str) -> None:
        """Say this under the field from now on."""
        self.hint_label.setText(words)
        self.hint_label.setVisible(bool(words))

    def show_error(self, sentence: str) -> None:
        """Say under the field what is wrong; an empty sentence takes it away."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self.widget.setProperty("wrong", bool(sentence))
        restyle(self.widget)

    def _say_replaced(self, count: int) -> None:
        self.show_error(self.tr("有 {count} 个无法保存的字符，已换成 �。").format(count=count))

    def _changed(self, *_: object) -> None:
        if not self._error.isHidden():
            self.show_error("")
        self.changed.emit()


class LineField(Field):
    """One line of text."""

    def __init__(self, label: str, hint: str = "", placeholder: str = "") -> None:
        self.line = WritingLine()
        self.line.setPlaceholderText(placeholder)
        super().__init__(label, self.line, hint)
        self.line.written.connect(self._changed)
        self.line.replaced.connect(self._say_replaced)

    def value(self) -> str:
        return self.line.writing()

    def set_value(self, value: str) -> None:
        self.line.setText(value)
        self.line.setCursorPosition(0)  # how it begins is seen, not how it ends


class TextField(Field):
    """Running text that grows with what is written."""

    def __init__(self, label: str, hint: str = "", placeholder: str = "", rows: int = 3) -> None:
        self.area = WritingArea(rows)
        self.area.setPlaceholderText(placeholder)
        super().__init__(label, self.area, hint)
        self.area.written.connect(self._changed)
        self.area.replaced.connect(self._say_replaced)

    def value(self) -> str:
        return self.area.writing()

    def set_value(self, value: str) -> None:
        if value != self.area.toPlainText():
            self.area.setPlainText(value)
            self.area.moveCursor(QTextCursor.MoveOperation.End)  # she goes on where the words end
            self.area.verticalScrollBar().setValue(0)

    def insert(self, words: str) -> None:
        """Put words at the cursor, on a line of their own if the line is not empty; Ctrl+Z takes them back."""
        cursor = self.area.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        cursor.insertText(f"\n{words}" if before.strip() else words)
        self.area.setTextCursor(cursor)
        self.area.setFocus()


class Box(QComboBox):
    """A combo box that the wheel passes over: who scrolls the page changes no answer. A very long name widens no page."""

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), scaled(LEAST_BOX)), hint.height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ChoiceField(Field, Generic[C]):
    """One of a fixed list; with ``empty`` words the first line means: not chosen yet."""

    def __init__(self, label: str, choices: type[C], *, empty: str = "", hint: str = "") -> None:
        self.box = Box()
        self.box.setView(QListView())
        self.box.setMaxVisibleItems(12)
        super().__init__(label, self.box, hint)
        self._choices = choices
        if empty:
            self.box.addItem(empty, "")
        for choice in choices:
            self.box.addItem(label_of(choice), choice.value)
        self.box.currentIndexChanged.connect(self._changed)

    def value(self) -> str:
        return str(self.box.currentData() or "")

    def set_value(self, value: str) -> None:
        self.box.setCurrentIndex(max(0, self.box.findData(value)))

    def choice(self) -> C | None:
        """What is chosen, or None."""
        value = self.value()
        return next((choice for choice in self._choices if choice.value == value), None)


class CheckField(Field):
    """Yes or no."""

    def __init__(self, label: str, hint: str = "") -> None:
        self.box = QCheckBox(label)
        super().__init__("", self.box, hint)
        self.label = label
        self.box.setAccessibleName(label)
        self.box.toggled.connect(self._changed)

    def is_on(self) -> bool:
        return self.box.isChecked()

    def set_on(self, on: bool) -> None:
        self.box.setChecked(on)

    def value(self) -> str:
        return "1" if self.box.isChecked() else ""

    def set_value(self, value: str) -> None:
        self.box.setChecked(value == "1")
