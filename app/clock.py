"""Today and now, handed in wherever a rule needs them, replaceable in tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


class Clock:
    """The PC's clock, in its own time zone."""

    def now(self) -> datetime:
        """This moment, with its time zone."""
        return datetime.now().astimezone()

    def today(self) -> date:
        """The calendar day at the school."""
        return self.now().date()


@dataclass
class StandingClock(Clock):
    """A clock that stands at one moment: tests, the demo vault and the pictures use it."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment
