"""How long a file is kept after its student has left, and which have been kept long enough (domain.md 6.6; 3.12, archive.expire).

Nothing is destroyed by itself: what is due is her decision. No rule of the whole country says how long; the terms are hers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from app.rooms.school.deadlines import years_after
from app.rooms.school.record import DeadlineTerms, Due, Weight, class_name
from app.rooms.students.choices import GONE, ArchiveTier, StudentStatus
from app.rooms.students.record import Student
from app.vault.choice import Choice

OF_AGE = 18
PLACE = "archives"
"""The page of what has been kept long enough."""
_LAST_GRADE = 12


class Held(Choice):
    """What a file holds by which it is kept the longer, the shortest first."""

    CENSUS = "census", "普查数据"
    CASE = "case", "追踪/个案记录"
    CRISIS = "crisis", "危机或受侵害记录"


HeldOf = Callable[[Session, Select[int]], Mapping[int, Held]]
"""What the rooms keep about each of the students selected; who has nothing there is left out."""


@dataclass(frozen=True)
class Expired:
    """A file that has been kept long enough."""

    student_id: int
    student_no: str
    name: str
    place: str
    """The class."""
    status: StudentStatus
    left_on: date
    held: Held
    until: date
    """The first day on which it need not be kept any more."""


def kept_until(left_on: date, born: date | None, grade: int, held: Held, terms: DeadlineTerms) -> date:
    """Until when a file is kept. Case files at least until the student is 18; without a birth date as old as the grade makes likely."""
    if held is Held.CENSUS:
        return years_after(left_on, terms.archive_census_years)
    if held is Held.CRISIS:
        return years_after(left_on, terms.archive_crisis_years)
    grown = years_after(born, OF_AGE) if born is not None else years_after(left_on, _LAST_GRADE + 1 - grade)
    return max(years_after(left_on, terms.archive_case_years), grown)


def expired(session: Session, terms: DeadlineTerms, today: date, held_of: HeldOf) -> list[Expired]:
    """The files that have been kept long enough, the longest first."""
    rows = session.execute(_of_who_left()).all()
    held = held_of(session, select(Student.id).where(*_LEFT)) if rows else {}
    told = [_expired(row, held.get(row.id, Held.CENSUS), terms) for row in rows]
    return sorted((one for one in told if one.until <= today), key=attrgetter("until", "student_id"))


def due(session: Session, terms: DeadlineTerms, today: date, held_of: HeldOf) -> list[Due]:
    """One line for all files whose time ends on the same day: a whole year's leavers would hide everything else."""
    told = []
    for until, each in groupby(expired(session, terms, today, held_of), key=attrgetter("until")):
        files = list(each)
        alone = files[0].student_id if len(files) == 1 else None
        told.append(
            Due(
                key="archive.expire",
                due=until,
                student_id=alone,
                kind="archive",
                record_id=until.toordinal(),
                title="档案保存到期" if alone else f"{len(files)} 份档案保存到期",
                detail="由您决定封存或销毁",
                act=PLACE,
                verb="去处理",
                weight=Weight.KEEPING,
            )
        )
    return told


_LEFT = (Student.status.in_(GONE), Student.deleted_at.is_(None))


def _of_who_left() -> Select[*tuple[Any, ...]]:
    names = (
        "id", "student_no", "name", "grade", "class_no", "status", "status_since", "updated_at", "birth_date",
        "archive_tier",
    )  # fmt: skip
    return select(*(getattr(Student, name) for name in names)).where(*_LEFT)


def _expired(row: Row[*tuple[Any, ...]], held: Held, terms: DeadlineTerms) -> Expired:
    left_on = (
        row.status_since or row.updated_at.astimezone().date()
    )  # where nobody has said since when: not before it was written down
    if held is Held.CENSUS and row.archive_tier is not ArchiveTier.CENSUS:
        held = Held.CASE
    return Expired(
        student_id=row.id,
        student_no=row.student_no,
        name=row.name,
        place=class_name(row.grade, row.class_no),
        status=row.status,
        left_on=left_on,
        held=held,
        until=kept_until(left_on, row.birth_date, row.grade, held, terms),
    )
