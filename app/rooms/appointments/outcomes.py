"""What becomes of appointments: confirmed, attended, not come, called off, moved to another time, and put right again (domain.md 3.5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.appointments import changing, store
from app.rooms.appointments.choices import CancelledBy, Scope, Status
from app.rooms.appointments.record import Appointment
from app.rooms.appointments.rules.outcome import check_movable, check_outcome


def confirm(session: Session, appointment_id: int) -> Appointment:
    """It is agreed upon."""
    appointment = store.get(session, appointment_id)
    if appointment.status is Status.PENDING:
        appointment.status = Status.CONFIRMED
    return appointment


def register(session: Session, appointment_id: int, outcome: Status, now: datetime) -> Appointment:
    """已到访 or 未到. Raises Problem before its time or where it was moved."""
    appointment = store.get(session, appointment_id)
    check_outcome(appointment, outcome, now)
    appointment.status = outcome
    appointment.cancelled_by, appointment.cancelled_at, appointment.reason = None, None, ""
    return appointment


def cancel(
    session: Session, appointment_id: int, by: CancelledBy, reason: str, now: datetime, scope: Scope = Scope.ONE
) -> Appointment:
    """Called off, of a series once, from then on or whole: by whom, when, and why if it was said."""
    appointment = store.get(session, appointment_id)
    for one in changing.of_series(session, appointment, scope):
        check_outcome(one, Status.CANCELLED, now)
        one.status, one.cancelled_by = Status.CANCELLED, by
        one.cancelled_at, one.reason = now, reason.strip()
    return appointment


def reopen(session: Session, appointment_id: int) -> Appointment:
    """What was registered was wrong: the outcome is open again. Raises Problem for one that was moved, and for a new clash."""
    appointment = store.get(session, appointment_id)
    if appointment.status is Status.MOVED:
        raise Problem("这次预约已改期，不能再登记。", "请在改期后的那次预约上登记。")
    if not appointment.status.takes_time:
        values = store.values_of(store.one(session, appointment_id))
        store.refuse_clashes(session, [(values, frozenset({appointment_id}))])
    appointment.status = Status.CONFIRMED
    appointment.cancelled_by, appointment.cancelled_at, appointment.reason = None, None, ""
    return appointment


def reschedule(
    session: Session, appointment_id: int, day: date, start: time, end: time, reason: str, override_reason: str = ""
) -> Appointment:
    """Agreed upon anew (已改期): the old row is closed and links the new one. Raises Clashing, or Problem for a closed one."""
    old = store.get(session, appointment_id)
    check_movable(old)
    values = replace(
        store.values_of(store.one(session, appointment_id)),
        day=day,
        start=start,
        end=end,
        override_reason=override_reason,
    )
    store.check(values)
    if (day, start) == (old.day, old.start):
        raise Problem("改期后的时间与原来相同。", "请填新的日期或时间。")
    store.refuse_clashes(session, [(values, frozenset({appointment_id}))])
    new = store.enter(session, values)
    old.status, old.moved_to_id, old.reason = Status.MOVED, new.id, reason.strip()
    return new
