"""The week as days and periods: appointments in it are made, moved and lengthened by mouse and by keyboard alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.rooms.appointments.page.axis import DAY_ENDS, STEP, Axis, lanes, minute, moment
from app.rooms.appointments.page.block import Block, Shown
from app.rooms.appointments.page.corner import Turner
from app.rooms.appointments.page.cursor import Column, Cursor, Stop
from app.rooms.appointments.page.sheet import HEAD, LABELS, Sheet, paint
from app.rooms.school.bells import Slot
from app.ui.theme import scaled

PIXELS = 1.5
"""At least so many to a minute."""
_MARGIN = 3
_LEAST_BLOCK = 20
_SIDEWAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_UP_DOWN = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class WeekGrid(QWidget):
    """Shows what it is given and says what is wanted; it changes nothing itself."""

    wanted = Signal(object, object, object)  # day, start, end of a new appointment
    opened = Signal(int)
    entered = Signal(int)  # by Enter: the keys go on beside the week
    moved = Signal(int, object, object, object)  # appointment, day, start, end
    discarded = Signal(int)
    turned = Signal(int)  # weeks to go on by

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("周视图"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.columns: list[Column] = []
        self.shown: list[Shown] = []
        self._axis = Axis((), ())
        self._blocks: list[Block] = []
        self._cursor = Cursor()
        self.chosen: int | None = None
        self._corner = Turner(self.tr("上一周"), self.tr("下一周"))
        self._corner.setParent(self)
        self._corner.turned.connect(self.turned)

    def show_week(self, columns: Sequence[Column], slots: Sequence[Slot], shown: Sequence[Shown]) -> None:
        """Show these days with their appointments; ``slots`` are the periods of all of them."""
        self.columns, self.shown = list(columns), sorted(shown, key=_beginning)
        self._axis = Axis(slots, [(one.start, one.end) for one in shown])
        self._cursor.show(self.columns, self.shown)
        self._give_blocks()
        self.setMinimumHeight(scaled(HEAD) + round(self._axis.whole * PIXELS))  # may lay them out at once
        self._lay()
        self.update()

    def choose(self, appointment_id: int | None) -> None:
        """Mark an appointment, and stand on it."""
        self.chosen = appointment_id
        if appointment_id is not None:
            self._cursor.stand_on(appointment_id)
        self._mark()

    def rect_of(self, day: date, start: time, end: time) -> QRect:
        """Where a time of a day lies."""
        return self._sheet.rect_of(day, start, end)

    @property
    def _sheet(self) -> Sheet:
        return Sheet(self.columns, self._axis, self.width(), self.height())

    # Laying out

    def _give_blocks(self) -> None:
        """As many blocks as appointments: those there are serve again."""
        while len(self._blocks) < len(self.shown):
            block = Block(self)
            block.picked.connect(self._pick)
            block.opened.connect(self._open_block)
            block.dragged.connect(self._drag)
            block.stretched.connect(self._stretch)
            block.dropped.connect(self._drop)
            self._blocks.append(block)
        for at, block in enumerate(self._blocks):
            if at < len(self.shown):
                block.show_one(self.shown[at], chosen=self.shown[at].appointment_id == self.chosen)
            block.setVisible(at < len(self.shown))

    def _lay(self) -> None:
        for column in self.columns:
            found = [at for at, one in enumerate(self.shown) if one.day == column.day]
            spans = [(minute(self.shown[at].start), minute(self.shown[at].end)) for at in found]
            for at, (lane, count) in zip(found, lanes(spans), strict=True):
                one = self.shown[at]
                rect = self.rect_of(one.day, one.start, one.end)
                width = (rect.width() - 2 * _MARGIN) // count
                left = rect.left() + _MARGIN + lane * width
                tall = max(_LEAST_BLOCK, rect.height() - _MARGIN)
                self._blocks[at].setGeometry(
                    left, rect.top() + _MARGIN - 1, width - (_MARGIN if count > 1 else 0), tall
                )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._corner.setGeometry(0, 0, scaled(LABELS), scaled(HEAD))
        self._lay()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # Mouse

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if event.button() != Qt.MouseButton.LeftButton or at.x() < scaled(LABELS) or at.y() < scaled(HEAD):
            return
        self.setFocus()
        column, clicked = self._sheet.column(at.x()), self._sheet.minute(at.y())
        if self._cursor.stand_at(column, clicked):
            self._want()
        else:
            self.wanted.emit(self.columns[column].day, moment(clicked), None)

    def _pick(self) -> None:
        self.setFocus()
        block = self.sender()
        if isinstance(block, Block) and block.shown is not None:
            self.choose(block.shown.appointment_id)

    def _open_block(self) -> None:
        block = self.sender()
        if isinstance(block, Block) and block.shown is not None:
            self.opened.emit(block.shown.appointment_id)

    def _drag(self, corner: QPoint) -> None:
        block = self.sender()
        if isinstance(block, Block) and block.shown is not None:
            one = block.shown
            column = self.columns[self._sheet.column(corner.x() + block.width() // 2)]
            length = minute(one.end) - minute(one.start)
            start = max(0, min(self._sheet.minute(corner.y()), DAY_ENDS - length))
            self._hover(block, replace(one, day=column.day, start=moment(start), end=moment(start + length)))

    def _stretch(self, y: int) -> None:
        block = self.sender()
        if isinstance(block, Block) and block.shown is not None:
            end = max(minute(block.shown.start) + STEP, self._sheet.minute(y))
            self._hover(block, replace(block.shown, end=moment(end)))

    def _hover(self, block: Block, one: Shown) -> None:
        """Show where it would come to lie, with the time."""
        rect = self.rect_of(one.day, one.start, one.end)
        block.raise_()
        block.setGeometry(rect.adjusted(_MARGIN, _MARGIN - 1, -_MARGIN, -1))
        block.show_one(replace(one, detail=f"{one.start:%H:%M}–{one.end:%H:%M}", mark=""), chosen=True)

    def _drop(self) -> None:
        block = self.sender()
        if isinstance(block, Block) and block.shown is not None:
            one = block.shown
            self.moved.emit(one.appointment_id, one.day, one.start, one.end)

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.columns or not self._press(Qt.Key(event.key()), event.modifiers()):
            super().keyPressEvent(event)

    def _press(self, key: Qt.Key, held: Qt.KeyboardModifier) -> bool:
        """Do what the key says; False for one that says nothing here."""
        control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        stop = self._cursor.present()
        if key in _SIDEWAYS and not held & (control | shift):
            self._go_sideways(_SIDEWAYS[key])
        elif key in _UP_DOWN and not held & (control | shift):
            self._go_down(_UP_DOWN[key])
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.turned.emit(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key == Qt.Key.Key_N or (
            key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._cursor.appointment_id() is None
        ):
            self._want()
        elif stop is None or stop.appointment_id is None:
            return False
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit(stop.appointment_id)
        elif key == Qt.Key.Key_Delete:
            self.discarded.emit(stop.appointment_id)
        elif held & control and (key in _SIDEWAYS or key in _UP_DOWN):
            self._move_by(stop, _SIDEWAYS.get(key, 0), _UP_DOWN.get(key, 0) * STEP)
        elif held & shift and key in _UP_DOWN:
            self._lengthen_by(stop, _UP_DOWN[key] * STEP)
        else:
            return False
        return True

    def _want(self) -> None:
        stop = self._cursor.present()
        day = self.columns[self._cursor.day].day
        if stop is None:
            self.wanted.emit(day, None, None)
        else:
            self.wanted.emit(day, stop.start, stop.end if stop.appointment_id is None else None)

    def _go_sideways(self, by: int) -> None:
        if self._cursor.go_sideways(by):
            self._stand()
        else:
            self.turned.emit(by)

    def _go_down(self, by: int) -> None:
        self._cursor.go_down(by)
        self._stand()

    def _stand(self) -> None:
        self.chosen = self._cursor.appointment_id()
        self._mark()

    def _mark(self) -> None:
        for block, one in zip(self._blocks, self.shown, strict=False):
            block.show_one(one, chosen=one.appointment_id == self.chosen)
        self.setAccessibleDescription(self._told())
        self.update()

    def _told(self) -> str:
        """Where the cursor stands, for a screen reader."""
        stop, column = self._cursor.present(), self.columns[self._cursor.day]
        if stop is None:
            return column.title
        free = self.tr("{day} {time} 空").format(day=column.title, time=f"{stop.start:%H:%M}")
        return next((one.name for one in self.shown if one.appointment_id == stop.appointment_id), free)

    def _move_by(self, stop: Stop, days: int, minutes: int) -> None:
        if self._fixed(stop) or not 0 <= self._cursor.day + days < len(self.columns):
            return
        start, end = minute(stop.start) + minutes, minute(stop.end) + minutes
        if start >= 0 and end <= DAY_ENDS:
            self.moved.emit(stop.appointment_id, self.columns[self._cursor.day + days].day, moment(start), moment(end))

    def _lengthen_by(self, stop: Stop, minutes: int) -> None:
        end = minute(stop.end) + minutes
        if not self._fixed(stop) and minute(stop.start) < end <= DAY_ENDS:
            self.moved.emit(stop.appointment_id, self.columns[self._cursor.day].day, stop.start, moment(end))

    def _fixed(self, stop: Stop) -> bool:
        return not any(one.appointment_id == stop.appointment_id and one.movable for one in self.shown)

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        stop = self._cursor.present()
        stands = None
        if self.hasFocus() and stop is not None and stop.appointment_id is None:
            stands = self.rect_of(self.columns[self._cursor.day].day, stop.start, stop.end)
        painter = QPainter(self)
        paint(painter, self._sheet, self._cursor.days, stands, self.font())


def _beginning(one: Shown) -> tuple[date, time, int]:
    return one.day, one.start, one.appointment_id
