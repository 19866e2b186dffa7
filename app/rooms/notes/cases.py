"""Opening, changing and closing cases, and their numbers."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.notes import rules
from app.rooms.notes.choices import CaseSource, CaseStatus, CloseReason, NoteStatus, Outcome, ProblemType
from app.rooms.notes.record import Case, CaseNumber, Note
from app.rooms.notes.risks import at_risk
from app.rooms.school.record import school_year
from app.rooms.students.record import Student
from app.vault import bin


@dataclass(frozen=True, kw_only=True)
class CaseValues:
    """What the counsellor writes on a case."""

    source: CaseSource
    problem_types: list[str] = field(default_factory=list)
    presenting_problem: str = ""
    background: str = ""
    goals: str = ""

    @classmethod
    def of(cls, case: Case) -> Self:
        return cls(**{f.name: getattr(case, f.name) for f in fields(cls)})

    def check(self) -> None:
        """Raise a Problem if something a case must have is missing."""
        missing = []
        if not self.problem_types:
            missing.append("问题类型")
        if not self.presenting_problem.strip():
            missing.append("主诉")
        if missing:
            raise Problem("个案还缺少：{missing}。", "补上后再保存。", missing="、".join(missing))
        if unknown := set(self.problem_types) - {problem.value for problem in ProblemType}:
            raise ValueError(f"unknown codes of problem types: {len(unknown)}")


def open_case(session: Session, student_id: int, values: CaseValues, opened_at: date) -> Case:
    """A new case with the next number of the school year of ``opened_at``."""
    values.check()
    number = next_case_no(session, school_year(opened_at))
    case = Case(student_id=student_id, case_no=number, opened_at=opened_at, **_values(values))
    session.add(case)
    session.flush()
    return case


def next_case_no(session: Session, year: int) -> str:
    """The next number of the school year; one that was given is never given again, whatever became of its case."""
    row = session.get(CaseNumber, year)
    if row is None:
        row = CaseNumber(school_year=year, last=0)
        session.add(row)
    row.last += 1
    return f"{year}-个-{row.last:03d}"


def save_case(session: Session, case_id: int, values: CaseValues) -> Case:
    """Change what is written on a case."""
    values.check()
    case = get_case(session, case_id)
    for name, value in _values(values).items():
        setattr(case, name, value)
    return case


def move_case(session: Session, case_id: int, to: CaseStatus, today: date) -> Case:
    """Take a case to another status (not to 已结案: that is ``close_case``)."""
    case = get_case(session, case_id)
    rules.check_move(case, to)
    if to is CaseStatus.CLOSED:
        raise ValueError("a case is closed by close_case")
    if case.status is CaseStatus.CLOSED:
        case.closed_at, case.close_reason, case.outcome = None, None, None
        case.reopened_at = today
    if case.intake_at is None and to in (CaseStatus.INTAKE, CaseStatus.ACTIVE):
        case.intake_at = today
    case.status = to
    return case


def close_case(
    session: Session, case_id: int, *, reason: CloseReason, outcome: Outcome, follow_up_plan: str, today: date
) -> Case:
    """Close a case: no unsigned notes, no open risk, and a plan for afterwards (domain.md 3.8)."""
    case = get_case(session, case_id)
    if not follow_up_plan.strip():
        raise Problem("结案还缺少：后续跟踪安排。", "写一句之后怎样跟进，没有安排也请写明。")
    rules.check_closable(unsigned(session, case_id), at_risk(session, Note.case_id == case_id))
    if case.status is not CaseStatus.CLOSING:
        rules.check_move(case, CaseStatus.CLOSING)
    case.status, case.closed_at = CaseStatus.CLOSED, today
    case.close_reason, case.outcome, case.follow_up_plan = reason, outcome, follow_up_plan
    return case


def discard_case(session: Session, case_id: int, now: datetime) -> Case:
    """Put a case opened by mistake into the bin; one with notes stays."""
    case = get_case(session, case_id)
    if session.scalar(select(Note.id).where(Note.case_id == case_id, Note.deleted_at.is_(None)).limit(1)) is not None:
        raise Problem("这个个案里已有会谈记录，不能移到回收站。", "可以结案；写错的记录可以作废。")
    bin.put(case, now)
    return case


def get_case(session: Session, case_id: int) -> Case:
    """The case with this id."""
    return session.get_one(Case, case_id)


def cases(session: Session, student_id: int) -> list[Case]:
    """The student's cases that are not in the bin, newest first."""
    wanted = select(Case).where(Case.student_id == student_id, Case.deleted_at.is_(None))
    return list(session.scalars(wanted.order_by(Case.opened_at.desc(), Case.id.desc())))


def current_case(session: Session, student_id: int) -> Case | None:
    """The newest case that is not closed."""
    return next((case for case in cases(session, student_id) if case.is_open), None)


def unsigned(session: Session, case_id: int) -> list[Note]:
    """The case's drafts, in order of their number."""
    wanted = select(Note).where(Note.case_id == case_id, Note.status == NoteStatus.DRAFT, Note.deleted_at.is_(None))
    return list(session.scalars(wanted.order_by(Note.session_no)))


def open_files(session: Session, words: str, limit: int = 8) -> list[tuple[Student, Case]]:
    """Students with an open case whose name holds the words, or whose number begins with them."""
    words = words.strip()
    if not words:
        return []
    wanted = (
        select(Student, Case)
        .join(Case, Case.student_id == Student.id)
        .where(Student.name.contains(words, autoescape=True) | Student.student_no.startswith(words, autoescape=True))
        .where(Student.deleted_at.is_(None), Case.deleted_at.is_(None), Case.status != CaseStatus.CLOSED)
    )
    return [(student, case) for student, case in session.execute(wanted.order_by(Student.student_no).limit(limit))]


def _values(values: CaseValues) -> dict[str, Any]:
    return {f.name: getattr(values, f.name) for f in fields(values)}
