"""Thinning: which backups are kept (7 daily, 5 weekly, 12 monthly) and which the second place still lacks. Places in the order of making.

A PC's clock may stand years back (a dead battery) or ahead, so which backup is the newest is never asked of its date: that
only says which day, week and month it is counted for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

DAILY, WEEKLY, MONTHLY = 7, 5, 12
DOUBTFUL = DAILY + WEEKLY + MONTHLY
"""So many stay of those whose date lies before that of an older one: the clock was wrong, and their days mean nothing."""

Order = tuple[int, int, float, str]
"""A backup's place in the order they were made in (backupfile.Container.order)."""
Days = Mapping[Order, date]
"""The day each backup says it was made on."""
Period = Callable[[date], tuple[int, ...]]


def _day(day: date) -> tuple[int, ...]:
    return (day.toordinal(),)


def _week(day: date) -> tuple[int, ...]:
    return day.isocalendar()[:2]


def _month(day: date) -> tuple[int, ...]:
    return (day.year, day.month)


_RULES: tuple[tuple[Period, int], ...] = ((_day, DAILY), (_week, WEEKLY), (_month, MONTHLY))


def kept(days: Days) -> set[Order]:
    """The newest of each of the last days, weeks and months that have one; a month reaches back behind the weeks, as they behind the days.

    Days are counted that have a backup, not days of the calendar: after the holidays nothing is gone. A week or month
    whose newest copy another rule keeps already takes no place of its own. The newest of all always stays.
    """
    chosen = set(_doubtful(days)[:DOUBTFUL])
    counted: set[Order] = set()
    for period, count in _RULES:
        for order in _newest_of_each(days, days, period):
            if count and order not in counted:
                counted.add(order)
                count -= 1
    return chosen | counted


def surplus(days: Days, waiting: Iterable[Order] = ()) -> set[Order]:
    """The backups that go. ``waiting`` are those not yet verified at the second place: the newest of each day of them stays."""
    return set(days) - kept(days) - set(_newest_of_each(days, waiting, _day))


def to_carry(here: Days, there: Collection[Order]) -> list[Order]:
    """What the second place lacks, the newest first: only the newest where it has none, else the newest of each day since its own."""
    if not there:
        return [max(here)] if here else []
    last = max(there)
    return _newest_of_each(here, (order for order in here if order > last), _day)


def _doubtful(days: Days) -> list[Order]:
    """Those whose day lies before the day of an older one, the newest first."""
    found, latest = [], date.min
    for order in sorted(days):
        if days[order] < latest:
            found.append(order)
        latest = max(latest, days[order])
    return found[::-1]


def _newest_of_each(days: Days, orders: Iterable[Order], period: Period) -> list[Order]:
    """The newest of each period, the newest first."""
    found: dict[tuple[int, ...], Order] = {}
    for order in sorted(orders, reverse=True):
        found.setdefault(period(days[order]), order)
    return list(found.values())
