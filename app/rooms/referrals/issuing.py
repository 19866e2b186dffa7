"""Issuing a referral's papers, numbered, signed and kept; and drawing those that are not numbered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.documents import issuing
from app.documents.blocks import Document
from app.documents.issuing import Given
from app.documents.record import Issued
from app.documents.signing import SigningSession
from app.errors import Problem
from app.rooms.notes import store as notes
from app.rooms.notes.choices import Basis
from app.rooms.referrals import confirmation, consent_sheet, letter, rules, store
from app.rooms.referrals.choices import Override, Status
from app.rooms.referrals.contents import NUMBERED_AS, Contents, contents, decided, ticked
from app.rooms.referrals.record import Referral, Refusal
from app.rooms.referrals.wording import listed
from app.rooms.school.record import school_year
from app.vault import voiding
from app.vault.vault import Vault

if TYPE_CHECKING:
    from app.documents.paper import Drawn


def issue(vault: Vault, session: Session, signing: SigningSession, referral_id: int) -> Issued:
    """Number, sign and keep the letter, inside the caller's ``vault.write``; the gate is asked again in there.

    What it rested on is written down with it: the consents, or the override with its reason and a disclosure
    (domain.md 6.1). Raises GateShut, SessionOver, or another Problem naming what is missing.
    """
    now = vault.now()
    of = contents(session, referral_id, now.date())
    rules.check_file(of.student)
    rules.check_issuable(of.referral, of.gate)

    def compose(given: Given) -> Document:
        return letter.blocks(of, number=given.number)

    year = school_year(of.on)
    issued = issuing.issue(
        vault, session, signing, prefix=NUMBERED_AS, school_year=year, about=of.referral, compose=compose
    )
    _mark(of, issued)
    if of.gate.override in _BASES:
        _disclose(session, of, issued, _BASES[of.gate.override])
    session.flush()
    return issued


def _mark(of: Contents, issued: Issued) -> None:
    referral, gate = of.referral, of.gate
    referral.number, referral.issued_id = issued.ref_no, issued.id
    referral.issued_at, referral.issued_on = issued.issued_at, of.on
    referral.consent_ids = [str(consent.id) for consent in gate.rests_on]
    referral.items = [item.value for item in ticked(of)]
    answer = decided(of)
    if answer is not referral.decision:
        referral.decision = answer
        referral.decided_on = gate.guardian.signed_at if gate.guardian is not None else of.on
    if gate.override is None:
        referral.override, referral.override_reason = None, ""
    referral.status = Status.ISSUED


_BASES = {Override.EMERGENCY: Basis.DANGER, Override.NOT_TO_BE_TOLD: Basis.ABUSE}
"""On what ground confidence was broken (domain.md 6.1); a guardian who is not reached is no such ground by itself."""


def _disclose(session: Session, of: Contents, issued: Issued, basis: Basis) -> None:
    notes.disclose(
        session,
        of.student.id,
        to_whom=of.referral.to_org,
        at=issued.issued_at,
        scope=f"转介函所列{listed(ticked(of))}",
        basis=basis,
    )


def issue_confirmation(vault: Vault, session: Session, signing: SigningSession, refusal_id: int) -> Issued:
    """Number, sign and keep the guardian's confirmation of a refusal, inside the caller's ``vault.write``."""
    of = confirmation.contents(session, refusal_id)
    rules.check_file(of.student)
    if of.refusal.issued_id is not None and not _is_void(session, of.refusal.issued_id):
        raise Problem("这份告知确认书已经签发。", "可以在转介单里打开、打印它。")
    today = vault.now().date()

    def compose(given: Given) -> Document:
        return confirmation.blocks(of, today, number=given.number)

    issued = issuing.issue(
        vault,
        session,
        signing,
        prefix=confirmation.NUMBERED_AS,
        school_year=school_year(today),
        about=of.refusal,
        compose=compose,
    )
    of.refusal.issued_id = issued.id
    return issued


def _is_void(session: Session, issued_id: int) -> bool:
    return bool(voiding.voided(session, Issued.__tablename__, [issued_id]))


def draft_paper(of: Contents) -> Drawn:
    """The letter as it stands, with 草稿 across it: not numbered, not signed, not kept."""
    return _drawn(letter.blocks(of))


def consent_paper(of: Contents) -> Drawn:
    """The consent sheet, to be printed before the letter and signed by hand."""
    return _drawn(consent_sheet.blocks(of))


def papers(session: Session, referral: Referral) -> list[Issued]:
    """What was issued of this referral, void ones too: the letters, then the confirmations of refusals, without the PDFs."""
    refusals = [row.id for row in store.refusals(session, referral.id)]
    letters = and_(Issued.about_kind == Referral.__tablename__, Issued.about_id == referral.id)
    confirmed = and_(Issued.about_kind == Refusal.__tablename__, Issued.about_id.in_(refusals))
    found = session.scalars(select(Issued).where(or_(letters, confirmed)).order_by(Issued.id.desc()))
    return sorted(found, key=_letters_first)


def _letters_first(issued: Issued) -> bool:
    return issued.about_kind != Referral.__tablename__


def missing_characters(of: Contents) -> list[str]:
    """The characters of the letter that no bundled face has: named on screen before it is issued."""
    from app.documents.paper import missing

    return missing(letter.blocks(of))


def _drawn(document: Document) -> Drawn:
    from app.documents.paper import Foot, draw  # reportlab is loaded at the first letter

    return draw(document, Foot())
