"""A vault with a little of everything in it, made once through the rooms' stores, opened by a cheap derivation, and copied by each test."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from app.clock import Clock
from app.demo.cast import Cast
from app.demo.papers import fill_consents, fill_referrals
from app.demo.school import add_institutions
from app.demo.students import fill_students
from app.demo.talks import fill_notes, note_values
from app.documents.record import Issued
from app.rooms.notes.record import Case, Note
from app.rooms.notes.store import draft
from app.rooms.referrals.choices import Status
from app.rooms.referrals.record import Referral
from app.rooms.school.record import School
from app.rooms.students.record import Consent, Guardian, Student
from app.vault import bin
from app.vault.keys import LEAST_MEMORY, SALT_BYTES, Kdf
from app.vault.opening import create_vault
from app.vault.vault import Vault

PASSWORD = "miantiao-jiudian-yutang-shanding-fenghuo-baita"
CHEAP = Kdf(LEAST_MEMORY, 1, 1, secrets.token_bytes(SALT_BYTES))


@dataclass
class Furnished:
    """The folder of the template, its secrets, and what lies in it by place: (record id, student id)."""

    folder: Path
    password: str = field(repr=False)
    code: str = field(repr=False)
    places: dict[str, tuple[int | None, int | None]]


def furnish(folder: Path, clock: Clock) -> Furnished:
    """Make it. Students, cases, signed notes, a draft, consents, referrals of each kind, issued papers."""
    cast, today = Cast.of(7), clock.today()
    vault, code = create_vault(folder, school="青禾中学", room="知心小屋", password=PASSWORD, clock=clock, kdf=CHEAP)
    try:
        with vault.write("建立演示档案") as session:
            session.add(School(name="青禾中学", room_name="知心小屋", counsellor="林晓岚"))
        fill_students(vault, cast, 16, today)
        fill_notes(vault, cast, 60, today)
        fill_consents(vault, cast, today)
        with vault.write("保存机构") as session:
            add_institutions(session, cast)
        fill_referrals(vault, cast, today, PASSWORD)
        places = places_of(vault, clock)
    finally:
        vault.close()
    return Furnished(folder, PASSWORD, code.written, places)


def places_of(vault: Vault, clock: Clock) -> dict[str, tuple[int | None, int | None]]:
    """Every page of the house that shows a record, with one to show there; a draft is begun and a student put into the bin for it."""
    with vault.read() as session:
        signed = session.scalars(select(Note).where(Note.signed_at.is_not(None)).order_by(Note.id)).first()
        student = session.scalars(select(Student).order_by(Student.id)).first()
        guardian = session.scalars(select(Guardian).order_by(Guardian.id)).first()
        consent = session.scalars(select(Consent).order_by(Consent.id)).first()
        case = session.scalars(select(Case).where(Case.closed_at.is_(None)).order_by(Case.id)).first()
        open_for = select(Case.student_id).where(Case.closed_at.is_(None))
        without = session.scalars(select(Student).where(Student.id.not_in(open_for)).order_by(Student.id)).first()
        issued = session.scalars(select(Issued).order_by(Issued.id)).first()
        referrals = list(session.scalars(select(Referral).order_by(Referral.id)))
    assert signed is not None
    assert student is not None
    assert guardian is not None
    assert consent is not None
    assert case is not None
    assert without is not None
    assert issued is not None
    sent = next(referral for referral in referrals if referral.issued_id is not None)
    begun = next(referral for referral in referrals if referral.status in (Status.DRAFT, Status.TOLD, Status.AGREED))
    with vault.write("保存会谈草稿") as session:
        note = draft(session, case.id, note_values(Cast.of(1), Cast.of(1).themes[0], clock.today()), clock.today())
        session.flush()
        note_id = note.id
    with vault.write("学生移到回收站") as session:
        bin.put(session.scalars(select(Student).order_by(Student.id.desc()).limit(1)).one(), vault.now())
    return {
        "student": (student.id, student.id),
        "student.edit": (student.id, student.id),
        "guardian": (guardian.id, guardian.student_id),
        "consent": (consent.id, consent.student_id),
        "note": (note_id, case.student_id),
        "note.read": (signed.id, signed.student_id),
        "case": (case.id, case.student_id),
        "case.first": (None, without.id),
        "referral": (begun.id, begun.student_id),
        "referral.read": (sent.id, sent.student_id),
        "refusal": (begun.id, begun.student_id),
        "receipt": (sent.id, sent.student_id),
        "document": (issued.id, issued.student_id),
        "letter": (0, None),
    }
