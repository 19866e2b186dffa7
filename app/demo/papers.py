"""The demo school's consents, referrals and the letters issued from them, with a sample of each kind of paper."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.cast import MADE, Cast
from app.demo.students import guardian as new_guardian
from app.documents import issuing
from app.documents.certificates import Holder
from app.documents.record import Issued
from app.documents.signing import SigningSession, open_signing
from app.rooms.notes import store as notes
from app.rooms.notes.letter import issue as issue_note
from app.rooms.notes.record import Case
from app.rooms.referrals import store as referrals
from app.rooms.referrals.choices import Channel, Escort, Informed, Reason, Urgency
from app.rooms.referrals.issuing import issue as issue_referral
from app.rooms.referrals.issuing import issue_confirmation
from app.rooms.referrals.record import Institution, Referral, ReferralValues, RefusalValues
from app.rooms.school.record import end_of_school_year
from app.rooms.students import store as students
from app.rooms.students.choices import ConsentDecision, ConsentMethod, ConsentType, SignerRole
from app.rooms.students.record import Consent, Guardian
from app.vault.vault import Vault

CONSENTS = 40
"""Cases that get consents."""
CONSENTED = {
    ConsentType.COUNSELLING: "在校接受个别心理辅导",
    ConsentType.SHARING: "向接诊机构提供转介函所列的信息，用于就医评估",
}
REFERRALS = ("issued", "refused", "draft", "issued")
ENOUGH_REFERRALS = 2
"""So many, and each kind of document has been issued once."""


def fill_consents(vault: Vault, cast: Cast, today: date) -> None:
    """Consents to counselling and to sharing for some students with a case, so that letters can be issued."""
    with vault.write(MADE) as session:
        for case in session.scalars(select(Case).order_by(Case.id).limit(CONSENTS)):
            guardian = next(iter(students.guardians(session, case.student_id)), None)
            if guardian is None:
                guardian = new_guardian(cast, students.get(session, case.student_id))
                session.add(guardian)
                session.flush()
            for kind in (ConsentType.COUNSELLING, ConsentType.SHARING):
                session.add(_consent(guardian, kind, today))


def _consent(guardian: Guardian, kind: ConsentType, today: date) -> Consent:
    return Consent(
        student_id=guardian.student_id,
        type=kind,
        decision=ConsentDecision.AGREED,
        signer_role=SignerRole.BOTH,
        signer_name=guardian.name or "监护人",
        method=ConsentMethod.PAPER,
        signed_at=today - timedelta(days=2),
        scope_text=CONSENTED[kind],
        guardian_id=guardian.id,
        exceptions_explained=True,
        valid_until=end_of_school_year(today),
    )


def fill_referrals(vault: Vault, cast: Cast, today: date, password: str) -> int:
    """A few referrals: one issued, one refused, one still a draft; gives how many."""
    with vault.read() as session:
        found = list(session.scalars(select(Case).order_by(Case.id).limit(len(REFERRALS))))
        hospital = session.scalars(select(Institution).order_by(Institution.id)).first()
    if not found or hospital is None:
        return 0
    signing = open_signing(vault, password, holder(cast))
    try:
        for case, kind in zip(found, REFERRALS, strict=False):
            with vault.write(MADE) as session:
                referral = refer(session, case, hospital, today)
                if kind == "issued":
                    _issue(vault, session, signing, referral, today)
                elif kind == "refused":
                    refusal = referrals.refuse(session, referral.id, _refusal(today), today)
                    issue_confirmation(vault, session, signing, refusal.id)
    finally:
        signing.close()
    return len(found)


def holder(cast: Cast) -> Holder:
    """Whose signature stands on the papers."""
    people = cast.people
    return Holder(people["counsellor"], people["school"], people["short_name"])


def refer(session: Session, case: Case, hospital: Institution, today: date) -> Referral:
    """A referral with everything a letter needs, up to the yes of the guardian."""
    picked = notes.signed_notes(session, case.student_id)[:2]
    referral = referrals.new(session, case.student_id, today, case_id=case.id)
    values = ReferralValues(
        institution_id=hospital.id,
        to_org=hospital.name,
        to_dept=hospital.department,
        channel=Channel.GREEN,
        urgency=Urgency.SOON,
        reasons=[Reason.COMPETENCE.value],
        observation="近一个月情绪持续低落，兴趣减退，早醒；近两周回避到校，课堂上常走神。",
        measures="学校已个别辅导数次，与监护人沟通作息和陪伴，班主任每日关注到校情况。",
        wish="请评估情绪与睡眠状况，并告知在校期间需要注意的事项。",
        note_ids=[str(note.id) for note in picked],
        guardian_id=referral.guardian_id,
        informed_on=today - timedelta(days=2),
        informed_how=Informed.MEETING,
        informed_by="何清",
        escort=Escort.GUARDIAN,
    )
    referrals.save_draft(session, referral.id, values)
    return referral


def _issue(vault: Vault, session: Session, signing: SigningSession, referral: Referral, today: date) -> None:
    referrals.settle(session, referral.id, today)
    issue_referral(vault, session, signing, referral.id)
    for note in notes.signed_notes(session, referral.student_id)[:1]:
        issue_note(vault, session, signing, note.id)


def _refusal(today: date) -> RefusalValues:
    return RefusalValues(
        on=today - timedelta(days=1),
        explained="情绪持续低落可能加重，学习和睡眠会受影响。",
        decided="先在家观察两周",
        will_do="每天晚饭后陪孩子散步，两周后再与学校商量",
        witness="罗景行",
    )


def write_samples(vault: Vault, folder: Path) -> list[str]:
    """One signed PDF of each kind of document that was issued, into a folder outside the vault; gives the kinds."""
    with vault.read() as session:
        kinds = sorted(session.scalars(select(Issued.kind).distinct()))
        for kind in kinds:
            first = session.scalars(select(Issued.id).where(Issued.kind == kind).order_by(Issued.id)).first()
            if first is not None:
                (folder / f"{kind}.pdf").write_bytes(issuing.pdf_of(session, first))
    return kinds
