"""What is being typed in any form, kept encrypted so that a lock, a crash or a full disk loses none of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.vault import ballast
from app.vault.record import Record
from app.vault.text import clean
from app.vault.vault import DiskFull, Vault


class Typed(Record):
    """The unsaved content of one form. Never a password or a code; no trail row, no search entry."""

    __tablename__ = "typing"
    trailed = False

    form: Mapped[str] = mapped_column(primary_key=True)
    """Which form of which record: ``note/123``."""
    student_id: Mapped[int | None] = mapped_column(index=True)
    content: Mapped[dict[str, str]]
    at: Mapped[datetime]


def keep(vault: Vault, form: str, content: dict[str, str], student_id: int | None, *, wait: float = 0.0) -> None:
    """Write down a form's content; on a full disk the ballast is given up for it.

    Raises Busy when another write holds the pen, DiskFull when there is no room even so.
    """
    content = {field: clean(text) for field, text in content.items()}
    try:
        _write(vault, form, content, student_id, wait)
    except DiskFull:
        if not ballast.give_up(vault.folder):
            raise
        _write(vault, form, content, student_id, wait)


def _write(vault: Vault, form: str, content: dict[str, str], student_id: int | None, wait: float) -> None:
    with vault.write("暂存", wait=wait) as session:
        session.merge(Typed(form=form, student_id=student_id, content=content, at=vault.now()))


def typed(session: Session, form: str) -> Typed | None:
    """What was typed into a form and not saved."""
    return session.get(Typed, form)


def everything(session: Session) -> list[Typed]:
    """All unsaved content, newest first."""
    return list(session.scalars(select(Typed).order_by(Typed.at.desc())))


def drop(session: Session, form: str) -> None:
    """Forget a form's content: it was saved (inside the same write) or given up."""
    session.execute(delete(Typed).where(Typed.form == form))
