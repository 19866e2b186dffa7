"""Issuing: number, trail head, content code, drawing and signature in one write; protected copies; what was issued."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents.blocks import Document
from app.documents.keeping import kept_picture
from app.documents.numbering import next_number
from app.documents.record import Certificate, Issued, IssuedCopy, PictureKind
from app.documents.signing import SigningSession
from app.documents.verifying import IssuedFile, Issuers
from app.errors import Problem
from app.vault import outgoing
from app.vault.outgoing import ForWhom
from app.vault.record import Record
from app.vault.trail import Act
from app.vault.vault import Vault
from app.vault.voiding import voided

LONGEST_PASSWORD = 127
"""Bytes in UTF-8; PDF readers cut longer ones off (ISO 32000-2)."""
SHORTEST_PASSWORD = 8


@dataclass(frozen=True)
class Given:
    """What issuing gives a document: it stands in its words."""

    number: str
    at: datetime


Compose = Callable[[Given], Document]
"""Makes the document with its number and time of issue in it."""


def issue(
    vault: Vault,
    session: Session,
    signing: SigningSession,
    *,
    prefix: str,
    school_year: int,
    about: Record,
    compose: Compose,
) -> Issued:
    """Number, draw, sign and keep a document, inside the caller's ``vault.write``; if that fails, no number is used up.

    ``about`` is the record it is made from, already stored. Raises SessionOver, and Problem where the text cannot be drawn.
    """
    from app.documents.code import content_code
    from app.documents.paper import Foot, draw

    given = Given(next_number(session, prefix, school_year), vault.now())
    document = compose(given)
    if document.number != given.number or document.draft:
        raise ValueError("an issued document bears its number and is no draft")
    head = vault.head(session)
    foot = Foot(
        issued_at=given.at,
        trail_head=head,
        fingerprint=signing.fingerprint,
        autograph=kept_picture(session, PictureKind.AUTOGRAPH),
        stamp=kept_picture(session, PictureKind.STAMP),
    )
    drawn = draw(document, foot)
    pdf = signing.sign(drawn.pdf, given.at)
    issued = Issued(
        kind=document.kind,
        ref_no=given.number,
        title=document.title,
        student_id=about.student(),
        about_kind=about.__tablename__,
        about_id=about.own_id,
        issued_at=given.at,
        content_code=content_code(document),
        trail_head=head,
        fingerprint=signing.fingerprint,
        sha256=sha256(pdf).hexdigest(),
        size=len(pdf),
        drawn_size=len(drawn.pdf),
        sheets=[{"key": s.key, "name": s.name, "first": s.first, "last": s.last} for s in drawn.sheets],
        pdf=pdf,
    )
    session.add(issued)
    session.flush()
    return issued


def pdf_of(session: Session, issued_id: int) -> bytes:
    """The PDF of an issued document. Raises Problem if it is not the file that was stored."""
    row = session.execute(select(Issued.pdf, Issued.sha256).where(Issued.id == issued_id)).one()
    if sha256(row.pdf).hexdigest() != row.sha256:
        raise Problem("这份文件与签发时不同，没有打开。", "请从备份中取回这份文件。")
    return bytes(row.pdf)


def about(session: Session, record: Record) -> list[Issued]:
    """What was issued from a record, newest first, without the PDFs."""
    where = (Issued.about_kind == record.__tablename__, Issued.about_id == record.own_id)
    return list(session.scalars(select(Issued).where(*where).order_by(Issued.id.desc())))


def of_student(session: Session, student_id: int) -> list[Issued]:
    """What was issued about a student, newest first, without the PDFs."""
    return list(session.scalars(select(Issued).where(Issued.student_id == student_id).order_by(Issued.id.desc())))


def protected_copy(
    vault: Vault, session: Session, signing: SigningSession, issued: Issued, password: str, answer: ForWhom
) -> bytes:
    """A copy that opens with a password only (AES-256), inside the caller's ``vault.write``; the export is written down in it.

    Encrypted first and signed after, because encrypting a signed file breaks its signature. The copy is a file of its own
    under the same number. Raises SessionOver, and Problem for a password that does not protect or cannot be typed again.
    """
    from app.documents import pades

    _check_password(password)
    drawn = pdf_of(session, issued.id)[: issued.drawn_size]
    now = vault.now()
    pdf = signing.sign(pades.encrypt(drawn, password), now, password=password)
    copy = IssuedCopy(
        issued_id=issued.id, student_id=issued.student_id, made_at=now, sha256=sha256(pdf).hexdigest(), size=len(pdf)
    )
    session.add(copy)
    outgoing.send(vault, session, Act.EXPORT, issued.ref_no, answer, record=issued)
    return pdf


def _check_password(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise Problem("文件口令太短。", "请用至少 {least} 个字符，并用另外的方式告诉对方。", least=SHORTEST_PASSWORD)
    if len(password.encode("utf-8", "replace")) > LONGEST_PASSWORD:
        raise Problem("文件口令太长，有的阅读器打不开。", "请用短一些的口令，最多约 40 个汉字或 120 个字母。")
    if not password.isprintable() or password != password.strip():
        raise Problem("文件口令里有看不见的字符，或首尾有空格。", "请改用字母、数字、汉字和常用标点。")


def issuers(session: Session) -> Issuers:
    """Every certificate and every issued file of this vault, as plain values for ``verify``."""
    certificates = {row.fingerprint: row.name for row in session.scalars(select(Certificate))}
    originals = {row.id: row for row in session.scalars(select(Issued))}
    void = voided(session, Issued.__tablename__, originals)
    files = {row.sha256: _file(row, row.id in void) for row in originals.values()}
    for copy in _copies(session):
        original = originals[copy.issued_id]
        files[copy.sha256] = _file(original, original.id in void, copy)
    return Issuers(certificates, files)


def _copies(session: Session) -> Iterable[IssuedCopy]:
    return session.scalars(select(IssuedCopy))


def _file(issued: Issued, void: bool, copy: IssuedCopy | None = None) -> IssuedFile:
    at = issued.issued_at if copy is None else copy.made_at
    return IssuedFile(issued.ref_no, issued.title, at.astimezone(), voided=void, protected=copy is not None)


def forget(session: Session, student_id: int) -> None:
    """Delete what was issued about a student; the triggers let it go only under a destruction of that file."""
    for kind in (IssuedCopy, Issued):
        for row in session.scalars(select(kind).where(kind.student_id == student_id)):
            session.delete(row)
