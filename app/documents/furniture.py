"""What stands on every page beside the letter: 保密 and number, the footer with its QR code, 骑缝 marks, 草稿."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.lib.units import mm

from app.documents.blocks import Document, Sheet
from app.documents.code import content_code
from app.documents.fonts import BOLD, SERIF, code_point
from app.documents.linebreak import set_line
from app.documents.pen import GREY, INK, PALE, Pen

WIDTH, HEIGHT = 210 * mm, 297 * mm
LEFT, TOP = 28 * mm, 37 * mm
TEXT_WIDTH, TEXT_HEIGHT = 156 * mm, 225 * mm
"""GB/T 9704-2012: 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm."""
RIGHT = LEFT + TEXT_WIDTH
_FOOT_TOP = 31 * mm
_QR = 15 * mm
_SMALL = 7.5
_SEAM = 9 * mm


@dataclass(frozen=True)
class Foot:
    """What a page tells about the paper itself. The pictures are PNG as pictures.clean() gives them."""

    issued_at: datetime | None = None
    """Time of issue, not of printing; None for a draft."""
    trail_head: str = ""
    """Present head of the vault's trail, 12 hex digits."""
    fingerprint: str = ""
    """SHA-256 of the signing certificate, hex; empty for paper that is not signed."""
    autograph: bytes | None = None
    stamp: bytes | None = None


class Furniture:
    """The pages' furniture of one document."""

    def __init__(self, document: Document, foot: Foot, pages: int) -> None:
        self._document, self._foot, self._pages = document, foot, pages
        self._code = "" if document.draft else content_code(document)
        self._qr = _qr_runs(f"{document.number} {self._code}".strip()) if self._code else []

    def draw_under(self, pen: Pen) -> None:
        """What lies under the text: 草稿 across the page of a draft."""
        if not self._document.draft:
            return
        pen.canvas.saveState()
        pen.canvas.translate(WIDTH / 2, HEIGHT / 2)
        pen.canvas.rotate(52)
        pen.words("草  稿", 0, -60, 170, face_name=BOLD, colour=PALE, stand=0.5)
        pen.canvas.restoreState()

    def draw_over(self, pen: Pen, sheet: Sheet, page: int) -> None:
        """What stands around the text of the page with that number."""
        self._draw_head(pen)
        self._draw_foot(pen, page)
        if sheet.seam:
            self._draw_seam(pen, sheet.seam)
        if pen.boxes:
            _draw_boxes_note(pen)

    def _draw_head(self, pen: Pen) -> None:
        y = HEIGHT - 22 * mm
        if self._document.private:
            pen.words("保密", RIGHT, y, 14, face_name=BOLD, stand=1)
        told = []
        if self._document.number:
            told.append(f"编号 {self._document.number}")
        if self._foot.issued_at:
            told.append(f"签发 {self._foot.issued_at:%Y-%m-%d %H:%M}")
        pen.words(" · ".join(told), RIGHT, y - 14, 9, colour=GREY, stand=1, room=TEXT_WIDTH)

    def _draw_foot(self, pen: Pen, page: int) -> None:
        pen.rule(LEFT, _FOOT_TOP, RIGHT, _FOOT_TOP, 0.5, GREY)
        left = LEFT
        if self._qr:
            self._draw_qr(pen)
            left += _QR + 4 * mm
        first = y = _FOOT_TOP - 12
        pen.words(f"第 {page} 页 / 共 {self._pages} 页", RIGHT, y, 9, colour=INK, stand=1)
        for line in filter(None, self._foot_lines(RIGHT - left)):
            pen.words(line, left, y, _SMALL, colour=GREY, room=RIGHT - left - (25 * mm if y == first else 0))
            y -= 11.5

    def _foot_lines(self, room: float) -> Iterator[str]:
        """The small lines; the last, who may use the paper, fits into ``room`` points by a shorter name, never by smaller words."""
        document, foot = self._document, self._foot
        told = [f"编号 {document.number}"] if document.number else []
        if self._code:
            told.append(f"内容码 {_in_fours(self._code)}")
        yield "    ".join(told)
        told = [f"签名证书指纹 {_short(foot.fingerprint)}"] if foot.fingerprint else []
        if foot.trail_head:
            told.append(f"记录链 {_in_fours(foot.trail_head)}")
        if told:
            yield "    ".join(told)
        checked = "以电子签名校验为准。" if foot.fingerprint else ""
        if not document.limited_to:
            yield checked
            return
        before, after = "本材料仅限", f"使用，不得拍照转发。{checked}"
        yield before + _shortened(document.limited_to, room - set_line(before + after, SERIF, _SMALL).width) + after

    def _draw_qr(self, pen: Pen) -> None:
        """The QR code at the foot's left; its squares are written once and shown on every page."""
        canvas = pen.canvas
        if not canvas.hasForm("qr"):
            canvas.beginForm("qr", 0, 0, _QR, _QR)
            canvas.setFillColor(INK)
            path = canvas.beginPath()
            module = _QR / (max(row for row, _, _ in self._qr) + 1)
            for row, column, count in self._qr:
                path.rect(column * module, _QR - (row + 1) * module, count * module, module)
            canvas.drawPath(path, stroke=0, fill=1)
            canvas.endForm()
        canvas.saveState()
        canvas.translate(LEFT, _FOOT_TOP - 2 * mm - _QR)
        canvas.doForm("qr")
        canvas.restoreState()

    def _draw_seam(self, pen: Pen, words: str) -> None:
        """A dashed line along the right edge: the sheets are fanned out and stamped across it (骑缝章)."""
        pen.canvas.saveState()
        pen.canvas.translate(WIDTH - _SEAM, HEIGHT / 2)
        pen.canvas.rotate(90)
        half = set_line(words, SERIF, 9).width / 2 + 6
        pen.rule(-HEIGHT / 2 + 12 * mm, 3, -half, 3, 0.6, GREY, dashed=True)
        pen.rule(half, 3, HEIGHT / 2 - 12 * mm, 3, 0.6, GREY, dashed=True)
        pen.words(words, 0, 0, 9, colour=GREY, stand=0.5)
        pen.canvas.restoreState()


def _draw_boxes_note(pen: Pen) -> None:
    """The footnote for characters that stand as a box."""
    names = [code_point(character) for character in pen.boxes]
    shown = names[:20]
    more = f"等 {len(names)} 个字符" if len(names) > len(shown) else ""
    pen.words(f"本页画成方框的字依次为：{'、'.join(shown)}{more}", LEFT, _FOOT_TOP + 4, 8, colour=GREY, room=TEXT_WIDTH)


def _qr_runs(text: str) -> list[tuple[int, int, int]]:
    """The QR code's dark modules as runs: row, first column, how many."""
    widget = QrCodeWidget(text, barLevel="M")
    widget.qr.make()
    size = widget.qr.getModuleCount()
    runs: list[tuple[int, int, int]] = []
    for row in range(size):
        dark = [column for column in range(size) if widget.qr.isDark(row, column)]
        runs += [(row, first, count) for first, count in _joined(dark)]
    return runs


def _joined(columns: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = count = -1
    for column in columns:
        if count > 0 and column == first + count:
            count += 1
            continue
        if count > 0:
            yield first, count
        first, count = column, 1
    if count > 0:
        yield first, count


def _shortened(name: str, room: float) -> str:
    """The name, or as much of its beginning as fits into ``room`` points of the foot, with … after it."""
    shown = name
    kept = len(name)
    while kept and set_line(shown, SERIF, _SMALL).width > room:
        kept -= 1
        shown = f"{name[:kept]}…"
    return shown


def _in_fours(code: str) -> str:
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def _short(fingerprint: str) -> str:
    plain = fingerprint.replace(":", "").replace(" ", "").upper()
    return f"{_in_fours(plain[:16])} … {plain[-4:]}"
