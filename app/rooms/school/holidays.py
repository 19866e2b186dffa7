"""Legal holidays and make-up workdays of China: those the program knows, and those the counsellor has loaded from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

SATURDAY = 6
_LONG_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


@dataclass(frozen=True)
class Holidays:
    """Days off by name and make-up workdays (调休) by the holiday they belong to; a year not in ``years`` has weekends only."""

    off: Mapping[date, str] = field(default_factory=dict)
    work: Mapping[date, str] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def why_off(self, day: date) -> str:
        """「国庆节」, 「周末」; empty for a working day."""
        if day in self.off:
            return self.off[day]
        return "周末" if day.isoweekday() >= SATURDAY and day not in self.work else ""

    def knows(self, year: int) -> bool:
        """Whether the year's arrangement is known; else only weekends count."""
        return year in self.years

    def with_year(self, year: int, off: Mapping[date, str], work: Mapping[date, str]) -> Holidays:
        """The same with one year's arrangement taken from elsewhere, the last days of the year before with it."""
        kept_off = {day: name for day, name in self.off.items() if day.year != year and day not in work}
        kept_work = {day: name for day, name in self.work.items() if day.year != year and day not in off}
        return Holidays({**kept_off, **off}, {**kept_work, **work}, self.years | {year})


@cache
def known() -> Holidays:
    """What the package ``chinesecalendar`` holds: the State Council's notices from 2004 on."""
    from chinese_calendar import constants  # 20 ms, and only once somebody asks for a day

    names = {one.value: _LONG_NAMES.get(one.chinese, one.chinese) for one in constants.Holiday}
    off = {day: names[value] for day, value in constants.holidays.items()}
    work = {day: names[value] for day, value in constants.workdays.items()}
    return Holidays(off, work, frozenset(day.year for day in off))
