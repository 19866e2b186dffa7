"""Planned: something a day has a time for, as the room that plans it tells the others: who comes when, and whether it can begin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

LINGERING = timedelta(minutes=10)
"""Who was talked with may sit there a little longer: the usual pause between two."""


@dataclass(frozen=True)
class Planned:
    """One appointment of a day."""

    day: date
    start: time
    end: time
    kind: str
    """The table it lies in."""
    record_id: int
    people: tuple[tuple[int | None, str], ...]
    """Who comes, by student: (id, name); without an id a name that was kept for somebody without a file."""
    period: str = ""
    """「午休一」, where it lies in one."""
    title: str = ""
    """What stands before the names: 「家长会谈」."""
    detail: str = ""
    """「八(3)班 · 第4次 · 个别辅导」."""
    tag: str = ""
    """「已到访」, 「未登记」."""
    tone: str = "plain"
    begins: bool = True
    """Whether the talk can be begun from here; else it is only opened."""
    called: str = ""
    """「林晓舟 八(3)班，个别辅导室」: who comes, and where to, in few words."""
    expected: bool = True
    """Whether somebody is still to come: nothing was said of its outcome."""
    came: bool = False
    """Whether it was said that somebody has come."""

    @property
    def student_id(self) -> int | None:
        """The student it is about."""
        return next((own_id for own_id, _ in self.people if own_id is not None), None)

    def begins_at(self) -> datetime:
        """By the room's clock, without a time zone."""
        return datetime.combine(self.day, self.start)

    def may_be_going_on(self, now: datetime) -> bool:
        """Whether somebody may be sitting in the room for it; ``now`` by the room's clock."""
        over = datetime.combine(self.day, self.end) + LINGERING
        return now < over and (self.came or (self.expected and self.begins_at() <= now))
