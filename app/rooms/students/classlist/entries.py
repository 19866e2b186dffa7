"""What the rows of a class list come to: students, repeats, and rows that cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from app.rooms.students.choices import Gender, Relation
from app.rooms.students.classlist.answers import Asked
from app.rooms.students.classlist.cells import words
from app.rooms.students.classlist.sheets import Cell


@dataclass(frozen=True)
class Carer:
    """A guardian as the list has them; an empty relation is not written."""

    name: str
    relation: Relation | None
    phone: str = ""
    phone2: str = ""
    address: str = ""


@dataclass(frozen=True)
class Entry:
    """One student as a row gives it, normalised; what the list does not say is None or empty."""

    sheet: str
    row: int
    student_no: str
    name: str
    gender: Gender
    grade: int
    class_no: int
    birth_date: date | None = None
    phone: str = ""
    boarding: bool | None = None
    dorm: str = ""
    national_no: str = ""
    ethnicity: str = ""
    homeroom_teacher: str = ""
    entry_year: int | None = None
    carers: tuple[Carer, ...] = ()
    """The primary guardian first."""
    cells: tuple[Cell, ...] = field(default=(), repr=False, compare=False)
    """The row as the list has it, what is not imported too."""


@dataclass(frozen=True)
class Repeat:
    """A row that repeats a student already in the file."""

    sheet: str
    row: int
    student_no: str
    name: str


@dataclass(frozen=True)
class RowProblem:
    """A row that cannot be taken as it stands: where it is, what it holds (column by column), and why not."""

    sheet: str
    row: int
    content: tuple[str, ...]
    reason: str

    @classmethod
    def of(cls, sheet: str, row: int, held: tuple[Cell, ...], reason: str) -> RowProblem:
        """A problem with a row that holds these cells."""
        return cls(sheet, row, tuple(map(words, held)), reason)


@dataclass(frozen=True)
class ClassList:
    """What a file comes to: students in the order of the file, repeats, problem rows, and remarks on the file as a whole."""

    entries: tuple[Entry, ...]
    repeats: tuple[Repeat, ...]
    problems: tuple[RowProblem, ...]
    remarks: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()
    """Words for grades and classes that only the counsellor can read, the answered ones too."""
