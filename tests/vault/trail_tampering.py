"""What could be done to rows of the trail with the file open: edit, delete, reorder, insert, truncate; in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from sqlalchemy import text
from sqlalchemy.orm import Session

COLUMNS = ("seq", "at", "session", "schema", "what", "act", "kind", "record", "student_id", "payload", "prev", "mac")
SEALS = ("trail_update", "trail_delete", "trail_insert")
NUMBERS = ("session", "schema", "record", "student_id")
Tampering = Callable[[Session, int, Random], None]


def break_seals(session: Session) -> None:
    """Drop the triggers that stand in the way."""
    for name in SEALS:
        session.execute(text(f"DROP TRIGGER {name}"))


def edit(session: Session, row: int, chance: Random) -> None:
    """Change one value of a row, whichever; its number too."""
    column = chance.choice(COLUMNS)
    if column == "seq":
        session.execute(text("UPDATE trail SET seq = -seq WHERE seq = :row"), {"row": row})
        return
    kept = session.execute(text(f"SELECT {column} FROM trail WHERE seq = :row"), {"row": row}).scalar_one()
    other = (kept or 0) + chance.randint(1, 9) if column in NUMBERS else _other(str(kept), chance)
    session.execute(text(f"UPDATE trail SET {column} = :other WHERE seq = :row"), {"row": row, "other": other})


def delete(session: Session, row: int, chance: Random) -> None:
    """Take a row out; half of the time the later ones close ranks."""
    session.execute(text("DELETE FROM trail WHERE seq = :row"), {"row": row})
    if chance.random() < 0.5:
        _shift(session, row, -1)


def reorder(session: Session, row: int, chance: Random) -> None:
    """Let a row change places with another."""
    last = session.execute(text("SELECT max(seq) FROM trail")).scalar_one()
    other = chance.choice([at for at in (row - 1, row + 1, chance.randint(1, last)) if 1 <= at <= last and at != row])
    for source, target in ((row, 0), (other, row), (0, other)):
        session.execute(
            text("UPDATE trail SET seq = :target WHERE seq = :source"), {"source": source, "target": target}
        )


def insert(session: Session, row: int, chance: Random) -> None:
    """Put a row before this one: a copy of another with its own good code, or one made up."""
    last = session.execute(text("SELECT max(seq) FROM trail")).scalar_one()
    source = chance.randint(1, last)
    _shift(session, row, 1)
    source += source >= row
    rest = ", ".join(COLUMNS[1:])
    session.execute(
        text(f"INSERT INTO trail (seq, {rest}) SELECT :row, {rest} FROM trail WHERE seq = :source"),
        {"row": row, "source": source},
    )
    if chance.random() < 0.5:  # it names the row before it, as a forger would have it
        session.execute(
            text("UPDATE trail SET prev = coalesce((SELECT mac FROM trail WHERE seq = :before), '') WHERE seq = :row"),
            {"row": row, "before": row - 1},
        )


def truncate(session: Session, row: int, _chance: Random) -> None:
    """Cut off this row and all after it."""
    session.execute(text("DELETE FROM trail WHERE seq >= :row"), {"row": row})


KINDS: dict[str, Tampering] = {
    "edit": edit,
    "delete": delete,
    "reorder": reorder,
    "insert": insert,
    "truncate": truncate,
}


def _shift(session: Session, row: int, by: int) -> None:
    """Number the rows from this one on anew, by way of negative numbers, for a number stands only once."""
    session.execute(text("UPDATE trail SET seq = -seq WHERE seq >= :row"), {"row": row})
    session.execute(text("UPDATE trail SET seq = -seq + :by WHERE seq < 0"), {"by": by})


def _other(kept: str, chance: Random) -> str:
    """The same text with one character changed, or one where there was none."""
    if not kept:
        return "0"
    at = chance.randrange(len(kept))
    return kept[:at] + ("1" if kept[at] != "1" else "2") + kept[at + 1 :]
