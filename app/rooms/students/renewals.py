"""Consents that are to be signed anew (domain.md 3.12, consent.renew; 6.2): at the student's 14th birthday, and once they have run out."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.rooms.school.deadlines import years_after
from app.rooms.school.record import Due
from app.rooms.students.choices import GONE, ConsentDecision, ConsentType, SignerRole
from app.rooms.students.record import AGE_OF_OWN_CONSENT, Consent, Student

ONGOING = (ConsentType.COUNSELLING, ConsentType.GROUP, ConsentType.RECORDING, ConsentType.SHARING)
"""What goes on after the day it was consented to."""
_GIVEN = (
    Consent.decision.in_((ConsentDecision.AGREED, ConsentDecision.PARTIAL)),
    Consent.withdrawn_at.is_(None),
    Consent.deleted_at.is_(None),
)
_AT_SCHOOL = (Student.deleted_at.is_(None), Student.status.not_in(GONE))


def of_age(session: Session, today: date) -> list[Due]:
    """Consents in force that a guardian alone gave for a student who has become 14 since, and nobody has given anew."""
    birthday = func.date(Student.birth_date, f"+{AGE_OF_OWN_CONSENT} years")
    alone = select(Consent.student_id).join(Student, Student.id == Consent.student_id)
    alone = alone.where(Consent.signer_role == SignerRole.GUARDIAN, Consent.signed_at < birthday)
    wanted = (
        select(Consent.id, Consent.student_id, Consent.type, Consent.signer_role, Consent.signed_at, Student.birth_date)
        .join(Student, Student.id == Consent.student_id)
        .where(*_GIVEN, Consent.type.in_(ONGOING), *_AT_SCHOOL, Student.birth_date.is_not(None))
        .where(Consent.valid_until.is_(None) | (Consent.valid_until >= today), Consent.signed_at <= today)
        .where(birthday <= today.isoformat(), Consent.student_id.in_(alone))
        .order_by(Consent.signed_at, Consent.id)
    )
    owed: dict[tuple[int, ConsentType], Due] = {}
    for row in session.execute(wanted):
        of_age = years_after(row.birth_date, AGE_OF_OWN_CONSENT)
        if row.signer_role is not SignerRole.GUARDIAN:
            owed.pop((row.student_id, row.type), None)
        elif row.signed_at < of_age:
            owed[row.student_id, row.type] = _due(row.id, row.student_id, of_age, "学生满 14 周岁，本人补签", row.type)
    return list(owed.values())


def run_out(session: Session, student_ids: Select[int], today: date) -> list[Due]:
    """The consents to counselling of the students selected that have run out with none in force after them."""
    last = func.max(func.coalesce(Consent.valid_until, date.max))
    wanted = (
        select(func.max(Consent.id), Consent.student_id, last)
        .where(*_GIVEN, Consent.type == ConsentType.COUNSELLING, Consent.student_id.in_(student_ids))
        .group_by(Consent.student_id)
        .having(last < today)
    )
    told = []
    for own_id, student_id, until in session.execute(wanted):
        on = until + timedelta(days=1)
        told.append(_due(own_id, student_id, on, "知情同意已到期，续签", ConsentType.COUNSELLING))
    return told


def _due(own_id: int, student_id: int, on: date, title: str, of: ConsentType) -> Due:
    return Due(
        key="consent.renew",
        due=on,
        student_id=student_id,
        kind=Consent.__tablename__,
        record_id=own_id,
        title=title,
        detail=of.label,
        act="consent",
        verb="登记同意",
        anew=True,
    )
