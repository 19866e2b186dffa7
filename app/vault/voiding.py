"""Voiding (作废): a signed record or issued document that should not count any more; it stays readable and is struck through."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.errors import Problem
from app.vault.record import Record


class Voided(Record):
    """Says that a record is void, with the reason; itself never changed (migrations/triggers.sql)."""

    __tablename__ = "voided"
    __table_args__ = (UniqueConstraint("kind", "record_id"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    kind: Mapped[str]
    record_id: Mapped[int]
    student_id: Mapped[int | None] = mapped_column(index=True)
    reason: Mapped[str]
    at: Mapped[datetime]


def void(session: Session, record: Record, reason: str, now: datetime) -> Voided:
    """Void a signed record or issued document. Raises Problem without a reason, or when it is void already."""
    if not reason.strip():
        raise Problem("没有写作废的原因。", "请写一句原因，例如「写在了同名同学的档案里」。")
    if voided(session, record.__tablename__, [record.own_id]):
        raise Problem("这份材料已经作废。", "不需要再作废一次。")
    row = Voided(kind=record.__tablename__, record_id=record.own_id, student_id=record.student(), reason=reason, at=now)
    session.add(row)
    return row


def voided(session: Session, kind: str, ids: Iterable[int]) -> dict[int, Voided]:
    """Which of these records are void, by record id."""
    rows = session.scalars(select(Voided).where(Voided.kind == kind, Voided.record_id.in_(list(ids))))
    return {row.record_id: row for row in rows}
