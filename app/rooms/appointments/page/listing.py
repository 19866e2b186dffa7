"""Appointments as a list: what is still to come, what lacks an outcome, what has been."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.rooms.appointments.choices import Status
from app.rooms.appointments.page.week import masked
from app.rooms.appointments.record import Booked
from app.rooms.appointments.wording import time_words
from app.rooms.school.names import weekday_name
from app.ui.cards import Card, EmptyState, button
from app.ui.language import label_of
from app.ui.tables import Table, TableRow

COMING, UNREGISTERED, PAST = "coming", "unregistered", "past"
_TONES = {Status.ATTENDED: "green", Status.ABSENT: "amber", Status.PENDING: "amber"}
_STRUCK = (Status.CANCELLED, Status.MOVED)
_STATUS = 5


class AppointmentList(QWidget):
    """Says which appointments are wanted, and shows them."""

    narrowed = Signal()
    opened = Signal(int)
    entered = Signal(int)  # by Enter or a double click: the keys go on beside the list

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(self._make_chips())
        self.empty = EmptyState(self.tr("没有这样的预约"), self.tr("换上面的另一类看看，或从「+ 预约」新建。"))
        headers = [
            self.tr("日期"), self.tr("时间"), self.tr("谁"), self.tr("类型"), self.tr("地点"), self.tr("结果")
        ]  # fmt: skip
        self.table = Table(self.tr("预约列表"), headers, self.empty, (150, 110, 160, 96, 120))
        self.table.make_sortable()
        self.table.opened.connect(self.entered)
        self.table.picked.connect(self.opened)
        card = Card(flush=True)
        card.body.addWidget(self.table)
        column.addWidget(card, 1)

    def wanted(self) -> str:
        """COMING, UNREGISTERED or PAST."""
        return next(code for code, chip in self._chips.items() if chip.isChecked())

    def show_list(self, booked: Sequence[Booked], now: datetime) -> None:
        """Show these."""
        self.table.show_rows([self._row(one, now) for one in booked])

    def _make_chips(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        self._chips: dict[str, QPushButton] = {}
        for code, words in (
            (COMING, self.tr("今天起")),
            (UNREGISTERED, self.tr("未登记")),
            (PAST, self.tr("本学年过去的")),
        ):
            chip = button(words, name=self.tr("看{which}的预约").format(which=words))
            chip.setProperty("chip", True)
            chip.setCheckable(True)
            chip.setAutoExclusive(True)
            chip.setChecked(code == COMING)
            chip.clicked.connect(self.narrowed)
            self._chips[code] = chip
            line.addWidget(chip)
        line.addStretch(1)
        return line

    def _row(self, one: Booked, now: datetime) -> TableRow:
        of = one.appointment
        late = of.lacks_outcome(now)
        status = self.tr("未登记") if late else label_of(of.status)
        day = f"{of.day:%Y-%m-%d} {weekday_name(of.day.isoweekday())}"
        cells = (day, time_words(one), masked(one), label_of(of.kind), of.place, status)
        tone = "red" if late else _TONES.get(of.status, "ink2")
        keys = ((of.day, of.start), of.start, *cells[2:])
        struck = range(_STATUS) if of.status in _STRUCK else ()
        return TableRow(of.id, cells, {_STATUS: tone}, keys, struck=struck)
