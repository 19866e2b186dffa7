"""The class lists of tests/cases come out exactly as truth.json says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.rooms.students import roster
from app.rooms.students.classlist.entries import Entry
from app.vault.vault import Vault

CASES = Path(__file__).parents[2] / "cases"
TRUTH: dict[str, Any] = json.loads((CASES / "truth.json").read_text(encoding="utf-8"))


def as_truth(entry: Entry) -> dict[str, Any]:
    return {
        "student_no": entry.student_no,
        "name": entry.name,
        "gender": entry.gender.label,
        "birth_date": entry.birth_date.isoformat() if entry.birth_date else None,
        "grade": entry.grade,
        "class_no": entry.class_no,
        "phone": entry.phone,
        "boarding": entry.boarding,
    }


@pytest.mark.parametrize("file", sorted(TRUTH))
def test_every_student_repeat_and_problem_is_as_the_truth_says(vault: Vault, file: str) -> None:
    truth = TRUTH[file]
    shown = roster.preview(vault, CASES / file)
    assert [as_truth(entry) for entry in shown.new] == truth["students"]
    assert [{"sheet": r.sheet, "row": r.row, "student_no": r.student_no} for r in shown.repeats] == truth["repeats"]
    assert [(p.sheet, p.row) for p in shown.problems] == [(p["sheet"], p["row"]) for p in truth["problems"]]
    assert all(p.reason for p in shown.problems)
    assert shown.missing == ()


def test_the_reasons_say_what_is_wrong_and_name_nobody(vault: Vault) -> None:
    shown = roster.preview(vault, CASES / "roster.xlsx")
    words = {
        "same student_no, other name": "姓名不同",
        "no name": "没有姓名",
        "gender not 男/女": "不是男或女",
        "no such date": "没有这一天",
    }
    for problem, truth in zip(shown.problems, TRUTH["roster.xlsx"]["problems"], strict=True):
        assert words[truth["why"]] in problem.reason
        assert not any(len(cell) > 1 and cell in problem.reason for cell in problem.content[2:3])


def test_the_hidden_sheet_is_left_out_and_said(vault: Vault) -> None:
    shown = roster.preview(vault, CASES / "roster.xlsx")
    assert any("Sheet旧" in remark for remark in shown.remarks)


def test_taking_all_three_lists_makes_their_students(vault: Vault) -> None:
    from app.rooms.students import store

    for file in sorted(TRUTH):
        taken = roster.take(vault, roster.preview(vault, CASES / file))
        assert taken.new == len(TRUTH[file]["students"])
    with vault.read() as session:
        assert store.count(session) == sum(len(truth["students"]) for truth in TRUTH.values())
        known = store.by_number(session, "026010001")
        assert known is not None
        guardian = store.guardians(session, known.id)[0]
    assert (guardian.is_primary, guardian.phone) == (True, known.phone)
