"""What the vault keeps of paper: issued documents and their protected copies, number series, the certificate, two pictures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.vault.choice import Choice
from app.vault.record import Record


class Certificate(Record):
    """A certificate this vault signs or signed with. Never changed or removed, or old paper could not be verified."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    name: Mapped[str]
    """The counsellor's name, the certificate's common name."""
    school: Mapped[str]
    fingerprint: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of the leaf, 64 hex digits."""
    root_fingerprint: Mapped[str]
    made_at: Mapped[datetime]
    valid_until: Mapped[datetime]
    leaf: Mapped[bytes]
    root: Mapped[bytes]
    wrapped_key: Mapped[bytes] = mapped_column(deferred=True)
    """The leaf's private key (PKCS #8), AES-GCM under the vault's ``pdf-key``: nonce, then ciphertext."""


class NumberSeries(Record):
    """How far the numbers of one prefix and school year have been given; outlives the documents, so none is given twice."""

    __tablename__ = "number_series"
    __table_args__ = (UniqueConstraint("prefix", "school_year"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    prefix: Mapped[str]
    school_year: Mapped[int]
    last: Mapped[int] = mapped_column(default=0)


class Issued(Record):
    """A document as it was issued: numbered, signed, kept. Sealed by triggers; the one way out is a destruction."""

    __tablename__ = "issued"
    __table_args__ = (Index("ix_issued_about", "about_kind", "about_id"),)

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    kind: Mapped[str]
    """The document kind's code."""
    ref_no: Mapped[str] = mapped_column(unique=True)
    """「心转〔2026〕第003号」."""
    title: Mapped[str]
    student_id: Mapped[int | None] = mapped_column(index=True)
    about_kind: Mapped[str]
    """The table name of the record it was made from."""
    about_id: Mapped[int]
    issued_at: Mapped[datetime]
    content_code: Mapped[str]
    trail_head: Mapped[str]
    fingerprint: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    size: Mapped[int]
    drawn_size: Mapped[int]
    """The first so many bytes are the document as it was drawn, before it was signed: protected copies are made of them."""
    sheets: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """For the choice of sheets: key, name, first and last page, counted from 1."""
    pdf: Mapped[bytes] = mapped_column(deferred=True)


class IssuedCopy(Record):
    """A protected export of an issued document: encrypted, then signed, so a file of its own. Sealed like the document."""

    __tablename__ = "issued_copy"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    issued_id: Mapped[int] = mapped_column(index=True)
    student_id: Mapped[int | None] = mapped_column(index=True)
    made_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(unique=True)
    size: Mapped[int]


class PictureKind(Choice):
    """The pictures a letter may carry."""

    AUTOGRAPH = "autograph", "手写签名"
    STAMP = "stamp", "辅导室印章"


class Picture(Record):
    """The picture of the handwritten signature or of the room's stamp, as documents/pictures.py cleaned it."""

    __tablename__ = "picture"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    kind: Mapped[PictureKind] = mapped_column(unique=True)
    sha256: Mapped[str]
    png: Mapped[bytes]


class LetterWords(Record):
    """The counsellor's own version of a letter's words (resources/letters/<name>.txt, documents/words.py)."""

    __tablename__ = "letter_words"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]
