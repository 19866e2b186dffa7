"""Meta: the few facts the database keeps about itself (its vault id), so that a swapped file is noticed."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, Session, mapped_column

from app.vault.record import Record


class Meta(Record):
    """One fact by key."""

    __tablename__ = "meta"
    trailed = False

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


def vault_id(session: Session) -> str:
    """The id written into the database when the vault was made; empty where there is none."""
    row = session.get(Meta, "vault_id")
    return row.value if row else ""
