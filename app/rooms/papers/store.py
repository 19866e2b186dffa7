"""What was issued, for the register and for one document's page; what was done with it; and voiding it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents.record import Issued, IssuedCopy
from app.rooms.school.record import class_name
from app.rooms.students.record import Student
from app.vault import outgoing, voiding
from app.vault.choice import Choice
from app.vault.outgoing import ForWhom, Outgoing
from app.vault.trail import Act, Link
from app.vault.vault import Vault
from app.vault.voiding import Voided


class PaperKind(Choice):
    """What an issued document is; the code is its letter's."""

    REFERRAL = "referral", "转介函"
    REFUSAL = "refusal", "拒绝转介确认书"
    CONSENT = "sharing-consent", "信息提供同意书"
    NOTE = "note", "会谈记录"


class Standing(Choice):
    """Whether a document still counts."""

    VALID = "valid", "有效"
    VOID = "void", "作废"


@dataclass(frozen=True)
class PaperFilter:
    """What the register is narrowed to; None leaves a line open. ``words`` are looked for in number, title and student."""

    words: str = ""
    kind: PaperKind | None = None
    standing: Standing | None = None


@dataclass(frozen=True)
class Listed:
    """One line of the register."""

    id: int
    ref_no: str
    kind: str
    title: str
    student_id: int | None
    student: str
    """Name and class."""
    issued_at: datetime
    void: bool


@dataclass(frozen=True)
class Handled:
    """One print or export, as the trail has it."""

    act: Act
    at: datetime
    answer: ForWhom | None
    """None for a row of before it was asked for."""


@dataclass(frozen=True)
class Paper:
    """One issued document with what stands beside it, without its PDF."""

    issued: Issued
    student: str
    voided: Voided | None
    copies: list[IssuedCopy] = field(default_factory=list)
    handled: list[Handled] = field(default_factory=list)
    """Newest first."""


def listing(session: Session, wanted: PaperFilter) -> list[Listed]:
    """The register, newest first."""
    found = select(Issued, Student).outerjoin(Student, Student.id == Issued.student_id).order_by(Issued.id.desc())
    if wanted.kind is not None:
        found = found.where(Issued.kind == wanted.kind.value)
    rows = session.execute(found).all()
    void = set(session.scalars(select(Voided.record_id).where(Voided.kind == Issued.__tablename__)))
    listed = [_listed(issued, student, issued.id in void) for issued, student in rows]
    return [one for one in listed if _fits(one, wanted)]


def paper(session: Session, issued_id: int) -> Paper:
    """One issued document. Raises NoResultFound."""
    issued = session.get_one(Issued, issued_id)
    student = session.get(Student, issued.student_id) if issued.student_id is not None else None
    copies = session.scalars(select(IssuedCopy).where(IssuedCopy.issued_id == issued_id).order_by(IssuedCopy.id))
    return Paper(
        issued,
        _known_as(student),
        voiding.voided(session, Issued.__tablename__, [issued_id]).get(issued_id),
        list(copies),
        _handled(session, issued_id),
    )


def void(vault: Vault, issued_id: int, reason: str) -> None:
    """Void an issued document. Raises Problem without a reason, or when it is void already."""
    with vault.write("作废文书") as session:
        voiding.void(session, session.get_one(Issued, issued_id), reason, vault.now())


def log(vault: Vault, issued_id: int, act: Act, answer: ForWhom) -> None:
    """Write down a print or an export."""
    with vault.write("打印文书" if act is Act.PRINT else "导出文书") as session:
        issued = session.get_one(Issued, issued_id)
        outgoing.send(vault, session, act, issued.ref_no, answer, record=issued)


def found(session: Session, kind: str, record_id: int) -> tuple[str, str] | None:
    """An issued document as a title and its kind; None for a record of another room."""
    if kind != Issued.__tablename__:
        return None
    issued = session.get_one(Issued, record_id)
    return f"{kind_name(issued)} {issued.ref_no}", issued.title


def kind_name(issued: Issued) -> str:
    """What kind of document it is, in Chinese; its title where the kind is a later room's."""
    return next((kind.label for kind in PaperKind if kind.value == issued.kind), issued.title)


def _listed(issued: Issued, student: Student | None, void: bool) -> Listed:
    return Listed(
        issued.id,
        issued.ref_no,
        kind_name(issued),
        issued.title,
        issued.student_id,
        _known_as(student),
        issued.issued_at,
        void,
    )


def _known_as(student: Student | None) -> str:
    return "" if student is None else f"{student.name} {class_name(student.grade, student.class_no)}"


def _fits(one: Listed, wanted: PaperFilter) -> bool:
    if wanted.standing is not None and one.void is not (wanted.standing is Standing.VOID):
        return False
    text = f"{one.ref_no}\n{one.title}\n{one.kind}\n{one.student}".casefold()
    return all(word in text for word in wanted.words.casefold().split())


def _handled(session: Session, issued_id: int) -> list[Handled]:
    acts = (Act.PRINT.value, Act.EXPORT.value)
    where = (Link.kind == Issued.__tablename__, Link.record == issued_id, Link.act.in_(acts))
    rows = session.execute(select(Link.seq, Link.act, Link.at).where(*where).order_by(Link.seq.desc())).all()
    told = outgoing.told(session, [row.seq for row in rows])
    return [Handled(Act(row.act), datetime.fromisoformat(row.at), _answer(told.get(row.seq))) for row in rows]


def _answer(row: Outgoing | None) -> ForWhom | None:
    return None if row is None else ForWhom(row.to_whom, row.purpose)
