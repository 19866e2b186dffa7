"""What went out: each print and export with for whom and why, beside its row of the trail, which holds ids alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.vault.record import Record
from app.vault.trail import Act
from app.vault.vault import Vault

MOST_RECENT = 6
"""How many earlier answers are offered again."""
_LOOKED_THROUGH = 200
_SHORTEST_NAME = 2


class Outgoing(Record):
    """One print or export. Never changed (migrations/triggers.sql); it goes with the student's file alone."""

    __tablename__ = "outgoing"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    link: Mapped[int] = mapped_column(unique=True)
    """The number of its row in the trail, which says what was done, when, and with which record."""
    student_id: Mapped[int | None] = mapped_column(index=True)
    title: Mapped[str]
    """The document's number, or fixed words of the program."""
    to_whom: Mapped[str]
    purpose: Mapped[str]
    at: Mapped[datetime]


@dataclass(frozen=True)
class ForWhom:
    """Her answer in the dialog: who receives the paper or file, and what for."""

    to_whom: str
    purpose: str


@dataclass(frozen=True)
class Recent:
    """Earlier answers, the latest first, none with a student's or guardian's name in it."""

    to_whom: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()


def send(
    vault: Vault,
    session: Session,
    act: Act,
    title: str,
    answer: ForWhom,
    *,
    record: Record | None = None,
    kind: str = "",
    student_id: int | None = None,
) -> Outgoing:
    """Write down a print or export inside the caller's ``vault.write``, before a byte leaves.

    ``record`` is what goes out; for a list made of many records there is none, but a ``kind`` and perhaps one student.
    """
    if record is None:
        link = vault.record_own(session, act, kind, student_id)
    else:
        link, student_id = vault.record_act(session, act, record), record.student()
    row = Outgoing(
        link=link,
        student_id=student_id,
        title=title,
        to_whom=answer.to_whom.strip(),
        purpose=answer.purpose.strip(),
        at=vault.now(),
    )
    session.add(row)
    return row


def told(session: Session, links: Iterable[int]) -> dict[int, Outgoing]:
    """For whom and why, by the number of the row in the trail."""
    return {row.link: row for row in session.scalars(select(Outgoing).where(Outgoing.link.in_(list(links))))}


def recent(session: Session) -> Recent:
    """What was answered lately and may be offered again: an answer that names somebody is not."""
    rows = session.execute(
        select(Outgoing.to_whom, Outgoing.purpose).order_by(Outgoing.id.desc()).limit(_LOOKED_THROUGH)
    ).all()
    if not rows:
        return Recent()
    names = _names(session)
    return Recent(_latest((row.to_whom for row in rows), names), _latest((row.purpose for row in rows), names))


def forget(session: Session, student_id: int) -> None:
    """Delete what is kept of a student's papers that went out; the triggers let it go only under a destruction of the file."""
    for row in session.scalars(select(Outgoing).where(Outgoing.student_id == student_id)):
        session.delete(row)


def _latest(answers: Iterable[str], names: set[str]) -> tuple[str, ...]:
    nameless = (answer for answer in dict.fromkeys(answers) if answer and not any(name in answer for name in names))
    return tuple(answer for _, answer in zip(range(MOST_RECENT), nameless, strict=False))


def _names(session: Session) -> set[str]:
    """Every name of a person the vault keeps a file about, those in the bin too."""
    names: set[str] = set()
    for mapper in Record.registry.mappers:
        kind: type[Record] = mapper.class_
        for column in kind.names:
            names.update(session.scalars(select(getattr(kind, column)).distinct()))
    return {name for name in names if len(name) >= _SHORTEST_NAME}
