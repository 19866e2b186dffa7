"""Clashes: what an appointment collides with: the counsellor's time with a pause between sessions, the place, a student."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from app.errors import Problem

_TOLD = 4
"""Clashes named in one sentence."""


class Clashing(Problem):
    """It collides with something; with a reason it is entered all the same."""

    def __init__(self, told: Sequence[str]) -> None:
        more = f"等 {len(told)} 处" if len(told) > _TOLD else ""
        super().__init__(
            "时间有冲突：{clashes}。",
            "请换一个时间；确实要这样安排的，请写明原因再保存。",
            clashes="；".join(told[:_TOLD]) + more,
        )


@dataclass(frozen=True)
class Taken:
    """The time of one appointment and what it takes: the counsellor always, a place, students."""

    day: date
    start: time
    end: time
    place: str
    student_ids: frozenset[int]
    label: str
    """How the clash is named: 「12:20–13:00 林晓舟」."""

    def overlaps(self, other: Taken) -> bool:
        return self.day == other.day and self.start < other.end and other.start < self.end

    def follows_too_soon(self, other: Taken, pause: int) -> bool:
        """Whether there are less than so many minutes between the two."""
        return self.day == other.day and minutes_between(self, other) < timedelta(minutes=pause)


@dataclass(frozen=True)
class Clash:
    """One appointment in the way, and in what respect: 「辅导老师、学生」, 「间隔不足 10 分钟」."""

    other: Taken
    what: str


def clashes(wanted: Taken, others: Iterable[Taken], pause: int) -> list[Clash]:
    """What stands in the way, in the order of the day; ``pause`` is the minutes that lie between two at least."""
    found = [Clash(other, what) for other in others if (what := _what(wanted, other, pause))]
    return sorted(found, key=_beginning)


def check_times(start: time, end: time) -> None:
    """Raise Problem for an appointment that ends before it begins, or would go on past midnight."""
    if end <= start:
        raise Problem("结束时间不晚于开始时间。", "一次预约不能跨过午夜，请改正起止时间。")


def minutes_between(one: Taken, other: Taken) -> timedelta:
    """The free time between two appointments of a day; negative where they overlap."""
    first, second = sorted((one, other), key=_start)
    return _since_midnight(second.start) - _since_midnight(first.end)


def _what(wanted: Taken, other: Taken, pause: int) -> str:
    if wanted.overlaps(other):
        also = ["辅导老师"]
        if wanted.place and wanted.place == other.place:
            also.append("地点")
        if wanted.student_ids & other.student_ids:
            also.append("学生")
        return "、".join(also) + "冲突"
    return f"间隔不足 {pause} 分钟" if wanted.follows_too_soon(other, pause) else ""


def _since_midnight(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute)


def _beginning(clash: Clash) -> tuple[date, time]:
    return clash.other.day, clash.other.start


def _start(taken: Taken) -> tuple[time, time]:
    return taken.start, taken.end
