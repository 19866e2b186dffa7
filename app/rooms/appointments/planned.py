"""What this room has planned for a day, as Today shows it, and the beginning of a talk from there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.rooms.appointments import outcomes, store
from app.rooms.appointments.choices import Kind, Status
from app.rooms.appointments.record import UNREGISTERED, Appointment, Booked
from app.rooms.appointments.rules.free import period
from app.rooms.appointments.wording import called
from app.rooms.notes.choices import CaseStatus
from app.rooms.notes.record import Case, Note
from app.rooms.school import store as schools
from app.rooms.school.calendar import Calendar
from app.rooms.school.planned import Planned
from app.vault.vault import Vault

_TONES = {Status.ATTENDED: "green", Status.ABSENT: "amber"}
_GONE = (Status.CANCELLED, Status.MOVED)


def planned(session: Session, first: date, last: date, now: datetime) -> list[Planned]:
    """The appointments from a day to another that have not been called off or moved."""
    found = [one for one in store.booked(session, first, last) if one.appointment.status not in _GONE]
    if not found:
        return []
    calendar = schools.calendar(session)
    talks = _talks(session, {own_id for one in found for own_id in one.student_ids})
    return [_planned(one, calendar, talks, now) for one in found]


def begin(vault: Vault, appointment_id: int) -> int | None:
    """The student has come: 已到访. Gives the student to write a note about. Raises Problem before its time."""
    with vault.write("登记已到访") as session:
        return outcomes.register(session, appointment_id, Status.ATTENDED, vault.now()).student_id


def _planned(one: Booked, calendar: Calendar, talks: dict[int, int], now: datetime) -> Planned:
    of = one.appointment
    names: tuple[tuple[int | None, str], ...] = tuple((own_id, name) for own_id, name, _ in one.students)
    if of.called:
        names = (*names, (None, of.called))
    status = UNREGISTERED if of.lacks_outcome(now) else of.status.label
    told = of.kind.label if of.status.is_open and not of.lacks_outcome(now) else status
    return Planned(
        day=of.day,
        start=of.start,
        end=of.end,
        kind=Appointment.__tablename__,
        record_id=of.id,
        people=names or ((None, of.kind.label),),
        period=period(calendar, of.day, of.start),
        title=of.kind.label if of.kind is not Kind.INDIVIDUAL and names and told != of.kind.label else "",
        detail=" · ".join(_details(one, talks)),
        tag=told,
        tone=_TONES.get(of.status, "amber" if told == UNREGISTERED else "blue" if of.kind is Kind.PARENT else "plain"),
        begins=of.status.is_open and of.kind.has_note and of.student_id is not None,
        called=called(one),
        expected=of.status.is_open,
        came=of.status is Status.ATTENDED,
    )


def _details(one: Booked, talks: dict[int, int]) -> list[str]:
    told = list(dict.fromkeys(place for _, _, place in one.students))
    if one.appointment.kind is Kind.INDIVIDUAL and one.appointment.status.is_open and len(one.students) == 1:
        before = talks.get(one.students[0][0], 0)
        told.append(f"第{before + 1}次" if before else "首次")
    return told


def _talks(session: Session, student_ids: Iterable[int]) -> dict[int, int]:
    """The number of the last talk in the open case, by student."""
    last = (
        select(Case.student_id, func.max(Note.session_no))
        .join(Note, Note.case_id == Case.id)
        .where(Case.student_id.in_(list(student_ids)), Case.status != CaseStatus.CLOSED, Case.deleted_at.is_(None))
        .where(Note.deleted_at.is_(None))
        .group_by(Case.student_id)
    )
    return dict(session.execute(last).all())
