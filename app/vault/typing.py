"""What is being typed in any form, kept encrypted so that a lock, a crash or a full disk loses none of it."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.vault import ballast
from app.vault.keys import NONCE_BYTES
from app.vault.record import Record
from app.vault.text import clean
from app.vault.vault import Vault


class Typed(Record):
    """The unsaved content of one form. Never a password or a code; no trail row, no search entry."""

    __tablename__ = "typing"
    trailed = False

    form: Mapped[str] = mapped_column(primary_key=True)
    """Which form of which record: ``note/123``."""
    student_id: Mapped[int | None] = mapped_column(index=True)
    content: Mapped[dict[str, str]]
    at: Mapped[datetime]


@dataclass(frozen=True)
class Unsaved:
    """The content of one form, and whose it is."""

    content: dict[str, str] = field(repr=False)
    student_id: int | None


def keep(vault: Vault, form: str, content: dict[str, str], student_id: int | None, *, wait: float = 0.0) -> None:
    """Write down a form's content; on a full disk the ballast is given up for it.

    Raises Busy when another write holds the pen, DiskFull when there is no room even so.
    """
    content = {field: clean(text) for field, text in content.items()}
    ballast.with_room(vault.folder, lambda: _write(vault, form, content, student_id, wait))


def _write(vault: Vault, form: str, content: dict[str, str], student_id: int | None, wait: float) -> None:
    with vault.write("暂存", wait=wait) as session:
        session.merge(Typed(form=form, student_id=student_id, content=content, at=vault.now()))


def typed(session: Session, form: str) -> Typed | None:
    """What was typed into a form and not saved."""
    return session.get(Typed, form)


def everything(session: Session) -> list[Typed]:
    """All unsaved content, newest first."""
    return list(session.scalars(select(Typed).order_by(Typed.at.desc())))


def forms(session: Session, begins: str) -> list[str]:
    """The forms whose key begins so and that hold unsaved content, newest first."""
    wanted = select(Typed.form).where(Typed.form.startswith(begins, autoescape=True))
    return list(session.scalars(wanted.order_by(Typed.at.desc(), Typed.form)))


def drop(session: Session, form: str) -> None:
    """Forget a form's content: it was saved (inside the same write) or given up."""
    session.execute(delete(Typed).where(Typed.form == form))


def wrap(vault: Vault, contents: dict[str, Unsaved]) -> bytes:
    """Contents the disk has no room for, sealed so that only the opened vault reads them: they outlast a lock in memory."""
    plain = json.dumps({form: (unsaved.content, unsaved.student_id) for form, unsaved in contents.items()})
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(vault.subkey("unsaved")).encrypt(nonce, plain.encode("ascii"), None)


def unwrap(vault: Vault, wrapped: bytes) -> dict[str, Unsaved]:
    """What ``wrap`` has sealed under this vault's key."""
    plain = AESGCM(vault.subkey("unsaved")).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], None)
    return {form: Unsaved(content, student_id) for form, (content, student_id) in json.loads(plain).items()}
