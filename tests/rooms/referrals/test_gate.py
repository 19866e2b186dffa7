"""The consent gate: what opens it, what it misses, what an override may and may not do (domain.md 6.1, 6.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.rooms.referrals.choices import Escort, GuardianDecision, Item, Override
from app.rooms.referrals.gate import ALL, Facts, Refused, judge
from app.rooms.students.choices import ConsentDecision, ConsentMethod, ConsentType, Relation, SignerRole
from app.rooms.students.record import Consent
from tests.rooms.referrals.samples import TODAY, consent, guardian

MOTHER, FATHER = guardian(1), guardian(2, "陆先生", Relation.FATHER)
CHILD = Facts(on=TODAY, birth_date=date(2014, 1, 1), guardians=(MOTHER, FATHER), told=True)
OLDER = replace(CHILD, birth_date=date(2012, 5, 2))
STUDENT = consent(role=SignerRole.STUDENT)
PART = [Item.IDENTITY.value, Item.OBSERVATION.value]


def test_a_guardians_consent_opens_it_for_a_child() -> None:
    gate = judge(replace(CHILD, consents=[consent()]))
    assert gate.is_open
    assert gate.scope == ALL
    assert gate.student_signs is False


def test_without_consent_it_says_so() -> None:
    gate = judge(CHILD)
    assert not gate.is_open
    assert gate.missing == ("还没有监护人对「信息提供」的同意。",)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (consent(decision=ConsentDecision.REFUSED), "2026年11月18日表示不同意"),
        (consent(withdrawn_at=date(2026, 11, 19)), "2026年11月19日撤回同意"),
        (consent(on=date(2026, 1, 8), valid_until=date(2026, 7, 31)), "2026年7月31日到期"),
    ],
)
def test_a_consent_that_does_not_stand_is_named(given, why: str) -> None:  # type: ignore[no-untyped-def]
    gate = judge(replace(CHILD, consents=[given]))
    assert not gate.is_open
    assert why in "".join(gate.missing)


def test_the_last_day_of_a_consent_still_counts() -> None:
    assert judge(replace(CHILD, consents=[consent(valid_until=TODAY)])).is_open
    assert not judge(replace(CHILD, consents=[consent(valid_until=TODAY - timedelta(days=1))])).is_open


@pytest.mark.parametrize("kind", [k for k in ConsentType if k is not ConsentType.SHARING])
def test_consents_of_other_types_do_not_open_it(kind: ConsentType) -> None:
    assert not judge(replace(CHILD, consents=[consent(type=kind)])).is_open


def test_a_consent_in_the_bin_does_not_count() -> None:
    binned = consent()
    binned.deleted_at = datetime(2026, 11, 19, tzinfo=UTC)
    assert not judge(replace(CHILD, consents=[binned])).is_open


def test_a_consent_signed_for_tomorrow_does_not_count() -> None:
    assert not judge(replace(CHILD, consents=[consent(on=TODAY + timedelta(days=1))])).is_open


def test_a_newer_no_of_the_same_guardian_takes_the_yes_back() -> None:
    older, newer = (
        consent(on=date(2026, 11, 10), guardian_id=1),
        consent(decision=ConsentDecision.REFUSED, guardian_id=1),
    )
    assert not judge(replace(CHILD, consents=[older, newer])).is_open
    again = consent(on=TODAY, guardian_id=1)
    assert judge(replace(CHILD, consents=[newer, again])).is_open


def test_another_guardians_no_is_a_notice() -> None:
    gate = judge(
        replace(
            CHILD,
            consents=[consent(guardian_id=1), consent(guardian_id=2, name="陆先生", decision=ConsentDecision.REFUSED)],
        )
    )
    assert gate.is_open
    assert "另一位监护人" in gate.notices[0]


class TestWhoSigns:
    """Persons are judged, not rows: a yes is that of a legal guardian on file, however entered."""

    def test_who_is_no_legal_guardian_cannot_consent(self) -> None:
        neighbour = guardian(3, "邻居奶奶", Relation.OTHER, legal=False)
        facts = replace(CHILD, guardians=(MOTHER, neighbour))
        for given in (consent(guardian_id=3, name="邻居奶奶"), consent(name="邻居奶奶")):
            gate = judge(replace(facts, consents=[given]))
            assert not gate.is_open
            assert "不是法定监护人" in "".join(gate.missing)

    @pytest.mark.parametrize("given", [consent(name="路人甲"), consent(guardian_id=9, name="邻居奶奶")])
    def test_who_is_not_on_file_is_to_be_entered_first(self, given: Consent) -> None:
        gate = judge(replace(CHILD, consents=[given]))
        assert not gate.is_open
        assert "请先在学生档案里录入这位监护人" in "".join(gate.missing)

    def test_a_written_name_is_the_guardian_of_that_name(self) -> None:
        assert judge(replace(CHILD, consents=[consent(name="陆 女士")])).is_open
        assert judge(replace(OLDER, consents=[consent(role=SignerRole.BOTH, name="陆女士、陆予安")])).is_open

    def test_a_no_takes_back_the_yes_that_the_same_person_gave_by_name(self) -> None:
        yes, no = consent(on=date(2026, 11, 10)), consent(decision=ConsentDecision.REFUSED, guardian_id=1, on=TODAY)
        assert not judge(replace(CHILD, consents=[yes, no])).is_open
        by_name = consent(decision=ConsentDecision.REFUSED, on=TODAY)
        assert not judge(replace(CHILD, consents=[consent(guardian_id=1), by_name])).is_open

    def test_a_guardian_entered_twice_is_one_person(self) -> None:
        facts = replace(CHILD, guardians=(MOTHER, guardian(4)))
        no = consent(decision=ConsentDecision.REFUSED, guardian_id=4, on=TODAY)
        assert not judge(replace(facts, consents=[consent(guardian_id=1), no])).is_open


class TestAfterARefusal:
    """A no to this referral shuts it for what was agreed to before."""

    REFUSED = replace(CHILD, refused=Refused(date(2026, 11, 19), datetime(2026, 11, 19, 2, tzinfo=UTC), MOTHER))

    def test_an_older_consent_does_not_open_it(self) -> None:
        gate = judge(replace(self.REFUSED, consents=[consent(guardian_id=1)]))
        assert (gate.is_open, gate.guardian) == (False, None)
        assert "2026年11月19日对这次转介表示暂不同意" in "".join(gate.missing)

    def test_a_newer_one_of_the_same_guardian_does(self) -> None:
        assert judge(replace(self.REFUSED, consents=[consent(guardian_id=1, on=TODAY)])).is_open
        assert judge(replace(self.REFUSED, consents=[consent(on=TODAY)])).is_open

    def test_the_other_guardians_does_not(self) -> None:
        assert not judge(replace(self.REFUSED, consents=[consent(guardian_id=2, name="陆先生", on=TODAY)])).is_open

    def test_on_the_same_day_what_was_written_down_later_came_later(self) -> None:
        same_day = consent(guardian_id=1, on=date(2026, 11, 19))
        for hour, opens in ((1, False), (2, False), (3, True)):
            same_day.created_at = datetime(2026, 11, 19, hour, tzinfo=UTC)
            assert judge(replace(self.REFUSED, consents=[same_day])).is_open is opens

    def test_a_partial_consent_of_before_limits_nothing_in_an_emergency(self) -> None:
        part = consent(decision=ConsentDecision.PARTIAL, scope=PART, guardian_id=1)
        facts = replace(
            self.REFUSED, consents=[part], override=Override.EMERGENCY, override_reason="急", escort=Escort.AMBULANCE
        )
        gate = judge(facts)
        assert (gate.is_open, gate.limited_by, gate.guardian) == (True, (), None)


class TestFourteen:
    """From fourteen full years on the day of issue the student signs too."""

    @pytest.mark.parametrize(("born", "signs"), [(date(2012, 11, 20), True), (date(2012, 11, 21), False)])
    def test_the_birthday_itself_counts(self, born: date, signs: bool) -> None:
        gate = judge(replace(CHILD, birth_date=born, consents=[consent()]))
        assert gate.student_signs is signs
        assert gate.is_open is not signs

    def test_both_open_it(self) -> None:
        assert judge(replace(OLDER, consents=[consent(), STUDENT])).is_open
        assert judge(replace(OLDER, consents=[consent(role=SignerRole.BOTH)])).is_open

    def test_the_student_alone_does_not(self) -> None:
        gate = judge(replace(OLDER, consents=[STUDENT]))
        assert gate.missing == ("还没有监护人对「信息提供」的同意。",)

    def test_an_unknown_birth_date_is_asked_for(self) -> None:
        gate = judge(replace(CHILD, birth_date=None, consents=[consent()]))
        assert gate.asks_birth_date
        assert not gate.is_open
        assert "出生日期" in gate.missing[0]

    def test_a_childs_no_is_not_asked_for(self) -> None:
        refused = consent(role=SignerRole.STUDENT, decision=ConsentDecision.REFUSED)
        assert judge(replace(CHILD, consents=[consent(), refused])).is_open


class TestInPart:
    """部分同意 narrows what may be ticked."""

    def test_only_the_ticked_scope_may_stand_in_the_letter(self) -> None:
        given = consent(decision=ConsentDecision.PARTIAL, scope=PART)
        gate = judge(replace(CHILD, consents=[given], items=frozenset({Item.IDENTITY, Item.GUARDIAN})))
        assert gate.scope == {Item.IDENTITY, Item.OBSERVATION}
        assert gate.missing == ("「监护人姓名与电话」不在可以提供的范围之内，请去掉勾选。",)
        assert judge(replace(CHILD, consents=[given], items=frozenset({Item.IDENTITY}))).is_open

    def test_the_student_can_narrow_it_further(self) -> None:
        mine = consent(role=SignerRole.STUDENT, decision=ConsentDecision.PARTIAL, scope=PART)
        gate = judge(replace(OLDER, consents=[consent(), mine], items=frozenset({Item.IDENTITY, Item.HISTORY})))
        assert gate.scope == {Item.IDENTITY, Item.OBSERVATION}
        assert not gate.is_open

    def test_a_scope_that_does_not_name_the_student_opens_nothing(self) -> None:
        given = consent(decision=ConsentDecision.PARTIAL, scope=[Item.OBSERVATION.value])
        gate = judge(replace(CHILD, consents=[given], items=frozenset({Item.OBSERVATION})))
        assert "写不出转介的是谁" in "".join(gate.missing)


class TestByTelephone:
    """Telephone opens it and leaves a signature due."""

    def test_it_opens_and_is_owed(self) -> None:
        given = consent(method=ConsentMethod.PHONE)
        gate = judge(replace(CHILD, consents=[given]))
        assert gate.is_open
        assert gate.owed == (given,)
        assert "书面签字待补" in gate.notices[0]

    def test_once_signed_nothing_is_owed(self) -> None:
        gate = judge(replace(CHILD, consents=[consent(method=ConsentMethod.PHONE, written_at=TODAY)]))
        assert gate.is_open
        assert gate.owed == ()


class TestOverride:
    """Only with a written reason, and never against what is on record."""

    @pytest.mark.parametrize("override", Override)
    def test_it_needs_a_reason(self, override: Override) -> None:
        facts = replace(OLDER, told=False, escort=Escort.STAFF, override=override, items=frozenset({Item.IDENTITY}))
        shut = judge(replace(facts, override_reason="  "))
        assert shut.missing == ("没有同意而签发，要写明原因。",)
        gate = judge(replace(facts, override_reason="夜间突发"))
        assert gate.is_open
        assert gate.override is override

    def test_where_consent_stands_it_is_not_used(self) -> None:
        gate = judge(replace(CHILD, consents=[consent()], override=Override.EMERGENCY, override_reason="急"))
        assert gate.is_open
        assert gate.override is None

    @pytest.mark.parametrize("override", [Override.UNREACHABLE, Override.NOT_TO_BE_TOLD])
    def test_it_does_not_say_the_guardian_was_not_reached_who_was_told(self, override: Override) -> None:
        facts = replace(
            CHILD, escort=Escort.STAFF, override=override, override_reason="打了六次", items=frozenset({Item.IDENTITY})
        )
        assert "已有告知监护人的记录" in "".join(judge(facts).missing)
        agreed = replace(facts, told=False, decision=GuardianDecision.NOT_NOW)
        assert "已有告知监护人的记录" in "".join(judge(agreed).missing)
        assert judge(replace(facts, told=False, decision=GuardianDecision.UNREACHABLE)).is_open

    @pytest.mark.parametrize("override", [Override.UNREACHABLE, Override.NOT_TO_BE_TOLD])
    def test_the_guardians_answer_does_not_stand_for_the_students(self, override: Override) -> None:
        facts = replace(OLDER, consents=[consent()], override=override, override_reason="打了六次")
        assert "还缺学生本人的同意" in "".join(judge(facts).missing)
        assert judge(replace(facts, override=Override.EMERGENCY)).is_open

    def test_a_guardian_who_must_not_be_told_is_not_named_in_the_letter(self) -> None:
        facts = replace(
            CHILD,
            told=False,
            escort=Escort.POLICE,
            override=Override.NOT_TO_BE_TOLD,
            override_reason="受侵害线索，已报警",
        )
        assert "监护人姓名与电话" in "".join(judge(facts).missing)
        assert judge(replace(facts, items=ALL - {Item.GUARDIAN})).is_open

    @pytest.mark.parametrize("escort", [Escort.GUARDIAN, Escort.TEACHER])
    def test_no_guardian_goes_along_who_does_not_know(self, escort: Escort) -> None:
        facts = replace(CHILD, told=False, escort=escort, override=Override.EMERGENCY, override_reason="急")
        assert "陪同方式" in "".join(judge(facts).missing)
        assert judge(replace(facts, told=True)).is_open
        assert not judge(replace(facts, told=True, decision=GuardianDecision.NOT_NOW)).is_open

    def test_danger_outweighs_an_unknown_birth_date(self) -> None:
        gate = judge(replace(CHILD, birth_date=None, override=Override.EMERGENCY, override_reason="急"))
        assert gate.is_open
        assert not gate.asks_birth_date
