"""Bells: the day's periods (节次) as slots, by weekday and season; what overlaps is refused, what gapes is told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from app.errors import Problem


@dataclass(frozen=True, order=True)
class Span:
    """From a time of day to a later one."""

    start: time
    end: time

    @property
    def minutes(self) -> int:
        return _minute(self.end) - _minute(self.start)

    @property
    def hours_said(self) -> str:
        """「12:20–13:00」."""
        return f"{self.start:%H:%M}–{self.end:%H:%M}"

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Slot:
    """One period of the day: 「午休一 12:20–13:00」."""

    name: str
    start: time
    end: time

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def label(self) -> str:
        return f"{self.name} {self.span.hours_said}"


@dataclass(frozen=True)
class Bell:
    """A slot on some weekdays (ISO, 「12345」)."""

    weekdays: str
    slot: Slot


@dataclass(frozen=True)
class Timetable:
    """A season's bells (冬季作息); in force each year from its first day until another one's first day."""

    name: str
    month: int
    day: int
    bells: tuple[Bell, ...] = ()

    def slots(self, weekday: int) -> list[Slot]:
        """The slots of an ISO weekday, in the order of the day."""
        return sorted((bell.slot for bell in self.bells if str(weekday) in bell.weekdays), key=_beginning)


def in_force(timetables: Iterable[Timetable], day: date) -> Timetable | None:
    """The timetable a day goes by; before the first one's day of a year it is still the last one's of the year before."""
    in_order = sorted(timetables, key=_first_day)
    begun = [one for one in in_order if _first_day(one) <= (day.month, day.day)]
    return (begun or in_order)[-1] if in_order else None


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time without overlaps, in order."""
    done: list[Span] = []
    for span in sorted(spans):
        if done and span.start <= done[-1].end:
            done[-1] = Span(done[-1].start, max(done[-1].end, span.end))
        else:
            done.append(span)
    return done


def gaps(slots: Iterable[Slot]) -> list[Span]:
    """The times between one slot's end and the next one's start."""
    return [Span(before.end, after.start) for before, after in pairwise(merged(slot.span for slot in slots))]


def check_span(start: time | None, end: time | None) -> Span:
    """A span of the day. Raises Problem when a time is missing or the end is not after the start."""
    if start is None or end is None:
        raise Problem("请填写开始和结束的时间。", "例如 12:20 和 13:00。")
    if end <= start:
        raise Problem(
            "结束时间 {end} 不在开始时间 {start} 之后。", "请改一改时间。", start=f"{start:%H:%M}", end=f"{end:%H:%M}"
        )
    return Span(start, end)


def check_bell(bell: Bell, others: Iterable[Bell]) -> None:
    """Raises Problem for a bell without a name or weekday, or one that overlaps another of the timetable on a common weekday."""
    if not bell.slot.name:
        raise Problem("请填写节次的名称。", "例如「午休一」。")
    check_weekdays(bell.weekdays)
    for other in others:
        refuse_overlap(bell, other)


def refuse_overlap(bell: Bell, other: Bell) -> None:
    """Raises Problem when the two ring at once on a common weekday."""
    if set(bell.weekdays) & set(other.weekdays) and bell.slot.span.overlaps(other.slot.span):
        raise Problem(
            "「{name}」和「{other}」的时间重叠。",
            "请改一改时间或星期，刚才填的都还在。",
            name=bell.slot.label,
            other=other.slot.label,
        )


def check_weekdays(weekdays: str) -> None:
    """Raises Problem when no weekday is chosen."""
    if not weekdays:
        raise Problem("请选择星期。", "至少选一天。")


def check_season(month: int, day: int) -> None:
    """Raises Problem for a day that is not in every year's calendar: 31 February, 29 February too."""
    try:
        date(2001, month, day)
    except ValueError:
        raise Problem("{month}月{day}日不是每年都有的日子。", "请填每年都有的一天。", month=month, day=day) from None


_SEASON = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", re.ASCII)


def read_season(words: str) -> tuple[int, int]:
    """5月1日, 5-1, 05/01 as (month, day). Raises Problem for anything else, and for a day not every year has."""
    match = _SEASON.fullmatch(unicodedata.normalize("NFKC", words).strip())
    if match is None:
        raise Problem("「{words}」不是几月几日。", "请写成 5月1日 这样。", words=words)
    month, day = int(match[1]), int(match[2])
    check_season(month, day)
    return month, day


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _beginning(slot: Slot) -> tuple[time, time]:
    return slot.start, slot.end


def _first_day(timetable: Timetable) -> tuple[int, int]:
    return timetable.month, timetable.day
