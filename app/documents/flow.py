"""Flow: pieces one under the other, from page to page; what holds together stays together where a page has room for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.documents.grids import Band
from app.documents.pen import Pen


class Part(Protocol):
    """Something with a height that can be drawn under a given line."""

    @property
    def height(self) -> float:
        """Points."""

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Draw it with its upper edge at ``top``."""


@dataclass
class Piece:
    """A part on its way to a page."""

    part: Part
    holds: bool = False
    """It does not stand last on a page while the next piece stands on the next."""
    yields: bool = False
    """Empty room: left out at the top of a page."""
    heads: Sequence[Band] = ()
    """What is repeated above it when it comes first on a page."""


@dataclass
class Page:
    """The parts of one page with the distance of each from the top of the text area."""

    parts: list[tuple[float, Part]] = field(default_factory=list)
    used: float = 0.0

    def add(self, part: Part) -> None:
        """Put a part under the others."""
        self.parts.append((self.used, part))
        self.used += part.height


def fill(pieces: Sequence[Piece], height: float) -> list[Page]:
    """Pages of ``height`` points that hold all pieces in order; nothing is left out but empty room at a page's top."""
    pages = [Page()]
    at = 0
    while at < len(pieces):
        end = at + 1
        while end < len(pieces) and pieces[end - 1].holds:
            end += 1
        together = sum(piece.part.height for piece in pieces[at:end])
        splits = end - at == 1 and _worth_splitting(pieces[at].part, height)
        room = height - pages[-1].used
        if pages[-1].parts and room < together <= height and not splits and not pieces[at].yields:
            pages.append(_next_page(pieces[at]))
        for piece in pieces[at:end]:
            _place(piece, pages, height)
        at = end
    return pages


def _worth_splitting(part: Part, height: float) -> bool:
    return isinstance(part, Band) and part.height > 0.4 * height


def _next_page(first: Piece) -> Page:
    page = Page()
    for band in first.heads:
        page.add(band)
    return page


def _place(piece: Piece, pages: list[Page], height: float) -> None:
    part = piece.part
    if piece.yields and (not pages[-1].parts or part.height > height - pages[-1].used):
        return
    fresh = not pages[-1].parts
    while part.height > height - pages[-1].used + 0.01:
        cut = part.split(height - pages[-1].used) if isinstance(part, Band) else None
        if cut is None and fresh:
            break
        if cut is not None:
            pages[-1].add(cut[0])
            part = cut[1]
        pages.append(_next_page(piece))
        fresh = True
    pages[-1].add(part)
