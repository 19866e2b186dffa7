"""The bin: what was deleted can be taken back; emptying it destroys it for good, down to the pages of the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session

from app.vault import search
from app.vault.attachments import Attachment
from app.vault.record import Kept, Record
from app.vault.typing import Typed
from app.vault.undo import UndoStep
from app.vault.vault import Vault
from app.vault.voiding import Voided

Forget = Callable[[Session, int], None]
"""Deletes everything that a room keeps about the student with this id."""


class Destruction(Record):
    """The one way out for what was signed: a student's file was destroyed, why and when. Never changed or removed."""

    __tablename__ = "destruction"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    student_id: Mapped[int] = mapped_column(index=True)
    reason: Mapped[str]
    at: Mapped[datetime]


def put(record: Kept, now: datetime) -> None:
    """Put a record into the bin: it leaves lists, search and counts, and nothing of it is lost."""
    record.deleted_at = now


def take_back(record: Kept) -> None:
    """Take a record out of the bin, and with it what it hangs on: a note is not seen without its case."""
    record.deleted_at = None
    session = object_session(record)
    if session is not None:
        for above in _above(session, record):
            if above.deleted_at is not None:
                take_back(above)


def contents(session: Session) -> list[Kept]:
    """Everything in the bin, the newest first."""
    found: list[Kept] = []
    for mapper in Record.registry.mappers:
        kind = mapper.class_
        if issubclass(kind, Kept):
            found.extend(session.scalars(select(kind).where(kind.deleted_at.is_not(None))))
    return sorted(found, key=_binned_at, reverse=True)


def destroy_files(vault: Vault, student_ids: Sequence[int], reason: str, forget: Forget) -> None:
    """Destroy whole student files with all that belongs to them, and leave no trace of their text in the file's pages.

    ``forget`` is the house's: it calls each room's from the top floor down. The trail keeps ids and keyed hashes.
    """
    with vault.write("销毁档案") as session:
        _destroy_files(session, student_ids, reason, forget, vault.now())
    _sweep(vault)


def destroy_records(vault: Vault, records: Sequence[Kept]) -> None:
    """Destroy single records from the bin (drafts, guardians, attachments), with their attachments and the rows that hang on them."""
    with vault.write("清空回收站") as session:
        _destroy_records(session, records)
    _sweep(vault)


def empty(vault: Vault, student_ids: Sequence[int], records: Sequence[Kept], reason: str, forget: Forget) -> None:
    """Destroy whole files and the single records that do not go with one: all of it or nothing."""
    with vault.write("清空回收站") as session:
        _destroy_files(session, student_ids, reason, forget, vault.now())
        _destroy_records(session, records)
    _sweep(vault)


def _destroy_files(session: Session, student_ids: Sequence[int], reason: str, forget: Forget, now: datetime) -> None:
    for student_id in student_ids:
        session.add(Destruction(student_id=student_id, reason=reason, at=now))
        session.flush()
        forget(session, student_id)
        _clear(session, student_id)


def _destroy_records(session: Session, records: Sequence[Kept]) -> None:
    for record in records:
        kind: type[Record] = type(record)  # type: ignore[assignment]
        if (stored := session.get(kind, record.id)) is not None:  # it may have gone with another
            _destroy(session, stored)


def _destroy(session: Session, record: Record) -> None:
    """Delete a record, and before it every row whose foreign key points at it (a draft's memo and answers)."""
    for kind, column in _pointing_at(type(record)):
        for row in session.scalars(select(kind).where(column == record.own_id)).all():
            _destroy(session, row)
    kind_name, number = record.__tablename__, record.own_id
    for attachment in session.scalars(
        select(Attachment).where(Attachment.kind == kind_name, Attachment.record_id == number)
    ):
        session.delete(attachment)
    session.execute(delete(UndoStep).where(UndoStep.kind == kind_name, UndoStep.record_id == number))
    form = f"{kind_name}/{number}"
    session.execute(delete(Typed).where((Typed.form == form) | Typed.form.startswith(f"{form}/")))
    session.delete(record)
    session.flush()


def _above(session: Session, record: Kept) -> list[Kept]:
    """The records this one hangs on: those its foreign keys point at."""
    kinds = {mapper.local_table: mapper.class_ for mapper in Record.registry.mappers if issubclass(mapper.class_, Kept)}
    found = []
    for column in inspect(type(record)).columns:
        for key in column.foreign_keys:
            number = getattr(record, str(column.key))
            kind = kinds.get(key.column.table)
            if kind is not None and number is not None:
                found.append(session.get_one(kind, number))
    return found


def _pointing_at(kind: type[Record]) -> list[tuple[type[Record], ColumnElement[int]]]:
    """The kinds whose rows belong to a record of this kind, with the column that says to which."""
    return [
        (mapper.class_, column)
        for mapper in Record.registry.mappers
        for column in mapper.local_table.columns
        for key in column.foreign_keys
        if key.column.table is kind.__table__
    ]


def _clear(session: Session, student_id: int) -> None:
    """What the vault itself keeps about a student."""
    for attachment in session.scalars(select(Attachment).where(Attachment.student_id == student_id)):
        session.delete(attachment)
    for row in session.scalars(select(Voided).where(Voided.student_id == student_id)):
        session.delete(row)
    session.execute(delete(Typed).where(Typed.student_id == student_id))
    session.execute(delete(UndoStep).where(UndoStep.student_id == student_id))


def _sweep(vault: Vault) -> None:
    with vault.write("整理检索") as session:
        search.optimise(session)
    vault.checkpoint()


def _binned_at(record: Kept) -> datetime:
    at = record.deleted_at
    if at is None:
        raise ValueError("not in the bin")
    return at
