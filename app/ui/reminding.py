"""Reminding: ten minutes before something planned begins it is said, once: when that is, and where it is said."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from app.clock import Clock
from app.ui.reminder_line import ReminderLine
from app.ui.tray import Tray

BEFORE = timedelta(minutes=10)
LOOK_MS = 5000
"""How often the clock is looked at."""
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Known:
    """All that a locked program knows: when something begins today, and up to when that has been looked at.

    Moments are those of the room's clock, without a time zone.
    """

    starts: tuple[datetime, ...] = ()
    since: datetime | None = None

    def to_come(self) -> Known:
        """What is still to be said, for who goes on from here."""
        since = self.since
        return Known(tuple(start for start in self.starts if since is None or start - BEFORE > since), since)

    def to_words(self) -> list[str]:
        """As it is handed over: ``since`` first, then the beginnings."""
        return [moment.isoformat() for moment in (self.since, *self.starts) if moment is not None]

    @classmethod
    def from_words(cls, words: list[str]) -> Known:
        """What ``to_words`` has made. Raises ValueError for anything else."""
        moments = [datetime.fromisoformat(word) for word in words]
        return cls(tuple(moments[1:]), moments[0] if moments else None)


class Plan(Protocol):
    """What an open vault tells beside: the beginnings of a day, and who comes then, empty where no name may be said."""

    def starts(self, day: date) -> tuple[datetime, ...]: ...
    def who(self, start: datetime, now: datetime) -> str: ...


def due(starts: Iterable[datetime], since: datetime, now: datetime) -> list[datetime]:
    """What is to be said now: whose ten minutes have come after ``since``, and which has not begun itself; in order."""
    return sorted({start for start in starts if since < start - BEFORE <= now < start})


def looked_up_to(since: datetime, now: datetime) -> datetime:
    """Up to when has been looked, after looking at ``now``.

    A clock set back a little has nothing said twice; one set back further was wrong before, and what was said with it too.
    """
    return since if now < since <= now + BEFORE else now


def minutes_to(start: datetime, now: datetime) -> int:
    """The whole minutes to a beginning, rounded up."""
    return math.ceil((start - now) / _MINUTE)


class Reminding(QObject):
    """Looks at the clock, locked or not. A line in the window says it until it begins; where she looks elsewhere, the tray too.

    The line says who comes, where that may be said; the tray never does: the system keeps what it is given.
    """

    wanted = Signal()  # she has pressed it

    def __init__(self, clock: Clock, front: Callable[[], QWidget | None], parent: QObject) -> None:
        """``front`` is the program's window: the door, or the one on the open vault."""
        super().__init__(parent)
        self.known = Known()
        self._clock, self._front = clock, front
        self._plan: Plan | None = None
        self._standing: tuple[datetime, ...] = ()
        self._line: ReminderLine | None = None
        self._tray = Tray(self)
        self._tray.pressed.connect(self.wanted)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(LOOK_MS)

    def enter(self, plan: Plan) -> None:
        """The vault is open."""
        self._plan = plan
        self.look()

    def leave(self) -> None:
        """The vault is being locked: from now on only the times are known, and nothing that was said stays."""
        self._plan = None
        self.dismiss()

    def stop(self) -> None:
        """The program ends."""
        self._timer.stop()
        self.leave()

    def dismiss(self) -> None:
        """She has seen it."""
        self._standing = ()
        self._tray.withdraw()
        self._put("")

    def look(self) -> None:
        """Say what is to be said now, and take away what has begun, was called off or moved."""
        now = self._clock.now().replace(tzinfo=None)
        starts = self._plan.starts(now.date()) if self._plan is not None else self.known.starts
        since = self.known.since or now
        new = due(starts, since, now)
        self.known = Known(starts, looked_up_to(since, now))
        told = {start for start in self._standing if start in starts and now < start <= now + 2 * BEFORE}
        self._standing = tuple(sorted(told.union(new)))
        self._put(self._words(now))
        if not self._standing:
            self._tray.withdraw()
        elif new and not self._is_looked_at():
            self._call(self._nameless(new[0], now))

    def _words(self, now: datetime) -> str:
        """What the line says: who comes; where one name may not be said none is."""
        who = {start: self._plan.who(start, now) if self._plan is not None else "" for start in self._standing}
        if not all(who.values()):
            return self._nameless(self._standing[0], now)
        told = self.tr("{minutes} 分钟后：{who}")
        return "；".join(told.format(minutes=minutes_to(start, now), who=who[start]) for start in self._standing)

    def _nameless(self, start: datetime, now: datetime) -> str:
        return self.tr("{minutes} 分钟后有预约").format(minutes=minutes_to(start, now))

    # Where it is said

    def _put(self, words: str) -> None:
        """Into the line of the window that stands there now; no words take it away."""
        window = self._front()
        if self._line is not None and (not isValid(self._line) or self._line.window() is not window):
            if isValid(self._line):
                self._line.say("")
            self._line = None
        if self._line is None and words and window is not None:
            self._line = ReminderLine(window)
            self._line.opened.connect(self.wanted)
            self._line.dismissed.connect(self.dismiss)
        if self._line is not None:
            self._line.say(words, opens=self._plan is not None)

    def _is_looked_at(self) -> bool:
        """Whether the line is before her eyes: not under the cover, behind another program or in the task bar."""
        window = self._front()
        seen = window is not None and window.isVisible() and not window.isMinimized()
        return seen and QApplication.activeWindow() is not None

    def _call(self, words: str) -> None:
        window = self._front()
        if self._tray.can_say():
            self._tray.say(words)
        elif window is not None:
            QApplication.alert(window)  # a desktop without a tray: its task bar then says that something waits here
