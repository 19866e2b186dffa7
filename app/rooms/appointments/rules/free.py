"""Free times: the next slots in which an appointment could be made without a clash, while the room is open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice

from app.rooms.appointments.rules.clashes import Taken, clashes
from app.rooms.school.bells import Slot
from app.rooms.school.calendar import Calendar

AHEAD = timedelta(days=30)
"""How far ahead a free time is looked for."""
SHORTEST = 20
"""Minutes; a shorter break or rest of one is no time to be offered, unless sessions are as short."""


@dataclass(frozen=True)
class Free:
    """A time that could be taken, and what the school calls it."""

    day: date
    start: time
    end: time
    name: str


def free_times(
    calendar: Calendar,
    taken: Iterable[Taken],
    wanted: Taken,
    now: datetime,
    most: int,
    classes: Collection[tuple[int, int]] = (),
) -> list[Free]:
    """The first times from now on, at most ``most``; ``wanted`` says the place and the students, its time does not matter.

    ``classes`` are those of the students, (grade, number): nothing is offered while one of them is not to be called away.
    """
    by_day: dict[date, list[Taken]] = {}
    for other in taken:
        by_day.setdefault(other.day, []).append(other)
    found: list[Free] = []
    day = now.date()
    while day <= now.date() + AHEAD and len(found) < most:
        if not calendar.why_not(day):
            open_ = _of_day(calendar, day, by_day.get(day, []), wanted, now)
            found += [one for one in open_ if not _is_busy(calendar, one, classes)]
        day += timedelta(days=1)
    return found[:most]


def slots(calendar: Calendar, day: date) -> list[Slot]:
    """The periods of a day in which the room is open; without bells its opening hours, cut into sessions with their pauses."""
    if calendar.why_closed(day):
        return []
    periods = calendar.slots(day)
    if periods:
        return [slot for slot in periods if not calendar.opening or calendar.is_open(day, slot.start, slot.end)]
    return [slot for span in calendar.open_spans(day) for slot in _cut(span.start, span.end, calendar)]


def period(calendar: Calendar, day: date, start: time) -> str:
    """What the school calls the time: 「午休一」; empty outside its periods."""
    return next((slot.name for slot in calendar.slots(day) if slot.start <= start < slot.end), "")


def _of_day(calendar: Calendar, day: date, taken: list[Taken], wanted: Taken, now: datetime) -> Iterator[Free]:
    for slot in slots(calendar, day):
        gaps = (Free(day, start, end, slot.name) for start, end in _gaps(slot, taken, calendar))
        whole = (one for one in gaps if _is_free(one, taken, wanted, calendar, now))
        yield from islice(whole, 1)


def _gaps(slot: Slot, taken: list[Taken], calendar: Calendar) -> Iterator[tuple[time, time]]:
    """What is left of a period beside what is taken: the session begins after the pause, and ends before the next one's."""
    for start in sorted({slot.start, *(later(one.end, calendar.pause) for one in taken)}):
        before = (later(one.start, -calendar.pause) for one in taken if one.start > start)
        end = min(slot.end, later(start, calendar.session), *before)
        if slot.start <= start and later(start, min(SHORTEST, calendar.session)) <= end:
            yield start, end


def _is_free(one: Free, taken: list[Taken], wanted: Taken, calendar: Calendar, now: datetime) -> bool:
    if (one.day, one.start) < (now.date(), now.time()):
        return False
    return not clashes(replace(wanted, day=one.day, start=one.start, end=one.end), taken, calendar.pause)


def _is_busy(calendar: Calendar, free: Free, classes: Iterable[tuple[int, int]]) -> bool:
    return any(calendar.why_busy(free.day, free.start, free.end, *one) for one in classes)


def _cut(start: time, end: time, calendar: Calendar) -> Iterator[Slot]:
    while (last := later(start, calendar.session)) <= end and last > start:
        yield Slot("", start, last)
        start = later(last, calendar.pause)


def later(moment: time, minutes: int) -> time:
    """So many minutes later on the same day, or earlier; at midnight at the earliest, a minute before the next at the latest."""
    whole = max(0, min(moment.hour * 60 + moment.minute + minutes, 24 * 60 - 1))
    return time(whole // 60, whole % 60)
