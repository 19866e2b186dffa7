"""Free times: the next slots in which an appointment could be made without a clash, while the room is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from app.rooms.appointments.rules.clashes import PAUSE, Taken, clashes
from app.rooms.school.bells import Slot
from app.rooms.school.calendar import Calendar

AHEAD = timedelta(days=30)
"""How far ahead a free time is looked for."""


@dataclass(frozen=True)
class Free:
    """A time that could be taken, and what the school calls it."""

    day: date
    start: time
    end: time
    name: str


def free_times(
    calendar: Calendar, taken: Iterable[Taken], wanted: Taken, minutes: int, now: datetime, most: int
) -> list[Free]:
    """The first times from now on, at most ``most``; ``wanted`` says the place and the students, its time does not matter."""
    by_day: dict[date, list[Taken]] = {}
    for other in taken:
        by_day.setdefault(other.day, []).append(other)
    found: list[Free] = []
    day = now.date()
    while day <= now.date() + AHEAD and len(found) < most:
        if not calendar.why_not(day):
            found += _of_day(calendar, day, by_day.get(day, []), wanted, minutes, now)
        day += timedelta(days=1)
    return found[:most]


def slots(calendar: Calendar, day: date, minutes: int) -> list[Slot]:
    """The periods of a day in which the room is open; without bells its opening hours, cut into sessions with their pauses."""
    if calendar.why_closed(day):
        return []
    periods = calendar.slots(day)
    if periods:
        return [slot for slot in periods if not calendar.opening or calendar.is_open(day, slot.start, slot.end)]
    return [slot for span in calendar.open_spans(day) for slot in _cut(span.start, span.end, minutes)]


def period(calendar: Calendar, day: date, start: time) -> str:
    """What the school calls the time: 「午休一」; empty outside its periods."""
    return next((slot.name for slot in calendar.slots(day) if slot.start <= start < slot.end), "")


def _of_day(
    calendar: Calendar, day: date, taken: list[Taken], wanted: Taken, minutes: int, now: datetime
) -> Iterator[Free]:
    for slot in slots(calendar, day, minutes):
        end = min(slot.end, later(slot.start, minutes))
        if (day, slot.start) >= (now.date(), now.time()) and not clashes(
            replace(wanted, day=day, start=slot.start, end=end), taken
        ):
            yield Free(day, slot.start, end, slot.name)


def _cut(start: time, end: time, minutes: int) -> Iterator[Slot]:
    while (last := later(start, minutes)) <= end and last > start:
        yield Slot("", start, last)
        start = later(last, PAUSE.seconds // 60)


def later(moment: time, minutes: int) -> time:
    """So many minutes later on the same day; a minute before midnight at the latest."""
    whole = min(moment.hour * 60 + moment.minute + minutes, 24 * 60 - 1)
    return time(whole // 60, whole % 60)
