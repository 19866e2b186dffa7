"""What the house asks of this room: timeline lines, facts, search hits, the talk a note is about, forgetting. Beside it: dues."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.rooms.appointments import store
from app.rooms.appointments.choices import Kind, Status
from app.rooms.appointments.dues import without_note
from app.rooms.appointments.record import MANY_ABSENCES, Appointment, Attendee, Booked, Waiting
from app.rooms.appointments.rules.free import later
from app.rooms.appointments.wording import day_words, label, time_words
from app.rooms.notes.choices import Mode
from app.rooms.notes.record import Note, NoteValues
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


def found(session: Session, kind: str, record_id: int) -> tuple[str, str] | None:
    """A record of this room as a title and an excerpt; None for another room's."""
    if kind == Appointment.__tablename__:
        one = store.one(session, record_id)
        return f"预约 {day_words(one.appointment.day)} {label(one)}", " ".join(one.appointment.topic.split())[:90]
    if kind == Waiting.__tablename__:
        waiting = session.get_one(Waiting, record_id)
        return f"等候名单 {waiting.since:%Y-%m-%d}", waiting.topic[:90]
    return None


def met(session: Session, student_id: int, now: datetime, appointment_id: int | None = None) -> NoteValues | None:
    """The talk with the student that a note begun now is about: the appointment named, else the last no note has been written of."""
    if appointment_id is not None:
        return _note_of(store.get(session, appointment_id), now)
    theirs = or_(
        Appointment.student_id == student_id,
        Appointment.id.in_(select(Attendee.appointment_id).where(Attendee.student_id == student_id)),
    )
    wanted = select(Appointment).where(theirs, *without_note(), Appointment.day >= now.date() - NOTE_WITHIN)
    newest = session.scalars(wanted.order_by(Appointment.day.desc(), Appointment.start.desc()).limit(1)).first()
    return _note_of(newest, now) if newest is not None else None


def noted(session: Session, one: Booked) -> dict[int, int]:
    """The note of this talk by student, as far as there is one: of its hour, or of its day where that had only this talk."""
    of, found = one.appointment, {}
    for student_id in one.student_ids:
        same_day = (Note.student_id == student_id, Note.held_on == of.day, Note.deleted_at.is_(None))
        by_start = dict(session.execute(select(Note.start, Note.id).where(*same_day).order_by(Note.id.desc())).all())
        others = [
            other
            for other in store.of_student(session, student_id)
            if other.appointment.day == of.day and other.appointment.status is Status.ATTENDED
        ]
        note_id = by_start.get(of.start) or (next(iter(by_start.values()), None) if len(others) <= 1 else None)
        if note_id is not None:
            found[student_id] = note_id
    return found


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


def _note_of(talk: Appointment, now: datetime) -> NoteValues:
    """What is known of the talk before the note is written: its planned time, or, where it begins early, now and as many minutes.

    A note's times are the talk's own (domain.md 2.5); she corrects them in the form.
    """
    parents = talk.kind is Kind.PARENT
    moment = now.time().replace(second=0, microsecond=0)
    start = min(talk.start, moment) if talk.day == now.date() else talk.start
    return NoteValues(
        held_on=talk.day,
        start=start,
        end=later(start, talk.minutes),
        place=talk.place,
        mode=Mode.PARENTS if parents else Mode.FACE,
        attendees="家长" if parents else "学生本人",
    )


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
