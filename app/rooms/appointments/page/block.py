"""One appointment in the week: painted in the colour of its kind, taken with the mouse to move it, at its edge to lengthen it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from app.rooms.appointments.choices import Kind
from app.ui.theme import present, scaled

EDGE = 7
"""Pixels at the lower edge that lengthen it."""
WIDE = 60
"""Pixels from which words that have no room end in …; in less they are cut, so that two characters can be read."""
COLOURS = {
    Kind.INDIVIDUAL: "accent",
    Kind.PARENT: "amber",
    Kind.GROUP: "blue",
    Kind.CLASS: "plum",
    Kind.OTHER: "green",
}


@dataclass(frozen=True)
class Shown:
    """An appointment as the week shows it."""

    appointment_id: int
    day: date
    start: time
    end: time
    kind: Kind
    title: str
    detail: str
    mark: str
    """What is still to be done: 未登记, 待确认."""
    late: bool
    """Whether it lacks its outcome."""
    name: str
    """For a screen reader."""
    struck: bool
    movable: bool


class Block(QWidget):
    """Says where it is dragged; the grid knows what that means in time."""

    dragged = Signal(QPoint)  # its upper left corner, in the grid's pixels
    stretched = Signal(int)  # its lower edge
    dropped = Signal()
    picked = Signal()
    opened = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown: Shown | None = None
        self._chosen = False
        self._grip: QPoint | None = None
        self._stretching = self._moving = False
        self.setMouseTracking(True)

    def show_one(self, shown: Shown, *, chosen: bool) -> None:
        """Show another appointment, or the same anew."""
        if shown != self.shown or chosen != self._chosen:
            self.shown, self._chosen = shown, chosen
            self.setAccessibleName(shown.name)
            self.setToolTip(shown.name)
            self.update()

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = event.position().toPoint()
            self._stretching = self._at_edge(self._grip)
            self.picked.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._grip is None or self.shown is None or not self.shown.movable:
            self.setCursor(Qt.CursorShape.SizeVerCursor if self._at_edge(at) else Qt.CursorShape.PointingHandCursor)
            return
        if (at - self._grip).manhattanLength() >= QApplication.startDragDistance():
            self._moving = True
        if self._moving and self._stretching:
            self.stretched.emit(self.mapToParent(at).y())
        elif self._moving:
            self.dragged.emit(self.mapToParent(at) - self._grip)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._grip is None:
            return
        moving, self._moving, self._grip = self._moving, False, None
        if moving:
            self.dropped.emit()
        elif self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def _at_edge(self, at: QPoint) -> bool:
        return self.shown is not None and self.shown.movable and at.y() >= self.height() - EDGE

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.shown is None:
            return
        tokens = present()
        name = COLOURS[self.shown.kind]
        colour, soft = QColor(getattr(tokens, name)), QColor(getattr(tokens, f"{name}_soft"))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.shown.struck:
            soft = QColor(tokens.paper)
        painter.setPen(QPen(colour, 2) if self._chosen else Qt.PenStyle.NoPen)
        painter.setBrush(soft)
        painter.drawRoundedRect(body.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.line) if self.shown.struck else colour)
        painter.drawRoundedRect(QRectF(0.5, 0.5, 3, self.height() - 1), 1.5, 1.5)
        self._paint_words(painter, colour)

    def _paint_words(self, painter: QPainter, colour: QColor) -> None:
        shown, tokens = self.shown, present()
        if shown is None:
            return
        room = self.rect().adjusted(11, 4, -5, -3)
        strong = _font(self.font(), bold=True, struck=shown.struck)
        plain = _font(self.font())
        tall = QFontMetrics(plain).height()
        quiet = QColor(tokens.ink3)
        lines = [(strong, quiet if shown.struck else QColor(tokens.ink), shown.title)]
        if shown.mark:
            lines.append((plain, QColor(tokens.red if shown.late else tokens.ink2), shown.mark))
        lines.append((plain, quiet if shown.struck else colour, shown.detail))
        top = room.top() if room.height() >= tall else room.top() - (tall - room.height()) // 2
        for font, ink, words in lines:
            if top > room.top() and top + tall > room.bottom() + 3:
                break
            painter.setFont(font)
            painter.setPen(ink)
            if room.width() >= scaled(WIDE):
                words = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(QRect(room.left(), top, room.width(), tall), Qt.AlignmentFlag.AlignVCenter, words)
            top += tall


def _font(base: QFont, *, bold: bool = False, struck: bool = False) -> QFont:
    font = QFont(base)
    font.setPixelSize(scaled(13))
    font.setBold(bold)
    font.setStrikeOut(struck)
    return font
