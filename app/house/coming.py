"""Coming: today's beginnings as the reminder asks for them, and who comes, where the name may be said."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from app.ui import masking

if TYPE_CHECKING:
    from app.house.telling import Rooms
    from app.rooms.school.planned import Planned
    from app.vault.vault import Vault


class Coming:
    """Reads a day once, and again when what is planned has changed."""

    def __init__(self, vault: Vault, rooms: Rooms) -> None:
        self._vault, self._rooms = vault, rooms
        self._kinds = rooms.kinds_planned()
        self._day: date | None = None
        self._planned: list[Planned] = []

    def note_change(self, kinds: frozenset[str]) -> bool:
        """Something was written: whether it may be another day now."""
        if kinds & self._kinds:
            self._day = None
        return self._day is None

    def starts(self, day: date) -> tuple[datetime, ...]:
        """When somebody is still to come on a day."""
        return tuple(sorted({one.begins_at() for one in self._of(day) if one.expected}))

    def who(self, start: datetime, now: datetime) -> str:
        """Who comes then; empty while a student may be sitting beside the screen."""
        planned = self._of(start.date())
        if masking.student() is not None or any(one.may_be_going_on(now) for one in planned):
            return ""
        return "；".join(one.called for one in planned if one.expected and one.begins_at() == start)

    def _of(self, day: date) -> list[Planned]:
        if day != self._day:
            with self._vault.read() as session:
                self._planned = self._rooms.planned(session, day, day, self._vault.now())
            self._day = day
        return self._planned
