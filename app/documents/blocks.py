"""Blocks: what a letter says, as plain values. Rooms write them (letter.py), paper draws them, the content code is taken over them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Align(Enum):
    """How the lines of a block stand."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"
    JUSTIFY = "justify"


@dataclass(frozen=True)
class Title:
    """The document's or sheet's title, centred, Sans Bold 22 pt (2 号)."""

    text: str


@dataclass(frozen=True)
class Heading:
    """A section heading inside a sheet, Sans Bold."""

    text: str


@dataclass(frozen=True)
class Text:
    """A paragraph of the body. ``indent``: first-line indent in characters. ``size`` in points; None is the sheet's body size."""

    text: str
    indent: int = 2
    align: Align = Align.JUSTIFY
    bold: bool = False
    size: float | None = None
    space_after: float = 0.0
    """Points of room left under the paragraph."""


@dataclass(frozen=True)
class Cell:
    """One cell of a grid. ``label`` cells are Sans Bold on a light ground; ``across`` is how many columns it takes."""

    text: str
    label: bool = False
    across: int = 1
    down: int = 1
    min_lines: int = 1
    """The least height, in lines of text: room to write by hand."""


@dataclass(frozen=True)
class Grid:
    """A table. ``widths`` are shares of the text width, one per column; a long row breaks across pages."""

    widths: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    head_rows: int = 0
    """How many first rows are repeated on the next page."""
    size: float | None = None
    """Points; None is the sheet's body size, at most 12 (小四)."""


@dataclass(frozen=True)
class Closing:
    """Signature and date at the foot of a letter, right-aligned with four characters of room (GB/T 9704)."""

    lines: tuple[str, ...]
    autograph: bool = False
    """Draw the picture of the handwritten signature beside the first line, where one is kept."""
    stamp: bool = False
    """Draw the picture of the room's stamp over the lines, where one is kept."""


@dataclass(frozen=True)
class Gap:
    """Empty room of so many body lines."""

    lines: float = 1.0


@dataclass(frozen=True)
class Tear:
    """A dashed cut line across the page with words in its middle (骑缝)."""

    text: str = ""


Block = Title | Heading | Text | Grid | Closing | Gap | Tear


@dataclass(frozen=True)
class Sheet:
    """What begins on a page of its own: the letter, the receipt, the stub. ``key`` names it in the print dialog's choice of sheets."""

    key: str
    name: str
    """Chinese, as the choice of sheets shows it: 「第一联 交接诊机构」."""
    blocks: tuple[Block, ...]
    body_size: float = 16.0
    """Points: 16 for letters (3 号), 12 (小四) or 10.5 (五号) for forms."""
    line_height: float = 28.0
    """Points from one base line to the next."""
    smallest: float | None = None
    """Points: the body may be set down to this size where that keeps the sheet on one page; None leaves it at body_size."""
    seam: str = ""
    """Words of the 骑缝 mark at the sheet's edge; empty for none."""


@dataclass(frozen=True)
class Document:
    """A whole document before it is drawn.

    ``kind`` is the document kind's code, ``title`` what the screen calls it (a sheet shows a Title of its own), ``number``
    its number (empty for a draft or a form that is not numbered); ``draft`` draws 草稿 across every page.
    ``private`` prints 保密 and the number at the top right (domain.md §4).
    """

    kind: str
    title: str
    sheets: tuple[Sheet, ...]
    number: str = ""
    draft: bool = False
    private: bool = True
    limited_to: str = ""
    """Whom the paper is for: 「本材料仅限 … 使用,不得拍照转发」 in the footer."""
    extras: dict[str, str] = field(default_factory=dict)
    """What else the content code covers and no block shows (e.g. the record's id)."""


def tick(label: str, on: bool) -> str:
    """A tick box on paper with its label: ■ chosen, □ not (the bundled fonts have no ☑)."""
    return f"{'■' if on else '□'}{label}"
