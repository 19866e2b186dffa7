"""The cards of Today: the first lines of a heading with the way to all of them, and today's appointments."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from app.rooms.school.planned import Planned
from app.rooms.today.page.rows import Coming, DueRow, LineRow, PlannedRow, Told, coming
from app.ui.cards import Card, button, clear, text


class LinesCard(Card):
    """A card of lines; what stands there where there are none is said in one line."""

    all_wanted = Signal(str)  # the place of the whole list
    stepped = Signal(int)  # from one of its lines, 1 down, -1 up

    def __init__(self, title: str, nothing: str, place: str = "") -> None:
        super().__init__(title, flush=True)
        self._nothing, self._place = nothing, place
        self.rows: list[LineRow] = []
        self.all_button = self.add_action(button("", quiet=True))
        self.all_button.clicked.connect(self._want_all)
        self.all_button.hide()

    def show_rows(self, rows: Sequence[LineRow], of: int) -> None:
        """Show these lines, the first of so many; one that stands there already stays as it is."""
        clear(self.body, rows)
        for row in rows:
            if row not in self.rows:
                row.stepped.connect(self.stepped)
            self.add_row(row)
            row.raise_()  # a screen reader goes from one to the next as they were raised
        self.rows = list(rows)
        if not rows:
            label = text(self._nothing, "secondary")
            label.setContentsMargins(16, 14, 16, 14)
            self.body.addWidget(label)
        self.all_button.setVisible(of > len(rows))
        words = self.tr("全部 {count} 件").format(count=f"{of:,}")
        self.all_button.setText(words)
        self.all_button.setAccessibleName(f"{self.title_label.text()}：{words}")

    def _want_all(self) -> None:
        self.all_wanted.emit(self._place)


class DueCard(LinesCard):
    """One heading of what is due."""

    settle_wanted = Signal(object)  # a Due
    put_off_wanted = Signal(object)  # a Told
    back_wanted = Signal(object)  # a Snooze

    def show_lines(self, lines: Sequence[Told], of: int) -> None:
        """Show these lines, the first of so many."""
        there = {row.told: row for row in self.rows if isinstance(row, DueRow)}
        self.show_rows([there.get(told) or self._row(told) for told in lines], of)

    def _row(self, told: Told) -> DueRow:
        row = DueRow(told)
        row.settle_wanted.connect(self.settle_wanted)
        row.put_off_wanted.connect(self.put_off_wanted)
        row.back_wanted.connect(self.back_wanted)
        return row


class PlannedCard(LinesCard):
    """Today's appointments."""

    begin_wanted = Signal(object)
    open_wanted = Signal(object)

    def show_planned(self, planned: Sequence[Planned], nothing: str) -> None:
        """Show them all: a day has few; of a day without any say this."""
        self._nothing = nothing
        there = {row.coming: row for row in self.rows if isinstance(row, PlannedRow)}
        lines = [coming(one) for one in planned]
        self.show_rows([there.get(line) or self._row(line) for line in lines], len(lines))

    def _row(self, line: Coming) -> PlannedRow:
        row = PlannedRow(line)
        row.begin_wanted.connect(self.begin_wanted)
        row.open_wanted.connect(self.open_wanted)
        return row
