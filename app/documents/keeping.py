"""What the counsellor adds to her letters, kept in the vault: the handwritten signature, the room's stamp, her own words."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents import words
from app.documents.record import LetterWords, Picture, PictureKind


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


def keep_words(session: Session, name: str, text: str) -> None:
    """Keep her version of a letter's words from now on. Raises Problem as ``words.sections`` does."""
    words.sections(name, text)
    row = session.scalar(select(LetterWords).where(LetterWords.name == name))
    if row is None:
        session.add(LetterWords(name=name, text=text))
    else:
        row.text = text


def drop_words(session: Session, name: str) -> None:
    """The way back: the letter has the program's words again."""
    for row in session.scalars(select(LetterWords).where(LetterWords.name == name)):
        session.delete(row)


def own_words(session: Session, name: str) -> str | None:
    """Her version of a letter's words, or None where she uses the program's."""
    return session.scalar(select(LetterWords.text).where(LetterWords.name == name))
