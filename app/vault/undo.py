"""Undo: a batch of changes that can be taken back as a whole, as far as nobody has touched them since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, insert, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.vault.record import Record
from app.vault.values import plain, put_back
from app.vault.vault import Vault

_AT_ONCE = 500


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
        steps = [
            {
                "batch_id": self._row.id,
                "kind": record.__tablename__,
                "record_id": record.own_id,
                "student_id": record.student(),
                "before": before,
                "after": payload(record),
            }
            for record, before in self._steps
        ]
        if steps:
            self._session.execute(insert(UndoStep), steps)  # by the thousand: plain rows, no objects
        return self._row.id


def last(session: Session, what: str) -> UndoBatch | None:
    """The newest batch of this act that has not been taken back."""
    where = (UndoBatch.reverted_at.is_(None), UndoBatch.what == what)
    return session.scalar(select(UndoBatch).where(*where).order_by(UndoBatch.id.desc()).limit(1))


def revert(vault: Vault, session: Session, batch_id: int) -> Reverted:
    """Take back every record of the batch that is as the batch left it; name the others.

    New records are removed, but a new student's all stay as soon as anything else stands on the file or one was changed.
    """
    batch = session.get_one(UndoBatch, batch_id)
    kinds = {mapper.class_.__tablename__: mapper.class_ for mapper in Record.registry.mappers}
    done, left = 0, []
    steps = session.scalars(select(UndoStep).where(UndoStep.batch_id == batch_id).order_by(UndoStep.id.desc())).all()
    held = [_loaded(session, kinds[name], steps) for name in {step.kind for step in steps}]  # noqa: F841 - keeps them in the session
    found = [(step, session.get(kinds[step.kind], step.record_id)) for step in steps]
    intact = {step.id for step, record in found if record is not None and vault.trail.payload(record) == step.after}
    made = {s.record_id for s in steps if s.before is None and "student_id" not in inspect(kinds[s.kind]).columns}
    kept = _written_on(session, kinds.values(), steps, made)
    kept |= made & {step.student_id for step in steps if step.id not in intact}
    for step, record in found:
        if record is None or step.id not in intact or (step.before is None and step.student_id in kept):
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


def _loaded(session: Session, kind: type[Record], steps: Sequence[UndoStep]) -> list[Record]:
    """The records of one kind, read by the hundred instead of one by one."""
    ids = [step.record_id for step in steps if step.kind == kind.__tablename__]
    key = inspect(kind).primary_key[0]
    found: list[Record] = []
    for at in range(0, len(ids), _AT_ONCE):
        found.extend(session.scalars(select(kind).where(key.in_(ids[at : at + _AT_ONCE]))))
    return found


def _written_on(
    session: Session, kinds: Iterable[type[Record]], steps: Sequence[UndoStep], made: set[int]
) -> set[int | None]:
    """Which of the students the batch has ``made`` have something else on their files by now, saved or being typed."""
    own = {(step.kind, step.record_id) for step in steps}
    written: set[int | None] = set()
    for kind in kinds if made else ():
        columns = inspect(kind).columns
        if "student_id" not in columns or not (kind.trailed or kind.__tablename__ == "typing"):
            continue
        rows = session.execute(select(columns["student_id"], inspect(kind).primary_key[0]))
        written |= {student for student, number in rows if student in made and (kind.__tablename__, number) not in own}
    return written
