"""Series: the days a rhythm falls on, and which of them are left out or moved and why; nothing is left out without being told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from app.errors import Problem
from app.rooms.appointments.choices import Instead, Rhythm
from app.rooms.school.calendar import Calendar, monday_of

MOST = 400
"""Occurrences of one series."""
OUTSIDE_TERM = "不在已填的学期内，分不出单双周"


@dataclass(frozen=True)
class Pattern:
    """A rhythm from its first day on, up to and including ``until``."""

    rhythm: Rhythm
    first: date
    until: date
    instead: Instead = Instead.SKIP


@dataclass(frozen=True)
class Skipped:
    """A day of the rhythm that is left out, and why."""

    day: date
    why: str


@dataclass(frozen=True)
class Moved:
    """A day of the rhythm that goes to another day of its week, and why."""

    day: date
    to: date
    why: str


@dataclass(frozen=True)
class Plan:
    """What a series comes to: the days to be entered, those left out and those moved, each in order."""

    days: tuple[date, ...]
    """Those moved stand among them with their new day."""
    skipped: tuple[Skipped, ...]
    moved: tuple[Moved, ...] = ()


def no_clash(_day: date) -> str:
    """Nothing is in the way on any day."""
    return ""


def plan(pattern: Pattern, calendar: Calendar, clash: Callable[[date], str] = no_clash) -> Plan:
    """Every day of the rhythm, either entered, moved within its week or left out with the reason: no school, exams, a clash.

    ``clash`` tells what is in the way on a day, "" where nothing is. Raises Problem for an end before the beginning, for
    more than MOST occurrences, and where no day is left.
    """
    if pattern.until < pattern.first:
        raise Problem("重复的结束日期早于第一次的日期。", "请改正「重复到」的日期。")
    days, skipped, moved = [], [], []
    for day in _rhythm(pattern, calendar):
        why = _why_not(pattern, day, calendar) or clash(day)
        to = _instead(pattern, day, calendar, clash) if why else day
        if to is None:
            skipped.append(Skipped(day, why))
        else:
            days.append(to)
        if to is not None and why:
            moved.append(Moved(day, to, why))
        if len(days) + len(skipped) > MOST:
            raise Problem("重复的预约超过 {most} 次。", "请把「重复到」的日期提前，例如到本学期末。", most=MOST)
    if not days:
        raise Problem("这个重复里没有一天可以预约。", "请看看校历、冲突和「重复到」的日期，或改成只约一次。")
    return Plan(tuple(days), tuple(skipped), tuple(moved))


def _rhythm(pattern: Pattern, calendar: Calendar) -> Iterator[date]:
    step = timedelta(weeks=2 if pattern.rhythm is Rhythm.TWO_WEEKLY else 1)
    day = pattern.first
    while day <= pattern.until:
        week = calendar.week_of(day)
        if (
            week is None
            or pattern.rhythm not in (Rhythm.ODD, Rhythm.EVEN)
            or week.odd is (pattern.rhythm is Rhythm.ODD)
        ):
            yield day
        day += step


def _instead(pattern: Pattern, day: date, calendar: Calendar, clash: Callable[[date], str]) -> date | None:
    """The nearest other day of the week on which nothing is in the way, not before the first; None where it is left out."""
    if pattern.instead is Instead.SKIP:
        return None
    week = [monday_of(day) + timedelta(days=at) for at in range(7)]
    nearest = sorted((other for other in week if other != day and other >= pattern.first), key=partial(_apart, day))
    return next((other for other in nearest if not (_why_not(pattern, other, calendar) or clash(other))), None)


def _apart(day: date, other: date) -> tuple[int, date]:
    return abs((other - day).days), other


def _why_not(pattern: Pattern, day: date, calendar: Calendar) -> str:
    why = calendar.why_not(day)
    if not why and pattern.rhythm in (Rhythm.ODD, Rhythm.EVEN) and calendar.week_of(day) is None:
        return OUTSIDE_TERM
    return why
