"""Finds the school and builds its calendar and deadline terms, once for whoever counts by them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.rooms.school.bells import Bell, Slot, Span, Timetable
from app.rooms.school.calendar import PAUSE_MINUTES, SESSION_MINUTES, Calendar, Lesson, Opening, Special, Term
from app.rooms.school.deadlines import DEADLINES
from app.rooms.school.holidays import Holidays, known
from app.rooms.school.record import (
    BellSlot,
    BellTimetable,
    ChangedDeadline,
    ClassHours,
    DeadlineTerms,
    LoadedYear,
    OpeningHours,
    School,
    SchoolTerm,
    SpecialDay,
)
from app.vault.record import Kept

K = TypeVar("K", bound=Kept)


def school(session: Session) -> School:
    """The school; an empty one, not yet in the vault, before the first start has named it."""
    return session.scalar(select(School).order_by(School.id).limit(1)) or School()


def names(session: Session) -> tuple[str, ...]:
    """What nobody's password may hold."""
    of = school(session)
    return tuple(filter(None, (of.name, of.short_name, of.room_name, of.counsellor)))


def save(session: Session, school: School) -> School:
    """Write the school's names down."""
    if school.id is None:
        session.add(school)
        return school
    return session.merge(school)


def kept(session: Session, kind: type[K]) -> Sequence[K]:
    """All of a kind that is not in the bin, oldest first."""
    return session.scalars(select(kind).where(kind.deleted_at.is_(None)).order_by(kind.id)).all()


def calendar(session: Session) -> Calendar:
    """The school's calendar as it is set now."""
    terms = sorted(Term(row.first_day, row.last_day) for row in kept(session, SchoolTerm))
    specials = (
        Special(row.kind, row.name, row.first_day, row.last_day, row.follows) for row in kept(session, SpecialDay)
    )
    opening = (Opening(row.weekdays, Span(row.start, row.end)) for row in kept(session, OpeningHours))
    lessons = (
        Lesson(row.weekdays, Span(row.start, row.end), row.name, row.grade, row.class_no)
        for row in kept(session, ClassHours)
    )
    of = school(session)
    return Calendar(
        terms=tuple(terms),
        specials=tuple(specials),
        holidays=holidays(session),
        timetables=timetables(session),
        opening=tuple(opening),
        boarding=of.boarding,
        lessons=tuple(lessons),
        session=SESSION_MINUTES if of.session_minutes is None else of.session_minutes,
        pause=PAUSE_MINUTES if of.pause_minutes is None else of.pause_minutes,
    )


def pause(session: Session) -> int:
    """The minutes that lie between two sessions at least."""
    said = school(session).pause_minutes
    return PAUSE_MINUTES if said is None else said


def holidays(session: Session) -> Holidays:
    """The years the program knows, each loaded one in place of what it knew."""
    found = known()
    for row in sorted(kept(session, LoadedYear), key=_year):
        found = found.with_year(row.year, _by_day(row.days_off), _by_day(row.workdays))
    return found


def timetables(session: Session) -> tuple[Timetable, ...]:
    """Every season's bells, in the order of the year."""
    bells: dict[int, list[Bell]] = defaultdict(list)
    for row in kept(session, BellSlot):
        bells[row.timetable_id].append(Bell(row.weekdays, Slot(row.name, row.start, row.end)))
    rows = sorted(kept(session, BellTimetable), key=_season)
    return tuple(Timetable(row.name, row.from_month, row.from_day, tuple(bells[row.id])) for row in rows)


def terms(session: Session) -> DeadlineTerms:
    """How long things may take at this school: the defaults, and what the counsellor has changed."""
    codes = {deadline.code for deadline in DEADLINES}
    return DeadlineTerms(**{row.code: row.amount for row in kept(session, ChangedDeadline) if row.code in codes})


def _by_day(words: dict[str, str]) -> dict[date, str]:
    return {date.fromisoformat(day): name for day, name in words.items()}


def _year(row: LoadedYear) -> int:
    return row.year


def _season(row: BellTimetable) -> tuple[int, int]:
    return row.from_month, row.from_day
