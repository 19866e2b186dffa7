"""A note from draft to signed: what is asked for, what is numbered, what is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from app.clock import StandingClock
from app.errors import Problem
from app.rooms.notes import cases, risks, rules, snippets, store, waiting
from app.rooms.notes.choices import Basis, CaseSource, CaseStatus, CloseReason, GuardianTold, Mode, Outcome, RiskFlag
from app.rooms.notes.record import NoteValues
from app.vault import bin
from app.vault.vault import Vault
from tests.rooms.notes.samples import FULL, RISK_DONE, File

TODAY = date(2026, 11, 20)


def _signed(vault: Vault, file: File, clock: StandingClock, values: NoteValues = FULL) -> int:
    with vault.write("试") as session:
        note = store.draft(session, file.case_id, values, clock.today())
        store.sign(session, note.id, clock.now())
        return note.id


def test_an_unfinished_draft_is_kept_and_names_what_it_lacks(vault: Vault, file: File, clock: StandingClock) -> None:
    with vault.write("试") as session:
        note = store.draft(session, file.case_id, NoteValues(held_on=TODAY, subjective="睡不着"), TODAY)
    with vault.write("试") as session, pytest.raises(rules.NotReady) as caught:
        store.sign(session, note.id, clock.now())
    assert caught.value.labels == (
        "开始时间", "结束时间", "地点", "在场人员", "辅导老师", "观察", "过程与方法", "评估与分析", "风险标记", "下次计划",
    )  # fmt: skip
    assert "下次计划" in caught.value.sentence
    with vault.read() as session:
        assert store.get(session, note.id).subjective == "睡不着"
        assert not store.get(session, note.id).is_signed


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"end": time(14, 0)}, "结束时间"),
        ({"held_on": TODAY + timedelta(days=1)}, "今天之后"),
        ({"mood_score": 11}, "0 到 10"),
        ({"next_date": date(2026, 11, 1)}, "下次日期"),
    ],
)
def test_what_cannot_be_true_is_not_signed(
    vault: Vault, file: File, clock: StandingClock, change: dict[str, object], words: str
) -> None:
    with pytest.raises(Problem) as caught:
        _signed(vault, file, clock, replace(FULL, **change))
    assert words in caught.value.sentence


def test_signing_keeps_the_moment_and_the_hash(vault: Vault, file: File, clock: StandingClock) -> None:
    note_id = _signed(vault, file, clock)
    with vault.read() as session:
        note = store.get(session, note_id)
    assert note.is_signed
    assert note.signed_at == clock.now()
    assert note.text_hash == note.content_hash()
    assert len(note.text_hash) == 64
    assert note.minutes == 40


def test_a_signed_note_is_not_saved_or_signed_again(vault: Vault, file: File, clock: StandingClock) -> None:
    note_id = _signed(vault, file, clock)
    with vault.write("试") as session:
        with pytest.raises(rules.AlreadySigned):
            store.save_draft(session, note_id, replace(FULL, subjective="别的"))
        with pytest.raises(rules.AlreadySigned):
            store.sign(session, note_id, clock.now())
        with pytest.raises(rules.AlreadySigned):
            store.discard(session, note_id, clock.now())


@pytest.mark.parametrize("flag", [f for f in RiskFlag if f.asks])
def test_a_risk_asks_what_was_done_before_signing(
    vault: Vault, file: File, clock: StandingClock, flag: RiskFlag
) -> None:
    with vault.write("试") as session:
        note = store.draft(session, file.case_id, replace(FULL, risk_flag=flag), TODAY)
    with vault.write("试") as session, pytest.raises(rules.RiskUnanswered) as caught:
        store.sign(session, note.id, clock.now())
    assert "监护人是否已通知" in caught.value.labels
    assert ("是否已向公安等部门报告" in caught.value.labels) == (flag is RiskFlag.ABUSE)
    with vault.write("试") as session:
        store.save_draft(
            session,
            note.id,
            replace(FULL, risk_flag=flag),
            risk=replace(RISK_DONE, reported=True, reported_at=clock.now()),
        )
        assert store.sign(session, note.id, clock.now()).is_signed


@pytest.mark.parametrize("flag", [RiskFlag.NONE, RiskFlag.WATCH])
def test_a_lesser_flag_asks_nothing(vault: Vault, file: File, clock: StandingClock, flag: RiskFlag) -> None:
    _signed(vault, file, clock, replace(FULL, risk_flag=flag))
    with vault.read() as session:
        assert risks.open_risks(session, file.student_id) == []


@pytest.mark.parametrize(
    "left_out",
    [
        {"guardian": GuardianTold.WITHHELD, "guardian_at": None},
        {"guardian": GuardianTold.NOT_REACHED, "guardian_at": None},
        {"accompanied": False},
        {"head_told": False},
        {"referral": False},
    ],
)
def test_what_was_not_done_needs_its_reason(left_out: dict[str, object]) -> None:
    answers = replace(RISK_DONE, **left_out)
    assert answers.missing(RiskFlag.IDEATION) == ["未做到的事项的原因"]
    assert replace(answers, reason="监护人可能是侵害者，已先报公安").missing(RiskFlag.IDEATION) == []


@pytest.mark.parametrize(
    ("left_open", "asked"),
    [
        ({"guardian_at": None}, "告知监护人的时间"),
        ({"head_at": None}, "告知校领导的时间"),
        ({"told_scope": " "}, "告知的内容范围"),
    ],
)
def test_whoever_was_told_needs_the_time_and_the_extent(left_open: dict[str, object], asked: str) -> None:
    assert replace(RISK_DONE, **left_open).missing(RiskFlag.PLAN) == [asked]


def test_whom_the_counsellor_told_is_kept_as_a_disclosure(vault: Vault, file: File, clock: StandingClock) -> None:
    with vault.write("试") as session:
        note = store.draft(session, file.case_id, replace(FULL, risk_flag=RiskFlag.ABUSE), TODAY)
        answers = replace(
            RISK_DONE,
            guardian=GuardianTold.WITHHELD,
            guardian_at=None,
            reported=True,
            reported_at=clock.now(),
            reason="该监护人涉嫌侵害",
        )
        store.save_draft(session, note.id, replace(FULL, risk_flag=RiskFlag.ABUSE), risk=answers)
        store.sign(session, note.id, clock.now())
    with vault.read() as session:
        told = store.disclosures(session, note.id)
    assert [(row.to_whom, row.at) for row in told] == [("校领导", RISK_DONE.head_at), ("公安等部门", clock.now())]
    assert {row.scope for row in told} == {RISK_DONE.told_scope}
    assert {row.basis for row in told} == {Basis.ABUSE}


def test_a_risk_shows_on_the_file_until_it_is_settled(vault: Vault, file: File, clock: StandingClock) -> None:
    values = replace(FULL, risk_flag=RiskFlag.IDEATION)
    with vault.write("试") as session:
        note = store.draft(session, file.case_id, values, TODAY)
        assert [n.id for n in risks.open_risks(session, file.student_id)] == [note.id]
        store.save_draft(session, note.id, values, risk=RISK_DONE)
        with pytest.raises(Problem):
            risks.settle(session, note.id, "没事了", clock.now())
        store.sign(session, note.id, clock.now())
        assert [n.id for n in risks.open_risks(session, file.student_id)] == [note.id]
    with vault.write("试") as session:
        with pytest.raises(Problem):
            risks.settle(session, note.id, " ", clock.now())
        risks.settle(session, note.id, "复评未见风险", clock.now())
    with vault.read() as session:
        assert risks.open_risks(session, file.student_id) == []


def test_an_old_note_is_marked_and_counts_from_its_entry(vault: Vault, file: File, clock: StandingClock) -> None:
    with vault.write("试") as session:
        late = store.draft(session, file.case_id, replace(FULL, held_on=date(2026, 9, 1)), TODAY)
        recent = store.draft(session, file.case_id, replace(FULL, held_on=date(2026, 11, 18)), TODAY)
        risky = store.draft(session, file.case_id, replace(FULL, risk_flag=RiskFlag.PLAN), TODAY)
    assert late.late_entry
    assert not recent.late_entry
    zone = clock.now().tzinfo
    assert late.sign_due(72, zone) == datetime(2026, 11, 23, 23, 59, tzinfo=zone)
    assert recent.sign_due(72, zone) == datetime(2026, 11, 21, 14, 40, tzinfo=zone)
    assert risky.sign_due(72, zone) == datetime(2026, 11, 20, 23, 59, 59, tzinfo=zone)


def test_drafts_past_their_time_stand_first(vault: Vault, file: File, clock: StandingClock) -> None:
    with vault.write("试") as session:
        fresh = store.draft(session, file.case_id, FULL, TODAY)
        old = store.draft(session, file.case_id, replace(FULL, held_on=date(2026, 11, 16)), date(2026, 11, 16))
        binned = store.draft(session, file.case_id, FULL, TODAY)
        store.discard(session, binned.id, clock.now())
        signed = store.draft(session, file.case_id, FULL, TODAY)
        store.sign(session, signed.id, clock.now())
    with vault.read() as session:
        unsigned = waiting.drafts(session, 72, clock.now())
    assert [(w.note.id, w.overdue) for w in unsigned] == [(old.id, True), (fresh.id, False)]
    assert unsigned[0].student_name == "林晓舟"


def test_session_numbers_are_not_used_again(vault: Vault, file: File, clock: StandingClock) -> None:
    first = _signed(vault, file, clock)
    with vault.write("试") as session:
        store.void(session, first, "写错了学生", clock.now())
        second = store.draft(session, file.case_id, FULL, TODAY)
        store.discard(session, second.id, clock.now())
        third = store.draft(session, file.case_id, FULL, TODAY)
    assert (second.session_no, third.session_no) == (2, 3)


def test_the_last_plan_can_be_loaded(vault: Vault, file: File, clock: StandingClock) -> None:
    with vault.read() as session:
        assert store.last_plan(session, file.case_id) is None
    _signed(vault, file, clock)
    voided = _signed(vault, file, clock, replace(FULL, next_plan="作废的计划"))
    with vault.write("试") as session:
        store.void(session, voided, "重复", clock.now())
        now = store.draft(session, file.case_id, replace(FULL, next_plan="这次的"), TODAY)
        last = store.last_plan(session, file.case_id, before=now.session_no)
    assert last is not None
    assert (last.session_no, last.next_plan, last.agreement) == (1, FULL.next_plan, FULL.agreement)


def test_the_memo_stays_open_after_signing_and_is_never_found(vault: Vault, file: File, clock: StandingClock) -> None:
    with vault.write("试") as session:
        note = store.draft(session, file.case_id, FULL, TODAY)
        store.save_draft(session, note.id, FULL, memo="反移情：想到自己的弟弟")
        store.sign(session, note.id, clock.now())
    with vault.write("试") as session:
        store.save_memo(session, note.id, "督导时谈谈反移情")
    with vault.read() as session:
        assert store.memo(session, note.id) == "督导时谈谈反移情"
        assert vault.search(session, "反移情") == []
        assert [hit.record for hit in vault.search(session, "凌晨醒")] == [note.id]


def test_many_signed_at_once_follow_the_same_rules(vault: Vault, file: File, clock: StandingClock) -> None:
    with vault.write("试") as session:
        for number in range(1, 6):
            store.enter_signed(session, file.student_id, file.case_id, number, FULL, clock.now())
        with pytest.raises(rules.NotReady):
            store.enter_signed(session, file.student_id, file.case_id, 6, replace(FULL, place=""), clock.now())
        with pytest.raises(rules.RiskUnanswered):
            store.enter_signed(
                session, file.student_id, file.case_id, 6, replace(FULL, risk_flag=RiskFlag.PLAN), clock.now()
            )
    with vault.read() as session:
        found = store.signed_notes(session, file.student_id)
        assert [note.session_no for note in found] == [5, 4, 3, 2, 1]
        assert all(note.text_hash == note.content_hash() for note in found)


class TestSnippets:
    def test_words_of_a_note_are_kept_once_and_named_by_how_they_begin(self, vault: Vault) -> None:
        with vault.write("试") as session:
            snippets.keep(session, "约定每天睡前听一首歌，写下一句话。", "agreement")
            snippets.keep(session, "约定每天睡前听一首歌，写下三句话。", "agreement")
            snippets.keep(session, "约定每天睡前听一首歌，写下三句话。 ", "agreement")
            with pytest.raises(Problem):
                snippets.keep(session, "  ")
        with vault.read() as session:
            kept = snippets.snippets(session)
        assert [s.text[-6:] for s in kept] == ["写下一句话。", "写下三句话。"]
        assert {s.name for s in kept} == {"约定每天睡前听一首歌，写"}

    def test_they_stand_in_her_order_and_new_ones_at_the_end(self, vault: Vault) -> None:
        with vault.write("试") as session:
            for name in ("丙", "甲", "乙"):
                snippets.add(session, name, f"{name}。")
        with vault.write("试") as session:
            last = snippets.snippets(session)[-1]
            snippets.move(session, last.id, -1)
            snippets.move(session, last.id, -1)
            snippets.move(session, last.id, -1)
            snippets.keep(session, "丁。")
        with vault.read() as session:
            assert [s.name for s in snippets.snippets(session)] == ["乙", "丙", "甲", "丁。"]

    def test_a_phrase_is_changed_taken_away_and_taken_back(self, vault: Vault, clock: StandingClock) -> None:
        with vault.write("试") as session:
            one, two = snippets.add(session, "听歌", "听歌。"), snippets.add(session, "散步", "散步。")
            snippets.change(session, one.id, " 听一首歌 ", "每天听一首歌。", "agreement")
            with pytest.raises(Problem):
                snippets.change(session, two.id, "", "散步。", "")
        with vault.write("试") as session:
            bin.put(snippets.get(session, one.id), clock.now())
        with vault.read() as session:
            assert [s.name for s in snippets.snippets(session)] == ["散步"]
        with vault.write("试") as session:
            bin.take_back(snippets.get(session, one.id))
        with vault.read() as session:
            told = [(s.name, s.text, s.part) for s in snippets.snippets(session)]
        assert told == [("听一首歌", "每天听一首歌。", "agreement"), ("散步", "散步。", "")]


class TestCases:
    def test_numbers_run_through_the_school_year_and_are_never_given_twice(self, vault: Vault, file: File) -> None:
        values = cases.CaseValues(source=CaseSource.STUDENT, problem_types=["mood"], presenting_problem="睡不好")
        with vault.write("试") as session:
            second = cases.open_case(session, file.student_id, values, TODAY)
            next_year = cases.open_case(session, file.student_id, values, date(2027, 8, 1))
            session.delete(second)
        with vault.write("试") as session:
            third = cases.open_case(session, file.student_id, values, date(2027, 7, 31))
        assert [second.case_no, third.case_no] == ["2026-个-002", "2026-个-003"]
        assert next_year.case_no == "2027-个-001"

    def test_a_case_names_what_it_lacks(self, vault: Vault, file: File) -> None:
        with vault.write("试") as session, pytest.raises(Problem) as caught:
            cases.open_case(session, file.student_id, cases.CaseValues(source=CaseSource.PARENT), TODAY)
        assert "问题类型、主诉" in caught.value.sentence

    def test_it_moves_only_where_it_may(self, vault: Vault, file: File) -> None:
        with vault.write("试") as session:
            with pytest.raises(Problem) as caught:
                cases.move_case(session, file.case_id, CaseStatus.PAUSED, TODAY)
            assert "接案评估" in caught.value.next_step
            case = cases.move_case(session, file.case_id, CaseStatus.INTAKE, TODAY)
            assert case.intake_at == TODAY
            cases.move_case(session, file.case_id, CaseStatus.ACTIVE, TODAY + timedelta(days=3))
            assert case.intake_at == TODAY

    def test_it_closes_only_without_unsigned_notes_and_open_risks(
        self, vault: Vault, file: File, clock: StandingClock
    ) -> None:
        def close() -> None:
            with vault.write("试") as session:
                cases.close_case(
                    session,
                    file.case_id,
                    reason=CloseReason.REACHED,
                    outcome=Outcome.BETTER,
                    follow_up_plan="一个月后回访",
                    today=TODAY,
                )

        risky = replace(FULL, risk_flag=RiskFlag.IDEATION)
        with vault.write("试") as session:
            note = store.draft(session, file.case_id, risky, TODAY)
        with pytest.raises(Problem, match="未签") as caught:
            close()
        assert "第1次" in caught.value.sentence
        with vault.write("试") as session:
            store.save_draft(session, note.id, risky, risk=RISK_DONE)
            store.sign(session, note.id, clock.now())
        with pytest.raises(Problem, match="风险"):
            close()
        with vault.write("试") as session:
            risks.settle(session, note.id, "复评未见风险", clock.now())
        close()
        with vault.read() as session:
            case = cases.get_case(session, file.case_id)
            assert (case.status, case.closed_at) == (CaseStatus.CLOSED, TODAY)
            assert cases.current_case(session, file.student_id) is None
        with vault.write("试") as session, pytest.raises(Problem, match="已结案"):
            store.draft(session, file.case_id, FULL, TODAY)
        with vault.write("试") as session:
            again = cases.move_case(session, file.case_id, CaseStatus.ACTIVE, TODAY)
            assert (again.closed_at, again.reopened_at) == (None, TODAY)
            store.draft(session, file.case_id, replace(FULL, mode=Mode.PHONE), TODAY)

    def test_a_case_opened_by_mistake_goes_to_the_bin_unless_it_has_notes(
        self, vault: Vault, file: File, other: File, clock: StandingClock
    ) -> None:
        _signed(vault, file, clock)
        with vault.write("试") as session:
            with pytest.raises(Problem, match="会谈记录"):
                cases.discard_case(session, file.case_id, clock.now())
            cases.discard_case(session, other.case_id, clock.now())
        with vault.read() as session:
            assert cases.cases(session, other.student_id) == []
