"""School years, terms, and the names of grades and classes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rooms.school import store
from app.rooms.school.names import stretch_name, weekday_names
from app.rooms.school.record import (
    School,
    class_name,
    end_of_school_year,
    grade_name,
    school_year,
    term,
)
from app.vault.vault import Vault

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("day", "year", "in_term"),
    [
        (date(2026, 7, 31), 2025, 2),
        (date(2026, 8, 1), 2026, 1),
        (date(2026, 12, 31), 2026, 1),
        (date(2027, 1, 31), 2026, 1),
        (date(2027, 2, 1), 2026, 2),
    ],
)
def test_the_year_turns_in_august_and_the_term_in_february(day: date, year: int, in_term: int) -> None:
    assert (school_year(day), term(day)) == (year, in_term)


@given(DAYS)
def test_a_year_ends_in_itself(day: date) -> None:
    end = end_of_school_year(day)
    assert day <= end
    assert school_year(end) == school_year(day)
    assert school_year(date.fromordinal(end.toordinal() + 1)) == school_year(day) + 1


@pytest.mark.parametrize(
    ("grade", "words", "first_class"),
    [
        (1, "一年级", "一(1)班"),
        (7, "七年级", "七(1)班"),
        (9, "九年级", "九(1)班"),
        (10, "高一", "高一(1)班"),
        (12, "高三", "高三(1)班"),
    ],
)
def test_grades_and_classes_are_named_as_schools_do(grade: int, words: str, first_class: str) -> None:
    assert (grade_name(grade), class_name(grade, 1)) == (words, first_class)


@pytest.mark.parametrize("grade", [0, 13, -1])
def test_there_is_no_other_grade(grade: int) -> None:
    with pytest.raises(ValueError, match="1 to 12"):
        grade_name(grade)


def test_the_school_is_one_row(vault: Vault) -> None:
    for name in ("青禾中学", "青禾实验中学"):
        with vault.write("试") as session:
            school = store.school(session)
            school.name = name
            store.save(session, school)
    with vault.read() as session:
        assert store.school(session).name == "青禾实验中学"
        assert session.query(School).count() == 1


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 2, 15), date(2026, 2, 23), "2月15日–23日"),
        (date(2026, 9, 28), date(2026, 10, 3), "9月28日–10月3日"),
        (date(2026, 1, 1), date(2026, 1, 1), "1月1日"),
    ],
)
def test_a_stretch_of_days_is_said_shortly(first: date, last: date, words: str) -> None:
    assert stretch_name(first, last) == words


@pytest.mark.parametrize(
    ("weekdays", "words"),
    [("12345", "周一至周五"), ("13", "周一、周三"), ("67", "周六、周日"), ("1245", "周一、周二、周四、周五"), ("", "")],
)
def test_weekdays_are_named_together(weekdays: str, words: str) -> None:
    assert weekday_names(weekdays) == words
