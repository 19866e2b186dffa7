"""Lines: 避头尾, both edges, long words, and nothing lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.documents.fonts import SERIF
from app.documents.linebreak import NOT_FIRST, NOT_LAST, Line, set_line, set_text
from tests.documents.reading import bare

PROSE = (
    "老师说：“最近怎么样？”（停顿了很久）她说“还好……只是睡不着”，又说《活着》没看完；班主任——李老师——约好周三再谈。"
    "量表PHQ-9得分21分，电话0791-5550102，邮箱room@school.example.edu.cn，体重42.5kg、身高158cm。"
) * 3


def ends(lines: list[Line]) -> list[float]:
    return [line.indent + line.width for line in lines]


@pytest.mark.parametrize("width", range(90, 460, 7))
def test_no_line_begins_or_ends_where_it_must_not(width: int) -> None:
    lines = set_text(PROSE, SERIF, 16, width, indent=32)
    assert [line.text for line in lines[1:] if line.text[0] in NOT_FIRST] == []
    assert [line.text for line in lines if line.text[-1] in NOT_LAST] == []
    assert "".join(line.text for line in lines) == PROSE


@pytest.mark.parametrize("width", range(240, 460, 7))
def test_lines_of_prose_reach_the_right_edge_but_the_last(width: int) -> None:
    lines = set_text(PROSE, SERIF, 12, width, indent=24)
    assert all(end == pytest.approx(width, abs=0.1) for end in ends(lines[:-1]))
    assert lines[-1].runs[-1].spacing == 0


def test_the_first_line_alone_is_indented() -> None:
    lines = set_text(PROSE, SERIF, 16, 440, indent=32)
    assert [line.indent for line in lines] == [32] + [0] * (len(lines) - 1)


def test_an_indent_typed_by_hand_is_not_added_to_ours() -> None:
    assert set_text("　　学生近况", SERIF, 16, 440, indent=32)[0].text == "学生近况"


def test_a_word_is_not_broken_while_a_line_has_room_for_it() -> None:
    lines = set_text("本次评估使用的工具名称为Questionnaire并由学校心理教师解释结果", SERIF, 16, 230)
    assert any("Questionnaire" in line.text for line in lines)


def test_a_word_longer_than_a_line_is_broken_and_kept_whole_in_order() -> None:
    word = "x" * 500
    lines = set_text(word, SERIF, 16, 200)
    assert len(lines) > 10
    assert "".join(line.text for line in lines) == word
    assert max(ends(lines)) <= 200.1


def test_an_address_is_broken_after_its_marks() -> None:
    lines = set_text("邮箱" + "counselling-room@qiming-middle-school.example.edu.cn", SERIF, 16, 200)
    assert all(line.text[-1] in "-@." for line in lines[:-1])


def test_each_line_of_a_text_is_its_own_paragraph() -> None:
    assert [line.text for line in set_text("一\r\n\n二\u2028三", SERIF, 12, 100)] == ["一", "", "二", "三"]


def test_one_line_stays_one_line() -> None:
    assert set_line("一\n二", SERIF, 9).text == "一 二"


@given(st.text(max_size=300), st.integers(60, 460), st.booleans())
@example(":U\x1b@", 60, False)
@settings(max_examples=150, deadline=None)
def test_nothing_is_lost_and_nothing_stands_out(text: str, width: int, justify: bool) -> None:
    lines = set_text(text, SERIF, 12, width, indent=24, justify=justify)
    assert bare("".join(line.text for line in lines)) == bare(text)
    assert max(ends(lines), default=0) <= width + 0.1


@pytest.mark.parametrize("text", ["字" * 200_000, "x" * 200_000, "。" * 100_000, "（" * 50_000, "e\u0301" * 50_000])
def test_very_long_text_is_set_in_linear_time(text: str) -> None:
    began = time.perf_counter()
    lines = set_text(text, SERIF, 12, 440)
    assert "".join(line.text for line in lines) == text
    assert time.perf_counter() - began < 20
