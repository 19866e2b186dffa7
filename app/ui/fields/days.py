"""Fields of a day and of a time: typed in any usual shape, put into one shape when she leaves them, or chosen in the calendar."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time

from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QHBoxLayout, QMenu, QWidget, QWidgetAction

from app.errors import Problem
from app.ui.cards import button
from app.ui.fields.field import Field
from app.ui.icons import icon
from app.ui.language import sentence_of
from app.ui.theme import present
from app.ui.writing import WritingLine


class _MomentField(Field):
    """One line that is read as a day or a time; what cannot be read is said under it when she leaves it."""

    def __init__(self, label: str, hint: str, widget: QWidget, line: WritingLine) -> None:
        self.line = line
        super().__init__(label, widget, hint)
        self.setFocusProxy(line)
        line.setAccessibleName(label)
        line.written.connect(self._changed)
        line.editingFinished.connect(self._tidy)

    def value(self) -> str:
        return self.line.writing().strip()

    def set_value(self, value: str) -> None:
        self.line.setText(value)

    def _shape(self) -> str:
        """What was typed in the one shape; empty when nothing was. Raises Problem for what cannot be read."""
        raise NotImplementedError

    def _tidy(self) -> None:
        try:
            shape = self._shape()
        except Problem as problem:
            self.show_error(sentence_of(problem))
            return
        if shape and shape != self.line.text():
            self.line.setText(shape)


class DateField(_MomentField):
    """A day; may be empty."""

    def __init__(self, label: str, hint: str = "") -> None:
        holder, line = QWidget(), WritingLine()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._open = button("", name=self.tr("{label}：打开日历").format(label=label))
        row.addWidget(line, 1)
        row.addWidget(self._open)
        super().__init__(label, hint, holder, line)
        line.setPlaceholderText(self.tr("年-月-日"))
        line.setMinimumWidth(116)
        self._open.setIcon(icon("calendar", present().ink2))
        self._open.setToolTip(self.tr("打开日历"))
        self._open.clicked.connect(self._show_calendar)

    def day(self) -> date | None:
        """The day; None when empty. Raises Problem for what is no day of the calendar."""
        return read_day(self.value())

    def set_day(self, day: date | None) -> None:
        self.line.setText(day.isoformat() if day else "")

    def _shape(self) -> str:
        day = self.day()
        return day.isoformat() if day is not None else ""

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


class TimeField(_MomentField):
    """A time of day; may be empty."""

    def __init__(self, label: str, hint: str = "") -> None:
        line = WritingLine()
        super().__init__(label, hint, line, line)
        line.setPlaceholderText(self.tr("时：分"))

    def moment(self) -> time | None:
        """The time; None when empty. Raises Problem for what is no time of day."""
        return read_time(self.value())

    def _shape(self) -> str:
        moment = self.moment()
        return f"{moment:%H:%M}" if moment is not None else ""


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


_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})", re.ASCII)
_TIME = re.compile(
    r"(\d{1,2})\s*[:.]\s*(\d{2})|(\d{1,2})(\d{2})|(\d{1,2})\s*[点时]\s*(?:(\d{1,2})\s*分?|整|(?P<half>半))?", re.ASCII
)


def read_day(words: str) -> date | None:
    """2026-11-20, 2026/11/20, 2026.11.20, 20261120 or 2026年11月20日; None when empty. Raises Problem for anything else."""
    if not words:
        return None
    try:
        year, month, day = _numbers(_DAY.fullmatch(_half_width(words)))
        return date(year, month, day)
    except ValueError:
        raise Problem("「{words}」不是一个日期。", "请写成 2026-11-20 这样。", words=words) from None


def read_time(words: str) -> time | None:
    """12:20, 12：20, 1220, 12点20分 or 8点半; None when empty. Raises Problem for anything else."""
    if not words:
        return None
    try:
        match = _TIME.fullmatch(_half_width(words))
        hour, minute = (*_numbers(match), 30 if match and match["half"] else 0)[:2]
        return time(hour, minute)
    except ValueError:
        raise Problem("「{words}」不是一个时间。", "请写成 12:20 这样。", words=words) from None


def _half_width(words: str) -> str:
    return unicodedata.normalize("NFKC", words).strip()


def _numbers(match: re.Match[str] | None) -> list[int]:
    """The numbers in what was matched, in their order. Raises ValueError where nothing was."""
    if match is None:
        raise ValueError
    return [int(number) for number in match.groups() if number and number.isdigit()]
