"""Chinese lines: where a paragraph breaks (避头尾) and how its lines are spread to both edges (两端对齐).

A gap between two characters stays under a tenth of their size on lines with Latin words, where wider ones would make a
PDF reader see spaces between Chinese characters; what is left over goes to the edges of the Latin words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import pairwise

from app.documents.fonts import Face, face, face_for, visible

NOT_FIRST = frozenset("。，、；：？！．…—～·）》」』】〕〗〉”’’々ー％℃‰′″°,.;:?!)]}>%")
NOT_LAST = frozenset("（《「『【〔〖〈“‘￥＄№([{<$")
_BREAKS_IN_WORD = re.compile(r"[-/._@:;,&=?#\\]")
_EDGE = 0.08
"""Room between Chinese and Latin, and the widest gap between characters on a line with Latin words; shares of the size."""
_WIDEST = 0.35
"""The widest gap on a line of Chinese alone; a line that needs more stays as it is."""
_WIDEST_EDGE = 0.6
_FULL_ENOUGH = 0.72
"""A line filled less than this takes in a part of the long word that would not fit."""
_LONGEST_WORD = 200
"""Characters; what is longer is no word, and is taken in parts."""
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")


class _Kind(Enum):
    WIDE = "wide"
    WORD = "word"
    SPACE = "space"
    MARK = "mark"


@cache
def _kind(character: str) -> _Kind:
    if character == " ":
        return _Kind.SPACE
    category = unicodedata.category(character)
    if category[0] == "M":
        return _Kind.MARK
    width = unicodedata.east_asian_width(character)
    if width in "WF" or (width == "A" and category[0] not in "LN") or category == "No":
        return _Kind.WIDE
    return _Kind.WORD


@dataclass
class _Unit:
    """What is not broken if it can be helped: one Chinese character, one Latin word, one space."""

    kind: _Kind
    text: str
    width: float


@dataclass(frozen=True)
class Run:
    """Characters of one face with the same room after each."""

    text: str
    face: Face
    spacing: float


@dataclass(frozen=True)
class Line:
    """One set line; ``indent`` and ``width`` in points."""

    runs: tuple[Run, ...]
    indent: float
    width: float
    size: float

    @property
    def text(self) -> str:
        """Its characters."""
        return "".join(run.text for run in self.runs)


def plain_lines(text: str) -> list[str]:
    """The text as it can be set: cut at its line ends, nothing invisible in it, every kind of space and tab a plain one."""
    if text.isascii() and text.isprintable():
        return [text]
    return [_SPACES.sub(" ", line.replace("\t", "    ")) for line in visible(text).splitlines()] or [""]


def set_text(
    text: str, face_name: str, size: float, width: float, *, indent: float = 0.0, justify: bool = True
) -> list[Line]:
    """Set a text in lines of ``width`` points; each of its own lines is a paragraph with ``indent`` points before it."""
    lines: list[Line] = []
    for paragraph in plain_lines(text):
        if indent:
            paragraph = paragraph.lstrip(" \u3000")
        lines += _set_paragraph(paragraph, face_name, size, width, indent, justify)
    return lines


def set_line(text: str, face_name: str, size: float) -> Line:
    """A short text on one line, however long: line ends become spaces."""
    units = _units(" ".join(plain_lines(text)), face_name, size)
    return _line(units, face_name, size, 0.0, None)


def _set_paragraph(
    text: str, face_name: str, size: float, width: float, indent: float, justify: bool
) -> Iterator[Line]:
    units = _units(text.rstrip(" "), face_name, size)
    start = 0
    while True:
        end, part = _cut(units, start, width - indent, face_name, size)
        shown = _without_trailing_spaces(units[start:end] + part)
        last = end >= len(units)
        yield _line(shown, face_name, size, indent, width - indent if justify and not last else None)
        if last:
            return
        start, indent = end, 0.0
        while units[start].kind is _Kind.SPACE:
            start += 1


def _units(text: str, face_name: str, size: float) -> list[_Unit]:
    units: list[_Unit] = []
    for character in text:
        kind = _kind(character)
        width = face_for(character, face_name).width(character, size)
        last = units[-1] if units else None
        together = kind is _Kind.MARK or (last and kind is _Kind.WORD is last.kind)
        if last and together and len(last.text) < _LONGEST_WORD:
            last.text += character
            last.width += width
        else:
            units.append(_Unit(_Kind.WIDE if kind is _Kind.MARK else kind, character, width))
    return units


def _edge(left: _Unit, right: _Unit, size: float) -> float:
    """The natural room between two units: a little where a Chinese character meets a Latin letter or digit."""
    if {left.kind, right.kind} == {_Kind.WIDE, _Kind.WORD} and left.text[-1].isalnum() and right.text[0].isalnum():
        return _EDGE * size
    return 0.0


def _may_break(left: _Unit, right: _Unit) -> bool:
    if right.kind is _Kind.SPACE:
        return False
    return left.text[-1] not in NOT_LAST and right.text[0] not in NOT_FIRST


def _cut(units: list[_Unit], start: int, room: float, face_name: str, size: float) -> tuple[int, list[_Unit]]:
    """The index after the last unit of the line, and the first part of a long word that was split there."""
    used, legal, legal_used = 0.0, 0, 0.0
    for i in range(start, len(units)):
        unit = units[i]
        edge = _edge(units[i - 1], unit, size) if i > start else 0.0
        if i > start and _may_break(units[i - 1], unit):
            legal, legal_used = i, used
        if used + edge + unit.width > room + 0.01 and unit.kind is not _Kind.SPACE:
            if not legal or legal_used < _FULL_ENOUGH * room:
                part = _split(units, i, room - used - edge, face_name, size)
                if part:
                    return i, part
            return legal or max(i, start + 1), []
        used += edge + unit.width
    return len(units), []


def _split(units: list[_Unit], i: int, room: float, face_name: str, size: float) -> list[_Unit]:
    """Take off the word ``units[i]`` a first part of at most ``room``; nothing where not even two characters fit."""
    word = units[i].text
    used, fits = 0.0, 0
    for character in word:
        used += face_for(character, face_name).width(character, size)
        if used > room:
            break
        fits += 1
    good = [m.end() for m in _BREAKS_IN_WORD.finditer(word, 0, fits)]
    at = good[-1] if good and good[-1] * 2 > fits else fits
    if at < 2 or at >= len(word):
        return []
    first, units[i] = (_Unit(_Kind.WORD, part, _width(part, face_name, size)) for part in (word[:at], word[at:]))
    return [first]


def _width(text: str, face_name: str, size: float) -> float:
    return sum(face_for(c, face_name).width(c, size) for c in text)


def _without_trailing_spaces(units: list[_Unit]) -> list[_Unit]:
    end = len(units)
    while end > 1 and units[end - 1].kind is _Kind.SPACE:
        end -= 1
    return units[:end]


def _line(units: list[_Unit], face_name: str, size: float, indent: float, room: float | None) -> Line:
    gaps = [_edge(left, right, size) for left, right in pairwise(units)] + [0.0] * bool(units)
    natural = sum(unit.width for unit in units) + sum(gaps)
    if room is not None and len(units) > 1:
        natural += _spread(units, gaps, room - natural, size)
    return Line(tuple(_runs(units, gaps, face_name)), indent, natural, size)


def _spread(units: list[_Unit], gaps: list[float], slack: float, size: float) -> float:
    """Widen the gaps to take up the slack; the last gap is after the line. Returns what was taken up."""
    inner = range(len(units) - 1)
    at_words = [i for i in inner if _Kind.WIDE is not units[i].kind or _Kind.WIDE is not units[i + 1].kind]
    wide = [i for i in inner if _Kind.WIDE is units[i].kind is units[i + 1].kind]
    if not at_words:
        each = slack / len(wide)
        if each > _WIDEST * size:
            return 0.0
        for i in wide:
            gaps[i] += each
        return slack
    each = min(slack / len(wide), _EDGE * size) if wide else 0.0
    rest = slack - each * len(wide)
    at_edge = max(rest / len(at_words), 0.0)
    if at_edge > _WIDEST_EDGE * size:
        return 0.0
    for i in wide:
        gaps[i] += each
    for i in at_words:
        gaps[i] += at_edge
    return slack


def _runs(units: list[_Unit], gaps: list[float], face_name: str) -> Iterator[Run]:
    """The line as runs: the gap after a unit is the spacing of its last character."""
    wanted = face(face_name)
    text, run_face, spacing = "", wanted, 0.0
    for unit, gap in zip(units, gaps, strict=True):
        last = len(unit.text) - 1
        for i, character in enumerate(unit.text):
            own_face = wanted if wanted.has(character) else face_for(character, face_name)
            own = gap if i == last else 0.0
            if text and (own_face is not run_face or own != spacing):
                yield Run(text, run_face, spacing)
                text = ""
            text, run_face, spacing = text + character, own_face, own
    if text:
        yield Run(text, run_face, spacing)
