"""Sheet: what a class list's file holds, before anybody knows what its columns mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

Cell = str | int | float | date
"""What a cell holds; an empty one is an empty text."""
Step = Callable[[int, int], None]
"""Told how far a long act is (done, of); may raise to stop it."""


def no_step(_done: int, _of: int) -> None:
    """For callers who show no progress."""


@dataclass(frozen=True)
class SheetRow:
    """One filled row and the number the spreadsheet shows beside it."""

    number: int
    cells: tuple[Cell, ...]

    def at(self, column: int) -> Cell:
        """The cell of a column, counted from 0; an empty text beyond the last one."""
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True)
class Sheet:
    """One visible sheet. ``merged`` are (first row, first column, last row, last column), rows as shown, columns from 0."""

    name: str
    rows: tuple[SheetRow, ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True)
class Workbook:
    """The sheets of a file, and the names of those left out because they are hidden."""

    name: str
    """The file's name, without its folder."""
    sheets: tuple[Sheet, ...]
    hidden: tuple[str, ...] = ()
