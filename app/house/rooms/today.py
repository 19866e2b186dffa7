"""The room of Today: it knows no other room by name, and is made of what every other tells the house."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.house.room import Desk, Room
from app.house.telling import Rooms
from app.house.words import tr
from app.rooms.school import store as schools
from app.rooms.school.record import Heading
from app.rooms.today import store
from app.rooms.today.page.day import PLACE, TodayPage
from app.rooms.today.page.listing import DueListPage, place_of
from app.ui.page import Page

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.rooms.school.record import DeadlineTerms, Due

ALSO = frozenset({"snooze", "voided", "refusal", "changed_deadline", "school_term", "special_day", "opening_hours"})
"""What changes Today beside the kinds that the rooms name."""


def today(others: list[Room]) -> Room:
    """The room on top of these."""
    told = Rooms(others)
    kinds = frozenset(told.kinds_named()) | ALSO

    def due(session: Session, day: date) -> list[Due]:
        return told.due(session, schools.terms(session), day)

    def late(session: Session, terms: DeadlineTerms, now: datetime) -> int:
        return store.sort_out(session, told.due(session, terms, now.date()), now.date()).overdue

    def page(desk: Desk) -> Page:
        shared = (desk.vault, desk.notice, desk.keeper, desk.background, desk.printer)
        made = TodayPage(*shared, due=due, planned=told.planned, week=told.week_place(), kinds=kinds)
        made.settle_wanted.connect(desk.house.settle)
        made.begin_wanted.connect(desk.house.begin_planned)
        made.open_wanted.connect(desk.house.open_planned)
        made.note_wanted.connect(desk.house.begin_note)
        return made

    def listing(heading: Heading | None, desk: Desk) -> Page:
        made = DueListPage(heading, desk.vault, desk.notice, desk.keeper, due=due, kinds=kinds)
        made.settle_wanted.connect(desk.house.settle)
        return made

    lists = {place_of(heading): partial(listing, heading) for heading in (*Heading, None)}
    return Room(
        place=PLACE,
        label=tr("今日"),
        icon="house",
        pages={PLACE: page, **lists},
        kinds={"snooze": tr("推后的事"), store.KIND: store.TITLE},
        late=late,
        forget=store.forget,
    )
