"""The search index: every word of every record, one CJK character a token, kept in step by the writing door."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import UniqueConstraint, delete, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.vault.record import Record

_TOKENS = re.compile("[a-z0-9]+|[\U00020000-\U0003ffff]|[^\\W_]")  # Python knows no ideographs younger than itself


class SearchEntry(Record):
    """Which record a row of the index speaks of; the index itself holds no content."""

    __tablename__ = "search_entry"
    __table_args__ = (UniqueConstraint("kind", "record"), {"sqlite_autoincrement": True})
    trailed = False

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    kind: Mapped[str]
    record: Mapped[int]
    student_id: Mapped[int | None] = mapped_column(index=True)


@dataclass(frozen=True)
class Hit:
    """A record in which the words were found."""

    kind: str
    record: int
    student: int | None


@dataclass(frozen=True)
class Indexed:
    """A record's entry as it is to stand in the index: its words joined as tokens."""

    kind: str
    record: int
    student: int | None
    tokens: str


def tokens(text: str) -> str:
    """The text as space-separated tokens: letters and digits in runs, every other letter on its own."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(map(_known, _TOKENS.findall(plain)))


def joined(words: Iterable[str]) -> str:
    """The tokens of several texts; a phrase never reaches from one text into the next."""
    return " ₓ ".join(filter(None, map(tokens, words)))


def _known(token: str) -> str:
    """A character younger than SQLite's tables (Unicode 6.1) is written by its number, or it would be no token."""
    code = ord(token[0])
    return f"u{code:x}" if code > 0xFFFF or 0x9FCD <= code <= 0x9FFF else token


def take_out(session: Session, entries: Sequence[Indexed]) -> None:
    """Take entries out of the index, by the very words they were made from (a contentless index needs them)."""
    connection = session.connection()
    for entry in entries:
        where = (SearchEntry.kind == entry.kind) & (SearchEntry.record == entry.record)
        row = session.scalar(select(SearchEntry.id).where(where))
        if row is not None:
            connection.execute(
                text("INSERT INTO search(search, rowid, words) VALUES ('delete', :row, :words)"),
                {"row": row, "words": entry.tokens},
            )
            connection.execute(delete(SearchEntry).where(SearchEntry.id == row))


def put_in(session: Session, entries: Sequence[Indexed]) -> None:
    """Put new entries into the index."""
    if not entries:
        return
    connection = session.connection()
    rows = [{"kind": e.kind, "record": e.record, "student_id": e.student} for e in entries]
    connection.execute(insert(SearchEntry), rows)
    last = connection.execute(text("SELECT last_insert_rowid()")).scalar_one()
    first = last - len(entries) + 1  # one writer, autoincrement: the new rows are consecutive
    connection.execute(
        text("INSERT INTO search(rowid, words) VALUES (:row, :words)"),
        [{"row": first + i, "words": e.tokens} for i, e in enumerate(entries)],
    )


def find(session: Session, words: str, limit: int) -> list[Hit]:
    """Records holding all the words (each a phrase; the last may be unfinished), newest first."""
    phrases = [f'"{t}"' for t in map(tokens, words.split()) if t]
    if not phrases:
        return []
    if re.search(r'[a-z0-9]"$', phrases[-1]):
        phrases[-1] += "*"
    found = session.execute(
        text(
            "SELECT e.kind, e.record, e.student_id FROM "
            "(SELECT rowid AS row FROM search WHERE search MATCH :q ORDER BY rowid DESC LIMIT :n) s "
            "JOIN search_entry e ON e.id = s.row ORDER BY e.id DESC"
        ),
        {"q": " AND ".join(phrases), "n": limit},
    )
    return [Hit(row.kind, row.record, row.student_id) for row in found]


def optimise(session: Session) -> None:
    """Merge the index into one segment, so that nothing of what was taken out stays in its pages."""
    session.connection().execute(text("INSERT INTO search(search) VALUES ('optimize')"))
