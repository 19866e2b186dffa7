"""The bundled faces: Serif for text, Sans Bold for headings, Sans for what Serif lacks; which characters none of them has.

ReportLab writes a TrueType face as many fonts of 256 characters, with a ToUnicode map that is wrong beyond the BMP. Here a
face is one composite font (Identity-H) whose map is UTF-16BE, so a reader finds and copies every character, 𠮷 too, and even
one that no face can draw and that stands on the page as a box.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from app.errors import Problem
from app.resources import resource
from app.vault.text import turning

SERIF = "NotoSerifSC-Regular"
BOLD = "NotoSansSC-Bold"
SANS = "NotoSansSC-Regular"

_SUBSET = 0x4000
"""Characters in one subset: its tables count in 16 bits."""
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Unicode's Default_Ignorable_Code_Point: nothing is to be seen of them."""


@dataclass
class _Use:
    """Which characters of a face one PDF uses, in the order they came; number 0 is no character."""

    internal_name: str
    codes: list[int] = field(default_factory=lambda: [0])
    numbers: dict[int, int] = field(default_factory=dict)

    def number(self, code: int) -> int:
        found = self.numbers.get(code)
        if found is None:
            if len(self.codes) % _SUBSET == 0:
                self.codes.append(0)
            found = self.numbers[code] = len(self.codes)
            self.codes.append(code)
        return found


class Face(TTFont):  # type: ignore[misc]
    """A bundled face. One Face serves one PDF at a time: the caller holds the lock (paper.draw does)."""

    def __init__(self, name: str) -> None:
        super().__init__(name, str(resource("fonts", f"{name}.ttf")), shapable=False)
        self.widths: dict[int, float] = self.face.charWidths
        self.face.glyphToChar.clear()  # 33,000 lists that only the reading of the file needs

    def has(self, character: str) -> bool:
        """Whether the face has a glyph for the character."""
        return ord(character) in self.widths

    def width(self, text: str, size: float) -> float:
        """The length of a text in points; a character without a glyph is as wide as its box."""
        widths = self.widths
        return sum(widths.get(ord(c), 1000) for c in text) * size / 1000

    def _use(self, doc: Any) -> _Use:
        use: _Use | None = self.state.get(doc)
        if use is None:
            use = _Use(f"F{len(doc.fontMapping) + 1}")
            self.state[doc] = use
            doc.fontMapping[self.fontName] = "/" + use.internal_name
            doc.delayedFonts.append(self)
        return use

    def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> list[tuple[int, bytes]]:
        """The text as (subset, two bytes a character); ReportLab asks for it."""
        use = self._use(doc)
        parts: list[tuple[int, bytearray]] = []
        for character in text:
            subset, place = divmod(use.number(ord(character)), _SUBSET)
            if not parts or parts[-1][0] != subset:
                parts.append((subset, bytearray()))
            parts[-1][1].extend(place.to_bytes(2, "big"))
        return [(subset, bytes(codes)) for subset, codes in parts]

    def getSubsetInternalName(self, subset: int, doc: Any) -> str:
        """The name a subset has in the page's resources; ReportLab asks for it."""
        return f"/{self._use(doc).internal_name}+{subset}"

    def addObjects(self, doc: Any) -> None:
        """Write the characters used into the PDF; ReportLab calls it once, at the end."""
        use = self._use(doc)
        for start in range(0, len(use.codes), _SUBSET):
            subset = start // _SUBSET
            name = f"{_tag(subset)}+{self.fontName}"
            fonts = doc.idToObject["BasicFonts"].dict
            fonts[f"{use.internal_name}+{subset}"] = self._font(doc, name, use.codes[start : start + _SUBSET])
        del self.state[doc]

    def _font(self, doc: Any, name: str, codes: list[int]) -> Any:
        descendant = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": pdfdoc.PDFName(name),
                "CIDSystemInfo": pdfdoc.PDFDictionary(
                    {"Registry": "(Adobe)", "Ordering": "(Identity)", "Supplement": 0}
                ),
                "FontDescriptor": self.face.addSubsetObjects(doc, name, codes),
                "DW": 1000,
                "W": pdfdoc.PDFArray([0, pdfdoc.PDFArray([round(self.widths.get(code, 1000)) for code in codes])]),
                "CIDToGIDMap": _stream(doc, self._glyphs(codes), "glyphs:" + name),
            }
        )
        whole = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": pdfdoc.PDFName(name),
                "Encoding": "/Identity-H",
                "DescendantFonts": pdfdoc.PDFArray([doc.Reference(descendant, "descendant:" + name)]),
                "ToUnicode": _stream(doc, _to_unicode(codes), "toUnicode:" + name),
            }
        )
        return doc.Reference(whole, "font:" + name)

    def _glyphs(self, codes: list[int]) -> bytes:
        """For each character the glyph it has in ReportLab's subset, which numbers glyphs as they first come."""
        order = {0: 0}
        chosen = (self.face.charToGlyph.get(code, 0) for code in codes)
        return b"".join(order.setdefault(glyph, len(order)).to_bytes(2, "big") for glyph in chosen)


def _tag(subset: int) -> str:
    return "AAAA" + chr(ord("A") + subset // 26) + chr(ord("A") + subset % 26)


def _stream(doc: Any, content: bytes, name: str) -> Any:
    stream = pdfdoc.PDFStream()
    stream.content = content
    stream.filters = [pdfdoc.PDFZCompress]
    return doc.Reference(stream, name)


def _to_unicode(codes: list[int]) -> bytes:
    """The map from our numbers to UTF-16BE (PDF 32000-1, 9.10.3): at most 100 characters a block."""
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    pairs = [f"<{number:04X}> <{chr(code).encode('utf-16-be').hex()}>" for number, code in enumerate(codes) if code]
    for start in range(0, len(pairs), 100):
        block = pairs[start : start + 100]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode("ascii")


@cache
def face(name: str) -> Face:
    """The face of that name, read from its file at first use (about 60 ms)."""
    loaded = Face(name)
    pdfmetrics.registerFont(loaded)
    return loaded


def face_for(character: str, wanted: str) -> Face:
    """The face that draws a character where ``wanted`` is set: Sans steps in for the few that Serif lacks."""
    chosen = face(wanted)
    if chosen.has(character) or wanted != SERIF:
        return chosen
    spare = face(SANS)
    return spare if spare.has(character) else chosen


def visible(text: str) -> str:
    """The text without the characters of which nothing is to be seen (joiners, variation selectors, soft hyphens)."""
    return _IGNORABLE.sub("", text)


def missing(text: str) -> list[str]:
    """The characters that no bundled face has, each once, in order; line ends, tabs and ignorable ones apart."""
    found = dict.fromkeys(c for c in visible(text) if c not in _LINE_ENDS and c != "\t")
    serif = face(SERIF)
    lacking = [c for c in found if not serif.has(c)]
    return [c for c in lacking if not face(SANS).has(c)]


def code_point(character: str) -> str:
    """「U+2A6A5」, as the screen and the footnote name a character."""
    return f"U+{ord(character):04X}"


def refuse_bidi(text: str) -> None:
    """Raise a Problem where characters turn the reading direction round: a letter must read as it is stored."""
    found = turning(text)
    if found:
        raise Problem(
            "文字里有看不见的改变书写方向的字符({characters}),这样的函件不能签发。",
            "请删去这些字符(把那一段重新输入一遍即可)再试。",
            characters="、".join(found),
        )
