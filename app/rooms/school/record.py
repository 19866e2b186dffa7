"""What every room counts by: the school's names, the school year and term of a day, names of grades and classes, deadline terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy.orm import Mapped, mapped_column

from app.vault.record import Kept, Record


class School(Kept, Record):
    """The school and its counselling room; one row, made at the first start."""

    __tablename__ = "school"

    name: Mapped[str] = mapped_column(default="")
    short_name: Mapped[str] = mapped_column(default="")
    """At most a few characters, for the signing certificate and the sidebar."""
    room_name: Mapped[str] = mapped_column(default="心理辅导室")
    counsellor: Mapped[str] = mapped_column(default="")
    vice_head: Mapped[str] = mapped_column(default="")
    """Who signs the stub beside the counsellor (分管领导)."""
    phone: Mapped[str] = mapped_column(default="")
    boarding: Mapped[bool] = mapped_column(default=False)
    demo: Mapped[bool] = mapped_column(default=False)
    """A vault of made-up people, for training and pictures; the window says so."""


@dataclass(frozen=True)
class DeadlineTerms:
    """How long things may take, in calendar days unless the name says hours; defaults and sources from domain.md 3.12."""

    note_sign_hours: int = 72
    """note.sign: from the end of the talk (补录: from its entry); a flagged note is signed the same day. P."""
    referral_visit: int = 7
    """referral.visit: from issue; 24 h where it is urgent today. P."""
    referral_receipt: int = 14
    """referral.receipt: from issue. P."""
    referral_refused_talk: int = 3
    """referral.refused: the second talk after a refusal. P (3.2)."""
    referral_refused_visit: int = 7
    """referral.refused: then once so many days. P (3.2)."""
    case_intake_days: int = 7
    """case.intake: from registration. P (3.8)."""
    case_goals_days: int = 14
    """case.goals: from intake. P (2.4)."""
    case_silent_days: int = 30
    """case.silent: since the last note. P (3.8)."""
    consent_oral_days: int = 7
    """consent.oral: the signature after a consent by telephone. P (2.3)."""


@dataclass(frozen=True)
class Due:
    """Something that has to be done by a day; computed from the records, never stored."""

    key: str
    """The key of domain.md 3.12: ``note.sign``."""
    due: date
    student_id: int | None
    kind: str
    record_id: int
    title: str
    detail: str
    act: str
    """What settles it, for the house to open: ``note.open``."""


_NUMERALS = "零一二三四五六七八九"


def school_year(day: date) -> int:
    """The school year a day falls into, by the year it begins in: it begins on 1 August."""
    return day.year if day.month >= 8 else day.year - 1


def term(day: date) -> int:
    """1 for the autumn term (August to January), 2 for the spring term; the school's own calendar refines it later."""
    return 1 if day.month >= 8 or day.month == 1 else 2


def end_of_school_year(day: date) -> date:
    """The last day of the school year a day falls into: 31 July."""
    return date(school_year(day) + 1, 7, 31)


def grade_name(grade: int) -> str:
    """「七年级」 for 7, 「高一」 for 10. Raises ValueError outside 1–12."""
    if 1 <= grade <= 9:
        return f"{_NUMERALS[grade]}年级"
    if 10 <= grade <= 12:
        return f"高{_NUMERALS[grade - 9]}"
    raise ValueError("a grade is 1 to 12")


@cache
def class_name(grade: int, class_no: int) -> str:
    """「八(3)班」, 「高一(2)班」."""
    name = grade_name(grade)
    return f"{name.removesuffix('年级')}({class_no})班"
