"""The counsellor's own phrases in the vault: kept, named, reworded, put in order, and taken away."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.notes.record import Snippet

NAME_LENGTH = 12
"""Characters of a phrase that name it where she gave it no name."""


def snippets(session: Session) -> list[Snippet]:
    """The counsellor's own phrases in her order; those never put in order come last, by name."""
    wanted = select(Snippet).where(Snippet.deleted_at.is_(None))
    return list(session.scalars(wanted.order_by(Snippet.position.nulls_last(), Snippet.name, Snippet.id)))


def get(session: Session, snippet_id: int) -> Snippet:
    """The phrase with this id."""
    return session.get_one(Snippet, snippet_id)


def keep(session: Session, text: str, part: str = "") -> Snippet:
    """Keep words of a note as a phrase of the section ``part``, named by how they begin; the same words are kept once."""
    text = text.strip()
    _check(text, text)
    wanted = select(Snippet).where(Snippet.text == text, Snippet.part == part, Snippet.deleted_at.is_(None))
    row = session.scalar(wanted)
    if row is None:
        row = Snippet(name=" ".join(text.split())[:NAME_LENGTH], text=text, part=part)
        session.add(row)
    return row


def add(session: Session, name: str, text: str, part: str = "") -> Snippet:
    """A new phrase, the last of all."""
    _check(name, text)
    row = Snippet(name=name.strip(), text=text.strip(), part=part)
    session.add(row)
    session.flush()
    _put_in_order([*(one for one in snippets(session) if one is not row), row])
    return row


def change(session: Session, snippet_id: int, name: str, text: str, part: str) -> Snippet:
    """Another name, other words, or another section."""
    _check(name, text)
    row = get(session, snippet_id)
    row.name, row.text, row.part = name.strip(), text.strip(), part
    return row


def move(session: Session, snippet_id: int, by: int) -> None:
    """Move a phrase up (-1) or down (1); at an end it stays."""
    rows = snippets(session)
    at = next(place for place, row in enumerate(rows) if row.id == snippet_id)
    to = min(max(at + by, 0), len(rows) - 1)
    rows.insert(to, rows.pop(at))
    _put_in_order(rows)


def _put_in_order(rows: list[Snippet]) -> None:
    for place, row in enumerate(rows, 1):
        if row.position != place:
            row.position = place


def _check(name: str, text: str) -> None:
    if not name.strip() or not text.strip():
        raise Problem("常用语还缺少名称或内容。", "两样都写上再保存。")
