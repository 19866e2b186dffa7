"""The jump index: all students in memory, found by name, pinyin, initials, class or number at each keystroke."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from app.rooms.school.record import class_name

_CLASS = re.compile(
    r"(?:(\d{1,2})[.\-(]\s*(\d{1,2})\)?|高([一二三])\s*\(?(\d{1,2})\)?|([一二三四五六七八九])\s*\(?(\d{1,2})\)?)班?$"
)
_NUMERALS = "零一二三四五六七八九"


class Entry(NamedTuple):
    """What the index knows of one student."""

    student_id: int
    student_no: str
    name: str
    grade: int
    class_no: int
    readings: str
    here: bool
    """Whether the student is at the school; the others come last."""


@dataclass(frozen=True)
class Match:
    """A student found, and how well: the smaller the rank, the better."""

    rank: int
    entry: Entry

    @property
    def place(self) -> str:
        """Class and number, as the list shows them."""
        return f"{class_name(self.entry.grade, self.entry.class_no)} · {self.entry.student_no}"


FEW = 7
"""How many a small window offers."""


class JumpIndex:
    """Built when the vault opens and after every change of students; a look-up goes through every student."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._keys = [(entry, _keys(entry.readings), entry.student_no.casefold()) for entry in entries]

    def __len__(self) -> int:
        return len(self._keys)

    def people(self, words: str) -> list[tuple[int, str, str]]:
        """The first few that fit, by id, name, and class and number: for choosing one in a small window."""
        return [(match.entry.student_id, match.entry.name, match.place) for match in self.find(words, FEW)]

    def find(self, words: str, limit: int = 8) -> list[Match]:
        """The students all the words fit: a name, pinyin in full or initials, a class (``8.3``), a number."""
        parts = unicodedata.normalize("NFKC", words).casefold().split()
        if not parts:
            return []
        wanted = [(part, _class_of(part)) for part in parts]
        found = []
        for entry, keys, number in self._keys:
            rank = 0
            for part, of_class in wanted:
                score = _score(entry, keys, number, part, of_class)
                if score is None:
                    break
                rank += score
            else:
                found.append(Match(rank + (0 if entry.here else 100), entry))
        found.sort(key=_order)
        return found[:limit]


def _keys(readings: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The readings written together, and their initials."""
    rows = readings.split("\n") if readings else []
    initials = dict.fromkeys("".join([syllable[0] for syllable in row.split()]) for row in rows)
    return tuple([row.replace(" ", "") for row in rows]), tuple(initials)


def _score(
    entry: Entry,
    keys: tuple[tuple[str, ...], tuple[str, ...]],
    number: str,
    part: str,
    of_class: tuple[int, int] | None,
) -> int | None:
    """How well one word fits one student; None where it does not."""
    if of_class == (entry.grade, entry.class_no):
        return 1
    if part in entry.name.casefold():
        return 0 if entry.name.casefold().startswith(part) else 2
    together, initials = keys
    if part in initials:
        return 1
    if any(key.startswith(part) for key in initials):
        return 3
    if any(key.startswith(part) for key in together):
        return 2
    if any(part in key for key in together) and len(part) > 1:
        return 6
    if number.startswith(part):
        return 2
    if len(part) >= 3 and part in number:
        return 5
    return None


def _class_of(part: str) -> tuple[int, int] | None:
    """The grade and class that ``8.3``, ``8(3)``, ``高一(2)`` or ``八3`` means."""
    match = _CLASS.fullmatch(part)
    if match is None:
        return None
    if match[1]:
        return int(match[1]), int(match[2])
    if match[3]:
        return 9 + _NUMERALS.index(match[3]), int(match[4])
    return _NUMERALS.index(match[5]), int(match[6])


def _order(match: Match) -> tuple[int, int, int, str]:
    entry = match.entry
    return match.rank, entry.grade, entry.class_no, entry.student_no
