"""Merged cells: a class written once beside many students holds for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.rooms.students.classlist.columns import Layout
from app.rooms.students.classlist.sheets import Cell, Sheet, SheetRow

RARELY = 5
"""Where a file does not tell its merged cells, a column filled in fewer than one row of so many is filled down."""


def filled_down(sheet: Sheet, layout: Layout, places: Sequence[int]) -> list[SheetRow]:
    """The rows of the list with the given columns filled in from the merged cells above them."""
    rows = list(layout.rows)
    for place in places:
        spans = {
            number: top
            for top, left, bottom, right in sheet.merged
            if left <= place <= right and bottom > top
            for number in range(top + 1, bottom + 1)
        }
        if spans:
            rows = _from_spans(rows, place, spans)
        elif not sheet.merged and _is_rare(rows, place):
            rows = _from_above(rows, place)
    return rows


def _is_rare(rows: Sequence[SheetRow], place: int) -> bool:
    filled = sum(1 for row in rows if row.at(place) != "")
    return 0 < filled * RARELY < len(rows)


def _from_spans(rows: Iterable[SheetRow], place: int, spans: dict[int, int]) -> list[SheetRow]:
    first: dict[int, Cell] = {}
    made = []
    for row in rows:
        first[row.number] = row.at(place)
        top = spans.get(row.number)
        made.append(_with(row, place, first.get(top, "")) if top is not None and row.at(place) == "" else row)
    return made


def _from_above(rows: Iterable[SheetRow], place: int) -> list[SheetRow]:
    above: Cell = ""
    made = []
    for row in rows:
        above = row.at(place) or above
        made.append(_with(row, place, above))
    return made


def _with(row: SheetRow, place: int, cell: Cell) -> SheetRow:
    cells = list(row.cells) + [""] * (place + 1 - len(row.cells))
    cells[place] = cell
    return SheetRow(row.number, tuple(cells))
