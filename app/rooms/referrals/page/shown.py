"""Everything one referral's page shows, read in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.documents.record import Issued
from app.rooms.referrals import dues, following, issuing, store
from app.rooms.referrals.record import FollowUp, Receipt, Referral, Refusal
from app.rooms.school.record import DeadlineTerms, Due
from app.rooms.students import store as students
from app.rooms.students.record import Guardian, Student
from app.vault import voiding
from app.vault.voiding import Voided


@dataclass(frozen=True)
class Shown:
    """One referral as it stands in the vault."""

    referral: Referral
    student: Student
    guardian: Guardian | None
    papers: list[Issued]
    """The letter first, then confirmations of refusals; void ones too."""
    void_papers: Mapping[int, Voided]
    refusals: list[Refusal]
    receipts: list[Receipt]
    follow_ups: list[FollowUp]
    dues: list[Due]
    owed: list[Due]
    """The signatures still to come after consents by telephone that the letter rests on."""

    @property
    def letter(self) -> Issued | None:
        return next((paper for paper in self.papers if paper.id == self.referral.issued_id), None)

    @property
    def void(self) -> Voided | None:
        """When and why the letter does not count any more."""
        return self.void_papers.get(self.referral.issued_id or 0)


def read(session: Session, referral_id: int, terms: DeadlineTerms, today: date) -> Shown:
    """The referral with this id. Raises NoResultFound."""
    referral = store.get(session, referral_id)
    papers = issuing.papers(session, referral)
    void = voiding.voided(session, Issued.__tablename__, [paper.id for paper in papers])
    follow_ups = following.follow_ups(session, referral_id)
    last = follow_ups[0].on if follow_ups else None
    counts = referral.issued_id not in void
    return Shown(
        referral=referral,
        student=students.get(session, referral.student_id),
        guardian=session.get(Guardian, referral.guardian_id) if referral.guardian_id else None,
        papers=papers,
        void_papers=void,
        refusals=store.refusals(session, referral_id),
        receipts=following.receipts(session, referral_id),
        follow_ups=follow_ups,
        dues=dues.due_of(dues.Waited.of(referral), last, terms) if counts else [],
        owed=_owed(session, referral, terms, today) if counts else [],
    )


def _owed(session: Session, referral: Referral, terms: DeadlineTerms, today: date) -> list[Due]:
    if not referral.consent_ids:
        return []
    return [due for due in students.due(session, terms, today) if str(due.record_id) in referral.consent_ids]
