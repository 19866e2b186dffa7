"""What the house is told of this room: timeline, facts, what is due, search hits, forgetting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from app.clock import StandingClock
from app.rooms.notes import cases, dues, overview, risks, store
from app.rooms.notes.choices import CaseStatus, RiskFlag
from app.rooms.notes.record import Amendment, Case, Disclosure, Memo, Note, RiskAnswer
from app.rooms.school.record import DeadlineTerms, Heading, Weight
from app.rooms.students.choices import ConsentDecision, ConsentMethod, ConsentType, SignerRole
from app.rooms.students.record import Consent, Student, Tone
from app.vault import bin
from app.vault.bin import Destruction
from app.vault.vault import Vault
from tests.rooms.notes.samples import FULL, RISK_DONE, File

TODAY = date(2026, 11, 20)
RISKY = replace(FULL, risk_flag=RiskFlag.IDEATION)


def _note(vault: Vault, file: File, clock: StandingClock, *, signed: bool = True, values=FULL) -> int:  # type: ignore[no-untyped-def]
    with vault.write("试") as session:
        note = store.draft(session, file.case_id, values, TODAY)
        store.save_draft(session, note.id, values, memo="手记", risk=RISK_DONE if values.risk_flag.asks else None)
        if signed:
            store.sign(session, note.id, clock.now())
        return note.id


def test_the_timeline_tells_notes_and_cases_newest_first(vault: Vault, file: File, clock: StandingClock) -> None:
    signed = _note(vault, file, clock)
    late = _note(vault, file, clock, signed=False, values=replace(FULL, held_on=date(2026, 9, 1), next_date=None))
    with vault.write("试") as session:
        store.amend(session, signed, "place", "沙盘室", "地点写错", clock.now())
        store.void(session, signed, "重复", clock.now())
    with vault.read() as session:
        told = overview.lines(session, file.student_id)
    assert [(line.kind, line.record_id) for line in told] == [
        ("note", signed),
        ("case_file", file.case_id),
        ("note", late),
    ]
    assert told[0].struck
    assert {"已签", "面谈", "40 分钟", "已更正", "作废"} == set(told[0].tags)
    assert "落泪" in told[0].text
    assert "睡前记录" in told[0].text
    assert told[2].late_entry
    assert told[2].tags[0] == "草稿"


def test_facts_name_open_risks_first(vault: Vault, file: File, clock: StandingClock) -> None:
    risky = _note(vault, file, clock, values=RISKY)
    _note(vault, file, clock, signed=False)
    with vault.read() as session:
        told = overview.facts(session, file.student_id)
    assert [fact.label for fact in told] == ["风险未了结", "个案", "未签记录"]
    assert told[0].tone is Tone.RED
    assert "有自伤/自杀意念" in told[0].text
    assert "2026-个-001" in told[1].text
    assert "已签 1 次" in told[1].text
    assert told[2].text == "第2次"
    with vault.write("试") as session:
        risks.settle(session, risky, "复评未见风险", clock.now())
    with vault.read() as session:
        assert [fact.label for fact in overview.facts(session, file.student_id)] == ["个案", "未签记录"]


def test_a_risk_is_looked_at_again_a_week_after_the_last_talk_until_it_is_settled(
    vault: Vault, file: File, clock: StandingClock
) -> None:
    def again() -> list[tuple[int, date]]:
        with vault.read() as session:
            told = dues.due(session, DeadlineTerms(), TODAY)
        return [(one.record_id, one.due) for one in told if one.key == "risk.reassess"]

    draft = _note(vault, file, clock, signed=False, values=RISKY)
    with vault.read() as session:
        (line,) = [one for one in dues.due(session, DeadlineTerms(), TODAY) if one.key == "note.sign"]
    assert (line.record_id, line.weight) == (draft, Weight.SAFETY), "signed the same day"
    assert again() == []
    with vault.write("试") as session:
        store.sign(session, draft, clock.now())
    assert again() == [(draft, RISKY.held_on + timedelta(days=7))]
    clock.moment += timedelta(days=5)
    _note(vault, file, clock, signed=False, values=replace(RISKY, held_on=clock.today(), risk_flag=RiskFlag.NONE))
    assert again() == [(draft, clock.today() + timedelta(days=7))], "one student, one line"
    with vault.write("试") as session:
        risks.settle(session, draft, "复评未见风险", clock.now())
    assert again() == []


def test_many_drafts_are_counted_not_listed(vault: Vault, file: File, clock: StandingClock) -> None:
    for _ in range(5):
        _note(vault, file, clock, signed=False)
    with vault.read() as session:
        told = overview.facts(session, file.student_id)
    assert told[-1].text.count("第") == 3
    assert told[-1].text.endswith("等 5 次")


def test_what_is_due_and_when(vault: Vault, file: File, clock: StandingClock) -> None:
    terms = DeadlineTerms()
    draft = _note(vault, file, clock, signed=False)
    risky = _note(vault, file, clock, signed=False, values=RISKY)

    def due(today: date) -> dict[tuple[str, int], date]:
        with vault.read() as session:
            return {(d.key, d.record_id): d.due for d in dues.due(session, terms, today)}

    assert due(TODAY) == {
        ("note.sign", draft): date(2026, 11, 23),
        ("note.sign", risky): TODAY,
        ("case.intake", file.case_id): date(2026, 11, 16),
    }
    with vault.write("试") as session:
        cases.move_case(session, file.case_id, CaseStatus.ACTIVE, TODAY)
        for note_id in (draft, risky):
            store.sign(session, note_id, clock.now())
    assert due(TODAY) == {
        ("case.goals", file.case_id): TODAY + timedelta(days=14),
        ("risk.reassess", risky): TODAY + timedelta(days=7),
    }
    assert ("case.silent", file.case_id) not in due(TODAY + timedelta(days=29))
    assert due(TODAY + timedelta(days=30))[("case.silent", file.case_id)] == TODAY + timedelta(days=30)
    with vault.write("试") as session:
        bin.put(session.get_one(Student, file.student_id), clock.now())
    assert due(TODAY + timedelta(days=30)) == {}


def test_a_search_hit_is_named_and_leads_to_its_note(vault: Vault, file: File, clock: StandingClock) -> None:
    note_id = _note(vault, file, clock, values=RISKY)
    with vault.write("试") as session:
        store.amend(session, note_id, "place", "沙盘室", "地点写错", clock.now())
    with vault.read() as session:
        for words, kind in (
            ("凌晨醒", "note"),
            ("沙盘室", "note_amendment"),
            ("到校接走", "risk_answer"),
            ("怕考试", "case_file"),
        ):
            hits = vault.search(session, words)
            assert [hit.kind for hit in hits] == [kind]
            title_and_text = overview.found(session, hits[0].kind, hits[0].record)
            assert title_and_text is not None
            assert all(title_and_text)
            assert overview.note_of(session, hits[0].kind, hits[0].record) == (None if kind == "case_file" else note_id)


def test_forgetting_leaves_nothing_once_the_file_is_destroyed(
    vault: Vault, file: File, other: File, clock: StandingClock
) -> None:
    _note(vault, file, clock, values=RISKY)
    with vault.write("试") as session:
        store.amend(session, 1, "place", "沙盘室", "地点写错", clock.now())
    kept = _note(vault, other, clock)
    with vault.write("试") as session:
        session.add(Destruction(student_id=file.student_id, reason="到期", at=clock.now()))
        session.flush()
        overview.forget(session, file.student_id)
    with vault.read() as session:
        for kind in (Memo, Amendment, RiskAnswer, Disclosure, Note, Case):
            assert session.query(kind).where(kind.student_id == file.student_id).count() == 0
        assert store.get(session, kept).is_signed
        assert [hit.record for hit in vault.search(session, "凌晨醒")] == [kept]


def test_who_may_be_forgotten(vault: Vault, file: File, clock: StandingClock) -> None:
    """An open case whose student never came, or of which nothing is signed for 30 days, paused or not; not a closed one."""
    terms, later = DeadlineTerms(), TODAY + timedelta(days=30)

    def fading(today: date) -> dict[str, str]:
        with vault.read() as session:
            return {d.key: d.title for d in dues.due(session, terms, today) if d.heading is Heading.FADING}

    assert fading(later) == {}, "one that is not taken on has its own deadline"
    with vault.write("试") as session:
        cases.move_case(session, file.case_id, CaseStatus.ACTIVE, TODAY)
    assert fading(date(2026, 11, 15)) == {}
    assert list(fading(TODAY)) == ["case.unseen"]
    _note(vault, file, clock)
    assert fading(later - timedelta(days=1)) == {}
    with vault.write("试") as session:
        cases.move_case(session, file.case_id, CaseStatus.PAUSED, TODAY)
    assert fading(later) == {"case.silent": "最近一次记录 11月20日"}
    assert fading(date(2027, 1, 5)) == {"case.silent": "最近一次记录 2026年11月20日"}
    with vault.write("试") as session:
        session.get_one(Case, file.case_id).status = CaseStatus.CLOSED
    assert fading(later) == {}


def test_an_open_case_asks_for_a_consent_that_has_run_out(vault: Vault, file: File) -> None:
    with vault.write("试") as session:
        consent = Consent(
            student_id=file.student_id,
            type=ConsentType.COUNSELLING,
            decision=ConsentDecision.AGREED,
            signer_role=SignerRole.BOTH,
            signer_name="母亲",
            method=ConsentMethod.PAPER,
            signed_at=date(2025, 9, 1),
            valid_until=date(2026, 7, 31),
        )
        session.add(consent)
        session.flush()
        consent_id = consent.id
    with vault.read() as session:
        told = [(d.key, d.record_id, d.due) for d in dues.due(session, DeadlineTerms(), TODAY)]
    assert ("consent.renew", consent_id, date(2026, 8, 1)) in told
