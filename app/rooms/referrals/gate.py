"""The consent gate: whether a referral letter may go out today, what may stand in it, and what is missing (domain.md 6.1, 6.2).

A pure function of what is on record. The letter's sentence on consent is chosen from the same verdict, so that it
cannot state what did not happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.rooms.referrals.choices import Escort, GuardianDecision, Item, Override
from app.rooms.referrals.signers import guardian_of, person, person_of
from app.rooms.referrals.wording import day, listed
from app.rooms.students.choices import ConsentDecision, ConsentType
from app.rooms.students.record import AGE_OF_OWN_CONSENT, Consent, Guardian, full_years

ALL = frozenset(Item)


@dataclass(frozen=True)
class Refused:
    """The guardian's no to this very referral: what was agreed to before it does not count for it any more."""

    on: date
    at: datetime | None
    """When it was written down: tells what came first on one day."""
    by: Guardian | None
    """None where it is not written which guardian it was."""

    def is_taken_back_by(self, consent: Consent, guardians: Sequence[Guardian]) -> bool:
        """Whether this is the same guardian's answer after the no."""
        if self.by is not None and person_of(consent, guardians) != person(self.by):
            return False
        if consent.signed_at != self.on:
            return consent.signed_at > self.on
        return self.at is not None and consent.created_at is not None and consent.created_at > self.at


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the gate judges by, as the record has it."""

    on: date
    """The day of issue."""
    birth_date: date | None
    consents: Sequence[Consent] = ()
    """Every consent of the student, of any type."""
    guardians: Sequence[Guardian] = ()
    """The guardians on file: only the yes of a legal one among them is a guardian's consent."""
    refused: Refused | None = None
    """The guardian's newest no to this referral."""
    items: frozenset[Item] = ALL
    """What is ticked to stand in the letter."""
    told: bool = False
    """Whether it is on record that the guardian was told."""
    decision: GuardianDecision | None = None
    escort: Escort = Escort.GUARDIAN
    override: Override | None = None
    override_reason: str = ""


@dataclass(frozen=True)
class Gate:
    """The verdict. ``missing`` says in plain Chinese what keeps it shut; ``notices`` what to think of though it is open."""

    missing: tuple[str, ...]
    notices: tuple[str, ...]
    scope: frozenset[Item]
    """What may be ticked."""
    guardian: Consent | None
    """The guardian's consent the letter rests on."""
    student: Consent | None
    student_signs: bool | None
    """Whether the student is 14 or more on the day; None while the birth date is not known."""
    limited_by: tuple[Consent, ...]
    """The consents in part that narrow the scope."""
    override: Override | None
    """The override that opened it; None where consent did, or nothing."""
    escort_holds: bool
    """Whether the escort that is written can be true by what is on record."""

    @property
    def is_open(self) -> bool:
        return not self.missing

    @property
    def asks_birth_date(self) -> bool:
        """Whether only the birth date can tell if the student's own consent is needed."""
        return self.student_signs is None and self.override is None

    @property
    def beyond_consent(self) -> bool:
        """Whether what was agreed to in part would not even name the student, so that the override goes beyond it."""
        return self.override is not None and Item.IDENTITY not in _scope(self.limited_by)

    @property
    def keeps_from_guardian(self) -> bool:
        """Whether no sheet may name the guardian, ask for a signature or be carried home: that guardian must not be told."""
        return self.override is Override.NOT_TO_BE_TOLD

    @property
    def owed(self) -> tuple[Consent, ...]:
        """The consents by telephone it rests on, whose signature is still to come (补签)."""
        return tuple(c for c in self.rests_on if c.signature_owed())

    @property
    def rests_on(self) -> tuple[Consent, ...]:
        """The consents the letter rests on, each once."""
        found = [c for c in (self.guardian, self.student) if c is not None]
        return tuple(dict.fromkeys(found))


def judge(facts: Facts) -> Gate:
    """Judge what is on record on the day of issue."""
    guardians = _newest_answers(facts, by_guardian=True)
    own = _newest_answers(facts, by_guardian=False)
    given = [c for c in guardians if c.holds(facts.on) and _counts(c, facts)]
    given_by_student = [c for c in own if c.holds(facts.on)]
    guardian = next(iter(given), None)
    student = next(iter(given_by_student), None)
    signs = None if facts.birth_date is None else full_years(facts.birth_date, facts.on) >= AGE_OF_OWN_CONSENT
    standing = dict.fromkeys((*given, *given_by_student))
    limited = tuple(c for c in standing if c.decision is ConsentDecision.PARTIAL)
    scope = _scope(limited)
    lacking = [
        *_lacking_guardian(guardian, guardians, facts),
        *_lacking_student(student, own, signs, facts.on),
        *_lacking_scope(scope),
    ]
    used = facts.override if lacking and _overridable(guardian, facts) else None
    if used is not None:
        scope = _overridden_scope(scope, used)
        missing = [*_lacking_reason(facts), *_contradictions(used, facts), *_beyond(scope, facts.items)]
    else:
        missing = [*lacking, *_beyond(scope, facts.items)]
    escort_holds = _escort_holds(guardian, facts)
    if not escort_holds:
        missing.append(f"没有监护人知情的记录，陪同方式不能写「{facts.escort.label}」。")
    notices = tuple(_notices(guardian, guardians, student, facts))
    return Gate(tuple(dict.fromkeys(missing)), notices, scope, guardian, student, signs, limited, used, escort_holds)


def _newest_answers(facts: Facts, *, by_guardian: bool) -> list[Consent]:
    """Each person's newest answer on passing information on, run-out ones apart, newest first."""
    newest: dict[object, Consent] = {}
    for consent in sorted(facts.consents, key=_order):
        counts = consent.by_guardian() if by_guardian else consent.by_student()
        if not counts or consent.type is not ConsentType.SHARING or consent.deleted_at is not None:
            continue
        if consent.signed_at > facts.on:
            continue
        signer = person_of(consent, facts.guardians) if by_guardian else "student"
        if consent.valid_until is not None and consent.valid_until < facts.on and consent.withdrawn_at is None:
            newest.setdefault(("run out", signer), consent)
            continue
        newest[signer] = consent
    return sorted(newest.values(), key=_order, reverse=True)


def _order(consent: Consent) -> tuple[date, int]:
    return consent.signed_at, consent.id or 0


def _counts(consent: Consent, facts: Facts) -> bool:
    """Whether this yes is that of a legal guardian on file, and came after a no to this referral."""
    if _no_guardian(consent, facts):
        return False
    return facts.refused is None or facts.refused.is_taken_back_by(consent, facts.guardians)


def _no_guardian(consent: Consent, facts: Facts) -> str:
    """Why who signed cannot answer as a guardian, and what to do; empty for a legal guardian on file."""
    signer = guardian_of(consent, facts.guardians)
    if signer is None:
        how = "请先在学生档案里录入这位监护人，再在那条同意里选上"
        return f"{day(consent.signed_at)}的同意，签署人不在监护人名单上，不算监护人的同意：{how}。"
    if not signer.is_legal_guardian:
        return f"{day(consent.signed_at)}的同意，签署人不是法定监护人，不算监护人的同意。"
    return ""


def _scope(limited: Iterable[Consent]) -> frozenset[Item]:
    """What all who agreed in part agreed to."""
    scope = ALL
    for consent in limited:
        scope &= frozenset(item for item in Item if item.value in consent.scope)
    return scope


def _lacking_guardian(guardian: Consent | None, answers: Sequence[Consent], facts: Facts) -> list[str]:
    if guardian is not None:
        return []
    lacking = ["还没有监护人对「信息提供」的同意。"]
    if facts.refused is not None:
        no = f"监护人已于{day(facts.refused.on)}对这次转介表示暂不同意"
        lacking.append(f"{no}，此前的同意不再作数；这位监护人之后同意的，请登记新的同意。")
    for answer in answers:
        if not answer.holds(facts.on):
            lacking.append(_why_not("监护人", answer, facts.on))
        elif why := _no_guardian(answer, facts):
            lacking.append(why)
    return lacking


def _lacking_student(student: Consent | None, answers: Sequence[Consent], signs: bool | None, on: date) -> list[str]:
    if signs is None:
        return ["出生日期还没有填，不能判断学生本人是否也要同意。"]
    if not signs or student is not None:
        return []
    return [f"学生已满{AGE_OF_OWN_CONSENT}周岁，还缺学生本人的同意。", *(_why_not("学生本人", c, on) for c in answers)]


def _why_not(who: str, consent: Consent, on: date) -> str:
    if consent.withdrawn_at is not None and consent.withdrawn_at <= on:
        return f"{who}已于{day(consent.withdrawn_at)}撤回同意。"
    if consent.decision is ConsentDecision.REFUSED:
        return f"{who}于{day(consent.signed_at)}表示不同意。"
    if consent.valid_until is not None and consent.valid_until < on:
        return f"{who}的同意已于{day(consent.valid_until)}到期。"
    return f"{who}于{day(consent.signed_at)}的同意现在不作数。"


def _lacking_scope(scope: frozenset[Item]) -> list[str]:
    if Item.IDENTITY in scope:
        return []
    return [f"部分同意的范围里没有{listed([Item.IDENTITY])}，函件写不出转介的是谁。"]


def _beyond(scope: frozenset[Item], items: frozenset[Item]) -> list[str]:
    beyond = items - scope
    return [f"{listed(beyond)}不在可以提供的范围之内，请去掉勾选。"] if beyond else []


def _overridable(guardian: Consent | None, facts: Facts) -> bool:
    """Danger to life outweighs every lack; the two others only stand for the guardian's answer (domain.md 6.1, 6.2)."""
    return facts.override is not None and (facts.override is Override.EMERGENCY or guardian is None)


def _overridden_scope(scope: frozenset[Item], override: Override) -> frozenset[Item]:
    if Item.IDENTITY not in scope:
        scope = ALL
    return scope - {Item.GUARDIAN} if override is Override.NOT_TO_BE_TOLD else scope


def _lacking_reason(facts: Facts) -> list[str]:
    return [] if facts.override_reason.strip() else ["没有同意而签发，要写明原因。"]


def _contradictions(override: Override, facts: Facts) -> list[str]:
    """What is on record and would make the override's sentence untrue."""
    reached = facts.told or facts.decision in (GuardianDecision.AGREED, GuardianDecision.NOT_NOW)
    if override is Override.UNREACHABLE and reached:
        return ["已有告知监护人的记录，不能按「联系不上」签发。"]
    if override is Override.NOT_TO_BE_TOLD and reached:
        return ["已有告知监护人的记录，不能写「未事先告知」。"]
    return []


def _escort_holds(guardian: Consent | None, facts: Facts) -> bool:
    """An escort by or for the guardian is only written where the guardian knows and did not say no."""
    if facts.escort not in (Escort.GUARDIAN, Escort.TEACHER) or guardian is not None:
        return True
    refused = facts.decision in (GuardianDecision.NOT_NOW, GuardianDecision.UNREACHABLE)
    return facts.told and not refused and facts.override is not Override.NOT_TO_BE_TOLD


def _notices(guardian: Consent | None, answers: Iterable[Consent], student: Consent | None, facts: Facts) -> list[str]:
    told = []
    if guardian is not None:
        against = [c for c in answers if c.decision is ConsentDecision.REFUSED and c.withdrawn_at is None]
        told += [
            f"另一位监护人于{day(c.signed_at)}表示不同意，签发前请再沟通。" for c in against if _may_object(c, facts)
        ]
    for who, consent in (("监护人", guardian), ("学生本人", student)):
        if consent is not None and consent.signature_owed():
            told.append(f"{who}于{day(consent.signed_at)}电话同意，书面签字待补。")
    return list(dict.fromkeys(told))


def _may_object(consent: Consent, facts: Facts) -> bool:
    """Everybody but a carer who is known to be no legal guardian."""
    signer = guardian_of(consent, facts.guardians)
    return signer is None or signer.is_legal_guardian
