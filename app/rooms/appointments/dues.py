"""What is due in this room: times to confirm, outcomes, talks without a note, who waits, who did not come (domain.md 3.5, 3.9, 3.12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby, takewhile
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.rooms.appointments.choices import CancelledBy, Kind, Status, Urgency
from app.rooms.appointments.record import MANY_ABSENCES, Appointment, Attendee, Waiting
from app.rooms.appointments.waiting import Listed, listed
from app.rooms.appointments.wording import day_words
from app.rooms.notes.choices import CaseStatus
from app.rooms.notes.record import Case, Note
from app.rooms.school import store as schools
from app.rooms.school.names import month_day
from app.rooms.school.record import DeadlineTerms, Due, Heading, Weight
from app.rooms.students.record import Student
from app.rooms.students.store import HERE

LOOKED_BACK = timedelta(days=183)
"""Who did not come, or was not written about, longer ago than half a year is not asked after any more."""
_OURS = (CancelledBy.COUNSELLOR, CancelledBy.SCHOOL)
"""Called off by these, the student still waits to be seen."""


def due(session: Session, terms: DeadlineTerms, today: date) -> list[Due]:
    """What is to be confirmed, registered and written down, and who may be forgotten."""
    told = [*_undecided(session, terms, today), *_unwritten(session, terms, today)]
    return [*sorted(told, key=_due_day), *map(_waits, listed(session)), *_not_come(session, terms, today)]


def without_note() -> tuple[ColumnElement[bool], ...]:
    """What holds for an appointment somebody came to, of which a note is to be written and none is: not of any who came, of that day."""
    same_day = (  # a day in date() is looked for among the few notes of the student's cases, not among all of that day
        select(Note.id)
        .join(Case, Case.id == Note.case_id)
        .where(func.date(Note.held_on) == Appointment.day, Note.deleted_at.is_(None))
    )
    of_others = same_day.join(Attendee, Attendee.student_id == Case.student_id)
    return (
        Appointment.status == Status.ATTENDED,
        Appointment.kind.in_([kind for kind in Kind if kind.has_note]),
        Appointment.deleted_at.is_(None),
        ~same_day.where(Case.student_id == Appointment.student_id).exists(),
        ~of_others.where(Attendee.appointment_id == Appointment.id).exists(),
    )


def _undecided(session: Session, terms: DeadlineTerms, today: date) -> Iterator[Due]:
    """To be confirmed so many school days after it was entered, at the latest on its day; without an outcome from the next day on."""
    confirmed = and_(Appointment.status == Status.CONFIRMED, Appointment.day < today)
    wanted = (
        select(Appointment)
        .outerjoin(Student, Student.id == Appointment.student_id)
        .where(Appointment.deleted_at.is_(None), Student.deleted_at.is_(None))
        .where(or_(Appointment.status == Status.PENDING, confirmed))
    )
    found = session.scalars(wanted).all()
    yield from (_due(one, "appointment.outcome", one.day, "登记预约结果", "去登记") for one in found if one.day < today)
    pending = [one for one in found if one.day >= today and one.created_at is not None]
    calendar = schools.calendar(session) if pending else None
    for one in pending:
        if calendar is not None and one.created_at is not None:
            by = calendar.next_school_day(one.created_at.astimezone().date(), terms.appointment_confirm_days)
            yield _due(one, "appointment.confirm", min(by, one.day), "确认预约", "去确认")


def _unwritten(session: Session, terms: DeadlineTerms, today: date) -> Iterator[Due]:
    """Talks to write about; where a name was kept for somebody without a file, the appointment is linked to one first."""
    wanted = select(Appointment).outerjoin(Student, Student.id == Appointment.student_id)
    wanted = wanted.where(Student.deleted_at.is_(None), Appointment.day > today - LOOKED_BACK)
    for one in session.scalars(wanted.where(*without_note())):
        by = datetime.combine(one.day, one.end) + timedelta(hours=terms.note_draft_hours)
        known = one.student_id is not None
        talked = f"{day_words(one.day)} {one.start:%H:%M} 谈过"
        yield Due(
            key="note.draft",
            due=by.date(),
            student_id=one.student_id,
            kind=Appointment.__tablename__,
            record_id=one.id,
            title="写会谈记录",
            detail=f"{talked}，还没有记录" if known else f"{talked}，还没有关联档案",
            act="note" if known else "",
            verb="写记录" if known else "去关联",
            anew=known,
            heading=Heading.WRITING,
        )


def _not_come(session: Session, terms: DeadlineTerms, today: date) -> Iterator[Due]:
    """Who has not come several times in a row, or has never been seen at all, with nothing written since (domain.md 3.5)."""
    rows = session.execute(_of_who_missed(today)).all()
    seen = _last_notes(session, {row.student_id for row in rows})
    for student_id, each in groupby(rows, key=attrgetter("student_id")):
        newest_first = list(each)
        last = next((one for one in newest_first if _is_missed(one)), None)
        noted = seen.get(student_id)
        if last is None or (noted is not None and noted >= last.day):
            continue
        times = sum(one.status is Status.ABSENT for one in takewhile(_is_not_attended, newest_first))
        if times >= MANY_ABSENCES:
            yield _missed(last, last.day, "appointment.absent", f"连续 {times} 次预约未到")
            continue
        stands = any(one.status in (Status.ATTENDED, *_OPEN) for one in newest_first)
        by = last.day + timedelta(days=terms.appointment_unseen_days)
        if noted is None and not stands and not last.has_case and by <= today:
            said = "未到" if last.status is Status.ABSENT else "取消"
            yield _missed(last, by, "appointment.unseen", f"{month_day(last.day)}{said}，没有再约")


_OPEN = tuple(status for status in Status if status.is_open)


def _of_who_missed(today: date) -> Select[*tuple[Any, ...]]:
    """By student, the newest first, what was planned with who missed an appointment of late, is at school and is not waiting."""
    missed = select(Appointment.student_id).where(
        Appointment.status.in_((Status.ABSENT, Status.CANCELLED)), Appointment.day > today - LOOKED_BACK
    )
    waits = select(Waiting.id).where(
        Waiting.student_id == Student.id, Waiting.appointment_id.is_(None), Waiting.deleted_at.is_(None)
    )
    has_case = select(Case.id).where(
        Case.student_id == Student.id, Case.status != CaseStatus.CLOSED, Case.deleted_at.is_(None)
    )
    return (
        select(
            Appointment.student_id, Appointment.day, Appointment.status, Appointment.cancelled_by,
            has_case.exists().label("has_case"),
        )
        .join(Student, Student.id == Appointment.student_id)
        .where(Appointment.student_id.in_(missed), Appointment.deleted_at.is_(None), ~waits.exists())
        .where(Student.deleted_at.is_(None), Student.status.in_(HERE))
        .order_by(Appointment.student_id, Appointment.day.desc(), Appointment.start.desc())
    )  # fmt: skip


def _last_notes(session: Session, student_ids: Iterable[int]) -> dict[int, date]:
    """The day of each student's last note."""
    wanted = (
        select(Case.student_id, func.max(Note.held_on))
        .join(Note, Note.case_id == Case.id)
        .where(Case.student_id.in_(list(student_ids)), Note.deleted_at.is_(None))
        .group_by(Case.student_id)
    )
    return dict(session.execute(wanted).all())


def _is_missed(one: Row[*tuple[Any, ...]]) -> bool:
    return one.status is Status.ABSENT or (one.status is Status.CANCELLED and one.cancelled_by in _OURS)


def _is_not_attended(one: Row[*tuple[Any, ...]]) -> bool:
    return one.status is not Status.ATTENDED


def _missed(last: Row[*tuple[Any, ...]], on: date, key: str, title: str) -> Due:
    student_id: int = last.student_id
    return Due(key, on, student_id, Student.__tablename__, student_id, title, "", heading=Heading.FADING)


def _due(of: Appointment, key: str, on: date, title: str, verb: str) -> Due:
    return Due(
        key=key,
        due=on,
        student_id=of.student_id,
        kind=Appointment.__tablename__,
        record_id=of.id,
        title=title,
        detail=f"{day_words(of.day)} {of.start:%H:%M} {of.kind.label}",
        verb=verb,
    )


def _waits(one: Listed) -> Due:
    """Nobody who waits for a time is forgotten, and who waits urgently was to be seen that day; a name without a file is not told."""
    urgent = one.waiting.urgency is Urgency.URGENT
    return Due(
        key="waiting",
        due=one.waiting.since,
        student_id=one.waiting.student_id,
        kind=Waiting.__tablename__,
        record_id=one.waiting.id,
        title="在等候名单上" if one.place else "一位等候者还没有建档",
        detail=f"{one.waiting.urgency.label}，{one.waiting.source.label}提出",
        verb="去安排",
        heading=Heading.DEADLINE if urgent else Heading.FADING,
        weight=Weight.SAFETY if urgent else Weight.USUAL,
    )


def _due_day(due: Due) -> tuple[date, int]:
    return due.due, due.record_id
