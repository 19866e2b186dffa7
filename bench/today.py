"""The day with much to do: 5,000 students, at least 400 open cases and 3,000 open deadlines."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import cycle
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.rooms.notes.choices import CaseSource, CaseStatus
from app.rooms.notes.record import Case, CaseNumber
from app.rooms.referrals.choices import Status
from app.rooms.referrals.record import Referral
from app.rooms.school import store as schools
from app.rooms.school.record import Heading
from app.rooms.students.choices import ConsentDecision, ConsentMethod, ConsentType, SignerRole
from app.rooms.students.record import Consent, Student
from app.rooms.today.store import put_off, sort_out
from app.ui.page import Route
from bench.timing import Figure, Times

if TYPE_CHECKING:
    from app.house.house import House
    from app.house.room import Desk
    from app.house.telling import Rooms

CASES, DEADLINES = 400, 3000
_YEAR = 1990
"""A school year whose numbers nobody else gives."""


def crowded_day(application: QApplication, house: House) -> list[Figure]:
    """From the click on 今日 until it is drawn."""
    desk = house.desk
    assert desk is not None
    with desk.vault.write("测速") as session:
        cases, due = _fill(session, desk.rooms, desk.vault.clock.today())
    assert due >= DEADLINES

    def leave() -> None:
        house.go(Route("settings"))
        application.processEvents()

    def come() -> None:
        house.go(Route("today"))
        application.processEvents()

    again, changed = Times(), Times()
    for _ in range(15):
        leave()
        again.take(come)
    for _ in range(15):
        leave()
        _settle_one(desk)
        application.processEvents()  # every page is told
        changed.take(come)
    name = f"today: {cases:,} open cases, {due:,} deadlines"
    return [*again.figures(name, 100.0), *changed.figures(f"{name}, the first settled since", 100.0)]


def _settle_one(desk: Desk) -> None:
    """What stands at the head of the deadlines goes."""
    today = desk.vault.clock.today()
    with desk.vault.write("测速") as session:
        dues = desk.rooms.due(session, schools.terms(session), today)
        first = sort_out(session, dues, today).under[Heading.DEADLINE][0]
        put_off(session, first, today + timedelta(days=7), "测速", desk.vault.now())


def _fill(session: Session, rooms: Rooms, day: date) -> tuple[int, int]:
    """Fill up to so many open cases and deadlines; gives how many there are."""
    ids = cycle(session.scalars(select(Student.id).where(Student.deleted_at.is_(None)).order_by(Student.id)).all())
    have = len(session.scalars(select(Case.id).where(Case.status != CaseStatus.CLOSED)).all())
    session.add(CaseNumber(school_year=_YEAR, last=CASES))
    for number in range(have, CASES):
        opened = day - timedelta(days=number % 300)
        session.add(
            Case(
                student_id=next(ids), case_no=f"{_YEAR}-个-{number}", source=CaseSource.TEACHER, opened_at=opened,
                status=CaseStatus.ACTIVE, intake_at=opened,
            )
        )  # fmt: skip
    session.flush()
    terms = schools.terms(session)
    for number in range(DEADLINES - len(rooms.due(session, terms, day))):
        since = day - timedelta(days=number % 90)
        session.add(_consent(next(ids), since) if number % 3 else _referral(next(ids), since))
    session.flush()
    return max(have, CASES), len(rooms.due(session, terms, day))


def _consent(student_id: int, since: date) -> Consent:
    """One by telephone whose signature is owed."""
    return Consent(
        student_id=student_id, type=ConsentType.COUNSELLING, signer_role=SignerRole.GUARDIAN, signer_name="李某",
        method=ConsentMethod.PHONE, decision=ConsentDecision.AGREED, signed_at=since, exceptions_explained=True,
    )  # fmt: skip


def _referral(student_id: int, since: date) -> Referral:
    """One whose letter went out and whose receipt is waited for."""
    return Referral(
        student_id=student_id, opened_on=since, issued_on=since, status=Status.ATTENDED, to_org="市第二医院",
        number=f"心转〔{since.year}〕第{student_id}号",
    )  # fmt: skip
