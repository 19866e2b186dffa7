"""Finds and changes the school's own row."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.rooms.school.record import School


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
