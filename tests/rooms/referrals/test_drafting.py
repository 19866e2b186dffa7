"""The reason drafted from the signed notes that the counsellor picks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.clock import StandingClock
from app.rooms.notes import store as notes
from app.rooms.notes.cases import CaseValues, open_case
from app.rooms.notes.choices import CaseSource
from app.rooms.referrals import drafting, rules
from app.vault.vault import Vault
from tests.rooms.notes.samples import FULL
from tests.rooms.referrals.samples import TODAY, File


def test_it_tells_what_was_seen_from_the_oldest_as_amended(vault: Vault, file: File, clock: StandingClock) -> None:
    with vault.write("试") as session:
        values = CaseValues(source=CaseSource.STUDENT, problem_types=["mood"], presenting_problem="睡不好。")
        case = open_case(session, file.student_id, values, date(2026, 11, 9))
        texts = [(date(2026, 11, 18), "话比上周少"), (date(2026, 11, 9), "语速慢，落泪。")]
        ids = []
        for day, seen in texts:
            note = notes.draft(session, case.id, replace(FULL, held_on=day, observation=seen, next_date=None), TODAY)
            notes.sign(session, note.id, clock.now())
            ids.append(note.id)
        notes.draft(session, case.id, replace(FULL, observation="草稿里的话"), TODAY)
        notes.amend(session, ids[0], "observation", "话比上周多", "听错了", clock.now())
        notes.amend(session, ids[0], "held_on", "2026年11月17日", "日期写错了", clock.now())
        picked = [notes.get(session, note_id) for note_id in ids]
        said = drafting.observed(session, picked)
        assert drafting.measures(session, picked) == "2026年11月9日至11月17日个别辅导2次。"
        assert drafting.measures(session, picked[:1]) == "2026年11月17日个别辅导1次。"
        assert drafting.measures(session, []) == ""
    assert said.split("\n")[0].startswith("2026年11月9日：语速慢，落泪。")
    assert said.split("\n")[1].startswith("2026年11月17日：话比上周多。")
    assert "凌晨醒" not in said
    assert "草稿里的话" not in said


@pytest.mark.parametrize(
    ("corrected", "told"),
    [
        ("2026年12月2日", "2026年11月18日至12月2日个别辅导2次。"),
        ("应为上周三", "个别辅导2次。"),
        ("2026年2月30日", "个别辅导2次。"),
    ],
)
def test_the_span_follows_a_corrected_date_and_is_left_out_where_it_cannot_be_read(
    vault: Vault, file: File, clock: StandingClock, corrected: str, told: str
) -> None:
    with vault.write("试") as session:
        values = CaseValues(source=CaseSource.STUDENT, problem_types=["mood"], presenting_problem="睡不好。")
        case = open_case(session, file.student_id, values, date(2026, 11, 9))
        picked = []
        for day in (date(2026, 11, 9), date(2026, 11, 18)):
            note = notes.draft(session, case.id, replace(FULL, held_on=day, next_date=None), TODAY)
            picked.append(notes.sign(session, note.id, clock.now()))
        notes.amend(session, picked[0].id, "held_on", corrected, "日期写错了", clock.now())
        assert drafting.measures(session, picked) == told
        first = drafting.observed(session, picked).split("\n")[0]
    assert first.startswith("2026年11月18日" if corrected == "2026年12月2日" else corrected)


def test_words_of_a_diagnosis_are_pointed_out() -> None:
    assert rules.judging("医院确诊抑郁症", "无") == ["确诊", "抑郁症"]
    assert rules.judging("情绪低落两个月") == []
