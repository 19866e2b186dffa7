"""Changing what is booked: written anew, moved, put into the bin or taken out of it, given to a student; of a series once, later or all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.rooms.appointments import store
from app.rooms.appointments.choices import Scope
from app.rooms.appointments.record import Appointment, AppointmentValues
from app.rooms.appointments.rules.outcome import check_movable
from app.rooms.appointments.wording import day_words
from app.rooms.school import store as schools
from app.vault import bin
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
    store.refuse_clashes(
        session, [(values.of_day(one.day + shift), ids) for one in changed], _days_off(session, shift, changed)
    )
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
    """Take appointments out of the bin."""
    for appointment_id in ids:
        bin.take_back(store.get(session, appointment_id))


def link(session: Session, appointment_id: int, student_id: int) -> Appointment:
    """A reserved name has a file now: the appointment is the student's from here on."""
    appointment = store.get(session, appointment_id)
    appointment.student_id, appointment.called = student_id, ""
    return appointment


def _days_off(session: Session, shift: timedelta, changed: Sequence[Appointment]) -> list[str]:
    """The days without school that a series would come to lie on; for a single one she sees the day she takes."""
    if not shift or len(changed) == 1:
        return []
    calendar = schools.calendar(session)
    days = [one.day + shift for one in changed]
    return [f"{day_words(day)} {why}" for day in days if (why := calendar.why_not(day))]
