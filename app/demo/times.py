"""The times of the demo school's week: on which days and at what hour somebody comes, as resources/demo/week.json says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Self

from app.demo.cast import bundled
from app.rooms.appointments.choices import RequestedBy, Rhythm
from app.rooms.school.bells import Span, in_force
from app.rooms.school.calendar import OUTSIDE, Calendar, monday_of

NOON = time(12, 20)
"""When somebody comes where the school has no bells."""
WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Hour:
    """A weekday and a period of it, from so many minutes after its bell on."""

    weekday: int
    bell: str
    late: int
    minutes: int

    def span(self, calendar: Calendar, day: date) -> Span:
        """From when to when by the bells of the season; not beyond the period."""
        timetable = in_force(calendar.timetables, day)
        slots = timetable.slots(self.weekday) if timetable is not None else []
        slot = next((slot for slot in slots if slot.name == self.bell), None)
        start = _later(slot.start if slot is not None else NOON, self.late)
        end = _later(start, self.minutes)
        return Span(start, end if slot is None else min(end, slot.end))

    def in_week(self, monday: date) -> date:
        """Its day in the week that begins on this Monday."""
        return monday + timedelta(days=self.weekday - 1)


@dataclass(frozen=True)
class Habit:
    """When the student of a case comes, and who asked for it."""

    hour: Hour
    rhythm: Rhythm
    by: RequestedBy

    @classmethod
    def of(cls, said: dict[str, Any]) -> Self:
        return cls(Hour(*said["at"]), Rhythm.coded(said["rhythm"]), RequestedBy.coded(said["by"]))

    def falls_on(self, calendar: Calendar, day: date) -> bool:
        """Whether the student comes that day: not on a day off, not during exams, and only in the weeks of the rhythm."""
        if calendar.why_not(day) not in ("", OUTSIDE):
            return False
        if self.rhythm is Rhythm.TWO_WEEKLY:
            return monday_of(day).toordinal() // 7 % 2 == 0
        week = calendar.week_of(day)
        return self.rhythm is Rhythm.WEEKLY or week is None or week.odd is (self.rhythm is Rhythm.ODD)

    def days_before(self, calendar: Calendar, day: date) -> Iterator[date]:
        """The days on which the student came before this one, the last first, without end."""
        at = self.hour.in_week(monday_of(day))
        while True:
            if at < day and self.falls_on(calendar, at):
                yield at
            at -= WEEK


def habits() -> list[Habit]:
    """How the students with a case come, one after the other through the week."""
    return [Habit.of(said) for said in bundled("week")["talks"]]


def _later(moment: time, minutes: int) -> time:
    at = moment.hour * 60 + moment.minute + minutes
    return time(at // 60, at % 60)
