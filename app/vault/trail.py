"""The trail: an HMAC chain with one row per change, view, print and export; it holds ids and keyed hashes, never content."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Index, func, insert, select
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
    __table_args__ = (Index("ix_trail_act_at", "act", "at"),)  # the register's filter, also counted in it alone
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


@dataclass(frozen=True)
class Reach:
    """How far the chain holds, from its first row on."""

    length: int
    """The number of the last row that holds; 0 for an empty trail."""
    head: str
    """That row's code in full; empty for an empty trail."""
    broken: int | None
    """The first row that does not hold, or None where all do."""
    met: int | None
    """The row that bears the code looked for; None where no row that holds does."""


Going = Callable[[], None]
Row = tuple[Any, ...]
"""A link as it is stored: the fields below, then its code."""
FIELDS = ("seq", "at", "session", "schema", "what", "act", "kind", "record", "student_id", "payload", "prev")
_PLAIN = re.compile(r"[\s·.\-]+")
_SEQ, _RECORD, _STUDENT, _PREV = map(FIELDS.index, ("seq", "record", "student_id", "prev"))
_MAC = len(FIELDS)
_READ = f"SELECT {', '.join((*FIELDS, 'mac'))} FROM trail WHERE"  # noqa: S608 - fixed names
_NO_TEXT: Row = (None,) * (len(FIELDS) + 1)
"""Stands for a row whose bytes are no text: it is in no place."""
_BREATH = 2000
"""Rows after which a verification asks whether to go on."""
SHOWN = 12
"""Hex digits of a code as it is printed."""


def read_code(words: str) -> str | None:
    """A printed head as it was typed in by hand: spaces and case do not matter; None for what is no such code."""
    code = _PLAIN.sub("", words).casefold()
    return code if re.fullmatch(f"[0-9a-f]{{{SHOWN},64}}", code) else None


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
        return self.follow(self._rows(session, since), since, self.code(session, since - 1)).broken

    def reach(self, session: Session, code: str = "", going: Going | None = None) -> Reach:
        """Verify from the first row to the last, and find the row whose code begins with ``code`` on the way.

        A head known from the key file or from paper shows what a chain alone cannot: that rows at the end are missing.
        ``going`` is called now and then and may raise to give it up.
        """
        return self.follow(self._rows(session, 1, going), code=code)

    def follow(self, rows: Iterable[Row], since: int = 1, prev: str = "", code: str = "") -> Reach:
        """Verify rows in the order of their numbers, ``prev`` being the code of the row before ``since``."""
        expected, met = since, None
        for row in rows:
            if row[_SEQ] != expected or row[_PREV] != prev or not _typed(row) or row[_MAC] != self._sealed(row[:_MAC]):
                return Reach(expected - 1, prev, expected, met)
            prev = row[_MAC]
            if code and prev.startswith(code):
                met = expected
            expected += 1
        return Reach(expected - 1, prev, None, met)

    def _rows(self, session: Session, since: int, going: Going | None = None) -> Iterator[Row]:
        """Straight from the driver: hundreds of thousands of rows, of which only text and numbers are wanted."""
        driver: Any = session.connection().connection.driver_connection
        last = since - 1
        try:
            for row in driver.execute(f"{_READ} seq >= ? ORDER BY seq", (since,)):
                if going is not None and last % _BREATH == 0:
                    going()
                yield row
                last += 1
        except sqlcipher.OperationalError as error:
            if "decode" not in str(error):
                raise
            with suppress(sqlcipher.OperationalError):  # the driver had read one row ahead of the one it gave
                yield from driver.execute(f"{_READ} seq = ?", (last + 1,))
            yield _NO_TEXT

    def _mac(self, row: dict[str, object]) -> str:
        return self._sealed([row[name] for name in FIELDS])

    def _sealed(self, values: Iterable[object]) -> str:
        fields = "\x1f".join(["" if value is None else str(value) for value in values])
        return hmac.digest(self._key, fields.encode(), "sha256").hex()


def _typed(row: Row) -> bool:
    """Whether record and student are numbers or nothing: an empty text would have the same code as nothing."""
    return "" not in (row[_RECORD], row[_STUDENT])
