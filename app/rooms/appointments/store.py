"""Appointments in the vault: finding and entering them, once and as a series. Beside it: changing, outcomes, waiting, overview."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.appointments.choices import Status, Urgency
from app.rooms.appointments.record import Appointment, AppointmentValues, Attendee, Booked, Series
from app.rooms.appointments.rules import clashes as clashing
from app.rooms.appointments.rules import series as rhythms
from app.rooms.appointments.rules.clashes import Clashing, Taken
from app.rooms.appointments.rules.series import Pattern, Plan
from app.rooms.appointments.wording import day_words, label
from app.rooms.school import store as schools
from app.rooms.school.entering import YEARS
from app.rooms.school.record import class_name
from app.rooms.students.record import Student

_AT_ONCE = 500


# Finding


def get(session: Session, appointment_id: int) -> Appointment:
    """The appointment with this id. Raises NoResultFound."""
    return session.get_one(Appointment, appointment_id)


def find(session: Session, appointment_id: int) -> Appointment | None:
    """The appointment with this id; None where it lies in the bin or is gone for good."""
    found = session.get(Appointment, appointment_id)
    return found if found is not None and found.deleted_at is None else None


def booked(session: Session, first: date, last: date) -> list[Booked]:
    """The appointments of a span of days, both included, with their students, in the order of time; not those in the bin."""
    return _booked(session, Appointment.day.between(first, last))


def one(session: Session, appointment_id: int) -> Booked:
    """One appointment with its students, in the bin or not. Raises NoResultFound."""
    return _with_students(session, [get(session, appointment_id)])[0]


def of_student(session: Session, student_id: int) -> list[Booked]:
    """Every appointment the student comes to, in the order of time."""
    return _booked(session, _comes(student_id))


def unregistered(session: Session, now: datetime) -> list[Booked]:
    """Those whose time has passed without an outcome, the oldest first."""
    found = _booked(session, Appointment.status.in_((Status.PENDING, Status.CONFIRMED)), Appointment.day <= now.date())
    return [one for one in found if one.appointment.lacks_outcome(now)]


def absences(session: Session, student_id: int) -> int:
    """How many times in a row the student has not come, up to now."""
    count = 0
    for one in reversed(of_student(session, student_id)):
        if one.appointment.status is Status.ATTENDED:
            break
        count += one.appointment.status is Status.ABSENT
    return count


def values_of(one: Booked) -> AppointmentValues:
    """What is written of an appointment, for a form."""
    of = one.appointment
    return AppointmentValues(
        day=of.day,
        start=of.start,
        end=of.end,
        kind=of.kind,
        place=of.place,
        student_ids=tuple(own_id for own_id, _, _ in one.students),
        called=of.called,
        requested_by=of.requested_by,
        urgency=of.urgency,
        topic=of.topic,
        confirmed=of.status is not Status.PENDING,
        override_reason=of.override_reason,
    )


def taken(one: Booked) -> Taken:
    """What the appointment takes."""
    of = one.appointment
    return Taken(of.day, of.start, of.end, of.place, one.student_ids, label(one))


# Entering


def add(session: Session, values: AppointmentValues, now: datetime) -> Appointment:
    """Enter one appointment. Raises Clashing without a reason to override, Problem for what cannot be.

    An urgent one that has begun is somebody who stands at the door: it is attended at once (domain.md 3.5).
    """
    check(values)
    refuse_clashes(session, [(values, frozenset())])
    made = enter(session, values)
    if made.urgency is Urgency.URGENT and made.has_begun(now):
        made.status = Status.ATTENDED
    return made


def plan_series(session: Session, values: AppointmentValues, pattern: Pattern) -> Plan:
    """What a series would come to: days off, exams and clashes are left out or moved and told; with a reason clashes are kept.

    Raises Problem for what cannot be, and where no day is left.
    """
    check(values)
    if pattern.until.year not in YEARS:
        raise Problem("年份不对：{day}。", "请检查「重复到」的日期。", day=pattern.until)
    if values.override_reason.strip():
        return rhythms.plan(pattern, schools.calendar(session))
    others, pause = _by_day(booked(session, pattern.first, date.max)), schools.pause(session)

    def clash(day: date) -> str:
        return "；".join(_told(values.of_day(day), others[day], pause))

    return rhythms.plan(pattern, schools.calendar(session), clash)


def unknown_years(session: Session, days: Iterable[date]) -> list[int]:
    """The years among these days whose holidays are not known, so that only weekends were left out."""
    calendar = schools.calendar(session)
    return [year for year in sorted({day.year for day in days}) if calendar.says_weekends_only(year)]


def add_series(session: Session, values: AppointmentValues, pattern: Pattern) -> list[Appointment]:
    """Enter a series as its occurrences, in order. Raises Problem as ``plan_series`` does."""
    planned = plan_series(session, values, pattern)
    series = Series(rhythm=pattern.rhythm, first=pattern.first, until=pattern.until)
    session.add(series)
    session.flush()
    return [enter(session, values.of_day(day), series.id) for day in planned.days]


def check(values: AppointmentValues) -> None:
    """Raise the Problem that keeps these values from being entered, whatever else is booked."""
    if values.day.year not in YEARS:
        raise Problem("年份不对：{day}。", "请检查日期。", day=values.day)
    clashing.check_times(values.start, values.end)
    if not values.student_ids and not values.called.strip():
        if values.kind.has_note:
            raise Problem("没有写是谁的预约。", "请选择学生；还没有档案的，请写一个预留的称呼。")
        raise Problem("没有写名称。", "请写一个名称，例如团体的主题或班级。")


def refuse_clashes(
    session: Session, wanted: Sequence[tuple[AppointmentValues, frozenset[int]]], told: Sequence[str] = ()
) -> None:
    """Raise Clashing for what is in the way and is not of the ids beside, unless there is a reason to override."""
    if any(values.override_reason.strip() for values, _ in wanted):
        return
    present, pause = _taken_on(session, [values.day for values, _ in wanted]), schools.pause(session)
    said = list(told)
    for values, but in wanted:
        others = [(own_id, other) for own_id, other in present[values.day] if own_id not in but]
        said += [f"{day_words(values.day)} {words}" for words in _told(values, others, pause)]
    if said:
        raise Clashing(said)


def enter(session: Session, values: AppointmentValues, series_id: int | None = None) -> Appointment:
    """Enter it, whatever it clashes with."""
    made = Appointment(
        student_id=None, day=values.day, start=values.start, end=values.end, kind=values.kind, place=values.place
    )
    write(made, values)
    made.series_id = series_id
    session.add(made)
    session.flush()
    write_attendees(session, made, values.student_ids[1:])
    return made


def write(appointment: Appointment, values: AppointmentValues) -> None:
    """Write the values into the row; one whose outcome is registered keeps it."""
    appointment.student_id = values.student_ids[0] if values.student_ids else None
    appointment.day, appointment.start, appointment.end = values.day, values.start, values.end
    appointment.kind, appointment.place = values.kind, values.place.strip()
    appointment.called, appointment.topic = values.called.strip(), values.topic.strip()
    appointment.requested_by, appointment.urgency = values.requested_by, values.urgency
    appointment.override_reason = values.override_reason.strip()
    if appointment.status.is_open:
        appointment.status = Status.CONFIRMED if values.confirmed else Status.PENDING


def write_attendees(session: Session, appointment: Appointment, wanted: Sequence[int]) -> None:
    """These further students come to it, and no others."""
    present = list(session.scalars(select(Attendee).where(Attendee.appointment_id == appointment.id)))
    for attendee in present:
        if attendee.student_id not in wanted:
            session.delete(attendee)
    known = {attendee.student_id for attendee in present}
    for student_id in wanted:
        if student_id not in known:
            session.add(Attendee(appointment_id=appointment.id, student_id=student_id))
    session.flush()


# Inside


def _booked(session: Session, *where: ColumnElement[bool]) -> list[Booked]:
    wanted = select(Appointment).where(Appointment.deleted_at.is_(None), *where)
    return _with_students(session, session.scalars(wanted.order_by(Appointment.day, Appointment.start, Appointment.id)))


def _with_students(session: Session, appointments: Iterable[Appointment]) -> list[Booked]:
    """Each with its students, read in two queries for all."""
    found = list(appointments)
    further: dict[int | None, list[int]] = defaultdict(list)
    ids = [one.id for one in found]
    for at in range(0, len(ids), _AT_ONCE):
        where = Attendee.appointment_id.in_(ids[at : at + _AT_ONCE])
        rows = select(Attendee.appointment_id, Attendee.student_id).where(where, Attendee.deleted_at.is_(None))
        for appointment_id, student_id in session.execute(rows.order_by(Attendee.id)):
            further[appointment_id].append(student_id)
    first = {one.student_id for one in found if one.student_id is not None}
    named = _named(session, first.union(*further.values()))
    return [Booked(one, tuple(named[own] for own in _ids(one, further[one.id]) if own in named)) for one in found]


def _ids(appointment: Appointment, further: list[int]) -> list[int]:
    return further if appointment.student_id is None else [appointment.student_id, *further]


def _named(session: Session, ids: set[int]) -> dict[int, tuple[int, str, str]]:
    wanted, found = sorted(ids), {}
    for at in range(0, len(wanted), _AT_ONCE):
        where = Student.id.in_(wanted[at : at + _AT_ONCE])
        for row in session.execute(select(Student.id, Student.name, Student.grade, Student.class_no).where(where)):
            found[row.id] = (row.id, row.name, class_name(row.grade, row.class_no))
    return found


def _comes(student_id: int) -> ColumnElement[bool]:
    further = select(Attendee.appointment_id).where(Attendee.student_id == student_id, Attendee.deleted_at.is_(None))
    return or_(Appointment.student_id == student_id, Appointment.id.in_(further))


def _told(values: AppointmentValues, others: Sequence[tuple[int, Taken]], pause: int) -> list[str]:
    wanted = Taken(values.day, values.start, values.end, values.place.strip(), frozenset(values.student_ids), "")
    found = clashing.clashes(wanted, [other for _, other in others], pause)
    return [f"{clash.other.label}({clash.what})" for clash in found]


def _taken_on(session: Session, days: Iterable[date]) -> dict[date, list[tuple[int, Taken]]]:
    """What takes time on these days, by day, with the ids."""
    wanted = set(days)
    return _by_day(booked(session, min(wanted), max(wanted)) if wanted else ())


def _by_day(found: Iterable[Booked]) -> dict[date, list[tuple[int, Taken]]]:
    """What takes time, by day, with the ids."""
    by_day: dict[date, list[tuple[int, Taken]]] = defaultdict(list)
    for one in found:
        if one.appointment.status.takes_time:
            by_day[one.appointment.day].append((one.appointment.id, taken(one)))
    return by_day
