"""What the house asks of this room: timeline lines, facts of the file, what a search hit is, and forgetting. Beside it: dues."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.rooms.referrals import following, store
from app.rooms.referrals.choices import Advice, Status
from app.rooms.referrals.dues import BEGUN
from app.rooms.referrals.record import FollowUp, Receipt, Referral, Refusal
from app.rooms.referrals.wording import day
from app.rooms.students.archives import Held
from app.rooms.students.record import Fact, Line, Tone

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


def holds(session: Session, student_ids: Select[int]) -> dict[int, Held]:
    """A referral is kept as long as a case (domain.md 6.6)."""
    wanted = select(Referral.student_id).where(Referral.student_id.in_(student_ids), Referral.deleted_at.is_(None))
    return dict.fromkeys(session.scalars(wanted), Held.CASE)


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
    return store.get(session, referral_id).status in BEGUN


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
    for follow_up in following.follow_ups(session, referral.id):
        told.append(_beside(follow_up.on, follow_up, "转介随访", (), follow_up.text, Tone.PLAIN, struck))
    for receipt in following.receipts(session, referral.id):
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
