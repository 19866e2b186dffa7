"""The month at a glance: each day with its first appointments; a day leads to its week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.rooms.appointments.page.block import COLOURS, Shown
from app.rooms.appointments.page.corner import Turner
from app.rooms.appointments.page.sheet import HEAD, LABELS
from app.rooms.school.calendar import Calendar, monday_of
from app.rooms.school.names import month_day, weekday_name
from app.ui.theme import present, scaled

_ROW = 20
_NUMBER = 22
"""Pixels the number of a day takes."""
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}


@dataclass(frozen=True)
class Cell:
    """One day of the month."""

    day: date
    note: str
    shown: tuple[Shown, ...]


class MonthGrid(QWidget):
    """Weeks under each other, Monday to Sunday."""

    chosen = Signal(object)  # a day: show its week
    turned = Signal(int)  # months to go on by

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("月视图"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.month, self.today, self._at = date.min, date.min, date.min
        self._weeks: list[list[Cell]] = []
        self._labels: list[str] = []
        self._corner = Turner(self.tr("上个月"), self.tr("下个月"))
        self._corner.setParent(self)
        self._corner.turned.connect(self.turned)

    def show_month(self, month: date, calendar: Calendar, shown: Mapping[date, Sequence[Shown]], today: date) -> None:
        """Show the month that begins on this day."""
        self.month, self.today = month, today
        if (self._at.year, self._at.month) != (month.year, month.month):
            self._at = today if (today.year, today.month) == (month.year, month.month) else month
        first = monday_of(month)
        mondays = [first + timedelta(weeks=at) for at in range(6)]
        mondays = [monday for monday in mondays if monday <= month or monday.month == month.month]
        self._weeks = [
            [
                Cell(day, calendar.why_not(day) if day.isoweekday() <= 5 else "", tuple(shown.get(day, ())))
                for day in (monday + timedelta(days=at) for at in range(7))
            ]
            for monday in mondays
        ]
        weeks = [calendar.week_of(monday) for monday in mondays]
        self._labels = [week.label if week is not None else "" for week in weeks]
        self.setMinimumHeight(scaled(HEAD) + len(mondays) * scaled(84))
        self._tell()
        self.update()

    def rect_of(self, day: date) -> QRect:
        """Where a day lies."""
        row = (day - self._weeks[0][0].day).days // 7
        head, side = scaled(HEAD), scaled(LABELS)
        tall = (self.height() - head) / len(self._weeks)
        wide = (self.width() - side) / 7
        at = day.isoweekday() - 1
        left, top = side + round(at * wide), head + round(row * tall)
        return QRect(left, top, side + round((at + 1) * wide) - left, head + round((row + 1) * tall) - top)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._corner.setGeometry(0, 0, scaled(LABELS), scaled(HEAD))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        for cell in self._cells():
            if self.rect_of(cell.day).contains(at):
                self.chosen.emit(cell.day)
                break

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._go_to(self._at + timedelta(days=_STEPS[key]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.turned.emit(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self._at)
        else:
            super().keyPressEvent(event)

    def _go_to(self, day: date) -> None:
        by = (day.year - self.month.year) * 12 + day.month - self.month.month
        self._at = day
        if by:
            self.turned.emit(by)
        self._tell()
        self.update()

    def _tell(self) -> None:
        """Where the cursor stands, for a screen reader."""
        cell = next((cell for cell in self._cells() if cell.day == self._at), None)
        if cell is not None:
            told = self.tr("{day} {count} 个预约").format(day=month_day(cell.day), count=len(cell.shown))
            self.setAccessibleDescription(told)

    def _cells(self) -> list[Cell]:
        return [cell for week in self._weeks for cell in week]

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = present()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.card))
        if not self._weeks:
            return
        self._paint_heads(painter)
        for cell in self._cells():
            self._paint_cell(painter, cell, self.rect_of(cell.day))
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.drawRoundedRect(self.rect_of(self._at).adjusted(2, 2, -2, -2), 6, 6)

    def _paint_heads(self, painter: QPainter) -> None:
        tokens, head, side = present(), scaled(HEAD), scaled(LABELS)
        painter.setFont(_font(self.font(), 14, bold=True))
        painter.setPen(QColor(tokens.ink))
        for cell in self._weeks[0]:
            rect = self.rect_of(cell.day)
            name = weekday_name(cell.day.isoweekday())
            painter.drawText(QRect(rect.left(), 0, rect.width(), head), Qt.AlignmentFlag.AlignCenter, name)
        painter.setFont(_font(self.font(), 13))
        painter.setPen(QColor(tokens.ink2))
        for week, words in zip(self._weeks, self._labels, strict=True):
            room = QRect(12, self.rect_of(week[0].day).top() + 8, side - 14, scaled(_ROW))
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft, words)

    def _paint_cell(self, painter: QPainter, cell: Cell, rect: QRect) -> None:
        tokens = present()
        ours = cell.day.month == self.month.month
        if cell.note or not ours or cell.day.isoweekday() > 5:
            painter.setOpacity(0.6)
            painter.fillRect(rect, QColor(tokens.paper))
            painter.setOpacity(1.0)
        painter.setPen(QColor(tokens.line))
        painter.drawLine(rect.topLeft(), rect.topRight())
        painter.drawLine(rect.topLeft(), rect.bottomLeft())
        is_today = cell.day == self.today
        painter.setFont(_font(self.font(), 13, bold=is_today))
        painter.setPen(QColor(tokens.accent if is_today else tokens.ink if ours else tokens.ink3))
        room = rect.adjusted(8, 5, -6, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, str(cell.day.day))
        font = _font(self.font(), 12)
        painter.setFont(font)
        painter.setPen(QColor(tokens.ink3))
        beside = room.adjusted(scaled(_NUMBER), 0, 0, 0)
        note = QFontMetrics(font).elidedText(cell.note, Qt.TextElideMode.ElideRight, beside.width())
        painter.drawText(beside, Qt.AlignmentFlag.AlignRight, note)
        self._paint_lines(painter, cell, rect, QFontMetrics(font))

    def _paint_lines(self, painter: QPainter, cell: Cell, rect: QRect, metrics: QFontMetrics) -> None:
        tokens, row = present(), scaled(_ROW)
        top = rect.top() + row + 6
        fits = max(0, (rect.bottom() - top) // row)
        more = len(cell.shown) > fits
        for one in cell.shown[: fits - 1 if more else fits]:
            painter.fillRect(QRect(rect.left() + 8, top + 3, 3, row - 6), QColor(getattr(tokens, COLOURS[one.kind])))
            painter.setPen(QColor(tokens.ink3 if one.struck else tokens.ink2))
            words = metrics.elidedText(f"{one.start:%H:%M} {one.title}", Qt.TextElideMode.ElideRight, rect.width() - 22)
            painter.drawText(QRect(rect.left() + 16, top, rect.width() - 20, row), Qt.AlignmentFlag.AlignVCenter, words)
            top += row
        if more and fits:
            painter.setPen(QColor(tokens.ink3))
            words = self.tr("还有 {count} 个").format(count=len(cell.shown) - fits + 1)
            painter.drawText(QRect(rect.left() + 16, top, rect.width() - 20, row), Qt.AlignmentFlag.AlignVCenter, words)


def _font(base: QFont, pixels: int, *, bold: bool = False) -> QFont:
    font = QFont(base)
    font.setPixelSize(scaled(pixels))
    font.setBold(bold)
    return font
