"""The waiting list: who waits since when, and the free times that could be offered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.appointments import store
from app.rooms.appointments.choices import RequestedBy, Urgency
from app.rooms.appointments.record import ROOM, Appointment, AppointmentValues, Waiting
from app.rooms.appointments.rules.clashes import Taken
from app.rooms.appointments.rules.free import AHEAD, Free, free_times
from app.rooms.school import store as schools
from app.rooms.school.record import class_name
from app.rooms.students.record import Student
from app.vault import bin

OFFERED = 6
"""Free times shown at once."""
_PRESSING = {Urgency.URGENT: 0, Urgency.SOON: 1, Urgency.NORMAL: 2}


@dataclass(frozen=True)
class Listed:
    """Somebody on the waiting list as the screen shows it."""

    waiting: Waiting
    name: str
    place: str
    """The class; empty for a name without a file."""


def get(session: Session, waiting_id: int) -> Waiting:
    """The entry with this id. Raises NoResultFound."""
    return session.get_one(Waiting, waiting_id)


def add(
    session: Session,
    student_id: int | None,
    called: str,
    source: RequestedBy,
    urgency: Urgency,
    topic: str,
    today: date,
) -> Waiting:
    """Put somebody on the list. Raises Problem for nobody, and for a student who is on it."""
    if student_id is None and not called.strip():
        raise Problem("没有写谁在等候。", "请选择学生；还没有档案的，请写一个预留的称呼。")
    refuse_twice(session, student_id)
    row = Waiting(
        student_id=student_id,
        since=today,
        called="" if student_id is not None else called.strip(),
        source=source,
        urgency=urgency,
        topic=topic.strip(),
    )
    session.add(row)
    session.flush()
    return row


def refuse_twice(session: Session, student_id: int | None, but: int | None = None) -> None:
    """Raises Problem for a student who is on the list, by another entry than the one beside."""
    others = (one.waiting for one in listed(session) if one.waiting.id != but)
    if student_id is not None and any(one.student_id == student_id for one in others):
        raise Problem("这位学生已在等候名单上。", "可以直接给这位学生安排时间。")


def listed(session: Session) -> list[Listed]:
    """Who still waits: the most urgent first, then who has waited longest. Whose appointment lies in the bin waits again."""
    wanted = (
        select(Waiting, Student)
        .outerjoin(Student, Student.id == Waiting.student_id)
        .outerjoin(Appointment, Appointment.id == Waiting.appointment_id)
        .where(or_(Waiting.appointment_id.is_(None), Appointment.deleted_at.is_not(None)))
        .where(Waiting.deleted_at.is_(None), Student.deleted_at.is_(None))
    )
    found = [
        Listed(row, student.name, class_name(student.grade, student.class_no))
        if student
        else Listed(row, row.called, "")
        for row, student in session.execute(wanted)
    ]
    return sorted(found, key=_pressing)


def values_for(waiting: Waiting, free: Free) -> AppointmentValues:
    """The appointment that somebody on the list would get at a free time."""
    return AppointmentValues(
        day=free.day,
        start=free.start,
        end=free.end,
        student_ids=() if waiting.student_id is None else (waiting.student_id,),
        called=waiting.called,
        requested_by=waiting.source,
        urgency=waiting.urgency,
        topic=waiting.topic,
    )


def offers(session: Session, student_ids: Iterable[int], now: datetime) -> list[Free]:
    """The next free times for these students: school days, the room open, nothing their classes have, no clash."""
    ids = frozenset(student_ids)
    last = now.date() + AHEAD
    taken = [store.taken(one) for one in store.booked(session, now.date(), last) if one.appointment.status.takes_time]
    wanted = Taken(now.date(), time(0), time(0, 1), ROOM, ids, "")
    theirs = session.execute(select(Student.grade, Student.class_no).where(Student.id.in_(ids)).distinct())
    classes = [(grade, class_no) for grade, class_no in theirs]
    return free_times(schools.calendar(session), taken, wanted, now, OFFERED, classes)


def arranged(session: Session, waiting_id: int, appointment_id: int) -> None:
    """The entry has its appointment and leaves the list."""
    get(session, waiting_id).appointment_id = appointment_id


def discard(session: Session, waiting_id: int, now: datetime) -> None:
    """Take an entry off the list, into the bin."""
    bin.put(get(session, waiting_id), now)


def take_back(session: Session, waiting_id: int) -> None:
    """Take it out of the bin. Raises Problem where the student is on the list anew."""
    entry = get(session, waiting_id)
    bin.take_back(entry)
    session.flush()
    refuse_twice(session, entry.student_id, entry.id)


def _pressing(one: Listed) -> tuple[int, date, int]:
    return _PRESSING[one.waiting.urgency], one.waiting.since, one.waiting.id
