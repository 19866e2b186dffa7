"""Compares a class list with the vault: who is new, who changed and how, who has a new name, who is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.rooms.school.record import class_name
from app.rooms.students.choices import Relation, StudentStatus
from app.rooms.students.classlist.entries import Carer, ClassList, Entry, RowProblem
from app.rooms.students.record import Guardian, Student

_HERE = (StudentStatus.ENROLLED, StudentStatus.RETURNED, StudentStatus.SUSPENDED)
_ONE_OF_A_KIND = (Relation.FATHER, Relation.MOTHER)
FIELDS = {
    "name": "姓名",
    "gender": "性别",
    "birth_date": "出生日期",
    "phone": "电话",
    "boarding": "住宿",
    "dorm": "宿舍",
    "national_no": "学籍号",
    "ethnicity": "民族",
    "homeroom_teacher": "班主任",
    "entry_year": "入学年份",
}
CARER_FIELDS = {"name": "姓名", "relation": "关系", "phone": "电话", "phone2": "第二电话", "address": "住址"}


@dataclass(frozen=True)
class Change:
    """One value of a student's file that the list would change, as the screen shows it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class GuardianPlan:
    """What becomes of one guardian: an existing one changes, or a new one (id None) is made."""

    guardian_id: int | None
    values: dict[str, Any]
    is_primary: bool


@dataclass(frozen=True)
class Known:
    """A row of the list whose student the vault knows, with what it would change."""

    entry: Entry
    student_id: int
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Absent:
    """A student of the vault who is not in the list though the class or grade is."""

    student_id: int
    student_no: str
    name: str
    grade: int
    class_no: int


@dataclass(frozen=True)
class Comparison:
    """The list beside the vault, in the order of the file."""

    new: tuple[Entry, ...]
    changed: tuple[Known, ...]
    same: tuple[Known, ...]
    renamed: tuple[Known, ...]
    """Known numbers with another name: a correction, or another person's number; only the counsellor can tell."""
    problems: tuple[RowProblem, ...]
    absent: tuple[Absent, ...]


def compare(session: Session, found: ClassList) -> Comparison:
    """Put the list beside the vault; changes nothing."""
    students, binned = _students(session)
    guardians = _guardians(session)
    new: list[Entry] = []
    problems: list[RowProblem] = []
    changed: list[Known] = []
    same: list[Known] = []
    renamed: list[Known] = []
    for entry in found.entries:
        student = students.get(entry.student_no)
        if student is not None:
            changes = tuple(changes_of(student, guardians[student.id], entry))
            known = Known(entry, student.id, changes)
            (renamed if student.name != entry.name else changed if changes else same).append(known)
        elif (why := _refused(entry, students, binned)) is not None:
            problems.append(RowProblem.of(entry.sheet, entry.row, entry.cells, why))
        else:
            new.append(entry)
    return Comparison(
        tuple(new),
        tuple(changed),
        tuple(same),
        tuple(renamed),
        tuple(problems),
        tuple(_absent(students, found.entries)),
    )


def changes_of(student: Any, guardians: Sequence[Any], entry: Entry) -> list[Change]:
    """What the list would change in one file, for the screen."""
    found = []
    before, after = class_name(student.grade, student.class_no), class_name(entry.grade, entry.class_no)
    if before != after:
        found.append(Change("班级", before, after))
    for field, value in values_of(student, entry).items():
        if field in FIELDS:
            found.append(Change(FIELDS[field], _words(getattr(student, field)), _words(value)))
    stored = {guardian.id: guardian for guardian in guardians}
    for plan in guardian_plans(guardians, entry.carers):
        if plan.guardian_id is None:
            found.append(Change("监护人", "", " ".join(filter(None, map(_words, plan.values.values())))))
            continue
        guardian = stored[plan.guardian_id]
        for field, value in plan.values.items():
            found.append(Change(f"监护人{CARER_FIELDS[field]}", _words(getattr(guardian, field)), _words(value)))
        if plan.is_primary != guardian.is_primary and plan.is_primary:
            found.append(Change("第一监护人", "", guardian.name))
    return found


def values_of(student: Any, entry: Entry) -> dict[str, Any]:
    """The student's fields that the list gives another value; an empty cell changes nothing."""
    found = {}
    for field in (*FIELDS, "grade", "class_no"):
        value = getattr(entry, field)
        if value is not None and value != "" and value != getattr(student, field):
            found[field] = value
    return found


def guardian_plans(guardians: Sequence[Any], carers: Sequence[Carer]) -> list[GuardianPlan]:
    """What the list's guardians make of those on file. The primary one stays unless the list does not name them."""
    primary = next((guardian for guardian in guardians if guardian.is_primary), None)
    matched = _matched(guardians, primary, carers)
    stays = primary is not None and any(guardian is primary for guardian in matched)
    plans = []
    for at, (carer, guardian) in enumerate(zip(carers, matched, strict=True)):
        leads = guardian is primary if stays else at == 0
        if guardian is None:
            given = {field: value for field in CARER_FIELDS if (value := getattr(carer, field))}
            plans.append(GuardianPlan(None, given, leads))
            continue
        values = {
            field: value
            for field in CARER_FIELDS
            if (value := getattr(carer, field)) and value != getattr(guardian, field)
        }
        if values or leads != guardian.is_primary:
            plans.append(GuardianPlan(guardian.id, values, leads))
    if carers and primary is not None and not stays:
        plans.append(GuardianPlan(primary.id, {}, False))
    return plans


def _matched(guardians: Sequence[Any], primary: Any, carers: Sequence[Carer]) -> list[Any]:
    """The guardian on file that each of the list's is, or None: by name, then by being the only one it can be."""
    left = list(guardians)
    found: list[Any] = [None] * len(carers)
    for by in (_same_name, _same_kind):
        for at, carer in enumerate(carers):
            if found[at] is None:
                found[at] = next((guardian for guardian in left if by(guardian, carer)), None)
                left = [guardian for guardian in left if guardian is not found[at]]
    if carers and found[0] is None and primary in left and _may_be(primary, carers[0]):
        found[0] = primary
    return found


def _same_name(guardian: Any, carer: Carer) -> bool:
    return bool(carer.name) and guardian.name == carer.name


def _same_kind(guardian: Any, carer: Carer) -> bool:
    return carer.relation in _ONE_OF_A_KIND and guardian.relation is carer.relation


def _may_be(primary: Any, carer: Carer) -> bool:
    return not carer.name or not primary.name or carer.relation in (None, primary.relation)


def _students(session: Session) -> tuple[dict[str, Any], set[str]]:
    """The vault's students by number, and the numbers of those in the bin."""
    columns = [
        getattr(Student, field) for field in ("id", "student_no", "grade", "class_no", "status", "deleted_at", *FIELDS)
    ]
    rows = session.execute(select(*columns)).all()
    used = {row.student_no: row for row in rows if row.deleted_at is None}
    return used, {row.student_no for row in rows if row.deleted_at is not None}


def _guardians(session: Session) -> dict[int, list[Any]]:
    columns = [getattr(Guardian, field) for field in ("id", "student_id", "is_primary", *CARER_FIELDS)]
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(select(*columns).where(Guardian.deleted_at.is_(None)).order_by(Guardian.id)):
        found[row.student_id].append(row)
    return found


def _refused(entry: Entry, students: dict[str, Any], binned: set[str]) -> str | None:
    """Why a number the vault does not use cannot be taken as a new student's."""
    if entry.student_no in binned:
        return "这个学号的档案在回收站里，请先取回或彻底销毁"
    longer = students.get("0" + entry.student_no) or students.get("00" + entry.student_no)
    if longer is not None and longer.name == entry.name:
        return "学号比档案里的少了开头的 0"
    return None


def _absent(students: dict[str, Any], entries: Iterable[Entry]) -> list[Absent]:
    """Who is missing: from a grade of which the list has several classes, or from a class it has."""
    numbers, classes = set(), set()
    for entry in entries:
        numbers.add(entry.student_no)
        classes.add((entry.grade, entry.class_no))
    grades = [grade for grade, _ in classes]
    whole = {grade for grade in grades if grades.count(grade) > 1}
    return [
        Absent(row.id, row.student_no, row.name, row.grade, row.class_no)
        for row in students.values()
        if row.status in _HERE
        and row.student_no not in numbers
        and (row.grade in whole or (row.grade, row.class_no) in classes)
    ]


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "住宿" if value else "走读"
    return str(getattr(value, "label", value))
