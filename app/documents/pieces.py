"""How each kind of block becomes pieces for the pages: lines of text, grids, the closing with its pictures, tear lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from reportlab.lib.units import mm

from app.documents.blocks import Align, Block, Closing, Gap, Grid, Heading, Sheet, Tear, Text, Title
from app.documents.flow import Piece
from app.documents.fonts import BOLD, SERIF
from app.documents.furniture import TEXT_HEIGHT, TEXT_WIDTH, Foot
from app.documents.grids import bands
from app.documents.linebreak import Line, set_line, set_text
from app.documents.pen import GREY, Pen, fitted, reader

_TITLE = 22.0
_TITLE_LEAD = 33.0
_GRID = 12.0
_AUTOGRAPH: float = 32 * mm
_STAMP: float = 40 * mm


@dataclass(frozen=True)
class _SetLine:
    """One line of text in a strip of the page."""

    line: Line
    height: float
    stand: float = 0.0

    def draw(self, pen: Pen, x: float, top: float) -> None:
        across = x + (TEXT_WIDTH - self.line.width) * self.stand
        pen.put(self.line, across, top - (self.height + self.line.size * 0.76) / 2)


@dataclass(frozen=True)
class _Room:
    """Empty room."""

    height: float

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Nothing to draw."""


@dataclass(frozen=True)
class _TearLine:
    """A dashed line across the page with words in its middle."""

    text: str
    height: float

    def draw(self, pen: Pen, x: float, top: float) -> None:
        y, middle = top - self.height / 2, x + TEXT_WIDTH / 2
        half = set_line(self.text, SERIF, 9).width / 2 + 6 if self.text else 0.0
        pen.rule(x, y, middle - half, y, 0.6, GREY, dashed=True)
        pen.rule(middle + half, y, x + TEXT_WIDTH, y, 0.6, GREY, dashed=True)
        pen.words(self.text, middle, y - 3, 9, colour=GREY, stand=0.5)


@dataclass(frozen=True)
class _Signed:
    """The closing of a letter with its pictures."""

    closing: Closing
    lines: tuple[Line, ...]
    lead: float
    size: float
    foot: Foot

    @property
    def height(self) -> float:
        return max(len(self.lines) * self.lead, _STAMP if self.closing.stamp else 0.0)

    def draw(self, pen: Pen, x: float, top: float) -> None:
        right = x + TEXT_WIDTH - 4 * self.size
        for number, line in enumerate(self.lines):
            base = top - number * self.lead - (self.lead + self.size * 0.76) / 2
            end = right - self._draw_autograph(pen, right, base) if number == 0 and self.closing.autograph else right
            pen.put(line, max(end - line.width, x), base)
        if self.closing.stamp and self.foot.stamp:
            image = reader(self.foot.stamp)
            width, height = fitted(image, _STAMP, _STAMP)
            widest: float = max(line.width for line in self.lines)
            middle = right - min(widest, 60 * mm) / 2, top - len(self.lines) * self.lead / 2
            pen.picture(image, middle[0] - width / 2, middle[1] - height / 2, width, height)

    def _draw_autograph(self, pen: Pen, right: float, base: float) -> float:
        """The picture, or a line to sign on with a pen; returns the width it takes."""
        room = _AUTOGRAPH
        if not self.foot.autograph:
            pen.rule(right - room, base - 3, right, base - 3, 0.6)
            return room + 2
        image = reader(self.foot.autograph)
        width, height = fitted(image, room, 1.35 * self.lead)
        pen.picture(image, right - width, base + self.size * 0.38 - height / 2, width, height)
        return width + 4


def pieces(sheet: Sheet, foot: Foot) -> list[Piece]:
    """The sheet's blocks as pieces, with a little room round grids and above a closing.

    A closing takes the two lines before it with it to the next page.
    """
    done: list[Piece] = []
    for number, block in enumerate(sheet.blocks):
        room = 0.0
        if isinstance(block, Closing):
            room = 0.8
            for piece in done[-2:]:
                piece.holds = True
        elif isinstance(block, Grid) and number and isinstance(sheet.blocks[number - 1], Text):
            room = 0.3
        if room:
            done.append(Piece(_Room(room * sheet.line_height), yields=True, holds=isinstance(block, Closing)))
        done += _block_pieces(block, sheet, foot)
    return done


def _block_pieces(block: Block, sheet: Sheet, foot: Foot) -> list[Piece]:
    size, lead = sheet.body_size, sheet.line_height
    match block:
        case Title():
            lines = set_text(block.text, BOLD, _TITLE, TEXT_WIDTH, justify=False)
            titles = [Piece(_SetLine(line, _TITLE_LEAD, 0.5), holds=True) for line in lines]
            return [*titles, Piece(_Room(lead * 0.5), holds=True)]
        case Heading():
            lines = set_text(block.text, BOLD, size, TEXT_WIDTH, justify=False)
            return [
                Piece(_Room(lead * 0.25), yields=True),
                *(Piece(_SetLine(line, lead), holds=True) for line in lines),
            ]
        case Text():
            return _text_pieces(block, size, lead)
        case Grid():
            return _grid_pieces(block, size, lead)
        case Closing():
            return [Piece(_Signed(block, tuple(_closing_lines(block, size)), lead, size, foot))]
        case Gap():
            return [Piece(_Room(block.lines * lead), yields=True)]
        case Tear():
            return [Piece(_TearLine(block.text, 24.0))]


def _closing_lines(closing: Closing, size: float) -> Iterator[Line]:
    room = TEXT_WIDTH - 4 * size
    for number, line in enumerate(closing.lines):
        signed = closing.autograph and number == 0
        yield from set_text(line, SERIF, size, room - (_AUTOGRAPH + 6 if signed else 0), justify=False)


def _text_pieces(block: Text, body: float, lead: float) -> list[Piece]:
    size = block.size or body
    height = lead * size / body
    lines = set_text(
        block.text,
        BOLD if block.bold else SERIF,
        size,
        TEXT_WIDTH,
        indent=block.indent * size if block.align in (Align.LEFT, Align.JUSTIFY) else 0.0,
        justify=block.align is Align.JUSTIFY,
    )
    stand = {Align.CENTRE: 0.5, Align.RIGHT: 1.0}.get(block.align, 0.0)
    pieces = [Piece(_SetLine(line, height, stand)) for line in lines]
    if len(pieces) > 2:
        pieces[0].holds = pieces[-2].holds = True
    after = [Piece(_Room(block.space_after), yields=True)] if block.space_after else []
    return pieces + after


def _grid_pieces(grid: Grid, body: float, lead: float) -> list[Piece]:
    size = grid.size or min(body, _GRID)
    head, rows = bands(grid, TEXT_WIDTH, size, size * 1.5)
    repeated = head if sum(band.height for band in head) < 0.3 * TEXT_HEIGHT else []
    above = [Piece(band, holds=True) for band in head]
    below = [Piece(band, heads=repeated) for band in rows]
    return [*chain(above, below), Piece(_Room(lead * 0.35), yields=True)]
