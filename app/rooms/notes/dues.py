"""What is due in this room: notes to sign, risks to look at again, and what an open case asks for (domain.md 3.8, 3.9, 3.12)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, literal, or_, select
from sqlalchemy.orm import Session, aliased, load_only

from app.rooms.notes.choices import CaseStatus, NoteStatus, RiskFlag
from app.rooms.notes.record import TEXTS, Case, Note, RiskAnswer
from app.rooms.notes.wording import day
from app.rooms.school.record import DeadlineTerms, Due, Heading, Weight
from app.rooms.students import renewals
from app.rooms.students.record import Student
from app.vault.voiding import Voided

Talk = aliased(Note)
OPEN = tuple(status for status in CaseStatus if status is not CaseStatus.CLOSED)


def due(session: Session, terms: DeadlineTerms, today: date) -> list[Due]:
    """Notes to sign, risks to look at again, cases to take on, to give goals, to look after, to have consent for."""
    cases = [*_cases_due(session, terms, today), *_consents_due(session, today)]
    return [*_notes_due(session, terms, today), *_risks_due(session, terms), *cases]


def _notes_due(session: Session, terms: DeadlineTerms, today: date) -> list[Due]:
    written = sum((func.length(getattr(Note, name)) for name in TEXTS), start=literal(0))
    known = (Note.held_on, Note.entered_on, Note.end, Note.late_entry, Note.risk_flag, Note.session_no, Note.student_id)
    wanted = (
        select(Note, written)
        .options(load_only(*known))
        .join(Student, Student.id == Note.student_id)
        .where(Note.status == NoteStatus.DRAFT, Note.deleted_at.is_(None), Student.deleted_at.is_(None))
    )
    return [
        Due(
            key="note.sign",
            due=note.sign_due(terms.note_sign_hours, None).date(),
            student_id=note.student_id,
            kind=Note.__tablename__,
            record_id=note.id,
            title="签署会谈记录",
            detail=f"第{note.session_no}次会谈，{_short(note.held_on, today)}，已写 {letters} 字",
            verb="继续写",
            heading=Heading.WRITING,
            weight=Weight.SAFETY if note.risk_flag is not None and note.risk_flag.asks else Weight.USUAL,
        )
        for note, letters in session.execute(wanted)
    ]


def _risks_due(session: Session, terms: DeadlineTerms) -> Iterator[Due]:
    """A student in danger is seen again soon, time after time, until the newest risk is settled where it was written down."""
    asking = [flag for flag in RiskFlag if flag.asks]
    void = select(Voided.id).where(Voided.kind == Note.__tablename__, Voided.record_id == Note.id)
    unsettled = select(RiskAnswer.note_id).where(
        RiskAnswer.settled_at.is_(None)
    )  # no such note is signed without an answer
    last_talk = select(func.max(Talk.held_on)).where(Talk.student_id == Note.student_id, Talk.deleted_at.is_(None))
    wanted = (
        select(Note.id, Note.student_id, Note.session_no, last_talk.scalar_subquery().label("seen"))
        .join(Student, Student.id == Note.student_id)
        .where(Note.id.in_(unsettled), Note.status == NoteStatus.SIGNED, Note.risk_flag.in_(asking))
        .where(~void.exists(), Note.deleted_at.is_(None), Student.deleted_at.is_(None))
        .order_by(Note.held_on, Note.id)
    )
    newest = {row.student_id: row for row in session.execute(wanted)}
    for row in newest.values():
        yield Due(
            key="risk.reassess",
            due=row.seen + timedelta(days=terms.risk_reassess_days),
            student_id=row.student_id,
            kind=Note.__tablename__,
            record_id=row.id,
            title="再次评估，或写明了结",
            detail=f"第{row.session_no}次会谈",
        )


def _cases_due(session: Session, terms: DeadlineTerms, today: date) -> list[Due]:
    told = []
    for case in session.execute(_waiting_cases(today - timedelta(days=terms.case_silent_days))):
        if case.status is CaseStatus.REGISTERED:
            told.append(_case_due(case, "case.intake", case.opened_at, terms.case_intake_days, "接案评估", verb="接案"))
            continue
        if case.intake_at is not None and case.aimless:
            told.append(
                _case_due(case, "case.goals", case.intake_at, terms.case_goals_days, "商定辅导目标", verb="写目标")
            )
        told += _fading(case, terms, today)
    return told


def _consents_due(session: Session, today: date) -> list[Due]:
    """An open case goes on by a consent to counselling that has not run out (domain.md 3.8, 3.12 consent.renew)."""
    wanted = (
        select(Case.student_id)
        .join(Student, Student.id == Case.student_id)
        .where(Case.status.in_(OPEN), Case.deleted_at.is_(None), Student.deleted_at.is_(None))
    )
    return renewals.run_out(session, wanted, today)


def _waiting_cases(silent_since: date) -> Select[*tuple[Any, ...]]:
    """The open cases that are not taken on, have no goals, or of which nothing later than this day is signed; by columns,
    for there may be hundreds, and the last talks out of an index."""
    talks = (Note.case_id == Case.id, Note.deleted_at.is_(None))
    signed = (*talks, Note.status == NoteStatus.SIGNED)
    aimless = func.trim(Case.goals) == ""
    silent = ~select(Note.id).where(*signed, Note.held_on > silent_since).exists()
    return (
        select(
            Case.id, Case.student_id, Case.case_no, Case.source, Case.status, Case.opened_at, Case.intake_at,
            Case.reopened_at, aimless.label("aimless"),
            select(func.max(Note.held_on)).where(*talks).scalar_subquery().label("seen"),
            select(func.max(Note.held_on)).where(*signed).scalar_subquery().label("signed"),
        )
        .join(Student, Student.id == Case.student_id)
        .where(Case.status.in_(OPEN), Case.deleted_at.is_(None), Student.deleted_at.is_(None))
        .where(or_(Case.status == CaseStatus.REGISTERED, aimless, silent))
    )  # fmt: skip


def _fading(case: Row[*tuple[Any, ...]], terms: DeadlineTerms, today: date) -> list[Due]:
    """A case taken on whose student has never come, or of which nothing has been signed for long."""
    if case.seen is None:
        title = f"{case.source.label}，登记后还没有谈过"
        told = _case_due(case, "case.unseen", case.opened_at, terms.case_intake_days, title, Heading.FADING)
    else:
        since = max(filter(None, (case.signed, case.intake_at, case.reopened_at, case.opened_at)))
        title = f"最近一次记录 {_short(case.signed, today)}" if case.signed else "还没有签署过记录"
        told = _case_due(case, "case.silent", since, terms.case_silent_days, title, Heading.FADING)
    return [told] if told.due <= today else []


def _case_due(
    case: Row[*tuple[Any, ...]],
    key: str,
    since: date,
    days: int,
    title: str,
    heading: Heading = Heading.DEADLINE,
    verb: str = "打开",
) -> Due:
    return Due(
        key=key,
        due=since + timedelta(days=days),
        student_id=case.student_id,
        kind=Case.__tablename__,
        record_id=case.id,
        title=title,
        detail=case.case_no,
        verb=verb,
        heading=heading,
    )


def _short(value: date, today: date) -> str:
    """「11月20日」; with its year where that is another."""
    return f"{value.month}月{value.day}日" if value.year == today.year else day(value)
