"""Thinning: which backups are kept (7 daily, 5 weekly, 12 monthly) and which the second place still lacks. Moments in, moments out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime

DAILY, WEEKLY, MONTHLY = 7, 5, 12

Period = Callable[[date], tuple[int, ...]]


def _day(day: date) -> tuple[int, ...]:
    return (day.toordinal(),)


def _week(day: date) -> tuple[int, ...]:
    return day.isocalendar()[:2]


def _month(day: date) -> tuple[int, ...]:
    return (day.year, day.month)


_RULES: tuple[tuple[Period, int], ...] = ((_day, DAILY), (_week, WEEKLY), (_month, MONTHLY))


def kept(moments: Iterable[datetime]) -> set[datetime]:
    """The newest of each of the last days, weeks and months that have one; a month reaches back behind the weeks, as they behind the days.

    Days are counted that have a backup, not days of the calendar: after the holidays nothing is gone. A week or month
    whose newest copy another rule keeps already takes no place of its own.
    """
    ordered = sorted(moments, reverse=True)
    chosen: set[datetime] = set()
    for period, count in _RULES:
        for moment in _newest_of_each(ordered, period):
            if count and moment not in chosen:
                chosen.add(moment)
                count -= 1
    return chosen


def surplus(moments: Collection[datetime], waiting: Collection[datetime] = ()) -> set[datetime]:
    """The backups that go. ``waiting`` are those not yet verified at the second place: the newest of each day of them stays."""
    return set(moments) - kept(moments) - set(_newest_of_each(sorted(waiting, reverse=True), _day))


def to_carry(here: Collection[datetime], there: Collection[datetime]) -> list[datetime]:
    """What the second place lacks, the newest first: only the newest where it has none, else the newest of each day since its own."""
    if not there:
        return [max(here)] if here else []
    last = max(there)
    return _newest_of_each(sorted((moment for moment in here if moment > last), reverse=True), _day)


def _newest_of_each(ordered: list[datetime], period: Period) -> list[datetime]:
    """The first of each period in a list that begins with the newest."""
    found: dict[tuple[int, ...], datetime] = {}
    for moment in ordered:
        found.setdefault(period(moment.date()), moment)
    return list(found.values())
