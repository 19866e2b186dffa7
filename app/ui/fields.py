"""Labelled fields: each gives and takes its value as text, so that any form can be kept while it is being typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time
from typing import Generic, TypeVar

from PySide6.QtCore import QDate, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QColor, QTextCharFormat, QWheelEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QListView,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from app.errors import Problem
from app.ui.cards import button, restyle, text
from app.ui.flow import FlowLayout
from app.ui.icons import icon
from app.ui.language import label_of, sentence_of
from app.ui.theme import present, scaled
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
        self.hint_label.setVisible(bool(hint))
        column.addWidget(self.hint_label)
        self._error = text("", "error", wrap=True)
        self._error.hide()
        column.addWidget(self._error)
        self.setFocusProxy(widget)

    def value(self) -> str:
        """What is in the field, uncommitted input included."""
        raise NotImplementedError

    def set_value(self, value: str) -> None:
        raise NotImplementedError

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

    def insert(self, words: str) -> None:
        """Put words at the cursor, on a line of their own if the line is not empty; Ctrl+Z takes them back."""
        cursor = self.area.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        cursor.insertText(f"\n{words}" if before.strip() else words)
        self.area.setTextCursor(cursor)
        self.area.setFocus()


class DateField(Field):
    """A day, typed in any usual shape or chosen in the calendar; may be empty."""

    def __init__(self, label: str, hint: str = "") -> None:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.line = WritingLine()
        self.line.setPlaceholderText(self.tr("年-月-日"))
        self.line.setMinimumWidth(116)
        self._open = button("", name=self.tr("{label}：打开日历").format(label=label))
        self._open.setIcon(icon("calendar", present().ink2))
        self._open.setToolTip(self.tr("打开日历"))
        row.addWidget(self.line, 1)
        row.addWidget(self._open)
        super().__init__(label, holder, hint)
        self.setFocusProxy(self.line)
        self.line.setAccessibleName(label)
        self.line.written.connect(self._changed)
        self.line.editingFinished.connect(self._tidy)
        self._open.clicked.connect(self._show_calendar)

    def value(self) -> str:
        return self.line.writing().strip()

    def set_value(self, value: str) -> None:
        self.line.setText(value)

    def day(self) -> date | None:
        """The day; None when empty. Raises Problem for what is no day of the calendar."""
        return read_day(self.value())

    def set_day(self, day: date | None) -> None:
        self.line.setText(day.isoformat() if day else "")

    def _tidy(self) -> None:
        try:
            day = self.day()
        except Problem as problem:
            self.show_error(sentence_of(problem))
            return
        if day is not None and day.isoformat() != self.line.text():
            self.line.setText(day.isoformat())

    def _show_calendar(self) -> None:
        menu = QMenu(self)
        calendar = _calendar(menu)
        try:
            day = self.day()
        except Problem:
            day = None
        if day is not None:
            calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        calendar.clicked.connect(self._choose)
        calendar.clicked.connect(menu.close)
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)
        menu.popup(self._open.mapToGlobal(self._open.rect().bottomLeft()))

    def _choose(self, day: QDate) -> None:
        self.line.setText(day.toString(Qt.DateFormat.ISODate))


class TimeField(Field):
    """A time of day; may be empty."""

    def __init__(self, label: str, hint: str = "") -> None:
        self.line = WritingLine()
        self.line.setPlaceholderText(self.tr("时：分"))
        super().__init__(label, self.line, hint)
        self.line.written.connect(self._changed)

    def value(self) -> str:
        return self.line.writing().strip()

    def set_value(self, value: str) -> None:
        self.line.setText(value)

    def moment(self) -> time | None:
        """The time; None when empty. Raises Problem for what is no time of day."""
        return read_time(self.value())


def _calendar(parent: QWidget) -> QCalendarWidget:
    calendar = QCalendarWidget(parent)
    calendar.setLocale(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
    calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    day = QTextCharFormat()
    day.setForeground(QColor(present().ink))
    for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        calendar.setWeekdayTextFormat(weekend, day)
    head = QTextCharFormat()
    head.setForeground(QColor(present().ink2))
    head.setBackground(QColor(present().card))
    calendar.setHeaderTextFormat(head)
    return calendar


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


class ChipRow(Field):
    """A fixed list as chips, by code. ``options`` are (code, label)."""

    def __init__(self, label: str, options: Sequence[tuple[str, str]], hint: str = "") -> None:
        holder = QWidget()
        flow = FlowLayout(6, holder)
        super().__init__(label, holder, hint)
        self.chips: dict[str, QPushButton] = {}
        for code, name in options:
            chip = button(name, name=f"{label}：{name}")
            chip.setProperty("chip", True)
            chip.setCheckable(True)
            flow.addWidget(chip)
            self.chips[code] = chip


class ChipsField(ChipRow):
    """Any number of a fixed list, as chips."""

    def __init__(self, label: str, options: Sequence[tuple[str, str]], hint: str = "") -> None:
        super().__init__(label, options, hint)
        for chip in self.chips.values():
            chip.toggled.connect(self._changed)

    def codes(self) -> list[str]:
        """The chosen codes, in the order of the list."""
        return [code for code, chip in self.chips.items() if chip.isChecked()]

    def set_codes(self, codes: list[str]) -> None:
        for code, chip in self.chips.items():
            chip.setChecked(code in codes)

    def value(self) -> str:
        return " ".join(self.codes())

    def set_value(self, value: str) -> None:
        self.set_codes(value.split())


class ScoreField(Field):
    """A score of 0 to 10, or none: the chosen chip pressed again takes it away."""

    def __init__(self, label: str, hint: str = "") -> None:
        holder = QWidget()
        flow = FlowLayout(4, holder)
        super().__init__(label, holder, hint)
        self._chips: list[QPushButton] = []
        for score in range(11):
            chip = button(str(score), name=f"{label}：{score}")
            chip.setProperty("chip", True)
            chip.setProperty("score", score)
            chip.setCheckable(True)
            chip.toggled.connect(self._changed)
            chip.clicked.connect(self._picked)
            flow.addWidget(chip)
            self._chips.append(chip)

    def score(self) -> int | None:
        return next((at for at, chip in enumerate(self._chips) if chip.isChecked()), None)

    def set_score(self, score: int | None) -> None:
        for at, chip in enumerate(self._chips):
            chip.setChecked(at == score)

    def value(self) -> str:
        score = self.score()
        return "" if score is None else str(score)

    def set_value(self, value: str) -> None:
        self.set_score(int(value) if value else None)

    def _picked(self, on: bool) -> None:
        picked = self.sender()
        if on and isinstance(picked, QPushButton):
            self.set_score(int(picked.property("score")))


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


def read_day(words: str) -> date | None:
    """2026-11-20, 2026/11/20, 2026.11.20, 20261120 or 2026年11月20日; None when empty. Raises Problem for anything else."""
    if not words:
        return None
    match = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", words) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", words
    )
    try:
        if match is None:
            raise ValueError
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise Problem("「{words}」不是一个日期。", "请写成 2026-11-20 这样。", words=words) from None


def read_time(words: str) -> time | None:
    """12:20, 12：20 or 1220; None when empty. Raises Problem for anything else."""
    if not words:
        return None
    match = re.fullmatch(r"(\d{1,2})\s*[:：.]\s*(\d{2})", words) or re.fullmatch(r"(\d{2})(\d{2})", words)
    try:
        if match is None:
            raise ValueError
        return time(int(match[1]), int(match[2]))
    except ValueError:
        raise Problem("「{words}」不是一个时间。", "请写成 12:20 这样。", words=words) from None
