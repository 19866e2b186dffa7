"""Grids: tables with borders, label cells and cells across columns or rows; a long row is split between pages by its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.documents.blocks import Cell, Grid
from app.documents.fonts import BOLD, SERIF
from app.documents.linebreak import Line, set_text
from app.documents.pen import Pen

_SIDE = 5.0
_ABOVE = 4.0
_BORDER = 0.6


@dataclass(frozen=True)
class _Laid:
    """A cell with its place in the band and its lines set."""

    row: int
    down: int
    x: float
    width: float
    lines: tuple[Line, ...]
    label: bool
    centred: bool
    """Its lines stand in the middle of its height, not at the top."""


@dataclass(frozen=True)
class Band:
    """Rows that hang together by cells that go down over several of them; mostly one row."""

    cells: tuple[_Laid, ...]
    heights: tuple[float, ...]
    lead: float

    @property
    def height(self) -> float:
        """Points from its upper to its lower border."""
        return sum(self.heights)

    def split(self, room: float) -> tuple[Band, Band] | None:
        """The part that fits into ``room`` and the rest; None where not one line of it fits."""
        whole = 0
        while whole < len(self.heights) and sum(self.heights[: whole + 1]) <= room:
            whole += 1
        if whole:
            return self._cut(whole, self.heights[:whole], self.heights[whole:])
        fits = int((room - 2 * _ABOVE) // self.lead)
        if fits < 1:
            return None
        upper = fits * self.lead + 2 * _ABOVE
        rest = max(self.heights[0] - fits * self.lead, self.lead + 2 * _ABOVE)
        return self._cut(1, (upper,), (rest, *self.heights[1:]), inside=True)

    def _cut(
        self, row: int, upper: tuple[float, ...], lower: tuple[float, ...], inside: bool = False
    ) -> tuple[Band, Band]:
        above: list[_Laid] = []
        below: list[_Laid] = []
        for cell in self.cells:
            if cell.row >= row:
                below.append(replace(cell, row=cell.row - row + inside))
                continue
            fits = max(int((sum(upper[cell.row :]) - 2 * _ABOVE + 0.01) // self.lead), 0)
            ends = cell.row + cell.down
            above.append(replace(cell, down=min(ends, row) - cell.row, lines=cell.lines[:fits]))
            if inside or ends > row:
                below.append(replace(cell, row=0, down=ends - row + inside, lines=cell.lines[fits:]))
        return _band(above, upper, self.lead), _band(below, lower, self.lead)

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Draw it with its upper border at ``top``."""
        for cell in self.cells:
            upper = top - sum(self.heights[: cell.row])
            height = sum(self.heights[cell.row : cell.row + cell.down])
            if cell.label:
                pen.ground(x + cell.x, upper - height, cell.width, height)
        for cell in self.cells:
            upper = top - sum(self.heights[: cell.row])
            height = sum(self.heights[cell.row : cell.row + cell.down])
            self._draw_cell(pen, cell, x + cell.x, upper, height)

    def _draw_cell(self, pen: Pen, cell: _Laid, left: float, upper: float, height: float) -> None:
        right, lower = left + cell.width, upper - height
        for x1, y1, x2, y2 in (
            (left, upper, right, upper),
            (left, lower, right, lower),
            (left, upper, left, lower),
            (right, upper, right, lower),
        ):
            pen.rule(x1, y1, x2, y2, _BORDER)
        start = upper - ((height - len(cell.lines) * self.lead) / 2 if cell.centred else _ABOVE)
        for number, line in enumerate(cell.lines):
            across = left + (cell.width - line.width) / 2 if cell.label else left + _SIDE
            base = start - number * self.lead - (self.lead + line.size * 0.76) / 2
            pen.put(line, across, base)


def bands(grid: Grid, width: float, size: float, lead: float) -> tuple[list[Band], list[Band]]:
    """The grid's head rows and its other rows as bands, set in ``width`` points."""
    edges = [0.0]
    for share in grid.widths:
        edges.append(edges[-1] + width * share / sum(grid.widths))
    head: list[Band] = []
    body: list[Band] = []
    free = [0] * len(grid.widths)
    """For each column the number of coming rows that a cell from above still takes."""
    cells: list[_Laid] = []
    least: list[float] = []
    for number, row in enumerate(grid.rows):
        least.append(lead + 2 * _ABOVE)
        _lay_row(row, len(least) - 1, edges, free, cells, least, size, lead)
        free = [max(taken - 1, 0) for taken in free]
        if not any(free) or number == len(grid.rows) - 1:
            (head if number < grid.head_rows else body).append(_band(cells, least, lead))
            cells, least = [], []
    return head, body


def _lay_row(
    row: tuple[Cell, ...],
    place: int,
    edges: list[float],
    free: list[int],
    cells: list[_Laid],
    least: list[float],
    size: float,
    lead: float,
) -> None:
    column, columns = 0, len(free)
    for cell in row:
        while column < columns and free[column]:
            column += 1
        if column >= columns:
            raise ValueError(f"row {place} of a grid has more cells than columns")
        end = min(column + cell.across, columns)
        cell_width = edges[end] - edges[column]
        lines = set_text(cell.text, BOLD if cell.label else SERIF, size, cell_width - 2 * _SIDE, justify=not cell.label)
        centred = cell.label or (len(lines) == 1 and cell.min_lines == 1)
        cells.append(_Laid(place, cell.down, edges[column], cell_width, tuple(lines), cell.label, centred))
        if cell.down == 1:
            least[place] = max(least[place], max(len(lines), cell.min_lines) * lead + 2 * _ABOVE)
        else:
            least[place] = max(least[place], cell.min_lines / cell.down * lead + 2 * _ABOVE)
        for taken in range(column, end):
            free[taken] = cell.down
        column = end


def _band(cells: list[_Laid], least: Sequence[float], lead: float) -> Band:
    """Rows made high enough for the cells that go down over several: the last of them grows."""
    heights = list(least)
    laid = [replace(cell, down=min(cell.down, len(heights) - cell.row)) for cell in cells]
    for cell in laid:
        lacks = len(cell.lines) * lead + 2 * _ABOVE - sum(heights[cell.row : cell.row + cell.down])
        if lacks > 0:
            heights[cell.row + cell.down - 1] += lacks
    return Band(tuple(laid), tuple(heights), lead)
