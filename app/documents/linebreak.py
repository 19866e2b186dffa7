"""Chinese lines: where a paragraph breaks (避头尾) and how its lines are spread to both edges (两端对齐).

A gap between two characters stays under a tenth of their size on lines with Latin words, where wider ones would make a
PDF reader see spaces between Chinese characters; what is left over goes to the edges of the Latin words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import pairwise

from app.documents.fonts import Face, face, face_for, visible

NOT_FIRST = frozenset("。，、；：？！．…—～·）》」』】〕〗〉”’’々ー％℃‰′″°,.;:?!)]}>%")
NOT_LAST = frozenset("□■（《「『【〔〖〈“‘￥＄№([{<$")
_BREAKS_IN_WORD = re.compile(r"[-/._@:;,&=?#\\]")
_EDGE = 0.08
"""Room between Chinese and Latin, and the widest gap between characters on a line with Latin words; shares of the size."""
_WIDEST = 0.35
"""The widest gap on a line of Chinese alone; a line that needs more stays as it is."""
_WIDEST_EDGE = 0.5
"""The widest gap beside a Latin word; where that is not enough, all characters stand apart evenly."""
_WIDEST_INSIDE = 0.2
_FULL_ENOUGH, _FULL = 0.72, 0.9
"""On a line filled less than the first a long word is broken anywhere, less than the second after one of its marks."""
_SHORT_WORD = 6
"""A word of fewer characters is never broken while the line holds anything else."""
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
            for word, word_room in _splittable(units, start, i, room - used - edge):
                part = _split(units, word, word_room, face_name, size, legal_used / room)
                if part:
                    return word, part
            return legal or max(i, start + 1), []
        used += edge + unit.width
    return len(units), []


def _splittable(units: list[_Unit], start: int, i: int, room: float) -> Iterator[tuple[int, float]]:
    """The words that can be split where ``units[i]`` does not fit, with the room there is for their first part."""
    yield i, room
    if i > start and units[i].text[0] in NOT_FIRST:
        yield i - 1, units[i - 1].width


def _split(units: list[_Unit], i: int, room: float, face_name: str, size: float, filled: float) -> list[_Unit]:
    """Take off the word ``units[i]`` a first part of at most ``room``; nothing where no good part fits.

    ``filled`` is the share of the line that is taken without the word: the fuller, the less is a word broken.
    """
    word = units[i].text
    if filled > _FULL or (filled > 0 and len(word) < _SHORT_WORD):
        return []
    used, fits = 0.0, 0
    for character in word:
        used += face_for(character, face_name).width(character, size)
        if used > room:
            break
        fits += 1
    at = min(fits, len(word) - 2)
    good = [m.end() for m in _BREAKS_IN_WORD.finditer(word, 0, max(at, 0))]
    if good and good[-1] > max(1, 0.3 * at):
        at = good[-1]
    elif filled > _FULL_ENOUGH:
        return []
    while at > 2 and (word[at] in NOT_FIRST or word[at - 1] in NOT_LAST):
        at -= 1
    if at < 2:
        if filled > 0 or len(word) < 2:
            return []
        at = max(1, min(fits, len(word) - 1))  # alone on its line and still too long: anything is better than standing out
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
    width = sum(unit.width for unit in units) + sum(gaps)
    inside = 0.0
    if room is not None and len(units) > 1:
        taken, inside = _spread(units, gaps, room - width, size)
        width += taken
    return Line(tuple(_runs(units, gaps, inside, face_name)), indent, width, size)


def _spread(units: list[_Unit], gaps: list[float], slack: float, size: float) -> tuple[float, float]:
    """Widen the gaps to take up the slack; the last gap is after the line.

    Returns what was taken up, and the room to be left between the characters of a word.
    """
    inner = range(len(units) - 1)
    at_words = [i for i in inner if not units[i].kind is _Kind.WIDE is units[i + 1].kind]
    wide = len(inner) - len(at_words)
    if not at_words:
        return _widen(gaps, inner, slack / wide, _WIDEST * size), 0.0
    each = min(slack / wide, _EDGE * size) if wide else 0.0
    at_edge = max(slack - each * wide, 0.0) / len(at_words)
    if at_edge <= _WIDEST_EDGE * size:
        taken = _widen(gaps, inner, each, size)
        return taken + _widen(gaps, at_words, at_edge - each, size), 0.0
    characters = sum(len(unit.text) for unit in units) - 1
    each = slack / characters
    if each > _WIDEST_INSIDE * size:
        return 0.0, 0.0
    _widen(gaps, inner, each, size)
    return slack, each


def _widen(gaps: list[float], which: Sequence[int], each: float, limit: float) -> float:
    """Add ``each`` to those gaps unless it is over the limit; returns what was added in all."""
    if each > limit:
        return 0.0
    for i in which:
        gaps[i] += each
    return each * len(which)


def _runs(units: list[_Unit], gaps: list[float], inside: float, face_name: str) -> Iterator[Run]:
    """The line as runs: the gap after a unit is the spacing of its last character."""
    wanted = face(face_name)
    text, run_face, spacing = "", wanted, 0.0
    for unit, gap in zip(units, gaps, strict=True):
        last = len(unit.text) - 1
        for i, character in enumerate(unit.text):
            own_face = wanted if wanted.has(character) else face_for(character, face_name)
            own = gap if i == last else inside
            if text and (own_face is not run_face or own != spacing):
                yield Run(text, run_face, spacing)
                text = ""
            text, run_face, spacing = text + character, own_face, own
    if text:
        yield Run(text, run_face, spacing)
