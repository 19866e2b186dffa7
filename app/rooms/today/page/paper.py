"""The day's paper: gathered from what the rooms tell, and drawn so that all of it stands on one page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.documents.keeping import own_words
from app.documents.paper import Drawn, Foot, draw
from app.rooms.school import store as schools
from app.rooms.school.calendar import monday_of
from app.rooms.school.planned import Planned
from app.rooms.school.record import Due, Weight
from app.rooms.today import letter, store
from app.rooms.today.letter import Contents
from app.ui.background import Progress
from app.vault.vault import Vault

DueOf = Callable[[Session, date], list[Due]]
PlannedOf = Callable[[Session, date, date, datetime], list[Planned]]
_FEWER = 2
"""So many rows less at a time, until all stand on one page."""


def one_page(vault: Vault, due: DueOf, planned: PlannedOf, _progress: Progress) -> Drawn:
    """The paper of today and this week."""
    with vault.read() as session:
        contents = gather(session, due, planned, vault.now())
        head = vault.head(session)
    most = letter.MOST_ROWS
    while True:
        drawn = draw(letter.document(contents, most), Foot(trail_head=head))
        if drawn.sheets[-1].last == 1 or most <= _FEWER:
            return drawn
        most -= _FEWER


def gather(session: Session, due: DueOf, planned: PlannedOf, now: datetime) -> Contents:
    """What the paper says: appointments of today and of the week's other days to come, what is overdue and due this week."""
    today = now.date()
    sunday = monday_of(today) + timedelta(days=6)
    day = store.sort_out(session, due(session, today), today)
    due_now = (one for heading in store.COUNTED for one in day.under[heading] if one.due <= sunday)
    dues = sorted((one for one in due_now if one.weight is not Weight.KEEPING), key=_due_day)
    people = store.people(session, dues[: letter.MOST_ROWS])
    week = schools.calendar(session).week_of(today)
    return Contents(
        school=schools.school(session),
        on=today,
        week=week.label if week else "",
        today=planned(session, today, today, now),
        later=planned(session, today + timedelta(days=1), sunday, now) if today < sunday else [],
        dues=[(one, people.get(one.student_id or 0)) for one in dues],
        own_words=own_words(session, store.KIND),
    )


def _due_day(due: Due) -> tuple[Weight, date]:
    return due.weight, due.due
