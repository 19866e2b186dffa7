"""What the house asks of this room: timeline lines, facts of the file, what is due, what a search hit is, and forgetting a student."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple, Self

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.documents.record import Issued
from app.rooms.referrals import store
from app.rooms.referrals.choices import Advice, Status, Urgency
from app.rooms.referrals.record import FollowUp, Receipt, Referral, Refusal, receipt_due, receiver, visit_due
from app.rooms.referrals.wording import day
from app.rooms.school.record import DeadlineTerms, Due
from app.rooms.students.record import Fact, Line, Student, Tone
from app.vault.voiding import Voided

_EXCERPT = 90
_TONES = {Status.REFUSED: Tone.RED, Status.CLOSED: Tone.PLAIN, Status.RECEIPT: Tone.GREEN, Status.DRAFT: Tone.AMBER}


def lines(session: Session, student_id: int) -> list[Line]:
    """The student's referrals for the timeline, with what followed each, newest first."""
    referrals = store.of_student(session, student_id)
    void = store.voided(session, referrals)
    told = [line for r in referrals for line in _referral_lines(session, r, r.id in void)]
    return sorted(told, key=_line_day, reverse=True)


def facts(session: Session, student_id: int) -> list[Fact]:
    """What stands now: open referrals, and letters that went out without consent."""
    told = []
    referrals = store.of_student(session, student_id)
    void = store.voided(session, referrals)
    for referral in referrals:
        if referral.id in void:
            continue
        if referral.status is not Status.CLOSED:
            tone = Tone.RED if referral.status is Status.REFUSED else Tone.PLAIN
            told.append(Fact("转介", f"{referral.receiver or '未定机构'} · {referral.status.label}", tone))
        if referral.override is not None and not referral.status.before_issue:
            text = f"{referral.override.label}({referral.number}):{referral.override_reason}"
            told.append(Fact("未经同意签发", text, Tone.RED))
    return told


class Waited(NamedTuple):
    """What the deadlines of a referral are told by; a plain tuple, because there may be hundreds."""

    id: int
    student_id: int
    status: Status
    urgency: Urgency
    issued_on: date | None
    decided_on: date | None
    number: str
    to_org: str
    to_dept: str

    @classmethod
    def of(cls, referral: Referral) -> Self:
        return cls(*(getattr(referral, name) for name in cls._fields))


def due(session: Session, terms: DeadlineTerms, _today: date) -> list[Due]:
    """Visits, receipts, and talks after a refusal (domain.md 3.2, 3.12); the students room tells of signatures still owed."""
    told = []
    for *values, last_talk in session.execute(_waited_for()):
        told += due_of(Waited(*values), last_talk, terms)
    return sorted(told, key=_due_day)


def _waited_for() -> Select[*tuple[Any, ...]]:
    """Every referral that something is waited for and that stands, with its newest follow-up."""
    last = (
        select(func.max(FollowUp.on))
        .where(FollowUp.referral_id == Referral.id, FollowUp.deleted_at.is_(None))
        .scalar_subquery()
    )
    void = select(Voided.id).where(Voided.kind == Issued.__tablename__, Voided.record_id == Referral.issued_id)
    return (
        select(*(getattr(Referral, name) for name in Waited._fields), last)
        .join(Student, Student.id == Referral.student_id)
        .where(Referral.status.in_((Status.ISSUED, Status.ATTENDED, Status.REFUSED)), ~void.exists())
        .where(Referral.deleted_at.is_(None), Student.deleted_at.is_(None))
    )


def due_of(referral: Waited, last_talk: date | None, terms: DeadlineTerms) -> list[Due]:
    """What this one referral waits for; ``last_talk`` is its newest follow-up."""
    told = []
    if referral.issued_on is not None:
        visit = visit_due(referral.issued_on, referral.urgency, terms)
        receipt = receipt_due(referral.issued_on, terms)
        if referral.status is Status.ISSUED:
            told.append(_due(referral, "referral.visit", visit, "核实是否就诊", "登记就诊"))
        if referral.status in (Status.ISSUED, Status.ATTENDED):
            told.append(_due(referral, "referral.receipt", receipt, "催要转介回执", "登记回执", "receipt"))
    if referral.status is Status.REFUSED and referral.decided_on is not None:
        if last_talk is None or last_talk <= referral.decided_on:
            second = referral.decided_on + timedelta(days=terms.referral_refused_talk)
            told.append(_due(referral, "referral.refused", second, "再次与监护人沟通", "记随访"))
        else:
            weekly = last_talk + timedelta(days=terms.referral_refused_visit)
            told.append(_due(referral, "referral.refused", weekly, "每周随访", "记随访"))
    return told


def found(session: Session, kind: str, record_id: int) -> tuple[str, str] | None:
    """A search hit of this room as a title and an excerpt; None for a record that is not shown."""
    referral_id = referral_of(session, kind, record_id)
    if referral_id is None:
        return None
    referral = store.get(session, referral_id)
    title = f"转介 {referral.number or referral.status.label} · {day(referral.issued_on or referral.opened_on)}"
    if kind == FollowUp.__tablename__:
        return f"{title} 的随访", _excerpt(session.get_one(FollowUp, record_id).text)
    if kind == Receipt.__tablename__:
        return f"{title} 的回执", _excerpt(session.get_one(Receipt, record_id).advice_to_school)
    if kind == Refusal.__tablename__:
        return f"{title} 的告知确认", _excerpt(session.get_one(Refusal, record_id).decided)
    return title, _excerpt(referral.observation or referral.receiver)


def referral_of(session: Session, kind: str, record_id: int) -> int | None:
    """The referral that a record of this room belongs to, for opening a search hit; None for one of another room."""
    if kind == Referral.__tablename__:
        return record_id
    if kind == Refusal.__tablename__:
        return session.get_one(Refusal, record_id).referral_id
    if kind == FollowUp.__tablename__:
        return session.get_one(FollowUp, record_id).referral_id
    return session.get_one(Receipt, record_id).referral_id if kind == Receipt.__tablename__ else None


def is_drafted(session: Session, referral_id: int) -> bool:
    """Whether it is still being written: neither issued nor refused."""
    return store.get(session, referral_id).status in (Status.DRAFT, Status.TOLD, Status.AGREED)


def forget(session: Session, student_id: int) -> None:
    """Delete everything this room keeps about the student; what was issued is forgotten by documents.issuing."""
    for kind in (Receipt, FollowUp, Refusal, Referral):
        for record in session.scalars(select(kind).where(kind.student_id == student_id)):
            session.delete(record)
        session.flush()


def _referral_lines(session: Session, referral: Referral, struck: bool) -> list[Line]:
    told = [_referral_line(referral, struck)]
    for refusal in store.refusals(session, referral.id):
        told.append(
            _beside(refusal.on, refusal, "监护人暂不同意转介", ("告知确认",), refusal.decided, Tone.RED, struck)
        )
    for follow_up in store.follow_ups(session, referral.id):
        told.append(_beside(follow_up.on, follow_up, "转介随访", (), follow_up.text, Tone.PLAIN, struck))
    for receipt in store.receipts(session, referral.id):
        advice = tuple(a.label for a in Advice if a.value in receipt.advice)
        tags = (receipt.received_from.label, "已就诊" if receipt.visited else "未就诊", *advice)
        tone = Tone.GREEN if receipt.visited else Tone.AMBER
        told.append(_beside(receipt.received_on, receipt, "转介回执", tags, receipt.advice_to_school, tone, struck))
    return told


def _referral_line(referral: Referral, struck: bool) -> Line:
    tags = [referral.status.label, referral.urgency.label]
    if referral.number:
        tags.insert(0, referral.number)
    text = referral.observation
    if referral.override is not None and not referral.status.before_issue:
        tags.append("未经同意签发")
        text = f"{referral.override.label}：{referral.override_reason} {text}"
    if struck:
        tags.append("作废")
    return Line(
        at=referral.issued_at or referral.opened_on,
        kind=Referral.__tablename__,
        record_id=referral.id,
        title=f"转介至{referral.receiver}" if referral.receiver else "转介",
        tags=tuple(tags),
        text=_excerpt(text),
        tone=_TONES.get(referral.status, Tone.BLUE),
        struck=struck,
    )


def _beside(
    at: date,
    record: Refusal | FollowUp | Receipt,
    title: str,
    tags: tuple[str, ...],
    text: str,
    tone: Tone,
    struck: bool,
) -> Line:
    return Line(
        at=at,
        kind=record.__tablename__,
        record_id=record.id,
        title=title,
        tags=tags,
        text=_excerpt(text),
        tone=tone,
        struck=struck,
    )


def _excerpt(text: str) -> str:
    return " ".join(text.split())[:_EXCERPT]


def _line_day(line: Line) -> tuple[str, int]:
    return line.at.isoformat()[:16], line.record_id


def _due(referral: Waited, key: str, on: date, title: str, verb: str, act: str = "") -> Due:
    return Due(
        key=key,
        due=on,
        student_id=referral.student_id,
        kind=Referral.__tablename__,
        record_id=referral.id,
        title=title,
        detail=" · ".join(filter(None, (receiver(referral.to_org, referral.to_dept), referral.number))),
        act=act,
        verb=verb,
    )


def _due_day(due: Due) -> tuple[date, int]:
    return due.due, due.record_id
