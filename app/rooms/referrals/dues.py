"""What is due in this room: visits, receipts, talks after a refusal, and letters begun and not issued (domain.md 3.2, 3.12 referral.*)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple, Self

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.documents.record import Issued
from app.rooms.referrals.choices import Status, Urgency
from app.rooms.referrals.record import FollowUp, Referral, receipt_due, receiver, visit_due
from app.rooms.school.record import DeadlineTerms, Due, Heading, Weight
from app.rooms.students.record import Student
from app.vault.voiding import Voided

BEGUN = (Status.DRAFT, Status.TOLD, Status.AGREED)
"""A letter is being written: nothing has gone out, and nobody has said no."""
_WAITED_FOR = (Status.ISSUED, Status.ATTENDED, Status.REFUSED)


class Waited(NamedTuple):
    """What the deadlines of a referral are told by; a plain tuple, because there may be hundreds."""

    id: int
    student_id: int
    status: Status
    urgency: Urgency
    opened_on: date
    issued_on: date | None
    decided_on: date | None
    number: str
    to_org: str
    to_dept: str

    @classmethod
    def of(cls, referral: Referral) -> Self:
        return cls(*(getattr(referral, name) for name in cls._fields))


def due(session: Session, terms: DeadlineTerms, today: date) -> list[Due]:
    """The deadlines of every referral, and the letters that were begun and have not been issued for long."""
    told = []
    for *values, last_talk in session.execute(_waited_for()):
        told += due_of(Waited(*values), last_talk, terms)
    return [*sorted(told, key=_due_day), *_unsent(session, terms, today)]


def due_of(referral: Waited, last_talk: date | None, terms: DeadlineTerms) -> list[Due]:
    """What this one referral waits for; ``last_talk`` is its newest follow-up."""
    told = []
    if referral.issued_on is not None:
        if referral.status is Status.ISSUED:
            visit = visit_due(referral.issued_on, referral.urgency, terms)
            told.append(_due(referral, "referral.visit", visit, "核实是否就诊", "登记就诊"))
        if referral.status in (Status.ISSUED, Status.ATTENDED):
            receipt = receipt_due(referral.issued_on, terms)
            told.append(_due(referral, "referral.receipt", receipt, "催要转介回执", "登记回执", "receipt"))
    if referral.status is Status.REFUSED and referral.decided_on is not None:
        if last_talk is None or last_talk <= referral.decided_on:
            second = referral.decided_on + timedelta(days=terms.referral_refused_talk)
            told.append(_due(referral, "referral.refused", second, "再次与监护人沟通", "记随访"))
        else:
            weekly = last_talk + timedelta(days=terms.referral_refused_visit)
            told.append(_due(referral, "referral.refused", weekly, "每周随访", "记随访"))
    return told


def _unsent(session: Session, terms: DeadlineTerms, today: date) -> Iterator[Due]:
    """Nobody is to be forgotten of whom it was said that a doctor should see them; by the day the visit itself would be due."""
    wanted = _standing().where(Referral.status.in_(BEGUN))
    for referral in (Waited(*values) for values in session.execute(wanted)):
        on = visit_due(referral.opened_on, referral.urgency, terms)
        if on <= today:
            title = f"转介单还没有签发，{referral.status.label}"
            yield _due(referral, "referral.unsent", on, title, "打开", heading=Heading.FADING)


def _standing() -> Select[*tuple[Any, ...]]:
    """The referrals whose file is in use, as Waited."""
    return (
        select(*(getattr(Referral, name) for name in Waited._fields))
        .join(Student, Student.id == Referral.student_id)
        .where(Referral.deleted_at.is_(None), Student.deleted_at.is_(None))
    )


def _waited_for() -> Select[*tuple[Any, ...]]:
    """Every referral that something is waited for and that is not void, with its newest follow-up."""
    last = (
        select(func.max(FollowUp.on))
        .where(FollowUp.referral_id == Referral.id, FollowUp.deleted_at.is_(None))
        .scalar_subquery()
    )
    void = select(Voided.id).where(Voided.kind == Issued.__tablename__, Voided.record_id == Referral.issued_id)
    return _standing().add_columns(last).where(Referral.status.in_(_WAITED_FOR), ~void.exists())


def _due(
    referral: Waited,
    key: str,
    on: date,
    title: str,
    verb: str,
    act: str = "",
    heading: Heading = Heading.DEADLINE,
) -> Due:
    urgency = "" if referral.urgency is Urgency.ROUTINE else referral.urgency.label
    return Due(
        key=key,
        due=on,
        student_id=referral.student_id,
        kind=Referral.__tablename__,
        record_id=referral.id,
        title=title,
        detail=" · ".join(filter(None, (urgency, receiver(referral.to_org, referral.to_dept), referral.number))),
        act=act,
        verb=verb,
        heading=heading,
        weight=Weight.SAFETY if key == "referral.visit" and referral.urgency is Urgency.TODAY else Weight.USUAL,
    )


def _due_day(due: Due) -> tuple[date, int]:
    return due.due, due.record_id
