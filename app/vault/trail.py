"""The trail: an HMAC chain with one row per change, view, print and export; it holds ids and keyed hashes, never content."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.vault.record import Record
from app.vault.values import canonical, plain


class Act(Enum):
    """What was done to a record."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"
    VIEW = "view"
    PRINT = "print"
    EXPORT = "export"
    OPEN = "open"
    MIGRATED = "migrated"
    KEYS = "keys"
    BACKUP = "backup"
    RESTORE = "restore"
    DRILL = "drill"


CHANGES = (Act.NEW.value, Act.CHANGED.value, Act.GONE.value, Act.MIGRATED.value)


class Link(Record):
    """One row of the trail. ``what`` is fixed words of the program, ``payload`` the keyed hash of the record's values."""

    __tablename__ = "trail"
    trailed = False

    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str]
    session: Mapped[int]
    schema: Mapped[int]
    what: Mapped[str]
    act: Mapped[str]
    kind: Mapped[str]
    record: Mapped[int | None]
    student_id: Mapped[int | None] = mapped_column(index=True)
    payload: Mapped[str]
    prev: Mapped[str]
    mac: Mapped[str]


@dataclass(frozen=True)
class Entry:
    """What a new row of the trail is to say."""

    act: Act
    kind: str
    record: int | None
    student: int | None
    payload: str = ""


_FIELDS = ("seq", "at", "session", "schema", "what", "act", "kind", "record", "student_id", "payload", "prev")


class Trail:
    """Appends to the chain and verifies it, with the vault's audit key."""

    def __init__(self, key: bytes, schema: int) -> None:
        self._key = key
        self._schema = schema
        self.session_no = 0
        """The number of this unlock; set when the vault opens."""

    def payload(self, record: Record) -> str:
        """The keyed hash of a record's values."""
        return hmac.digest(self._key, canonical(plain(record)), "sha256").hex()

    def append(self, session: Session, what: str, entries: list[Entry], now: datetime) -> None:
        """Add one row per entry, inside the caller's transaction."""
        last = session.execute(select(Link.seq, Link.mac).order_by(Link.seq.desc()).limit(1)).first()
        seq, prev = (last.seq, last.mac) if last else (0, "")
        at = now.astimezone(UTC).isoformat(timespec="seconds")
        rows = []
        for entry in entries:
            seq += 1
            row = {
                "seq": seq,
                "at": at,
                "session": self.session_no,
                "schema": self._schema,
                "what": what,
                "act": entry.act.value,
                "kind": entry.kind,
                "record": entry.record,
                "student_id": entry.student,
                "payload": entry.payload,
                "prev": prev,
            }
            prev = row["mac"] = self._mac(row)
            rows.append(row)
        if rows:
            session.connection().execute(insert(Link), rows)

    def head(self, session: Session) -> str:
        """The newest link's code in full (64 hex); empty for an empty trail."""
        return session.scalar(select(Link.mac).order_by(Link.seq.desc()).limit(1)) or ""

    def code(self, session: Session, seq: int) -> str:
        """The code of one link in full; empty where there is none."""
        return session.scalar(select(Link.mac).where(Link.seq == seq)) or ""

    def last_event(self, session: Session) -> datetime | None:
        """When the newest link was appended; None for an empty trail."""
        at = session.scalar(select(Link.at).order_by(Link.seq.desc()).limit(1))
        return None if at is None else datetime.fromisoformat(at)

    def last_session(self, session: Session) -> int:
        """The number of the last unlock in the trail."""
        return session.scalar(select(Link.session).order_by(Link.seq.desc()).limit(1)) or 0

    def length(self, session: Session) -> int:
        """The sequence number of the last row; 0 for an empty trail."""
        return session.scalar(select(func.max(Link.seq))) or 0

    def first_broken(self, session: Session, since: int = 1) -> int | None:
        """The first sequence number from ``since`` where the chain does not hold, or None.

        Truncation needs a head kept elsewhere.
        """
        prev, expected = session.scalar(select(Link.mac).where(Link.seq == since - 1)) or "", since
        rows = select(Link.__table__).where(Link.seq >= since).order_by(Link.seq)
        for link in session.execute(rows).mappings():
            if link["seq"] != expected or link["prev"] != prev or link["mac"] != self._mac(dict(link)):
                return expected
            prev, expected = link["mac"], expected + 1
        return None

    def _mac(self, row: dict[str, object]) -> str:
        fields = "\x1f".join("" if row[name] is None else str(row[name]) for name in _FIELDS)
        return hmac.digest(self._key, fields.encode(), "sha256").hex()
