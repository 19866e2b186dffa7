"""Snooze: a thing that is due, put off to a day with a reason. The things themselves are computed and never stored."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.vault.record import Record


class Snooze(Record):
    """Until its day the thing stands under 「已推后」; the trail keeps that it was put off."""

    __tablename__ = "snooze"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    kind: Mapped[str]
    record_id: Mapped[int]
    student_id: Mapped[int | None] = mapped_column(index=True)
    key: Mapped[str]
    """The key of domain.md 3.12."""
    due: Mapped[date]
    """The day it was due: the next follow-up of the same referral is another thing."""
    until: Mapped[date] = mapped_column(index=True)
    """The day it comes back."""
    reason: Mapped[str]
    at: Mapped[datetime]
