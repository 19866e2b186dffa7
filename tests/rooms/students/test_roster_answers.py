"""Grades and classes in a school's own words: asked once for all rows that carry them, remembered, never guessed in silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.rooms.students import remembered, roster
from app.rooms.students.classlist.answers import Answer, Asked
from app.rooms.students.roster import Preview
from app.vault.vault import Vault
from tests.rooms.students import lists

HEAD = ["学号", "姓名", "性别", "年级", "班级"]


def shown(vault: Vault, folder: Path, rows: Sequence[Sequence[object]], sheet: str = "名单") -> Preview:
    return roster.preview(vault, lists.xlsx(folder / "名册.xlsx", {sheet: [HEAD, *rows]}))


def answered(vault: Vault, before: Preview, **answers: Answer) -> Preview:
    return roster.look(vault, before.book, replace(before.mapping, answers=answers))


def places(found: Preview) -> dict[str, tuple[int, int]]:
    return {entry.name: (entry.grade, entry.class_no) for entry in found.new}


def test_a_named_class_is_answered_once_for_all_its_rows(vault: Vault, tmp_path: Path) -> None:
    rows = [
        ["01", "林晓舟", "女", "八年级", "火箭班"],
        ["02", "周可", "男", "八年级", "火箭班"],
        ["03", "吴敏", "女", "八年级", "实验1班"],
        ["04", "郑兰", "女", "", "国际部A班"],
        ["05", "钱多", "男", "八年级", "3班"],
    ]
    before = shown(vault, tmp_path, rows)
    assert before.asked == (Asked("火箭班", 2, True), Asked("实验1班", 1, True), Asked("国际部A班", 1, True))
    assert (before.open_words(), len(before.problems), places(before)) == (3, 4, {"钱多": (8, 3)})
    after = answered(vault, before, 火箭班=Answer(None, 7), 国际部A班=Answer(9, 12))
    assert places(after) == {"林晓舟": (8, 7), "周可": (8, 7), "郑兰": (9, 12), "钱多": (8, 3)}
    assert [p.reason for p in after.problems] == ["班级「实验1班」看不懂"]
    assert after.open_words() == 1


def test_an_answer_that_contradicts_the_grade_of_a_row_is_not_taken(vault: Vault, tmp_path: Path) -> None:
    before = shown(vault, tmp_path, [["01", "林晓舟", "女", "八年级", "火箭班"]])
    after = answered(vault, before, 火箭班=Answer(9, 7))
    assert (places(after), [p.reason for p in after.problems]) == ({}, ["班级「火箭班」和年级不一致"])


def test_a_year_of_entry_of_which_nobody_knows_the_stage_is_asked_for(vault: Vault, tmp_path: Path) -> None:
    rows = [
        ["01", "林晓舟", "女", "2024级", "3班"],
        ["02", "周可", "男", "", "2024级5班"],
        ["03", "吴敏", "女", "2025级", "1班"],
    ]
    before = shown(vault, tmp_path, rows)
    assert before.asked == (Asked("2024级", 2, False), Asked("2025级", 1, False))
    assert places(before) == {}
    after = answered(vault, before, **{"2024级": Answer(12), "2025级": Answer(11)})
    assert places(after) == {"林晓舟": (12, 3), "周可": (12, 5), "吴敏": (11, 1)}


def test_the_grades_the_school_has_tell_the_stage_and_it_is_said(vault: Vault, tmp_path: Path) -> None:
    roster.take(vault, shown(vault, tmp_path, [["90", "孙月", "女", "七年级", "1班"]]))
    rows = [["01", "林晓舟", "女", "2024级", "3班"], ["02", "周可", "男", "", "2025级5班"]]
    found = shown(vault, tmp_path, rows)
    assert places(found) == {"林晓舟": (9, 3), "周可": (8, 5)}
    assert "「2024级」按档案里已有的年级读作九年级。" in found.remarks
    assert (found.asked[0], found.open_words()) == (Asked("2024级", 1, False, 9), 0)
    assert places(answered(vault, found, **{"2024级": Answer(12)}))["林晓舟"] == (12, 3)


def test_rows_that_name_no_grade_at_all_are_answered_together(vault: Vault, tmp_path: Path) -> None:
    before = shown(vault, tmp_path, [["01", "林晓舟", "女", "", "3班"], ["02", "周可", "男", "", "4班"]])
    assert before.asked == (Asked("", 2, False),)
    assert places(answered(vault, before, **{"": Answer(8)})) == {"林晓舟": (8, 3), "周可": (8, 4)}


def test_a_grade_of_the_schools_own_and_a_sheet_named_for_its_class(vault: Vault, tmp_path: Path) -> None:
    before = shown(vault, tmp_path, [["01", "林晓舟", "女", "直升部", ""]], sheet="火箭班")
    assert before.asked == (Asked("直升部", 1, False),)
    middle = answered(vault, before, 直升部=Answer(9))
    assert middle.asked == (Asked("直升部", 1, False), Asked("火箭班", 1, True))
    after = answered(vault, before, 直升部=Answer(9), 火箭班=Answer(None, 7))
    assert places(after) == {"林晓舟": (9, 7)}


def test_answers_are_remembered_with_the_columns_by_name(vault: Vault, tmp_path: Path) -> None:
    rows = [["01", "林晓舟", "女", "八年级", "火箭班"]]
    before = shown(vault, tmp_path, rows)
    mapping = replace(before.mapping, answers={"火箭班": Answer(None, 7), "2024级": Answer(9)})
    remembered.remember(vault, "教务处名册", mapping)
    again = shown(vault, tmp_path, rows)
    assert (again.remembered, again.mapping) == ("教务处名册", mapping)
    assert places(again) == {"林晓舟": (8, 7)}
