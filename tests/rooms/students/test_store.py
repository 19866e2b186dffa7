"""Students, guardians and consents in the vault: finding, refusing, what is due, what stands now, forgetting."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.errors import Problem
from app.rooms.school.record import DeadlineTerms
from app.rooms.students import consents, store
from app.rooms.students.choices import (
    ConsentDecision,
    ConsentMethod,
    ConsentType,
    SignerRole,
    SpecialGroup,
    StudentStatus,
)
from app.rooms.students.record import Consent, Guardian, Student, Tone, full_years
from app.rooms.students.store import StudentFilter
from app.vault import bin
from app.vault.vault import Vault

TODAY = date(2026, 11, 20)


def student(number: str, name: str = "林晓舟", grade: int = 8, class_no: int = 3, **values: object) -> Student:
    return Student(student_no=number, name=name, grade=grade, class_no=class_no, **values)  # type: ignore[arg-type]


def consent(student_id: int, **values: object) -> Consent:
    given: dict[str, object] = {
        "student_id": student_id,
        "type": ConsentType.COUNSELLING,
        "decision": ConsentDecision.AGREED,
        "signer_role": SignerRole.GUARDIAN,
        "signer_name": "林女士",
        "method": ConsentMethod.PAPER,
        "signed_at": date(2026, 11, 12),
        "scope_text": "个别辅导",
        "exceptions_explained": True,
    }
    return Consent(**(given | values))  # type: ignore[arg-type]


@pytest.fixture
def one(vault: Vault) -> int:
    with vault.write("试") as session:
        return store.add(session, student("0001")).id


class TestStudents:
    @pytest.fixture
    def four(self, vault: Vault) -> None:
        with vault.write("试") as session:
            store.add(session, student("01", "甲", special_groups=["poor", "left_behind"]))
            store.add(session, student("02", "乙", 8, 4))
            store.add(session, student("03", "丙", 9, 3, status=StudentStatus.SUSPENDED, special_groups=["poor"]))
            bin.put(store.add(session, student("04", "丁")), vault.now())

    @pytest.mark.parametrize(
        ("wanted", "names"),
        [
            (StudentFilter(), ["甲", "乙", "丙"]),
            (StudentFilter(grade=8), ["甲", "乙"]),
            (StudentFilter(grade=8, class_no=4), ["乙"]),
            (StudentFilter(group=SpecialGroup.POOR), ["甲", "丙"]),
            (StudentFilter(group=SpecialGroup.LEFT_BEHIND), ["甲"]),
            (StudentFilter(status=StudentStatus.SUSPENDED), ["丙"]),
        ],
    )
    def test_the_list_is_narrowed_by_every_filter(
        self, vault: Vault, four: None, wanted: StudentFilter, names: list[str]
    ) -> None:
        with vault.read() as session:
            assert [listed.name for listed in store.listing(session, wanted)] == names

    def test_a_line_names_its_groups(self, vault: Vault, four: None) -> None:
        with vault.read() as session:
            assert store.listing(session, StudentFilter())[0].groups == ("经济困难", "留守")

    @pytest.mark.parametrize(("number", "name"), [("", "林晓舟"), ("  ", "林晓舟"), ("0002", ""), ("0002", " ")])
    def test_without_number_or_name_nobody_is_entered(self, vault: Vault, number: str, name: str) -> None:
        with pytest.raises(Problem), vault.write("试") as session:
            store.add(session, student(number, name))
        with vault.read() as session:
            assert store.count(session) == 0

    def test_a_name_that_reads_in_another_order_than_written_is_not_entered(self, vault: Vault) -> None:
        with pytest.raises(Problem) as told, vault.write("试") as session:
            store.add(session, Student(student_no="00199", name="程\u202e辰", grade=7, class_no=1))
        assert "U+202E" in told.value.sentence

    @pytest.mark.parametrize("control", ["\u202e", "\u2066"])
    def test_nor_is_the_name_of_a_guardian_or_of_who_signed(self, vault: Vault, one: int, control: str) -> None:
        with pytest.raises(Problem) as guardian, vault.write("试") as session:
            store.save_guardian(session, Guardian(student_id=one, name=f"林{control}女士"))
        with pytest.raises(Problem) as signer, vault.write("试") as session:
            consents.save(session, consent(one, signer_name=f"林{control}女士"))
        assert guardian.value.sentence.startswith("监护人的姓名里有")
        assert signer.value.sentence.startswith("签署人的姓名里有")
        with vault.read() as session:
            assert (store.guardians(session, one), store.consents(session, one)) == ([], [])

    def test_a_number_is_given_once(self, vault: Vault, one: int) -> None:
        with pytest.raises(Problem, match="学号"), vault.write("试") as session:
            store.add(session, student("0001", "别人"))

    def test_a_number_in_the_bin_is_free_and_then_not_to_be_taken_back(self, vault: Vault, one: int) -> None:
        with vault.write("试") as session:
            bin.put(store.get(session, one), vault.now())
        with vault.write("试") as session:
            store.add(session, student("0001", "别人"))
        with pytest.raises(Problem, match="已经是"), vault.write("试") as session:
            store.take_back(session, one)

    def test_a_new_name_is_found_by_its_new_reading(self, vault: Vault, one: int) -> None:
        with vault.write("试") as session:
            renamed = store.get(session, one)
            renamed.name = "单晓明"
            store.save(session, renamed)
        with vault.read() as session:
            index = store.jump_index(session)
        assert [match.entry.student_id for match in index.find("sxm")] == [one]
        assert index.find("lxz") == []

    @given(st.dates(date(2005, 1, 1), date(2020, 12, 31)), st.integers(1, 20))
    def test_a_year_older_on_the_birthday_and_not_before(self, born: date, years: int) -> None:
        leap_day = (born.month, born.day) == (2, 29) and not calendar.isleap(born.year + years)
        birthday = date(born.year + years, 3, 1) if leap_day else born.replace(year=born.year + years)
        assert full_years(born, birthday) == years
        assert full_years(born, birthday - timedelta(days=1)) == years - 1


class TestConsents:
    @pytest.mark.parametrize(
        ("values", "holds"),
        [
            ({}, True),
            ({"decision": ConsentDecision.PARTIAL}, True),
            ({"decision": ConsentDecision.REFUSED}, False),
            ({"signed_at": TODAY}, True),
            ({"signed_at": TODAY + timedelta(days=1)}, False),
            ({"valid_until": TODAY}, True),
            ({"valid_until": TODAY - timedelta(days=1)}, False),
            ({"withdrawn_at": TODAY}, False),
            ({"withdrawn_at": TODAY + timedelta(days=1)}, True),
        ],
    )
    def test_it_holds_while_it_stands(self, values: dict[str, object], holds: bool) -> None:
        assert consent(1, **values).holds(TODAY) is holds

    @pytest.mark.parametrize(
        "values",
        [
            {"signer_name": " "},
            {"decision": ConsentDecision.PARTIAL, "scope_text": ""},
            {"scope_text": " "},
            {"exceptions_explained": False},
            {"valid_until": date(2026, 11, 11)},
            {"written_at": date(2026, 11, 11), "method": ConsentMethod.PHONE},
        ],
    )
    def test_what_cannot_be_is_refused(self, vault: Vault, one: int, values: dict[str, object]) -> None:
        with pytest.raises(Problem), vault.write("试") as session:
            consents.save(session, consent(one, **values))

    def test_what_is_missing_is_named_by_field(self, vault: Vault, one: int) -> None:
        empty = consent(one, signer_name=" ", scope_text="", exceptions_explained=False)
        with pytest.raises(consents.Incomplete) as told, vault.write("试") as session:
            consents.save(session, empty)
        assert set(told.value.fields) == {"signer_name", "scope_text", "exceptions_explained"}

    def test_a_no_and_a_withdrawal_need_no_scope(self, vault: Vault, one: int) -> None:
        bare = {"scope_text": "", "exceptions_explained": False}
        with vault.write("试") as session:
            consents.save(session, consent(one, decision=ConsentDecision.REFUSED, **bare))
            consents.save(session, consent(one, withdrawn_at=TODAY, **bare))

    def test_under_a_letter_only_what_comes_after_it_is_written(self, vault: Vault, one: int) -> None:
        with vault.write("试") as session:
            kept = consents.save(session, consent(one, method=ConsentMethod.PHONE))
            session.flush()
            with pytest.raises(Problem, match="以这份同意为依据") as told:
                consents.discard(session, kept.id, ["心转〔2026〕第001号"], vault.now())
            assert "心转〔2026〕第001号" in told.value.sentence
            with pytest.raises(Problem, match="早于"):
                consents.conclude(session, kept.id, written_at=date(2026, 11, 1), withdrawn_at=None)
            consents.conclude(session, kept.id, written_at=TODAY, withdrawn_at=TODAY)
        with vault.read() as session:
            (now,) = store.consents(session, one)
            assert (now.written_at, now.withdrawn_at, now.deleted_at) == (TODAY, TODAY, None)

    def test_by_telephone_it_is_due_a_week_later_until_written_or_withdrawn(self, vault: Vault, one: int) -> None:
        with vault.write("试") as session:
            kept = consents.save(session, consent(one, method=ConsentMethod.PHONE))
            consents.save(session, consent(one))
        with vault.read() as session:
            (due,) = store.due(session, DeadlineTerms(), TODAY)
            (owed,) = [fact for fact in store.facts(session, one, TODAY) if fact.tone is Tone.AMBER]
        assert (due.key, due.due, due.record_id) == ("consent.oral", date(2026, 11, 19), kept.id)
        assert owed.label == "待补签"
        with vault.write("试") as session:
            store.consent(session, kept.id).written_at = date(2026, 11, 15)
        with vault.read() as session:
            assert store.due(session, DeadlineTerms(), TODAY) == []

    def test_nothing_is_due_of_a_file_in_the_bin(self, vault: Vault, one: int) -> None:
        with vault.write("试") as session:
            consents.save(session, consent(one, method=ConsentMethod.PHONE))
            bin.put(store.get(session, one), vault.now())
        with vault.read() as session:
            assert store.due(session, DeadlineTerms(), TODAY) == []

    def test_a_withdrawn_one_stays_on_the_timeline_struck_through(self, vault: Vault, one: int) -> None:
        with vault.write("试") as session:
            consents.save(session, consent(one, withdrawn_at=date(2026, 11, 18)))
        with vault.read() as session:
            (line,) = store.lines(session, one)
            assert line.struck
            assert "已撤回" in line.tags
            assert store.facts(session, one, TODAY)[0].text == "还没有有效的同意"


class TestForgetting:
    def test_nothing_of_the_student_is_left_and_nobody_else_is_touched(self, vault: Vault, one: int) -> None:
        with vault.write("试") as session:
            other = store.add(session, student("0002", "别人")).id
            for who in (one, other):
                store.save_guardian(session, Guardian(student_id=who, name="林女士"))
                consents.save(session, consent(who))
        bin.destroy_files(vault, [one], "保存期满", store.forget)
        with vault.read() as session:
            assert store.find(session, one) is None
            assert [g.student_id for g in session.scalars(select(Guardian))] == [other]
            assert session.scalar(select(func.count()).select_from(Consent)) == 1
