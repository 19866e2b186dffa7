"""The files of who has left: how long each is kept follows from what every room below holds of the student."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.house.room import Desk, Room
from app.house.telling import Rooms
from app.rooms.students import archives as kept
from app.rooms.students.page.archives import ArchivesPage
from app.ui.page import Page

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from app.rooms.school.record import DeadlineTerms, Due


def archives(others: list[Room]) -> Room:
    """The page and the deadline, on top of these rooms."""
    told = Rooms(others)

    def due(session: Session, terms: DeadlineTerms, today: date) -> list[Due]:
        return kept.due(session, terms, today, told.held)

    def page(desk: Desk) -> Page:
        return ArchivesPage(desk.vault, desk.notice, told.held, frozenset(told.kinds_named()))

    return Room(place=kept.PLACE, under="students", pages={kept.PLACE: page}, due=due)
