"""Grades and classes as schools write them: 七(1)班, 1班, 701, 初一1班, 2024级3班, 高一(2)班, 启明中学八年级(3)班学生名册."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.rooms.school.record import school_year
from app.rooms.students.classlist.sheets import Cell

MOST_CLASSES = 60
STAGES = {"小学": (1, 6), "初中": (7, 9), "高中": (10, 12)}
_STAGE = {"小": "小学", "初": "初中", "高": "高中"}
_DIGITS = "零一二三四五六七八九"
_ONE = "[一二三四五六七八九]"
_NUMERAL = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_STAGED = r"(?P<stage>小学|初中|高中|初|高)\s*(?P<of>[一二三四五六]|[1-6](?!\d))(?:年级|年)?"
_GRADE = rf"(?:{_STAGED}|(?P<grade>{_NUMERAL})\s*(?:年级|年|级)|(?P<pre>预初|预备))"
_COHORT = (
    r"(?P<stage1>小学|初中|高中|初|高)?\s*(?P<cohort>20\d\d|\d\d)\s*(?P<level>级|届)\s*(?P<stage2>小学|初中|高中)?"
)
_CLASS = rf"\s*[(\[.\-第]?\s*(?P<class>{_NUMERAL})\s*[)\]]?\s*班?"
_CLASS_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"{_COHORT}{_CLASS}",
        rf"{_GRADE}{_CLASS}",
        rf"(?P<bare>\d{{1,2}}|{_ONE})\s*[(\[.\-]\s*(?P<class>{_NUMERAL})\s*[)\]]?\s*班?",
        rf"(?P<bare>{_ONE})\s*(?P<class>\d{{1,2}})\s*班?",
        r"(?P<packed>\d{3,4})\s*班?",
        _CLASS,
        rf"(?P<bare>{_ONE})(?P<class>[一二三四五六七八九十]{{1,3}})\s*班?",
    )
)
_GRADE_SHAPES = (re.compile(_COHORT), re.compile(rf"(?:{_GRADE}|(?P<bare>\d{{1,2}}|{_ONE}))"))
_IN_BRACKETS = rf"\s*[(\[第]?\s*(?P<class>{_NUMERAL})\s*[)\]]?\s*班"
_TITLE_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"(?:{_STAGED}|(?<!\d)(?P<grade>{_NUMERAL})\s*年级|(?P<pre>预初|预备))(?:{_IN_BRACKETS})?",
        rf"(?<!\d){_COHORT}(?:{_IN_BRACKETS})?",
        rf"(?<![高初小\d一二三四五六七八九十])(?P<bare>\d{{1,2}}|{_ONE})\s*[(\[.\-]\s*(?P<class>{_NUMERAL})\s*[)\]]?\s*班",
        r"(?<!\d)(?P<packed>\d{3,4})\s*班",
    )
)
_YEARS = re.compile(r"20\d\d\s*[-~至—–]+\s*(?:20)?\d\d\s*学?年?度?|20\d\d\s*学?年度?(?!级|届)|第?[一二12]学期")


@dataclass(frozen=True)
class Place:
    """What some words say of grade and class; whatever they leave open is None."""

    grade: int | None = None
    class_no: int | None = None
    cohort: int | None = None
    """The year of entry, where only that is written (2024级)."""
    leaves: int | None = None
    """The year of leaving, where that is written (2027届)."""
    stage: str = ""
    packed: str = ""
    """Three or four digits whose meaning depends on the grade (701, 1012)."""

    @property
    def entry(self) -> str:
        """The year of entry or leaving as schools write it (2024级, 2027届); empty where none is written."""
        return f"{self.cohort}级" if self.cohort is not None else f"{self.leaves}届" if self.leaves is not None else ""

    def settled(self, grade: int | None, stage: str, today: date) -> Place:
        """The place with its grade: its own, or the one known from elsewhere; open where nothing tells or they disagree."""
        if self.packed:
            return _unpacked(self.packed, grade)
        own = self.grade
        if self.cohort is not None or self.leaves is not None:
            own = self._by_year(grade, self.stage or stage, school_year(today))
        if own is None:
            return Place(grade, self.class_no)
        if grade is None or own in _written_as(grade):
            return Place(own if grade is None else grade, self.class_no)
        return Place()

    def _by_year(self, grade: int | None, stage: str, year: int) -> int | None:
        fits = []
        for name, (first, last) in STAGES.items():
            found = first + year - self.cohort if self.cohort is not None else last - ((self.leaves or 0) - year - 1)
            if first <= found <= last and stage in ("", name):
                fits.append(found)
        if grade in fits:
            return grade
        return fits[0] if len(fits) == 1 else None


@lru_cache(maxsize=4096)
def read_class(cell: Cell) -> Place | None:
    """What a class cell says; None where it is empty or not understood."""
    if isinstance(cell, date):  # the spreadsheet took 7-1 for a day
        return Place(cell.month, cell.day)
    return _first(_CLASS_SHAPES, _plain(cell))


@lru_cache(maxsize=4096)
def read_grade(cell: Cell) -> Place | None:
    """What a grade cell says (七年级, 初一, 7, 高二, 2024级); None where it is empty or not understood."""
    return None if isinstance(cell, date) else _first(_GRADE_SHAPES, _plain(cell))


def read_title(words: str) -> Place | None:
    """The one grade and class that a title or a sheet's name speaks of; None where it names none or several."""
    text = _YEARS.sub(" ", _plain(words))
    matches = (match for shape in _TITLE_SHAPES for match in shape.finditer(text))
    found = {place for match in matches if (place := _place(match)) is not None}
    return found.pop() if len(found) == 1 else None


def stage_of(words: str) -> str:
    """小学, 初中 or 高中 where the words name exactly one of them."""
    named = {stage for stage in STAGES if stage in words}
    return named.pop() if len(named) == 1 else ""


def stage_of_grades(grades: Iterable[int]) -> str:
    """The stage that all these grades are of; empty where there are none or they are of several."""
    stages = {name for grade in grades for name, (first, last) in STAGES.items() if first <= grade <= last}
    return stages.pop() if len(stages) == 1 else ""


def _plain(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = unicodedata.normalize("NFKC", str(cell)).strip()
    return text.replace("〔", "(").replace("〕", ")").replace("【", "[").replace("】", "]")


def _first(shapes: tuple[re.Pattern[str], ...], text: str) -> Place | None:
    matches = (shape.fullmatch(text) for shape in shapes)
    return next((place for match in matches if match and (place := _place(match)) is not None), None)


def _place(match: re.Match[str]) -> Place | None:
    part = match.groupdict()
    if part.get("packed"):
        return Place(packed=part["packed"])
    class_no = _count(part["class"]) if part.get("class") else None
    if class_no is not None and not 1 <= class_no <= MOST_CLASSES:
        return None
    if part.get("cohort"):
        year = int(part["cohort"]) % 2000 + 2000
        stage = _STAGE.get((part["stage1"] or part["stage2"] or "")[:1], "")
        if part["level"] == "级":
            return Place(class_no=class_no, cohort=year, stage=stage)
        return Place(class_no=class_no, leaves=year, stage=stage)
    grade = _grade(part)
    return None if grade == 0 else Place(grade, class_no)


def _grade(part: dict[str, str | None]) -> int | None:
    """The grade 1–12; None where none is written, 0 for one there is not."""
    if part.get("pre"):
        return 6
    if part.get("stage"):
        first, last = STAGES[_STAGE[(part["stage"] or "")[0]]]
        found = first + _count(part["of"] or "") - 1
        return found if found <= last else 0
    written = part.get("grade") or part.get("bare")
    if not written:
        return None
    found = _count(written)
    return found if 1 <= found <= 12 else 0


def _count(written: str) -> int:
    """A number in digits or in Chinese numerals up to 99; 0 for what is none."""
    if written.isdigit():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (_DIGITS.index(tens) if tens else 1) * 10 * bool(ten) + (_DIGITS.index(ones) if ones else 0)


def _written_as(grade: int) -> tuple[int, int]:
    """The figures schools write for a grade: its own, and its year within its stage (高一 is 10 and 1)."""
    first = next(first for first, last in STAGES.values() if first <= grade <= last)
    return grade, grade - first + 1


def _unpacked(packed: str, grade: int | None) -> Place:
    """701 is 七(1)班, 1012 is 高一(12)班; where the grade is known, 101 may also be the first class of its stage's first year."""
    head, class_no = int(packed[:-2]), int(packed[-2:])
    if not 1 <= class_no <= MOST_CLASSES or not 1 <= head <= 12:
        return Place()
    if grade is None:
        return Place(head, class_no)
    return Place(grade, class_no) if head in _written_as(grade) else Place()
