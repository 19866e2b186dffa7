"""After the letter: the visit, the hospital's receipt with its scan, the talks that follow, the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.referrals import rules
from app.rooms.referrals.choices import Status
from app.rooms.referrals.record import FollowUp, Receipt, ReceiptValues, Referral
from app.rooms.referrals.store import get, voided
from app.vault import attachments
from app.vault.attachments import Attachment


def _going_on(session: Session, referral_id: int) -> Referral:
    """A referral whose letter, if it has one, still stands. Raises Problem for a void one."""
    referral = get(session, referral_id)
    if voided(session, [referral]):
        raise Problem("这份转介函已经作废，不再登记后续。", "请在重新签发的转介单上登记。")
    return referral


def attend(session: Session, referral_id: int, on: date, today: date) -> Referral:
    """The student was seen."""
    referral = _going_on(session, referral_id)
    rules.check_status(referral, Status.ISSUED)
    rules.check_day(on, today, "就诊", not_before=referral.issued_on)
    referral.attended_on, referral.status = on, Status.ATTENDED
    return referral


@dataclass(frozen=True)
class Scan:
    """A scanned page, from the file the counsellor chose."""

    name: str
    content: bytes


def receive(session: Session, referral_id: int, values: ReceiptValues, scan: Scan | None, today: date) -> Receipt:
    """Enter the hospital's receipt by hand, with its scan; one that says 未就诊 leaves the visit waited for."""
    referral = _going_on(session, referral_id)
    rules.check_status(referral, *rules.AFTER_ISSUE)
    rules.check_day(values.received_on, today, "收到回执", not_before=referral.issued_on)
    if values.visited and values.visit_on is None:
        raise Problem("没有写就诊日期。", "填上就诊日期，或改为「未就诊」。")
    if values.visited and values.visit_on is not None:
        rules.check_day(values.visit_on, values.received_on, "就诊", not_before=referral.issued_on)
    row = Receipt(referral_id=referral_id, student_id=referral.student_id, **vars(values))
    session.add(row)
    session.flush()
    if scan is not None:
        attachments.add(session, row, scan.name, scan.content)
    if values.visited:
        referral.attended_on, referral.status = values.visit_on, Status.RECEIPT
    return row


def receipts(session: Session, referral_id: int) -> list[Receipt]:
    """The referral's receipts, newest first."""
    wanted = select(Receipt).where(Receipt.referral_id == referral_id, Receipt.deleted_at.is_(None))
    return list(session.scalars(wanted.order_by(Receipt.received_on.desc(), Receipt.id.desc())))


def scans(session: Session, receipt: Receipt) -> list[Attachment]:
    """The receipt's scanned pages."""
    return attachments.of(session, receipt)


def follow(session: Session, referral_id: int, on: date, text: str, today: date) -> FollowUp:
    """A talk or visit after a refusal, or after the letter went out."""
    referral = _going_on(session, referral_id)
    rules.check_status(referral, Status.REFUSED, *rules.AFTER_ISSUE)
    rules.check_day(on, today, "随访", not_before=referral.opened_on)
    if not text.strip():
        raise Problem("没有写随访的情况。", "写一句看到和商定的，再保存。")
    row = FollowUp(referral_id=referral_id, student_id=referral.student_id, on=on, text=text)
    session.add(row)
    if referral.status is Status.RECEIPT:
        referral.status = Status.FOLLOWING
    session.flush()
    return row


def follow_ups(session: Session, referral_id: int) -> list[FollowUp]:
    """The referral's follow-ups, newest first."""
    wanted = select(FollowUp).where(FollowUp.referral_id == referral_id, FollowUp.deleted_at.is_(None))
    return list(session.scalars(wanted.order_by(FollowUp.on.desc(), FollowUp.id.desc())))


def close(session: Session, referral_id: int, on: date, outcome: str, today: date) -> Referral:
    """The referral is over."""
    referral = _going_on(session, referral_id)
    rules.check_status(referral, Status.TOLD, Status.AGREED, Status.REFUSED, *rules.AFTER_ISSUE)
    rules.check_day(on, today, "结束", not_before=referral.opened_on)
    if not outcome.strip():
        raise Problem("没有写这次转介的结果。", "写一句，例如「已规律复诊，在校情况平稳」。")
    referral.closed_on, referral.outcome, referral.status = on, outcome, Status.CLOSED
    return referral
