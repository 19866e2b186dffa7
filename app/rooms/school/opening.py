"""Whether the room is open long enough: the rules in force, and the days that fall short of the strictest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.rooms.school.bells import merged
from app.rooms.school.calendar import SCHOOL_WEEK, Calendar, Opening

DAY = 120
"""Minutes a day where nobody boards. Source: S1 §8 (康府办字〔2023〕24号)."""
DAY_BOARDING = 240
"""Minutes a day at a boarding school. Source: the same."""
WEEK = 300
"""Minutes a week. Source: S0, plan 14."""


@dataclass(frozen=True)
class Check:
    """What the week offers, measured by the strictest rule that applies; minutes."""

    needed: int
    """A day."""
    by_weekday: tuple[tuple[int, int], ...]
    """(ISO weekday, minutes) of each day of the school week."""

    @property
    def week(self) -> int:
        return sum(minutes for _, minutes in self.by_weekday)

    @property
    def short(self) -> list[tuple[int, int]]:
        """The weekdays that fall short, with the minutes they have."""
        return [(weekday, minutes) for weekday, minutes in self.by_weekday if minutes < self.needed]

    @property
    def week_is_short(self) -> bool:
        return self.week < WEEK


def check(opening: Iterable[Opening], boarding: bool) -> Check:
    """An ordinary week, Monday to Friday."""
    kept = list(opening)
    minutes = {
        weekday: sum(span.minutes for span in merged(one.span for one in kept if str(weekday) in one.weekdays))
        for weekday in SCHOOL_WEEK
    }
    return Check(needed_a_day(boarding), tuple(minutes.items()))


def needed_a_day(boarding: bool) -> int:
    """Minutes the room has to be open on each school day."""
    return DAY_BOARDING if boarding else DAY


def short_days(calendar: Calendar, monday: date) -> list[tuple[date, int]]:
    """The school days of one week of the calendar on which the room is open too short, with the minutes it is open."""
    days = [monday + timedelta(days=at) for at in range(7)]
    open_for = [(day, calendar.open_minutes(day)) for day in days if calendar.is_school_day(day)]
    return [(day, minutes) for day, minutes in open_for if minutes < needed_a_day(calendar.boarding)]
