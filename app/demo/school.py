"""The demo school: its vault with names and hospitals, and its calendar."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from app.clock import Clock
from app.demo.cast import MADE, Cast, bundled
from app.rooms.referrals.record import Institution
from app.rooms.school import entering
from app.rooms.school.bells import Span
from app.rooms.school.calendar import DayKind
from app.rooms.school.record import School, school_year
from app.vault.opening import create_vault
from app.vault.passwords import new_phrase
from app.vault.recovery import RecoveryCode
from app.vault.vault import Vault

AHEAD = timedelta(days=60)
"""So long before a school year begins its calendar is known: in the summer holidays the autumn is being planned."""


def make_vault(folder: Path, cast: Cast, clock: Clock) -> tuple[Vault, str, RecoveryCode]:
    """A new vault with the school's names; gives it back open, with its password and recovery code."""
    people = cast.people
    password = new_phrase((people["school"], people["room"])).password

    def first(session: Session) -> None:
        session.add(
            School(
                name=people["school"],
                short_name=people["short_name"],
                room_name=people["room"],
                counsellor=people["counsellor"],
                vice_head=people["vice_head"],
                phone=people["phone"],
                demo=True,
            )
        )
        add_institutions(session, cast)

    vault, code = create_vault(
        folder, school=people["school"], room=people["room"], password=password, clock=clock, first=first
    )
    return vault, password, code


def add_institutions(session: Session, cast: Cast) -> None:
    """The hospitals a student can be referred to."""
    session.add_all(Institution(**values) for values in cast.people["institutions"])


def fill_calendar(vault: Vault, today: date) -> None:
    """Two school years with their terms, exams and days off, the bells of two seasons, and when the room is open: a little short on
    Wednesdays."""
    plan = bundled("calendar")
    newest = school_year(today + AHEAD)
    with vault.write(MADE) as session:
        for begins in (newest - 1, newest):
            _fill_year(session, plan, begins)
        for name, month, of_month, bells in plan["timetables"]:
            timetable = entering.save_timetable(session, name, month, of_month)
            for bell, weekdays, start, end in bells:
                entering.save_bell(session, timetable, bell, weekdays, _span(start, end))
        for weekdays, start, end in plan["opening"]:
            entering.save_opening(session, weekdays, _span(start, end))


def _fill_year(session: Session, plan: dict[str, list[list[str]]], begins: int) -> None:
    for first, last in plan["terms"]:
        entering.save_term(session, _day(begins, first), _day(begins, last))
    for kind, name, first, last in plan["specials"]:
        entering.save_special(session, DayKind.coded(kind), name, _day(begins, first), _day(begins, last))


def _day(begins: int, words: str) -> date:
    """A day of the school year that begins in this year: 「01-22」 lies in the next."""
    month, of_month = map(int, words.split("-"))
    return date(begins if month >= 8 else begins + 1, month, of_month)


def _span(start: str, end: str) -> Span:
    return Span(time.fromisoformat(start), time.fromisoformat(end))
