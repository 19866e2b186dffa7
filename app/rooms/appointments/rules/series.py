"""Series: the days a rhythm falls on, and which of them are left out and why; nothing is left out without being told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.errors import Problem
from app.rooms.appointments.choices import Rhythm
from app.rooms.school.calendar import Calendar

MOST = 400
"""Occurrences of one series."""
OUTSIDE_TERM = "不在已填的学期内，分不出单双周"


@dataclass(frozen=True)
class Pattern:
    """A rhythm from its first day on, up to and including ``until``."""

    rhythm: Rhythm
    first: date
    until: date


@dataclass(frozen=True)
class Skipped:
    """A day of the rhythm that is left out, and why."""

    day: date
    why: str


@dataclass(frozen=True)
class Plan:
    """What a series comes to: the days to be entered and those left out, each in order."""

    days: tuple[date, ...]
    skipped: tuple[Skipped, ...]


def plan(pattern: Pattern, calendar: Calendar) -> Plan:
    """Every day of the rhythm, either entered or left out with the reason: no school, exams.

    Raises Problem for an end before the beginning, for more than MOST occurrences, and where no day is left.
    """
    if pattern.until < pattern.first:
        raise Problem("重复的结束日期早于第一次的日期。", "请改正「重复到」的日期。")
    days, skipped = [], []
    for day in _rhythm(pattern, calendar):
        why = _why_not(pattern, day, calendar)
        if why:
            skipped.append(Skipped(day, why))
        else:
            days.append(day)
        if len(days) + len(skipped) > MOST:
            raise Problem("重复的预约超过 {most} 次。", "请把「重复到」的日期提前，例如到本学期末。", most=MOST)
    if not days:
        raise Problem("这个重复里没有一天可以预约。", "请看看校历和「重复到」的日期，或改成只约一次。")
    return Plan(tuple(days), tuple(skipped))


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


def _why_not(pattern: Pattern, day: date, calendar: Calendar) -> str:
    why = calendar.why_not(day)
    if not why and pattern.rhythm in (Rhythm.ODD, Rhythm.EVEN) and calendar.week_of(day) is None:
        return OUTSIDE_TERM
    return why
