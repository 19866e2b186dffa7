"""Rooms: what the rooms of the house tell each other: lines, facts, cards, what is due, where a record is seen, what is to be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.house.room import Beside, Desk, FactsOf, LinesOf, Room
from app.rooms.students.archives import Held

if TYPE_CHECKING:
    from datetime import date, datetime, time

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from app.rooms.school.planned import Planned
    from app.rooms.school.record import DeadlineTerms, Due
    from app.ui.page import Route
    from app.vault.record import Record
    from app.vault.vault import Vault

_KEPT = list(Held)


class Rooms:
    """Every room, the lower floors first."""

    def __init__(self, rooms: list[Room]) -> None:
        self._rooms = rooms

    def __iter__(self) -> Iterator[Room]:
        return iter(self._rooms)

    def in_sight(self, first: str) -> list[Room]:
        """Every room in the order of the sidebar: the first one, then the lower floors first."""
        top = self.of(first)
        return [top, *(room for room in self._rooms if room is not top)]

    def of(self, place: str) -> Room:
        """The room that has this page."""
        return next(room for room in self._rooms if place in room.pages)

    def route_of(self, session: Session, kind: str, record_id: int, student_id: int | None) -> Route | None:
        """Where a record is seen; None for one no room shows."""
        routes = (room.opens(session, kind, record_id, student_id) for room in self._rooms if room.opens)
        return next((route for route in routes if route is not None), None)

    def about(self, session: Session, route: Route) -> int | None:
        """The student a page is about."""
        about = self.of(route.place).about
        if route.student_id is not None or route.record_id is None or about is None:
            return route.student_id
        return about(session, route)

    def line_sources(self) -> list[tuple[str, LinesOf]]:
        """Every room's lines of the timeline, with the word they are filtered by."""
        return [(room.word, room.lines) for room in reversed(self._rooms) if room.lines]

    def fact_sources(self) -> list[FactsOf]:
        """Every room's facts of a student, the top floor first."""
        return [room.facts for room in reversed(self._rooms) if room.facts]

    def cards_beside(self, desk: Desk) -> list[Beside]:
        """The cards that rooms put into a student's file."""
        return [room.card(desk) for room in self._rooms if room.card]

    def found(self, session: Session, kind: str, record_id: int) -> tuple[str, str] | None:
        """A record of any room as a title and an excerpt; None for one no room tells of."""
        told = (room.found(session, kind, record_id) for room in self._rooms if room.found)
        return next((one for one in told if one is not None), None)

    def stands(self, session: Session, record: Record) -> None:
        """Raises Problem where a record taken back out of the bin does not go with what has been entered since."""
        for room in self._rooms:
            if room.stands:
                room.stands(session, record)

    def due(self, session: Session, terms: DeadlineTerms, today: date) -> list[Due]:
        """Everything that is due, from every room, the earliest first."""
        told = [due for room in self._rooms if room.due for due in room.due(session, terms, today)]
        return sorted(told, key=_due_day)

    def held(self, session: Session, student_ids: Select[int]) -> dict[int, Held]:
        """What the rooms keep about each of the students selected by which a file is kept the longer; the longest counts."""
        told: dict[int, Held] = {}
        for room in self._rooms:
            for student_id, held in room.holds(session, student_ids).items() if room.holds else ():
                told[student_id] = max(held, told.get(student_id, held), key=_KEPT.index)
        return told

    def planned(self, session: Session, first: date, last: date, now: datetime) -> list[Planned]:
        """Everything that is planned from a day to another, in the order of the clock."""
        told = [one for room in self._rooms if room.planned for one in room.planned(session, first, last, now)]
        return sorted(told, key=_planned_at)

    def kinds_planned(self) -> frozenset[str]:
        """The tables that what is planned is read from."""
        return frozenset({"student"}.union(*(room.kinds for room in self._rooms if room.planned)))

    def week_place(self) -> str:
        """Where the week is planned; empty where no room plans."""
        return next((room.place for room in self._rooms if room.planned), "")

    def begin(self, vault: Vault, planned: Planned) -> int | None:
        """Somebody has come: written down by the room that planned it. Gives the student a note is to be written about."""
        begins = (room.begin for room in self._rooms if planned.kind in room.kinds)
        return next((begin(vault, planned.record_id) for begin in begins if begin), None)

    def forget(self, session: Session, student_id: int) -> None:
        """Delete all the rooms keep about a student, from the top floor down: the file is being destroyed."""
        for room in reversed(self._rooms):
            if room.forget is not None:
                room.forget(session, student_id)

    def kinds_named(self) -> dict[str, str]:
        """Chinese words for every table whose records may lie in the bin."""
        return {table: words for room in self._rooms for table, words in room.kinds.items()}


def _due_day(due: Due) -> date:
    return due.due


def _planned_at(planned: Planned) -> tuple[date, time, int]:
    return planned.day, planned.start, planned.record_id
