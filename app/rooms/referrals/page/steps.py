"""The four steps of the referral form in a column, and what is written in them as plain values."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget
from sqlalchemy.orm import Session

from app.rooms.notes import store as notes
from app.rooms.referrals import institutions
from app.rooms.referrals.page.cards import ItemsCard, ReasonCard, ReceiverCard
from app.rooms.referrals.page.consenting import ConsentCard
from app.rooms.referrals.record import ReferralValues
from app.rooms.students import store as students
from app.ui.forms import Form
from app.ui.page import UprightArea
from app.vault.choice import Choice


class Steps(UprightArea):
    """Receiver, reason, items, consent; every field is in ``form``."""

    def __init__(self, form: Form) -> None:
        inside = QWidget()
        super().__init__(inside)
        self.setAccessibleName(self.tr("转介单的四步"))
        self.receiver = ReceiverCard(form)
        self.reason = ReasonCard(form)
        self.items = ItemsCard(form)
        self.consent = ConsentCard(form)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(16)
        for card in (self.receiver, self.reason, self.items, self.consent):
            column.addWidget(card)
        column.addStretch(1)

    def offer(self, session: Session, student_id: int) -> None:
        """Offer the directory, and the notes and guardians of this student."""
        self.receiver.offer(institutions.institutions(session))
        self.reason.offer(notes.signed_notes(session, student_id))
        self.consent.offer(students.guardians(session, student_id))

    def values(self) -> ReferralValues:
        """What is in the form. Raises Problem for a day that is none."""
        receiver, reason, consent = self.receiver, self.reason, self.consent
        return ReferralValues(
            institution_id=receiver.institution.number(),
            to_org=receiver.to_org.value().strip(),
            to_dept=receiver.to_dept.value().strip(),
            channel=_chosen(receiver.channel.choice()),
            urgency=_chosen(receiver.urgency.choice()),
            reasons=reason.reasons.codes(),
            observation=reason.observation.value(),
            measures=reason.measures.value(),
            risk_summary=reason.risk_summary.value(),
            history=reason.history.value(),
            wish=reason.wish.value(),
            items=self.items.items.items(),
            note_ids=reason.notes.codes(),
            guardian_id=consent.guardian.number(),
            informed_on=consent.informed_on.day(),
            informed_how=consent.informed_how.choice(),
            informed_by=consent.informed_by.value(),
            escort=_chosen(consent.escort.choice()),
            escort_teacher=consent.escort_teacher.value().strip(),
            override=consent.override.choice(),
            override_reason=consent.override_reason.value(),
        )


def texts(values: ReferralValues) -> dict[str, str]:
    """The values as the fields write them."""
    return {field.name: _text(getattr(values, field.name)) for field in fields(values)}


def _chosen(choice: Any) -> Any:
    """The answer of a choice without an empty line."""
    if choice is None:
        raise ValueError("a choice without an empty line is always made")
    return choice


def _text(value: object) -> str:
    """A value of a referral as its field writes it."""
    if value is None:
        return ""
    if isinstance(value, Choice):
        return str(value.value)
    return " ".join(value) if isinstance(value, list) else str(value)
