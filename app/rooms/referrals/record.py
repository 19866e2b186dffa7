"""A referral and what belongs to it: the institution, the guardian's refusal, the follow-ups, the hospital's receipt (domain.md 2.16)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Self

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.rooms.referrals.choices import (
    Channel,
    Escort,
    GuardianDecision,
    Informed,
    Item,
    Override,
    ReceiptFrom,
    Status,
    Urgency,
)
from app.rooms.school.record import DeadlineTerms
from app.vault.record import Kept, Record

USUAL_ITEMS = [item.value for item in (Item.IDENTITY, Item.GUARDIAN, Item.OBSERVATION, Item.MEASURES)]
"""Ticked in a new referral: what a doctor cannot do without."""


@dataclass(frozen=True, kw_only=True)
class ReferralValues:
    """What the counsellor writes in a referral before it is issued, as plain values: the form's, a draft's."""

    institution_id: int | None = None
    to_org: str = ""
    to_dept: str = ""
    channel: Channel = Channel.ADVICE
    urgency: Urgency = Urgency.ROUTINE
    reasons: list[str] = field(default_factory=list)
    observation: str = ""
    measures: str = ""
    risk_summary: str = ""
    history: str = ""
    wish: str = ""
    items: list[str] = field(default_factory=USUAL_ITEMS.copy)
    note_ids: list[str] = field(default_factory=list)
    guardian_id: int | None = None
    informed_on: date | None = None
    informed_how: Informed | None = None
    informed_by: str = ""
    escort: Escort = Escort.GUARDIAN
    escort_teacher: str = ""
    override: Override | None = None
    override_reason: str = ""

    @classmethod
    def of(cls, referral: Referral) -> Self:
        return cls(**{f.name: getattr(referral, f.name) for f in fields(cls)})


@dataclass(frozen=True, kw_only=True)
class RefusalValues:
    """What the counsellor writes when the guardian does not agree for now."""

    on: date
    explained: str
    decided: str
    will_do: str = ""
    signed: bool = False
    witness: str = ""


@dataclass(frozen=True, kw_only=True)
class ReceiptValues:
    """What the counsellor enters of a receipt."""

    received_on: date
    received_from: ReceiptFrom
    visited: bool = True
    visit_on: date | None = None
    advice: list[str] = field(default_factory=list)
    advice_to_school: str = ""
    medication: str = ""
    revisit_on: date | None = None


class Institution(Kept, Record):
    """A hospital or agency of the room's directory."""

    __tablename__ = "institution"

    name: Mapped[str]
    department: Mapped[str] = mapped_column(default="")
    green_channel: Mapped[str] = mapped_column(default="")
    """When and how the green channel is open; empty where there is none."""
    contact: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")


class Referral(Kept, Record):
    """One referral on its way from draft to receipt."""

    __tablename__ = "referral"

    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    opened_on: Mapped[date]
    case_id: Mapped[int | None] = mapped_column(default=None)
    institution_id: Mapped[int | None] = mapped_column(default=None)
    """No foreign key: an institution may leave the directory, the referral keeps its name."""
    to_org: Mapped[str] = mapped_column(default="")
    to_dept: Mapped[str] = mapped_column(default="")
    channel: Mapped[Channel] = mapped_column(default=Channel.ADVICE)
    urgency: Mapped[Urgency] = mapped_column(default=Urgency.ROUTINE)
    reasons: Mapped[list[str]] = mapped_column(default_factory=list)
    observation: Mapped[str] = mapped_column(default="")
    """Main signs and since when, as the school saw them; no medical judgement (domain.md 6.3)."""
    measures: Mapped[str] = mapped_column(default="")
    risk_summary: Mapped[str] = mapped_column(default="")
    history: Mapped[str] = mapped_column(default="")
    """Earlier treatment as the guardian tells it."""
    wish: Mapped[str] = mapped_column(default="")
    items: Mapped[list[str]] = mapped_column(default_factory=USUAL_ITEMS.copy)
    note_ids: Mapped[list[str]] = mapped_column(default_factory=list)
    """The signed notes the observation was drafted from, ids as text."""
    guardian_id: Mapped[int | None] = mapped_column(default=None)
    informed_on: Mapped[date | None] = mapped_column(default=None)
    informed_how: Mapped[Informed | None] = mapped_column(default=None)
    informed_by: Mapped[str] = mapped_column(default="")
    decision: Mapped[GuardianDecision | None] = mapped_column(default=None)
    refuse_reason: Mapped[str] = mapped_column(default="")
    decided_on: Mapped[date | None] = mapped_column(default=None)
    escort: Mapped[Escort] = mapped_column(default=Escort.GUARDIAN)
    escort_teacher: Mapped[str] = mapped_column(default="")
    """Who goes along where the guardian cannot."""
    override: Mapped[Override | None] = mapped_column(default=None)
    override_reason: Mapped[str] = mapped_column(default="")
    consent_ids: Mapped[list[str]] = mapped_column(default_factory=list)
    """The consents the letter rested on when it was issued."""
    status: Mapped[Status] = mapped_column(default=Status.DRAFT, index=True)
    number: Mapped[str] = mapped_column(default="")
    issued_id: Mapped[int | None] = mapped_column(default=None)
    issued_at: Mapped[datetime | None] = mapped_column(default=None)
    issued_on: Mapped[date | None] = mapped_column(default=None)
    """The calendar day of issue at the school."""
    attended_on: Mapped[date | None] = mapped_column(default=None)
    closed_on: Mapped[date | None] = mapped_column(default=None)
    outcome: Mapped[str] = mapped_column(default="")

    def words(self) -> Iterable[str]:
        return (self.to_org, self.observation, self.measures, self.risk_summary, self.history, self.wish, self.number)

    @property
    def receiver(self) -> str:
        """「市精神卫生中心 · 儿少科」"""
        return receiver(self.to_org, self.to_dept)


def receiver(org: str, dept: str) -> str:
    """Whom the letter is for, of the two as far as they are known."""
    return " · ".join(filter(None, (org, dept)))


def visit_due(issued_on: date, urgency: Urgency, terms: DeadlineTerms) -> date:
    """The day by which the student should have been seen, the sooner the more urgent (domain.md 2.16, 3.12 referral.visit)."""
    days = {
        Urgency.ROUTINE: terms.referral_visit,
        Urgency.SOON: terms.referral_visit_soon,
        Urgency.TODAY: terms.referral_visit_today,
    }
    return issued_on + timedelta(days=days[urgency])


def receipt_due(issued_on: date, terms: DeadlineTerms) -> date:
    """The day the hospital's receipt should be back (domain.md 3.12, referral.receipt)."""
    return issued_on + timedelta(days=terms.referral_receipt)


class Refusal(Kept, Record):
    """The guardian does not agree for now: what was explained, what they decided, who was there (domain.md 4.1)."""

    __tablename__ = "refusal"

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    on: Mapped[date]
    explained: Mapped[str]
    """Which risks the school explained."""
    decided: Mapped[str]
    """What the guardian decided instead."""
    will_do: Mapped[str] = mapped_column(default="")
    signed: Mapped[bool] = mapped_column(default=False)
    witness: Mapped[str] = mapped_column(default="")
    issued_id: Mapped[int | None] = mapped_column(default=None)
    """The confirmation of it that was issued."""

    def words(self) -> Iterable[str]:
        return (self.explained, self.decided, self.will_do)


class FollowUp(Kept, Record):
    """A talk or visit after a refusal or after the receipt."""

    __tablename__ = "referral_follow_up"

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    on: Mapped[date]
    text: Mapped[str]

    def words(self) -> Iterable[str]:
        return (self.text,)


class Receipt(Kept, Record):
    """What came back from the hospital; its scan is an attachment. The name of a diagnosis is not asked for."""

    __tablename__ = "receipt"

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    received_on: Mapped[date]
    received_from: Mapped[ReceiptFrom]
    visited: Mapped[bool] = mapped_column(default=True)
    visit_on: Mapped[date | None] = mapped_column(default=None)
    advice: Mapped[list[str]] = mapped_column(default_factory=list)
    """Codes of Advice."""
    advice_to_school: Mapped[str] = mapped_column(default="")
    medication: Mapped[str] = mapped_column(default="")
    """Only with the guardian's agreement."""
    revisit_on: Mapped[date | None] = mapped_column(default=None)

    def words(self) -> Iterable[str]:
        return (self.advice_to_school, self.medication)
