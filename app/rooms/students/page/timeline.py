"""The timeline of a student's file: every record kind's lines by day, drawn by one delegate so that hundreds open at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, tzinfo
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QScrollArea,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.rooms.students.record import Line, Tone
from app.ui.theme import present
from app.vault.text import marked

Index = QModelIndex | QPersistentModelIndex
_SIDE, _DATE, _DOT, _PAD = 16, 92, 28, 11
"""Pixels: the margin, the column of days, the column of dots, room above and below a line's words."""
_MOST_LINES = 3
"""Lines of running text shown of one record."""
_LINE = Qt.ItemDataRole.UserRole


class LinesModel(QAbstractListModel):
    """Lines, the newest first."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []

    def show(self, lines: Sequence[Line]) -> None:
        """Show these lines instead."""
        self.beginResetModel()
        self.lines = sorted(map(_marked, lines), key=moment_of, reverse=True)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.lines[index.row()]
        if role == _LINE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return " ".join((day_words(line.at, None), line.title, *_tags(line), line.text))
        return None


class Timeline(QListView):
    """As tall as its lines, so that the page scrolls as a whole. A click or Enter emits ``opened`` with the Line."""

    opened = Signal(object)

    def __init__(self, name: str, today: datetime) -> None:
        super().__init__()
        self._zone = today.tzinfo
        self.lines = LinesModel()
        self.setModel(self.lines)
        self._delegate = _LineDelegate(self, today.year)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.clicked.connect(self._open)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines, the newest first; a moment is told as the room's clock tells it."""
        self.lines.show([_there(line, self._zone) for line in lines])
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if self.hasFocus():
            self._bring_into_view(self.visualRect(current))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self) -> None:
        width = self.viewport().width()
        self._delegate.measure(self.lines.lines, width, self.font())
        self.setFixedHeight(sum(self._delegate.heights) + 2)
        self.scheduleDelayedItemsLayout()

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self.lines.lines[index.row()])

    def _bring_into_view(self, rect: QRect) -> None:
        above: QWidget | None = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None and (inside := above.widget()) is not None:
            centre = self.viewport().mapTo(inside, rect.center())
            above.ensureVisible(centre.x(), centre.y(), 0, rect.height())


class _LineDelegate(QStyledItemDelegate):
    """Draws one line: day, dot in the record's tone, title with its tags, and up to three lines of text."""

    def __init__(self, view: Timeline, this_year: int) -> None:
        super().__init__(view)
        self._year = this_year
        self.rows: list[int] = []
        self.heights: list[int] = []

    def measure(self, lines: Sequence[Line], width: int, font: QFont) -> None:
        """Work out every line's height for a width in pixels."""
        metrics, room = QFontMetrics(font), _room(width)
        step = metrics.lineSpacing()
        self.rows = [_rows(line.text, font, metrics.horizontalAdvance("国"), room) for line in lines]
        self.heights = [2 * _PAD + step * (1 + rows) for rows in self.rows]

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, self.heights[index.row()] if index.row() < len(self.heights) else 40)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Line = index.data(_LINE)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        view = self.parent()
        font = QFont(view.font() if isinstance(view, Timeline) else painter.font())
        colours, step = present(), QFontMetrics(font).lineSpacing()
        painter.save()
        focused = state & QStyle.StateFlag.State_Selected and state & QStyle.StateFlag.State_HasFocus
        if focused or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(colours.accent_soft))
        if index.row():
            painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), 1), QColor(colours.line))
        top, left = rect.top() + _PAD, rect.left() + _SIDE
        painter.setFont(_sized(font, -1))
        painter.setPen(QColor(colours.ink2))
        painter.drawText(QRect(left, top, _DATE, step), _DRAW, day_words(line.at, self._year))
        if isinstance(line.at, datetime) and line.text:
            painter.setPen(QColor(colours.ink3))
            painter.drawText(QRect(left, top + step, _DATE, step), _DRAW, f"{line.at:%H:%M}")
        _draw_dot(painter, QPoint(left + _DATE + 5, top + step // 2), line.tone)
        words = QRect(left + _DATE + _DOT, top, _room(rect.width()), step)
        _draw_title(painter, line, words, font)
        painter.setFont(font)
        painter.setPen(QColor(colours.ink3 if line.struck else colours.ink))
        for at, part in enumerate(_wrapped(line.text, font, words.width(), self.rows[index.row()])):
            painter.drawText(words.translated(0, step * (at + 1)), _DRAW, part)
        painter.restore()


_DRAW = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


def _draw_dot(painter: QPainter, centre: QPoint, tone: Tone) -> None:
    colours = present()
    plain = tone is Tone.PLAIN
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colours.ink3 if plain else getattr(colours, tone.value)), 2))
    painter.setBrush(QColor(colours.side if plain else getattr(colours, f"{tone.value}_soft")))
    painter.drawEllipse(centre, 4, 4)


def _draw_title(painter: QPainter, line: Line, rect: QRect, font: QFont) -> None:
    """The title in bold, struck through when void, and the tags after it as far as there is room."""
    colours = present()
    bold = QFont(font)
    bold.setBold(True)
    bold.setStrikeOut(line.struck)
    metrics = QFontMetrics(bold)
    title = metrics.elidedText(line.title, Qt.TextElideMode.ElideRight, rect.width())
    painter.setFont(bold)
    painter.setPen(QColor(colours.ink3 if line.struck else colours.ink))
    painter.drawText(rect, _DRAW, title)
    small = _sized(font, -1)
    rest = rect.adjusted(metrics.horizontalAdvance(title) + 10, 0, 0, 0)
    if rest.width() > 40:
        tags = QFontMetrics(small).elidedText(" · ".join(_tags(line)), Qt.TextElideMode.ElideRight, rest.width())
        painter.setFont(small)
        painter.setPen(QColor(colours.red if line.tone is Tone.RED else colours.ink2))
        painter.drawText(rest, _DRAW, tags)


def _room(width: int) -> int:
    """Pixels the words of a line have."""
    return max(80, width - 2 * _SIDE - _DATE - _DOT)


def _rows(words: str, font: QFont, em: int, width: int) -> int:
    """How many lines a text will take: by its count of wide and narrow letters where that leaves no doubt, else laid out; to lay
    out hundreds of texts would be slow."""
    if not words:
        return 0
    wide = (len(words.encode("utf-8", "surrogatepass")) - len(words)) / 2
    taken = em * (wide + 0.58 * (len(words) - wide))
    least, most = (min(_MOST_LINES, int(taken * by / room) + 1) for by, room in ((0.8, width), (1.15, width - em)))
    return least if least == most else len(_wrapped(words, font, width, _MOST_LINES))


def _wrapped(words: str, font: QFont, width: int, rows: int) -> list[str]:
    """The text in at most ``rows`` lines of ``width`` pixels; the last one ends in … where there is more."""
    if not words:
        return []
    layout = QTextLayout(" ".join(words.split()), font)
    layout.setTextOption(_WRAP)
    units = layout.text().encode("utf-16-le", "surrogatepass")  # Qt counts characters beyond the BMP twice
    lines: list[str] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        start, length = line.textStart(), line.textLength()
        if len(lines) == rows - 1:
            rest = units[2 * start :].decode("utf-16-le", "surrogatepass")
            lines.append(QFontMetrics(font).elidedText(rest, Qt.TextElideMode.ElideRight, width))
            break
        lines.append(units[2 * start : 2 * (start + length)].decode("utf-16-le", "surrogatepass").rstrip())
    layout.endLayout()
    return lines


_WRAP = QTextOption()
_WRAP.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)


def _sized(font: QFont, by: int) -> QFont:
    other = QFont(font)
    if font.pixelSize() > 0:
        other.setPixelSize(font.pixelSize() + by)
    else:
        other.setPointSizeF(font.pointSizeF() + by * 0.75)
    return other


def _there(line: Line, zone: tzinfo | None) -> Line:
    """A moment the vault keeps in UTC as the clock on the wall; what was entered by hand has no zone."""
    if isinstance(line.at, datetime) and line.at.tzinfo is not None:
        return replace(line, at=line.at.astimezone(zone))
    return line


def _marked(line: Line) -> Line:
    """The line without characters that would turn its reading direction round."""
    tags = tuple(map(marked, line.tags))
    return replace(line, title=marked(line.title), tags=tags, text=marked(line.text))


def _tags(line: Line) -> tuple[str, ...]:
    return (QCoreApplication.translate("Timeline", "补录"), *line.tags) if line.late_entry else line.tags


def day_words(at: date | datetime, this_year: int | None) -> str:
    """「11月16日」 in the present year, 「2025-11-16」 in any other."""
    if at.year != this_year:
        return f"{at:%Y-%m-%d}"
    return QCoreApplication.translate("Timeline", "{month}月{day}日").format(month=at.month, day=at.day)


def moment_of(line: Line) -> datetime:
    """What lines are ordered by; a line that knows its day only stands at the day's beginning."""
    at = line.at
    return at.replace(tzinfo=None) if isinstance(at, datetime) else datetime.combine(at, time())
