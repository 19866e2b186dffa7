"""The week as a sheet: where each day and each minute lies on it, and what is drawn under the appointments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from app.rooms.appointments.page.axis import Axis, minute, moment
from app.rooms.appointments.page.cursor import Column, Stop
from app.ui.theme import present, scaled

HEAD, LABELS = 44, 104
"""Pixels of the days' names at the top and of the periods' names at the left."""
CLOSED = 0.6
"""How much of the paper's colour lies over the times in which the room is closed."""


@dataclass(frozen=True)
class Sheet:
    """Days and minutes to pixels and back."""

    columns: Sequence[Column]
    axis: Axis
    width: int
    height: int

    def rect_of(self, day: date, start: time, end: time) -> QRect:
        """Where a time of a day lies."""
        at = next(at for at, column in enumerate(self.columns) if column.day == day)
        left, width = self.left(at), self.left(at + 1) - self.left(at)
        top, bottom = self.y(minute(start)), self.y(minute(end))
        return QRect(left, top, width, bottom - top)

    def left(self, at: int) -> int:
        """Where a day begins."""
        labels = scaled(LABELS)
        return labels + (self.width - labels) * at // max(1, len(self.columns))

    def y(self, at: int) -> int:
        """Where a minute of the day lies."""
        head = scaled(HEAD)
        return head + round(self.axis.place(at) * (self.height - head))

    def minute(self, y: int) -> int:
        """The minute that lies there."""
        head = scaled(HEAD)
        return self.axis.minute((y - head) / max(1, self.height - head))

    def column(self, x: int) -> int:
        """The day that lies there."""
        inside = range(len(self.columns))
        return next((at for at in inside if x < self.left(at + 1)), len(self.columns) - 1)


def paint(painter: QPainter, sheet: Sheet, stops: Sequence[Sequence[Stop]], stands: QRect | None, base: QFont) -> None:
    """The days with their open periods, a + on each free one, the periods' names, and where the keys stand."""
    tokens = present()
    painter.fillRect(0, 0, sheet.width, sheet.height, QColor(tokens.card))
    for at, column in enumerate(sheet.columns):
        _paint_day(painter, sheet, at, stops[at], base)
        left = sheet.left(at)
        _paint_title(painter, column, QRect(left, 0, sheet.left(at + 1) - left, scaled(HEAD)), base)
    painter.setPen(QColor(tokens.line))
    for band in sheet.axis.bands:
        if band.name or not any(one.name for one in sheet.axis.bands):
            painter.drawLine(0, sheet.y(band.start), sheet.width, sheet.y(band.start))
    for at in range(len(sheet.columns)):
        painter.drawLine(sheet.left(at), 0, sheet.left(at), sheet.height)
    _paint_labels(painter, sheet, base)
    if stands is not None:
        painter.setPen(QPen(QColor(tokens.accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(stands.adjusted(3, 3, -3, -3), 6, 6)


def _paint_day(painter: QPainter, sheet: Sheet, at: int, stops: Sequence[Stop], base: QFont) -> None:
    tokens, head, column = present(), scaled(HEAD), sheet.columns[at]
    left = sheet.left(at)
    painter.setOpacity(CLOSED)
    painter.fillRect(QRect(left, head, sheet.left(at + 1) - left, sheet.height - head), QColor(tokens.paper))
    painter.setOpacity(1.0)
    for slot in column.slots:
        painter.fillRect(sheet.rect_of(column.day, slot.start, slot.end), QColor(tokens.card))
    painter.setPen(QColor(tokens.ink3))
    painter.setFont(_words(base, 15))
    for stop in stops:
        if stop.appointment_id is None:
            painter.drawText(sheet.rect_of(column.day, stop.start, stop.end), Qt.AlignmentFlag.AlignCenter, "+")


def _paint_title(painter: QPainter, column: Column, rect: QRect, base: QFont) -> None:
    tokens = present()
    painter.setPen(QColor(tokens.accent if column.is_today else tokens.ink))
    painter.setFont(_words(base, 14, bold=True))
    upper = rect.adjusted(4, 4, -4, -rect.height() // 2 + 3) if column.note else rect
    painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, column.title)
    if column.note:
        painter.setPen(QColor(tokens.ink3))
        font = _words(base, 12)
        painter.setFont(font)
        lower = rect.adjusted(4, rect.height() // 2 - 1, -4, -3)
        words = QFontMetrics(font).elidedText(column.note, Qt.TextElideMode.ElideRight, lower.width())
        painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, words)


def _paint_labels(painter: QPainter, sheet: Sheet, base: QFont) -> None:
    font = _words(base, 13)
    painter.setFont(font)
    painter.setPen(QColor(present().ink2))
    named = [band for band in sheet.axis.bands if band.name]
    for band in named or sheet.axis.bands:
        words = f"{band.name} {moment(band.start):%H:%M}".strip()
        room = QRect(12, sheet.y(band.start) + 5, scaled(LABELS) - 14, QFontMetrics(font).height())
        elided = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, elided)


def _words(base: QFont, pixels: int, *, bold: bool = False) -> QFont:
    font = QFont(base)
    font.setPixelSize(scaled(pixels))
    font.setBold(bold)
    return font
