"""What the papers of a referral speak of, and how they say it: values of the words, the consents, what is ticked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.documents import words
from app.documents.blocks import Cell
from app.documents.keeping import own_words
from app.rooms.referrals import store
from app.rooms.referrals.choices import GuardianDecision, Item, Override
from app.rooms.referrals.gate import Gate
from app.rooms.referrals.record import Referral
from app.rooms.referrals.wording import day, on_paper
from app.rooms.school.record import School, class_name
from app.rooms.school.store import school
from app.rooms.students.choices import ConsentDecision, ConsentMethod, Relation
from app.rooms.students.record import Consent, Guardian, Student

LETTER = "referral"
CONSENT_SHEET = "sharing-consent"
NUMBERED_AS = "心转"
TO_COME = f"{NUMBERED_AS}（签发时编号）"
SIX = (0.15, 0.17, 0.11, 0.2, 0.13, 0.24)
"""The columns of a referral's tables: three labels, three values."""


@dataclass(frozen=True)
class Contents:
    """Everything the papers of a referral speak of, read from the vault beforehand."""

    referral: Referral
    student: Student
    school: School
    guardian: Guardian | None
    gate: Gate
    on: date
    """The day of issue; for a draft the day it is looked at."""
    own: str | None = None
    """The counsellor's version of the letter's words, where she has one."""
    own_consent: str | None = None
    """The same for the consent sheet."""


def contents(session: Session, referral_id: int, on: date) -> Contents:
    """Everything the papers of this referral speak of, as of a day."""
    return drafted(session, store.get(session, referral_id), on)


def drafted(session: Session, referral: Referral, on: date) -> Contents:
    """The same for a referral as it stands in the form, which need not be in the vault."""
    return Contents(
        referral=referral,
        student=session.get_one(Student, referral.student_id),
        school=school(session),
        guardian=_in_use(session, referral.guardian_id),
        gate=store.judged(session, referral, on),
        on=on,
        own=own_words(session, LETTER),
        own_consent=own_words(session, CONSENT_SHEET),
    )


def _in_use(session: Session, guardian_id: int | None) -> Guardian | None:
    guardian = session.get(Guardian, guardian_id) if guardian_id is not None else None
    return guardian if guardian is not None and guardian.deleted_at is None else None


@dataclass(frozen=True)
class Words:
    """The sections of the letter's words, filled when asked for."""

    sections: Mapping[str, str]
    values: Mapping[str, str]

    def __call__(self, section: str) -> str:
        return words.fill(self.sections[section], self.values)

    def lines(self, section: str) -> list[str]:
        return words.paragraphs(self(section))


def values(of: Contents, number: str) -> dict[str, str]:
    """What the placeholders of the words stand for."""
    referral, consent = of.referral, of.gate.guardian
    return {
        "学校": of.school.name,
        "辅导室": of.school.room_name,
        "姓名": of.student.name if Item.IDENTITY in ticked(of) else "＿＿＿",
        "机构": referral.to_org or "＿＿＿＿＿＿",
        "科室": referral.to_dept,
        "同意日期": day(given_on(consent)) if consent else "",
        "同意人": _limiters(of.gate),
        "陪同老师": referral.escort_teacher or "＿＿＿",
        "经办人": of.school.counsellor,
        "联系人": of.school.counsellor,
        "电话": of.school.phone,
        "关系": _relation(of.guardian),
        "监护人": (of.guardian.name if of.guardian else "") or "＿＿＿＿",
        "编号": number or TO_COME,
        "签发日期": day(of.on),
    }


def given_on(consent: Consent) -> date:
    """The day the consent was given in the form the letter speaks of: on paper, if it was signed afterwards."""
    return consent.written_at or consent.signed_at


def _limiters(gate: Gate) -> str:
    who = []
    if any(c.by_guardian() for c in gate.limited_by):
        who.append("监护人")
    if any(c.by_student() for c in gate.limited_by):
        who.append("学生本人")
    return "和".join(who)


def _relation(guardian: Guardian | None) -> str:
    return "＿＿＿＿" if guardian is None or guardian.relation is Relation.OTHER else guardian.relation.label


def consent_section(consent: Consent) -> str:
    """The section of the words that says how this consent was given."""
    if consent.method is ConsentMethod.PAPER or consent.written_at is not None:
        return "同意 书面"
    return "同意 线上" if consent.method is ConsentMethod.ONLINE else "同意 口头"


def ticked(of: Contents) -> list[Item]:
    """What stands in the letter: ticked, and within what may be given."""
    return [item for item in Item if item.value in of.referral.items and item in of.gate.scope]


def decided(of: Contents) -> GuardianDecision | None:
    """The guardian's answer as the letter goes out by it."""
    if of.gate.guardian is not None:
        return GuardianDecision.AGREED
    return GuardianDecision.UNREACHABLE if of.gate.override is Override.UNREACHABLE else of.referral.decision


def consent_lines(gate: Gate) -> list[str]:
    """The column on consent: how and when, without names."""
    lines = []
    for who, consent in (("监护人", gate.guardian), ("学生本人", gate.student)):
        if consent is not None:
            part = "（部分同意）" if consent.decision is ConsentDecision.PARTIAL else ""
            lines.append(f"{who}：{_HOW[consent_section(consent)]}{part}，{day(given_on(consent))}")
        if consent is not None and consent.signature_owed():
            lines.append("补签：　　　　　　　　　　日期：")
    if gate.guardian is None:
        lines.insert(0, "监护人：出具时尚未取得")
    if gate.student_signs and gate.student is None:
        lines.append("学生本人：出具时尚未取得")
    return lines


_HOW = {"同意 书面": "书面同意", "同意 线上": "线上回执同意", "同意 口头": "电话口头同意，待补签"}


def class_on_paper(student: Student) -> str:
    """「八（3）班」"""
    return on_paper(class_name(student.grade, student.class_no))


def two(label: str, text: str, across: int = 1) -> tuple[Cell, Cell]:
    """A label and its value."""
    return Cell(label, label=True), Cell(text, across=across)


def wide(label: str, text: str, lines: int = 1) -> tuple[Cell, ...]:
    """A label and a value across the rest of the row."""
    return Cell(label, label=True), Cell(text, across=5, min_lines=lines)
