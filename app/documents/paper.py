"""Paper: draws a document's blocks on A4 pages and gives the PDF back as bytes, with the pages of each sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from itertools import chain
from threading import Lock

from reportlab.lib.units import mm

from app.documents.blocks import (
    Align,
    Block,
    Closing,
    Document,
    Gap,
    Grid,
    Heading,
    Sheet,
    Tear,
    Text,
    Title,
)
from app.documents.flow import Page, Piece, fill
from app.documents.fonts import BOLD, SERIF, refuse_bidi
from app.documents.fonts import missing as missing_in
from app.documents.furniture import HEIGHT, LEFT, TEXT_HEIGHT, TEXT_WIDTH, TOP, WIDTH, Foot, Furniture
from app.documents.grids import bands
from app.documents.linebreak import Line, set_line, set_text
from app.documents.pen import GREY, Pen, fitted, new_canvas, reader

_TITLE = 22.0
_TITLE_LEAD = 33.0
_GRID = 12.0
_AUTOGRAPH: float = 32 * mm
_STAMP: float = 40 * mm
_DRAWING = Lock()
"""ReportLab's faces serve one PDF at a time."""

__all__ = ["Drawn", "Foot", "SheetPages", "draw", "missing"]


@dataclass(frozen=True)
class SheetPages:
    """The pages of one sheet, counted from 1, both ends included."""

    key: str
    name: str
    first: int
    last: int


@dataclass(frozen=True)
class Drawn:
    """A drawn document; ``missing`` are the characters that stand as a box."""

    pdf: bytes
    sheets: tuple[SheetPages, ...]
    missing: tuple[str, ...]


def missing(document: Document) -> list[str]:
    """The characters of a document that no bundled face has: to be shown before it is issued."""
    return missing_in("\n".join(_texts(document)))


def draw(document: Document, foot: Foot) -> Drawn:
    """Draw a document. The same document and foot give the same bytes.

    Raises Problem where characters turn the reading direction round.
    """
    words = "\n".join(_texts(document))
    refuse_bidi(words)
    with _DRAWING:
        filled = [(sheet, _fill(sheet, foot)) for sheet in document.sheets]
        pdf = _write(document, foot, filled)
        return Drawn(pdf, tuple(_page_ranges(filled)), tuple(missing_in(words)))


def _fill(sheet: Sheet, foot: Foot) -> list[Page]:
    """The sheet's pages, in its own size or, where it may be set smaller, in the first size that fits one page."""
    pages = first = fill(_pieces(sheet, foot), TEXT_HEIGHT)
    size = sheet.body_size
    while len(pages) > 1 and sheet.smallest and size > sheet.smallest:
        size = max(size - 1, sheet.smallest)
        smaller = replace(sheet, body_size=size, line_height=sheet.line_height * size / sheet.body_size)
        pages = fill(_pieces(smaller, foot), TEXT_HEIGHT)
    return pages if len(pages) == 1 else first


def _write(document: Document, foot: Foot, filled: list[tuple[Sheet, list[Page]]]) -> bytes:
    target = BytesIO()
    canvas = new_canvas(target, (WIDTH, HEIGHT))
    canvas.setTitle(f"{document.kind} {document.number}".strip())
    canvas.setAuthor("")
    canvas.setSubject("")
    canvas.setCreator("静室 Jingshi")
    if foot.issued_at:
        canvas.setDateFormatter(_Issued(foot.issued_at))
    furniture = Furniture(document, foot, sum(len(pages) for _, pages in filled))
    number = 0
    for sheet, pages in filled:
        for page in pages:
            number += 1
            pen = Pen(canvas)
            furniture.draw_under(pen)
            for top, part in page.parts:
                part.draw(pen, LEFT, HEIGHT - TOP - top)
            furniture.draw_over(pen, sheet, number)
            canvas.showPage()
    canvas.save()
    return target.getvalue()


@dataclass(frozen=True)
class _Issued:
    """The time of issue as the PDF's dates; ReportLab asks with the time of drawing."""

    at: datetime

    def __call__(self, *_drawn: int) -> str:
        zone = self.at.strftime("%z") or "+0000"
        return f"D:{self.at:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"


def _page_ranges(filled: list[tuple[Sheet, list[Page]]]) -> Iterator[SheetPages]:
    first = 1
    for sheet, pages in filled:
        yield SheetPages(sheet.key, sheet.name, first, first + len(pages) - 1)
        first += len(pages)


def _texts(document: Document) -> Iterator[str]:
    """Every text of a document that reaches the paper."""
    yield from (document.number, document.limited_to)
    for sheet in document.sheets:
        yield sheet.seam
        for block in sheet.blocks:
            if isinstance(block, Grid):
                yield from (cell.text for row in block.rows for cell in row)
            elif isinstance(block, Closing):
                yield from block.lines
            elif not isinstance(block, Gap):
                yield block.text


# How each block becomes pieces.


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


def _pieces(sheet: Sheet, foot: Foot) -> list[Piece]:
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
