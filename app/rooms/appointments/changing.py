"""Changing what is booked: written anew, moved, put into the bin or taken out of it, given to a student; of a series once, later or all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.appointments import store, waiting
from app.rooms.appointments.choices import Scope
from app.rooms.appointments.record import Appointment, AppointmentValues, Waiting
from app.rooms.appointments.rules.clashes import Clashing
from app.rooms.appointments.rules.outcome import check_movable
from app.rooms.appointments.wording import day_words
from app.rooms.school import store as schools
from app.vault import bin
from app.vault.record import Record
from app.vault.undo import Batch
from app.vault.vault import Vault

MOVED = "移动预约"


def of_series(session: Session, appointment: Appointment, scope: Scope) -> list[Appointment]:
    """The occurrences a change of this one is for; of the others only those whose outcome is still to come."""
    if scope is Scope.ONE or appointment.series_id is None:
        return [appointment]
    where = [Appointment.series_id == appointment.series_id, Appointment.deleted_at.is_(None)]
    if scope is Scope.LATER:
        where.append(Appointment.day >= appointment.day)
    found = session.scalars(select(Appointment).where(*where).order_by(Appointment.day, Appointment.id))
    return [one for one in found if one.status.is_open or one is appointment]


def change(
    vault: Vault, session: Session, appointment_id: int, values: AppointmentValues, scope: Scope = Scope.ONE
) -> int:
    """Write an appointment anew, or a series from it on or whole; the others move by as many days. Gives the batch to undo it.

    Raises Clashing without a reason to override, Problem for what cannot be; then nothing has changed.
    """
    store.check(values)
    appointment = store.get(session, appointment_id)
    if (appointment.day, appointment.start, appointment.end) != (values.day, values.start, values.end):
        check_movable(appointment)
    shift = values.day - appointment.day
    changed = of_series(session, appointment, scope)
    ids = frozenset(one.id for one in changed)
    same_people = set(values.student_ids) <= store.one(session, appointment_id).student_ids
    moved = [one for one in changed if shift or not same_people or not _takes_the_same(one, values)]
    wanted = [(values.of_day(one.day + shift), ids) for one in moved]
    store.refuse_clashes(session, wanted, _days_off(session, shift, changed))
    batch = Batch(vault, session, MOVED)
    for one in changed:
        batch.remember_change(one)
        store.write(one, values.of_day(one.day + shift))
        store.write_attendees(session, one, values.student_ids[1:])
    return batch.close()


def move(
    vault: Vault,
    session: Session,
    appointment_id: int,
    day: date,
    start: time,
    end: time,
    scope: Scope = Scope.ONE,
) -> int:
    """Take it to another time, as a drag does: the row changes. Gives the batch to undo it. Raises as ``change`` does."""
    values = store.values_of(store.one(session, appointment_id))
    return change(
        vault, session, appointment_id, replace(values, day=day, start=start, end=end, override_reason=""), scope
    )


def discard(session: Session, appointment_id: int, scope: Scope, now: datetime) -> list[int]:
    """Put an appointment made by mistake, or its series, into the bin; gives the ids."""
    gone = of_series(session, store.get(session, appointment_id), scope)
    for appointment in gone:
        bin.put(appointment, now)
    return [appointment.id for appointment in gone]


def take_back(session: Session, ids: Iterable[int]) -> None:
    """Take appointments out of the bin. Raises Problem where the time has been given to another since."""
    for appointment_id in ids:
        appointment = store.get(session, appointment_id)
        bin.take_back(appointment)
        stands(session, appointment)


def stands(session: Session, record: Record) -> None:
    """Raises Problem where an appointment, or somebody who waits, does not go with what has been entered since."""
    session.flush()
    if isinstance(record, Waiting):
        waiting.refuse_twice(session, record.student_id, record.id)
    if isinstance(record, Appointment) and record.status.takes_time:
        values = store.values_of(store.one(session, record.id))
        try:
            store.refuse_clashes(session, [(values, frozenset({record.id}))])
        except Clashing as clash:
            raise Problem(
                clash.sentence_template, "请先把占了时间的那一次改到别的时间，再取回。", **clash.values
            ) from None


def link(session: Session, appointment_id: int, student_id: int) -> Appointment:
    """A reserved name has a file now: the appointment is the student's from here on."""
    appointment = store.get(session, appointment_id)
    appointment.student_id, appointment.called = student_id, ""
    return appointment


def _takes_the_same(before: Appointment, after: AppointmentValues) -> bool:
    """Whether it takes nothing on its day that it did not take before: what stands beside it has been let in already."""
    return (before.start, before.end, before.place) == (after.start, after.end, after.place.strip())


def _days_off(session: Session, shift: timedelta, changed: Sequence[Appointment]) -> list[str]:
    """The days without school that a series would come to lie on; for a single one she sees the day she takes."""
    if not shift or len(changed) == 1:
        return []
    calendar = schools.calendar(session)
    days = [one.day + shift for one in changed]
    return [f"{day_words(day)} {why}" for day in days if (why := calendar.why_not(day))]
