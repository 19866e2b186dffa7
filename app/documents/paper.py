"""Paper: draws a document's blocks on A4 pages and gives the PDF back as bytes, with the pages of each sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from threading import Lock

from app.documents.blocks import Closing, Document, Gap, Grid, Sheet
from app.documents.flow import Page, fill
from app.documents.fonts import missing as missing_in
from app.documents.fonts import refuse_bidi
from app.documents.furniture import HEIGHT, LEFT, TEXT_HEIGHT, TOP, WIDTH, Foot, Furniture
from app.documents.pen import Pen, new_canvas
from app.documents.pieces import pieces

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
    pages = first = fill(pieces(sheet, foot), TEXT_HEIGHT)
    size = sheet.body_size
    while len(pages) > 1 and sheet.smallest and size > sheet.smallest:
        size = max(size - 1, sheet.smallest)
        smaller = replace(sheet, body_size=size, line_height=sheet.line_height * size / sheet.body_size)
        pages = fill(pieces(smaller, foot), TEXT_HEIGHT)
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
