"""Appointment, who comes to it, its series, and the waiting list (domain.md 2.6, 3.5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Self

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.rooms.appointments.choices import CancelledBy, Kind, RequestedBy, Rhythm, Status, Urgency
from app.vault.record import Kept, Record

EARLY_MINUTES = 30
"""Who comes so long before the time has come to this appointment: a break, or the noon hour; earlier than that the time itself has
to be changed, for week, register and slip say when the talk was. Not in domain.md 3.5, which knows only coming late."""
ROOM = "个别辅导室"
UNREGISTERED = "未登记"
"""What an appointment is called whose time has passed without an outcome."""
MANY_ABSENCES = 3
"""From so many times not come on, somebody should look why (domain.md 3.5)."""


@dataclass(frozen=True, kw_only=True)
class AppointmentValues:
    """What the counsellor writes of an appointment, as plain values."""

    day: date
    start: time
    end: time
    kind: Kind = Kind.INDIVIDUAL
    place: str = ROOM
    student_ids: tuple[int, ...] = ()
    called: str = ""
    requested_by: RequestedBy = RequestedBy.STUDENT
    urgency: Urgency = Urgency.NORMAL
    topic: str = ""
    confirmed: bool = True
    override_reason: str = ""

    def of_day(self, day: date) -> Self:
        """The same on another day."""
        return replace(self, day=day)


class Appointment(Kept, Record):
    """A time kept for somebody. A change of plan that was agreed upon closes it (已改期) and links the new one."""

    __tablename__ = "appointment"
    names = ("called",)

    student_id: Mapped[int | None] = mapped_column(ForeignKey("student.id"), index=True)
    """The student it is about; further ones are its Attendees. None for a name without a file, a group or a class."""
    day: Mapped[date] = mapped_column(index=True)
    start: Mapped[time]
    end: Mapped[time]
    kind: Mapped[Kind]
    place: Mapped[str]
    called: Mapped[str] = mapped_column(default="")
    """A name kept for somebody without a file yet, or what a group, a class or anything else is called."""
    status: Mapped[Status] = mapped_column(default=Status.CONFIRMED)
    requested_by: Mapped[RequestedBy] = mapped_column(default=RequestedBy.STUDENT)
    urgency: Mapped[Urgency] = mapped_column(default=Urgency.NORMAL)
    topic: Mapped[str] = mapped_column(default="")
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"), index=True, default=None)
    moved_to_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"), default=None)
    """The appointment that took its place."""
    cancelled_by: Mapped[CancelledBy | None] = mapped_column(default=None)
    cancelled_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(default="")
    """Why it was called off or moved."""
    override_reason: Mapped[str] = mapped_column(default="")
    """Why it was entered although it clashes with another."""

    def words(self) -> Iterable[str]:
        return (self.called, self.topic, self.reason)

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return (self.end.hour - self.start.hour) * 60 + self.end.minute - self.start.minute

    def has_passed(self, now: datetime) -> bool:
        """Whether its time is over, by the room's clock."""
        return (self.day, self.end) <= (now.date(), now.time())

    def has_begun(self, now: datetime) -> bool:
        return (self.day, self.start) <= (now.date(), now.time())

    @property
    def earliest(self) -> time:
        """From when on that day somebody may have come to it."""
        return time(*divmod(max(0, self.start.hour * 60 + self.start.minute - EARLY_MINUTES), 60))

    def can_have_come(self, now: datetime) -> bool:
        """Whether 已到访 can be said of it: at its time, or a little before."""
        return (self.day, self.earliest) <= (now.date(), now.time())

    def lacks_outcome(self, now: datetime) -> bool:
        """Whether it is 未登记: over, and nobody has said what became of it."""
        return self.status.is_open and self.has_passed(now)


class Attendee(Kept, Record):
    """A further student of an appointment."""

    __tablename__ = "attendee"

    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"), index=True)
    """None where the file was brought back out of a backup and the appointment itself had been destroyed."""
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)


class Series(Kept, Record):
    """What occurrences have in common; they themselves are appointments."""

    __tablename__ = "series"

    rhythm: Mapped[Rhythm]
    first: Mapped[date]
    until: Mapped[date]


class Waiting(Kept, Record):
    """Somebody who waits for an appointment; arranged once it has one."""

    __tablename__ = "waiting"
    names = ("called",)

    student_id: Mapped[int | None] = mapped_column(ForeignKey("student.id"), index=True)
    since: Mapped[date]
    called: Mapped[str] = mapped_column(default="")
    source: Mapped[RequestedBy] = mapped_column(default=RequestedBy.STUDENT)
    urgency: Mapped[Urgency] = mapped_column(default=Urgency.NORMAL)
    topic: Mapped[str] = mapped_column(default="")
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"), index=True, default=None)

    def words(self) -> Iterable[str]:
        return (self.called, self.topic)


@dataclass(frozen=True)
class Booked:
    """An appointment with the students who come to it, as lists and the calendar show it."""

    appointment: Appointment
    students: tuple[tuple[int, str, str], ...] = field(default=())
    """(id, name, class) of each, the one it is about first."""

    @property
    def student_ids(self) -> frozenset[int]:
        return frozenset(own_id for own_id, _, _ in self.students)
