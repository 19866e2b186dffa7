"""Door: what stands around one write: it cleans and dates what goes in, and turns what changed into trail rows and search entries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session, UOWTransaction

from app.clock import Clock
from app.vault import search
from app.vault.record import Kept, Record
from app.vault.search import Indexed
from app.vault.text import clean
from app.vault.trail import Act, Entry, Trail
from app.vault.values import fields


class Door:
    """Collects what a session changes, from the first flush to the last, and writes it down when it is shut."""

    def __init__(self, session: Session, trail: Trail, clock: Clock) -> None:
        self._session = session
        self._trail = trail
        self._clock = clock
        self._touched: dict[tuple[str, int], tuple[Act, Record]] = {}
        self.entries: list[Entry] = []
        """Rows without a change (views, prints), to be appended with the rest."""
        session.info["door"] = self
        event.listen(session, "before_flush", self._before)
        event.listen(session, "after_flush", self._after)

    @classmethod
    def of(cls, session: Session) -> Door:
        """The door of a writing session; KeyError for a reading one."""
        door: Door = session.info["door"]
        return door

    def add(self, entry: Entry) -> int:
        """Append a row without a change; gives its number in the trail, which nobody else appends to meanwhile."""
        self.entries.append(entry)
        return self._trail.length(self._session) + len(self.entries)

    def shut(self, what: str) -> frozenset[str]:
        """Flush, append the trail's rows, and give back the names of the tables that changed."""
        self._session.flush()
        rows = [
            Entry(act, kind, number, record.student(), "" if act is Act.GONE else self._trail.payload(record))
            for (kind, number), (act, record) in self._touched.items()
        ]
        self._trail.append(self._session, what, self.entries + rows, self._clock.now())
        return frozenset(kind for kind, _ in self._touched)

    def _before(self, session: Session, _context: UOWTransaction, _instances: object) -> None:
        now = self._clock.now()
        new: list[Record] = list(session.new)
        for record in new:
            _prepare(record, now, fields(type(record)))
            if isinstance(record, Kept) and record.created_at is None:
                record.created_at = now
        changed = [r for r in session.dirty if session.is_modified(r)]
        for record in changed:
            _prepare(record, now, _changed(record))
        search.take_out(session, [e for r in (*changed, *session.deleted) if (e := self._stored(r))])

    def _after(self, session: Session, _context: UOWTransaction) -> None:
        changed = [r for r in session.dirty if session.is_modified(r)]
        search.put_in(session, [e for r in (*session.new, *changed) if (e := _entry(r, r))])
        for act, records in ((Act.NEW, session.new), (Act.CHANGED, changed), (Act.GONE, session.deleted)):
            for record in records:
                if record.trailed:
                    self._touch(act, record)

    def _touch(self, act: Act, record: Record) -> None:
        key = (record.__tablename__, record.own_id)
        before = self._touched.get(key)
        if before and before[0] is Act.NEW and act is Act.CHANGED:
            act = Act.NEW
        self._touched[key] = (act, record)

    def _stored(self, record: Record) -> Indexed | None:
        """The entry that stands in the index now, made from the row as it is stored."""
        if type(record).words is Record.words:
            return None
        table = type(record).__table__
        row = self._session.connection().execute(select(table).where(table.c.id == record.own_id)).first()
        return None if row is None else _entry(record, row)


def _entry(record: Record, values: Any) -> Indexed | None:
    """The index entry of a record, from its own values or from a stored row; None for what is not searched or lies in the bin."""
    if type(record).words is Record.words or getattr(values, "deleted_at", None) is not None:
        return None
    tokens = search.joined(type(record).words(values))
    return Indexed(record.__tablename__, record.own_id, record.student(), tokens) if tokens else None


def _changed(record: Record) -> list[str]:
    state = inspect(record)
    return [name for name in fields(type(record)) if state.attrs[name].history.has_changes()]


def _prepare(record: Record, now: datetime, names: tuple[str, ...] | list[str]) -> None:
    loaded = record.__dict__
    for name in names:
        value = loaded.get(name)
        if isinstance(value, str):
            cleaned = clean(value)
            if cleaned is not value:
                setattr(record, name, cleaned)
        elif isinstance(value, list):
            setattr(record, name, [clean(v) if isinstance(v, str) else v for v in value])
    if isinstance(record, Kept):
        record.updated_at = now
