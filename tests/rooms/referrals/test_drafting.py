"""The reason drafted from the signed notes that the counsellor picks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.clock import StandingClock
from app.rooms.notes import store as notes
from app.rooms.notes.cases import CaseValues, open_case
from app.rooms.notes.choices import CaseSource
from app.rooms.referrals import drafting, rules, store
from app.rooms.referrals.record import ReferralValues
from app.vault.vault import Vault
from tests.rooms.notes.samples import FULL
from tests.rooms.referrals.samples import TODAY, File


def test_it_tells_what_was_seen_from_the_oldest_as_amended(vault: Vault, file: File, clock: StandingClock) -> None:
    with vault.write("试") as session:
        values = CaseValues(source=CaseSource.STUDENT, problem_types=["mood"], presenting_problem="睡不好。")
        case = open_case(session, file.student_id, values, date(2026, 11, 9))
        texts = [(date(2026, 11, 18), "话比上周少"), (date(2026, 11, 9), "语速慢,落泪。")]
        ids = []
        for day, seen in texts:
            note = notes.draft(session, case.id, replace(FULL, held_on=day, observation=seen, next_date=None), TODAY)
            notes.sign(session, note.id, clock.now())
            ids.append(note.id)
        notes.draft(session, case.id, replace(FULL, observation="草稿里的话"), TODAY)
        notes.amend(session, ids[0], "observation", "话比上周多", "听错了", clock.now())
        notes.amend(session, ids[0], "held_on", "2026年11月17日", "日期写错了", clock.now())
        referral = store.new(session, file.student_id, TODAY)
        store.save_draft(session, referral.id, replace(ReferralValues.of(referral), note_ids=[str(i) for i in ids]))
        picked = store.picked_notes(session, referral)
        said = drafting.observed(session, picked)
    assert said.split("\n")[0].startswith("2026年11月9日：语速慢,落泪。")
    assert said.split("\n")[1].startswith("2026年11月17日：话比上周多。")
    assert "凌晨醒" not in said
    assert "草稿里的话" not in said
    assert drafting.measures(picked) == "2026年11月9日至11月18日个别辅导2次。"
    assert drafting.measures(picked[:1]) == "2026年11月18日个别辅导1次。"
    assert drafting.measures([]) == ""


def test_words_of_a_diagnosis_are_pointed_out() -> None:
    assert rules.judging("医院确诊抑郁症", "无") == ["确诊", "抑郁症"]
    assert rules.judging("情绪低落两个月") == []
