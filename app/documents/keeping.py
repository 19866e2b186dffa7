"""Keeping the two pictures a letter may carry in the vault: the handwritten signature and the room's stamp."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents.record import Picture, PictureKind


def keep_picture(session: Session, kind: PictureKind, data: bytes) -> None:
    """Keep a picture in place of the one before, cleaned of its metadata. Raises Problem as ``pictures.clean`` does."""
    from app.documents import pictures  # Pillow, at first use

    png = pictures.clean(data)
    drop_picture(session, kind)
    session.add(Picture(kind=kind, sha256=sha256(png).hexdigest(), png=png))


def drop_picture(session: Session, kind: PictureKind) -> None:
    """Take a picture away; letters are issued without it from now on."""
    for picture in session.scalars(select(Picture).where(Picture.kind == kind)):
        session.delete(picture)
    session.flush()


def kept_picture(session: Session, kind: PictureKind) -> bytes | None:
    """The picture as PNG, or None where none is kept."""
    return session.scalars(select(Picture.png).where(Picture.kind == kind)).one_or_none()
