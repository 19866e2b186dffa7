"""What the house asks of this room: timeline lines, facts, what is due, search hits, the talk a note is about, forgetting."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.rooms.appointments import store
from app.rooms.appointments.choices import Kind, Status
from app.rooms.appointments.record import MANY_ABSENCES, Appointment, Attendee, Booked, Waiting
from app.rooms.appointments.waiting import Listed, listed
from app.rooms.appointments.wording import day_words, label, time_words
from app.rooms.notes.choices import Mode
from app.rooms.notes.record import Note, NoteValues
from app.rooms.school import store as schools
from app.rooms.school.record import DeadlineTerms, Due, Heading
from app.rooms.students.record import Fact, Line, Tone

NOTE_WITHIN = timedelta(days=7)
"""A talk longer ago than this is not what a note that is begun now is about."""
_TONES = {Status.ATTENDED: Tone.GREEN, Status.ABSENT: Tone.AMBER}
_STRUCK = (Status.CANCELLED, Status.MOVED)


def lines(session: Session, student_id: int) -> list[Line]:
    """The student's appointments for the timeline, newest first."""
    return [_line(one) for one in reversed(store.of_student(session, student_id))]


def facts(session: Session, student_id: int, today: date) -> list[Fact]:
    """The next appointment, and what somebody should look at: several absences in a row."""
    told = []
    coming = [one for one in store.of_student(session, student_id) if one.appointment.day >= today]
    following = next((one.appointment for one in coming if one.appointment.status.is_open), None)
    if following is not None:
        told.append(Fact("下次预约", f"{day_words(following.day)} {following.start:%H:%M} · {following.place}"))
    missed = store.absences(session, student_id)
    if missed >= MANY_ABSENCES:
        told.append(Fact("未到", f"连续 {missed} 次预约未到，建议了解原因", Tone.AMBER))
    return told


def due(session: Session, terms: DeadlineTerms, today: date) -> list[Due]:
    """Appointments to be confirmed (domain.md 3.12, appointment.confirm), and those of days gone by without an outcome."""
    wanted = (
        Appointment.deleted_at.is_(None),
        or_(
            Appointment.status == Status.PENDING, and_(Appointment.status == Status.CONFIRMED, Appointment.day < today)
        ),
    )
    found = session.scalars(select(Appointment).where(*wanted).order_by(Appointment.day, Appointment.id)).all()
    told = [_due(one, "appointment.outcome", one.day, "登记预约结果") for one in found if one.day < today]
    told += _unconfirmed(session, [one for one in found if one.day >= today], terms)
    return [*sorted(told, key=_due_day), *map(_waits, listed(session))]


def _unconfirmed(session: Session, pending: list[Appointment], terms: DeadlineTerms) -> list[Due]:
    """Each by so many school days after it was entered."""
    calendar = schools.calendar(session) if pending else None
    told = []
    for one in pending:
        if calendar is not None and one.created_at is not None:
            entered = one.created_at.astimezone().date()
            by = calendar.next_school_day(entered, terms.appointment_confirm_days)
            told.append(_due(one, "appointment.confirm", by, "确认预约"))
    return told


def found(session: Session, kind: str, record_id: int) -> tuple[str, str] | None:
    """A record of this room as a title and an excerpt; None for another room's."""
    if kind == Appointment.__tablename__:
        one = store.one(session, record_id)
        return f"预约 {day_words(one.appointment.day)} {label(one)}", " ".join(one.appointment.topic.split())[:90]
    if kind == Waiting.__tablename__:
        waiting = session.get_one(Waiting, record_id)
        return f"等候名单 {waiting.since:%Y-%m-%d}", waiting.topic[:90]
    return None


def met(session: Session, student_id: int, now: datetime) -> NoteValues | None:
    """The last talk with the student that no note has been written of: what a note that is begun now is about."""
    for one in reversed(store.of_student(session, student_id)):
        of = one.appointment
        if of.status is not Status.ATTENDED or not of.kind.has_note or of.day < now.date() - NOTE_WITHIN:
            continue
        same = (Note.student_id == student_id, Note.held_on == of.day, Note.deleted_at.is_(None))
        if session.scalar(select(Note.id).where(*same, Note.start == of.start).limit(1)) is None:
            parents = of.kind is Kind.PARENT
            return NoteValues(
                held_on=of.day,
                start=of.start,
                end=of.end,
                place=of.place,
                mode=Mode.PARENTS if parents else Mode.FACE,
                attendees="家长" if parents else "学生本人",
            )
    return None


def forget(session: Session, student_id: int) -> None:
    """Delete what this room keeps about the student; an appointment with others stays theirs."""
    for waiting in session.scalars(select(Waiting).where(Waiting.student_id == student_id)):
        session.delete(waiting)
    for attendee in session.scalars(select(Attendee).where(Attendee.student_id == student_id)):
        session.delete(attendee)
    session.flush()
    for appointment in session.scalars(select(Appointment).where(Appointment.student_id == student_id)).all():
        _hand_on(session, appointment)
    session.flush()


def _hand_on(session: Session, appointment: Appointment) -> None:
    """Give it to the next of its students; delete it where there is none."""
    others = select(Attendee).where(Attendee.appointment_id == appointment.id).order_by(Attendee.id)
    following = session.scalars(others.limit(1)).first()
    if following is not None:
        appointment.student_id = following.student_id
        session.delete(following)
        return
    for before in session.scalars(select(Appointment).where(Appointment.moved_to_id == appointment.id)):
        before.moved_to_id = None
    for waiting in session.scalars(select(Waiting).where(Waiting.appointment_id == appointment.id)):
        session.delete(waiting)
    session.flush()
    session.delete(appointment)


def _line(one: Booked) -> Line:
    of = one.appointment
    tags = [of.status.label, time_words(one)]
    if of.override_reason:
        tags.append("时间冲突仍约")
    return Line(
        at=of.day,
        kind=Appointment.__tablename__,
        record_id=of.id,
        title=f"预约：{of.kind.label}",
        tags=tuple(tags),
        text=of.topic,
        tone=_TONES.get(of.status, Tone.PLAIN),
        struck=of.status in _STRUCK,
    )


def _due(of: Appointment, key: str, on: date, title: str) -> Due:
    return Due(
        key=key,
        due=on,
        student_id=of.student_id,
        kind=Appointment.__tablename__,
        record_id=of.id,
        title=title,
        detail=f"{day_words(of.day)} {of.start:%H:%M} {of.kind.label}",
    )


def _waits(one: Listed) -> Due:
    """Nobody who waits for a time is forgotten; a name without a file is not told."""
    return Due(
        key="waiting",
        due=one.waiting.since,
        student_id=one.waiting.student_id,
        kind=Waiting.__tablename__,
        record_id=one.waiting.id,
        title="在等候名单上" if one.place else "等候名单上有一位还没有建档",
        detail=f"{one.waiting.urgency.label}，{one.waiting.source.label}提出",
        verb="去安排",
        heading=Heading.FADING,
    )


def _due_day(due: Due) -> tuple[date, int]:
    return due.due, due.record_id
