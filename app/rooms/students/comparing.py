"""Compares a class list with the vault: who is new, who changed and how, who has a new name, who is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.rooms.school.record import class_name
from app.rooms.students.carers import CARER_FIELDS, GuardianPlan, guardian_plans, renames
from app.rooms.students.choices import StudentStatus
from app.rooms.students.classlist.entries import ClassList, Entry, RowProblem
from app.rooms.students.record import Guardian, Student

_HERE = (StudentStatus.ENROLLED, StudentStatus.RETURNED, StudentStatus.SUSPENDED)
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


@dataclass(frozen=True)
class Change:
    """One value of a student's file that the list would change, as the screen shows it."""

    label: str
    before: str
    after: str


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
    guardian_renamed: tuple[Known, ...]
    """Known students of whom a guardian on file would get another name: a correction, or another person."""
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
    guardian_renamed: list[Known] = []
    for entry in found.entries:
        student = students.get(entry.student_no)
        if student is not None:
            plans = guardian_plans(guardians[student.id], entry.carers)
            known = Known(entry, student.id, tuple(_changes(student, guardians[student.id], entry, plans)))
            if student.name != entry.name:
                renamed.append(known)
            elif renames(plans):
                guardian_renamed.append(known)
            else:
                (changed if known.changes else same).append(known)
        elif (why := _refused(entry, students, binned)) is not None:
            problems.append(RowProblem.of(entry.sheet, entry.row, entry.cells, why))
        else:
            new.append(entry)
    return Comparison(
        tuple(new),
        tuple(changed),
        tuple(same),
        tuple(renamed),
        tuple(guardian_renamed),
        tuple(problems),
        tuple(_absent(students, found.entries)),
    )


def _changes(student: Any, guardians: Sequence[Any], entry: Entry, plans: Sequence[GuardianPlan]) -> list[Change]:
    """What the list would change in one file, for the screen."""
    found = []
    before, after = class_name(student.grade, student.class_no), class_name(entry.grade, entry.class_no)
    if before != after:
        found.append(Change("班级", before, after))
    for field, value in values_of(student, entry).items():
        if field in FIELDS:
            found.append(Change(FIELDS[field], _words(getattr(student, field)), _words(value)))
    stored = {guardian.id: guardian for guardian in guardians}
    leads = next((guardian.name for guardian in guardians if guardian.is_primary), "")
    for plan in plans:
        if plan.guardian_id is None:
            found.append(Change("新增监护人", "", _made(plan, leads)))
            continue
        guardian = stored[plan.guardian_id]
        for field, value in plan.values.items():
            found.append(Change(f"监护人{CARER_FIELDS[field]}", _words(getattr(guardian, field)), _words(value)))
        if plan.is_primary != guardian.is_primary and plan.is_primary:
            found.append(Change("第一监护人", "", guardian.name))
    return found


def _made(plan: GuardianPlan, leads: str) -> str:
    """A guardian the list adds, and what becomes of the primary one where the list does not say what the new one is."""
    given = " ".join(filter(None, map(_words, plan.values.values())))
    if "relation" in plan.values or not leads:
        return given
    return f"{given}(没写关系，记为其他；第一监护人仍是 {leads})"


def values_of(student: Any, entry: Entry) -> dict[str, Any]:
    """The student's fields that the list gives another value; an empty cell changes nothing."""
    found = {}
    for field in (*FIELDS, "grade", "class_no"):
        value = getattr(entry, field)
        if value is not None and value != "" and value != getattr(student, field):
            found[field] = value
    return found


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
