"""Class lists: a file is read, shown beside the vault, and taken in one write that can be undone as a whole."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.students import comparing, store
from app.rooms.students.carers import CARER_FIELDS, GuardianPlan, guardian_plans, renames
from app.rooms.students.classlist import reading
from app.rooms.students.classlist.answers import Asked
from app.rooms.students.classlist.columns import Layout, Mapping, layouts, mapping_of
from app.rooms.students.classlist.entries import ClassList, Entry, Repeat, RowProblem
from app.rooms.students.classlist.places import stage_of_grades
from app.rooms.students.classlist.rows import class_list
from app.rooms.students.classlist.sheets import Step, Workbook, no_step
from app.rooms.students.comparing import Absent, Known, compare, values_of
from app.rooms.students.readings import readings
from app.rooms.students.record import Guardian, Student
from app.rooms.students.remembered import recall
from app.vault import undo
from app.vault.undo import Batch, Reverted, UndoBatch
from app.vault.vault import Vault

ACT = "导入学生名册"
_AT_ONCE = 200
"""Rows between two reports of progress."""


@dataclass(frozen=True)
class Preview:
    """What taking a list would do; nothing has been done."""

    book: Workbook
    layouts: tuple[Layout, ...]
    mapping: Mapping
    remembered: str
    """The name of the remembered mapping that was used; empty for the program's own proposal or one handed in."""
    missing: tuple[str, ...]
    """Labels of columns without which nothing can be taken."""
    new: tuple[Entry, ...] = ()
    changed: tuple[Known, ...] = ()
    same: tuple[Known, ...] = ()
    renamed: tuple[Known, ...] = ()
    guardian_renamed: tuple[Known, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    absent: tuple[Absent, ...] = ()
    remarks: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()

    @property
    def file(self) -> str:
        """The file's name."""
        return self.book.name

    def usual(self) -> frozenset[str]:
        """The student numbers chosen to begin with: new and changed ones, none of ``doubted``."""
        return frozenset([entry.student_no for entry in self.new] + [known.entry.student_no for known in self.changed])

    def open_words(self) -> int:
        """How many kinds of words for grades and classes nobody has read yet."""
        return sum(1 for one in self.asked if one.read_as is None and one.words not in self.mapping.answers)

    def doubted(self) -> frozenset[str]:
        """The student numbers of rows that give somebody on file another name: taken only where she ticks them."""
        return frozenset(known.entry.student_no for known in (*self.renamed, *self.guardian_renamed))


@dataclass(frozen=True)
class Taken:
    """What an import did, and the batch by which it can be undone."""

    batch_id: int
    new: int
    changed: int
    left: tuple[str, ...] = ()
    """Numbers of chosen rows not taken after all: the vault changed between the preview and the yes."""


@dataclass(frozen=True)
class TakenBack:
    """What undoing an import did: records reverted, and the names of the students whose files were left as they are."""

    done: int
    left: tuple[str, ...]


def preview(vault: Vault, path: Path, mapping: Mapping | None = None, step: Step = no_step) -> Preview:
    """Read a file and put it beside the vault. Raises Problem for a file that holds no list."""
    return look(vault, reading.read(path, step), mapping)


def look(vault: Vault, book: Workbook, mapping: Mapping | None = None) -> Preview:
    """Put a file that has been read beside the vault, by a mapping handed in, a remembered one, or the program's own."""
    found = tuple(layouts(book))
    if not found:
        raise Problem(
            "没有在这个文件里找到学生名单。", "表头那一行要有「学号」「姓名」「性别」「班级」这样的字。请检查后再试。"
        )
    with vault.read() as session:
        remembered, known = ("", None) if mapping is not None else recall(session, found)
        used = mapping or known or mapping_of(found)
        empty = Preview(book, found, used, remembered, tuple(used.missing()))
        if empty.missing:
            return empty
        stage = stage_of_grades(grade for grade, _ in store.classes(session))
        listed = class_list(book, list(found), used, vault.clock.today(), stage)
        return _beside(session, empty, listed)


def _beside(session: Session, empty: Preview, listed: ClassList) -> Preview:
    beside = compare(session, listed)
    order = {sheet.name: at for at, sheet in enumerate(empty.book.sheets)}
    problems = sorted((*listed.problems, *beside.problems), key=lambda problem: (order[problem.sheet], problem.row))
    return replace(
        empty,
        new=beside.new,
        changed=beside.changed,
        same=beside.same,
        renamed=beside.renamed,
        guardian_renamed=beside.guardian_renamed,
        repeats=listed.repeats,
        problems=tuple(problems),
        absent=beside.absent,
        remarks=listed.remarks,
        asked=listed.asked,
    )


def take(
    vault: Vault,
    shown: Preview,
    chosen: Collection[str] | None = None,
    step: Step = no_step,
    commit_begins: Callable[[], None] | None = None,
) -> Taken:
    """Take the chosen rows (by student number; default: ``shown.usual()``) in one transaction: all of them or none.

    ``step`` may raise to give up; nothing has happened then. ``commit_begins`` is told when it is too late for that.
    """
    chosen = shown.usual() if chosen is None else frozenset(chosen)
    known = (*shown.changed, *shown.renamed, *shown.guardian_renamed)
    entries = [entry for entry in (*shown.new, *(k.entry for k in known)) if entry.student_no in chosen]
    pinyin = {entry.name: readings(entry.name) for entry in entries}
    with vault.write(ACT) as session:
        taking = _Taking(vault, session, entries, pinyin, shown.doubted())
        taken = taking.all(step)
        if commit_begins is not None:
            commit_begins()
    return taken


class _Taking:
    """Carries entries into the vault inside one write, remembering each for the undo."""

    def __init__(
        self, vault: Vault, session: Session, entries: list[Entry], pinyin: dict[str, str], doubted: frozenset[str]
    ) -> None:
        self._session = session
        self._entries = entries
        self._pinyin = pinyin
        self._doubted = doubted
        self._batch = Batch(vault, session, ACT)
        self._students = (
            {s.student_no: s for s in session.scalars(select(Student).where(Student.deleted_at.is_(None)))}
            if self._any_known()
            else {}
        )
        self._guardians: dict[int, list[Guardian]] = {}
        for guardian in (
            session.scalars(select(Guardian).where(Guardian.deleted_at.is_(None)).order_by(Guardian.id))
            if self._students
            else ()
        ):
            self._guardians.setdefault(guardian.student_id, []).append(guardian)

    def _any_known(self) -> bool:
        return self._session.scalar(select(Student.id).limit(1)) is not None

    def all(self, step: Step) -> Taken:
        new, left, changed = [], [], 0
        for at, entry in enumerate(self._entries):
            if at % _AT_ONCE == 0:
                step(at, len(self._entries))
            student = self._students.get(entry.student_no)
            if student is None:
                new.append((self._made(entry), entry))
                continue
            plans = guardian_plans(self._guardians.get(student.id, []), entry.carers)
            if (student.name != entry.name or renames(plans)) and entry.student_no not in self._doubted:
                left.append(entry.student_no)
            else:
                changed += self._change(student, entry, plans)
        self._session.flush()
        for student, entry in new:
            for at, carer in enumerate(entry.carers):
                given = {name: value for name in CARER_FIELDS if (value := getattr(carer, name))}
                self._add_guardian(student, given, at == 0)
        step(len(self._entries), len(self._entries))
        return Taken(self._batch.close(), len(new), changed, tuple(left))

    def _made(self, entry: Entry) -> Student:
        given: dict[str, Any] = {
            name: value for name in comparing.FIELDS if (value := getattr(entry, name)) is not None
        }
        student = Student(student_no=entry.student_no, grade=entry.grade, class_no=entry.class_no, **given)
        student.pinyin = self._pinyin[entry.name]
        self._session.add(student)
        self._batch.remember_new(student)
        return student

    def _change(self, student: Student, entry: Entry, plans: list[GuardianPlan]) -> int:
        """Carry an entry into a known student's file; 1 if that changed anything."""
        values = values_of(student, entry)
        if values:
            self._batch.remember_change(student)
            for name, value in values.items():
                setattr(student, name, value)
            student.pinyin = self._pinyin[entry.name]
        stored = {guardian.id: guardian for guardian in self._guardians.get(student.id, [])}
        for plan in plans:
            if plan.guardian_id is None:
                self._add_guardian(student, plan.values, plan.is_primary)
                continue
            guardian = stored[plan.guardian_id]
            self._batch.remember_change(guardian)
            guardian.is_primary = plan.is_primary
            for name, value in plan.values.items():
                setattr(guardian, name, value)
        return int(bool(values or plans))

    def _add_guardian(self, student: Student, values: dict[str, Any], is_primary: bool) -> None:
        guardian = Guardian(student_id=student.id, is_primary=is_primary, **values)
        self._session.add(guardian)
        self._batch.remember_new(guardian)


def last(session: Session) -> UndoBatch | None:
    """The newest import that has not been undone."""
    return undo.last(session, ACT)


def take_back(vault: Vault, batch_id: int) -> TakenBack:
    """Undo an import: what nobody has touched since goes back, the other students are named."""
    with vault.write("撤销导入") as session:
        reverted = undo.revert(vault, session, batch_id)
        session.flush()
        return TakenBack(reverted.done, _names(session, reverted))


def _names(session: Session, reverted: Reverted) -> tuple[str, ...]:
    ids = set()
    for kind, number in reverted.left:
        if kind == Student.__tablename__:
            ids.add(number)
        elif kind == Guardian.__tablename__ and (guardian := session.get(Guardian, number)) is not None:
            ids.add(guardian.student_id)
    names = session.execute(
        select(Student.name, Student.student_no).where(Student.id.in_(ids)).order_by(Student.student_no)
    )
    return tuple(f"{row.name}({row.student_no})" for row in names)


def report(shown: Preview, taken: Taken) -> dict[str, Any]:
    """What an import came to, as the command line says it."""
    return {
        "file": shown.file,
        "imported": taken.new,
        "changed": taken.changed,
        "repeated": len(shown.repeats),
        "problem_rows": [{"sheet": p.sheet, "row": p.row, "reason": p.reason} for p in shown.problems],
    }
