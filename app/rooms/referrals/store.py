"""Referrals in the vault: drafts, the guardian's answer, voiding. Issuing stands in issuing.py, what follows a letter in following.py."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents.record import Issued
from app.errors import Problem
from app.rooms.referrals import gate, rules
from app.rooms.referrals.choices import GuardianDecision, Informed, Item, Status
from app.rooms.referrals.gate import Gate
from app.rooms.referrals.record import (
    Referral,
    ReferralValues,
    Refusal,
    RefusalValues,
)
from app.rooms.students import store as students
from app.rooms.students.record import Consent, Guardian, Student
from app.vault import bin, voiding
from app.vault.voiding import Voided


def get(session: Session, referral_id: int) -> Referral:
    """The referral with this id."""
    return session.get_one(Referral, referral_id)


def new(session: Session, student_id: int, today: date, *, case_id: int | None = None) -> Referral:
    """A new draft for a student, with the primary guardian already chosen."""
    guardian = primary_guardian(session, student_id)
    referral = Referral(
        student_id=student_id, opened_on=today, case_id=case_id, guardian_id=guardian.id if guardian else None
    )
    session.add(referral)
    session.flush()
    return referral


def save_draft(session: Session, referral_id: int, values: ReferralValues) -> Referral:
    """Write a draft down as it stands, unfinished parts and all. Raises Problem once the letter is issued."""
    referral = get(session, referral_id)
    rules.check_draft(referral)
    if (refused_by := who_refused(session, referral_id)) is not None:
        rules.check_same_guardian(refused_by, values.guardian_id)
        values = replace(values, guardian_id=refused_by)
    for field in fields(values):
        setattr(referral, field.name, getattr(values, field.name))
    if referral.status is Status.DRAFT and referral.informed_on is not None:
        referral.status = Status.TOLD
    elif referral.status is Status.TOLD and referral.informed_on is None:
        referral.status = Status.DRAFT
    return referral


def discard(session: Session, referral_id: int, now: datetime) -> Referral:
    """Put a draft into the bin; what was issued of it stays, the confirmation of a refusal too (void it first)."""
    referral = get(session, referral_id)
    rules.check_draft(referral)
    if standing_papers := _confirmations(session, referral_id):
        raise Problem(
            "这份转介单有已签发的《监护人告知确认书》{numbers}，不能移到回收站。",
            "确认书写错了的，请先在文书里作废它。",
            numbers="、".join(standing_papers),
        )
    bin.put(referral, now)
    return referral


def _confirmations(session: Session, referral_id: int) -> list[str]:
    """The numbers of the confirmations of its refusals that are not void."""
    issued = [row.issued_id for row in refusals(session, referral_id) if row.issued_id is not None]
    void = voiding.voided(session, Issued.__tablename__, issued)
    return [session.get_one(Issued, paper).ref_no for paper in issued if paper not in void]


# The guardian, and the gate


def tell(session: Session, referral_id: int, *, on: date, how: Informed, by: str, today: date) -> Referral:
    """Write down that the guardian was told (已告知监护人)."""
    referral = get(session, referral_id)
    rules.check_draft(referral)
    rules.check_day(on, today, "告知监护人")
    referral.informed_on, referral.informed_how, referral.informed_by = on, how, by
    if referral.status is Status.DRAFT:
        referral.status = Status.TOLD
    return referral


def settle(session: Session, referral_id: int, today: date) -> Referral:
    """Let a draft's status follow the consents on record: agreed once a guardian's stands, told again when it is withdrawn."""
    referral = get(session, referral_id)
    consent = judged(session, referral, today).guardian
    if consent is not None and referral.status in (Status.DRAFT, Status.TOLD):
        referral.decision, referral.decided_on, referral.status = (
            GuardianDecision.AGREED,
            consent.signed_at,
            Status.AGREED,
        )
    elif consent is None and referral.status is Status.AGREED:
        referral.decision, referral.decided_on = None, None
        referral.status = Status.TOLD if referral.informed_on is not None else Status.DRAFT
    return referral


def refuse(session: Session, referral_id: int, values: RefusalValues, today: date) -> Refusal:
    """The guardian does not agree for now: the refusal instead of the letter; a second talk falls due (domain.md 3.2)."""
    referral = get(session, referral_id)
    rules.check_status(referral, *rules.ISSUABLE)
    rules.check_day(values.on, today, "监护人决定")
    lacking = [
        label
        for label, text in (("已说明的风险", values.explained), ("监护人的决定", values.decided))
        if not text.strip()
    ]
    if lacking:
        raise Problem("还缺少：{missing}。", "补上后再保存。", missing="、".join(lacking))
    row = Refusal(referral_id=referral_id, student_id=referral.student_id, **vars(values))
    session.add(row)
    referral.decision, referral.decided_on, referral.status = GuardianDecision.NOT_NOW, values.on, Status.REFUSED
    referral.refuse_reason = values.decided
    session.flush()
    return row


def sign_refusal(session: Session, refusal_id: int, *, signed: bool, witness: str) -> Refusal:
    """What came of the printed confirmation: the guardian's signature, or who witnessed that there is none."""
    if not signed and not witness.strip():
        raise Problem("还没有写明是谁签的。", "监护人签了就勾选；没有签名的，请写上见证人。")
    row = session.get_one(Refusal, refusal_id)
    row.signed, row.witness = signed, witness.strip()
    return row


def refusals(session: Session, referral_id: int) -> list[Refusal]:
    """The referral's refusals, newest first."""
    wanted = select(Refusal).where(Refusal.referral_id == referral_id, Refusal.deleted_at.is_(None))
    return list(session.scalars(wanted.order_by(Refusal.on.desc(), Refusal.id.desc())))


def who_refused(session: Session, referral_id: int) -> int | None:
    """The guardian who said no to this referral; None without a no, or where it is not written whose it was."""
    return get(session, referral_id).guardian_id if refusals(session, referral_id) else None


def facts(session: Session, referral: Referral, on: date) -> gate.Facts:
    """What the gate judges this referral by, as it stands on record."""
    student = session.get_one(Student, referral.student_id)
    return gate.Facts(
        on=on,
        birth_date=student.birth_date,
        consents=tuple(students.consents(session, student.id)),
        guardians=tuple(students.guardians(session, student.id)),
        refused=_refused(session, referral),
        items=frozenset(item for item in Item if item.value in referral.items),
        told=referral.informed_on is not None,
        decision=referral.decision,
        escort=referral.escort,
        override=referral.override,
        override_reason=referral.override_reason,
    )


def _refused(session: Session, referral: Referral) -> gate.Refused | None:
    newest = next(iter(refusals(session, referral.id)), None)
    if newest is None:
        return None
    by = session.get(Guardian, referral.guardian_id) if referral.guardian_id is not None else None
    return gate.Refused(newest.on, newest.created_at, by)


def judged(session: Session, referral: Referral, on: date) -> Gate:
    """The gate's verdict on this referral for a day of issue."""
    return gate.judge(facts(session, referral, on))


def set_birth_date(session: Session, student_id: int, born: date, today: date) -> None:
    """Write down the birth date that the gate asked for."""
    rules.check_day(born, today, "出生日期")
    session.get_one(Student, student_id).birth_date = born


def primary_guardian(session: Session, student_id: int) -> Guardian | None:
    """The guardian to turn to first."""
    return next(iter(students.guardians(session, student_id)), None)


# Voiding


def void(session: Session, referral_id: int, reason: str, now: datetime) -> Voided:
    """Void the issued letter: it stays readable, struck through, and its number is not used again."""
    referral = get(session, referral_id)
    if referral.issued_id is None:
        raise Problem("这份转介单还没有签发，不用作废。", "不要的草稿可以移到回收站。")
    return voiding.void(session, session.get_one(Issued, referral.issued_id), reason, now)


def voided(session: Session, referrals: list[Referral]) -> dict[int, Voided]:
    """Which of these referrals' letters are void, by the referral's id."""
    by_letter = {r.issued_id: r.id for r in referrals if r.issued_id is not None}
    found = voiding.voided(session, Issued.__tablename__, by_letter)
    return {by_letter[letter]: row for letter, row in found.items()}


COPIED = (
    "institution_id",
    "to_org",
    "to_dept",
    "channel",
    "urgency",
    "reasons",
    "observation",
    "measures",
    "risk_summary",
    "history",
    "wish",
    "items",
)
"""What a copy takes along; who was told, who consented and who goes along belong to the other file."""


def copy_to_draft(session: Session, referral_id: int, student_id: int, today: date) -> Referral:
    """The text of a referral as a new draft, on the right student's file."""
    source = get(session, referral_id)
    copy = new(session, student_id, today)
    for name in COPIED:
        setattr(copy, name, getattr(source, name))
    return copy


# Lists


def of_student(session: Session, student_id: int) -> list[Referral]:
    """The student's referrals that are not in the bin, newest first; voided ones too."""
    wanted = select(Referral).where(Referral.student_id == student_id, Referral.deleted_at.is_(None))
    return list(session.scalars(wanted.order_by(Referral.opened_on.desc(), Referral.id.desc())))


def letters_on(session: Session, consent: Consent) -> list[str]:
    """The numbers of the issued letters that rest on this consent; a void one rests on nothing any more."""
    found = [r for r in of_student(session, consent.student_id) if str(consent.id) in r.consent_ids]
    void = voided(session, found)
    return sorted(r.number for r in found if r.id not in void)


def standing(session: Session) -> list[tuple[Referral, Student]]:
    """Every referral of a student whose file is in use, newest first, with its student."""
    wanted = (
        select(Referral, Student)
        .join(Student, Student.id == Referral.student_id)
        .where(Referral.deleted_at.is_(None), Student.deleted_at.is_(None))
        .order_by(Referral.opened_on.desc(), Referral.id.desc())
    )
    return [(referral, student) for referral, student in session.execute(wanted)]
