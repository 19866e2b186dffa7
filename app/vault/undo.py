"""Undo: a batch of changes that can be taken back as a whole, as far as nobody has touched them since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.vault.record import Record
from app.vault.values import plain, put_back
from app.vault.vault import Vault


class UndoBatch(Record):
    """One act that can be taken back: an import."""

    __tablename__ = "undo_batch"
    trailed = False

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    what: Mapped[str]
    at: Mapped[datetime]
    reverted_at: Mapped[datetime | None] = mapped_column(default=None)


class UndoStep(Record):
    """One record of a batch: its values before (none for a new one) and the keyed hash of what the batch made of it."""

    __tablename__ = "undo_step"
    trailed = False

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("undo_batch.id"), index=True)
    kind: Mapped[str]
    record_id: Mapped[int]
    student_id: Mapped[int | None] = mapped_column(index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[str]


@dataclass(frozen=True)
class Reverted:
    """What taking a batch back did: how many records were reverted, and (kind, record id) of those left because they changed since."""

    done: int
    left: tuple[tuple[str, int], ...]


class Batch:
    """Remembers, inside one write, what a batch changes. Call ``close`` before the write ends."""

    def __init__(self, vault: Vault, session: Session, what: str) -> None:
        self._vault = vault
        self._session = session
        self._row = UndoBatch(what=what, at=vault.now())
        self._steps: list[tuple[Record, dict[str, Any] | None]] = []
        session.add(self._row)

    def remember_new(self, record: Record) -> None:
        """A record this batch has added to the session."""
        self._steps.append((record, None))

    def remember_change(self, record: Record) -> None:
        """A record this batch is about to change; its values are taken now."""
        self._steps.append((record, plain(record)))

    def close(self) -> int:
        """Write the steps down and give back the batch's id."""
        self._session.flush()
        payload = self._vault.trail.payload
        self._session.add_all(
            UndoStep(
                batch_id=self._row.id,
                kind=record.__tablename__,
                record_id=record.own_id,
                student_id=record.student(),
                before=before,
                after=payload(record),
            )
            for record, before in self._steps
        )
        return self._row.id


def last(session: Session) -> UndoBatch | None:
    """The newest batch that has not been taken back."""
    where = UndoBatch.reverted_at.is_(None)
    return session.scalar(select(UndoBatch).where(where).order_by(UndoBatch.id.desc()).limit(1))


def revert(vault: Vault, session: Session, batch_id: int) -> Reverted:
    """Take back every record of the batch that is as the batch left it; name the others. New records are removed."""
    batch = session.get_one(UndoBatch, batch_id)
    kinds = {mapper.class_.__tablename__: mapper.class_ for mapper in Record.registry.mappers}
    done, left = 0, []
    steps = session.scalars(select(UndoStep).where(UndoStep.batch_id == batch_id).order_by(UndoStep.id.desc())).all()
    for step in steps:
        record = session.get(kinds[step.kind], step.record_id)
        if record is None or vault.trail.payload(record) != step.after:
            left.append((step.kind, step.record_id))
            continue
        if step.before is None:
            session.delete(record)
        else:
            put_back(record, step.before)
        session.delete(step)
        done += 1
    batch.reverted_at = vault.now()
    return Reverted(done, tuple(left))
