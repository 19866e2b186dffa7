"""How long the file of who has left is kept, and that its line goes with it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rooms.school.deadlines import years_after
from app.rooms.school.record import DeadlineTerms
from app.rooms.students import archives, store
from app.rooms.students.archives import Held, kept_until
from app.rooms.students.choices import ArchiveTier, StudentStatus
from app.rooms.students.record import Student
from app.vault import bin
from app.vault.vault import Vault

LEFT = date(2025, 6, 30)
TERMS = DeadlineTerms()
DAYS = st.dates(date(1990, 1, 1), date(2080, 12, 31))


def leave(vault: Vault, number: str, **more: object) -> int:
    values: dict[str, object] = {"status": StudentStatus.GRADUATED, "status_since": LEFT, **more}
    with vault.write("试") as session:
        return store.add(session, Student(student_no=number, name="穆青禾", grade=9, class_no=1, **values)).id


def due(vault: Vault, today: date, held: dict[int, Held]) -> list[tuple[date, str, int | None]]:
    with vault.read() as session:
        return [
            (one.due, one.title, one.student_id) for one in archives.due(session, TERMS, today, lambda _s, _ids: held)
        ]


@pytest.mark.parametrize(
    ("held", "born", "until"),
    [
        (Held.CENSUS, date(2010, 3, 4), date(2026, 6, 30)),
        (Held.CASE, date(2010, 3, 4), date(2028, 6, 30)),
        (Held.CASE, date(2013, 3, 4), date(2031, 3, 4)),
        (Held.CASE, None, date(2029, 6, 30)),
        (Held.CRISIS, date(2010, 3, 4), date(2035, 6, 30)),
    ],
    ids=["a year", "three years", "until 18", "as old as the grade says", "ten years"],
)
def test_what_it_holds_says_how_long_a_file_is_kept(held: Held, born: date | None, until: date) -> None:
    assert kept_until(LEFT, born, 9, held, TERMS) == until


@given(DAYS, st.integers(0, 60))
def test_years_are_counted_by_the_calendar_and_a_leap_day_is_never_kept_too_short(day: date, years: int) -> None:
    later = years_after(day, years)
    assert later.year == day.year + years
    assert (later.month, later.day) == (day.month, day.day) or (day.month, day.day, later.month, later.day) == (
        2, 29, 3, 1
    )  # fmt: skip


@given(DAYS, DAYS, st.one_of(st.none(), DAYS), st.integers(1, 12))
def test_who_left_later_is_kept_later_and_more_is_never_kept_shorter(
    one: date, other: date, born: date | None, grade: int
) -> None:
    first, second = sorted((one, other))
    for held in Held:
        assert kept_until(first, born, grade, held, TERMS) <= kept_until(second, born, grade, held, TERMS)
        assert kept_until(first, born, grade, held, TERMS) > first
    assert kept_until(first, born, grade, Held.CENSUS, TERMS) < kept_until(first, born, grade, Held.CASE, TERMS)


def test_a_day_beyond_every_calendar_is_no_bug(vault: Vault) -> None:
    """A slip of the year that came in by whatever way must not keep Today from opening."""
    leave(vault, "1", status_since=date(9995, 6, 30))
    assert due(vault, date(2026, 6, 30), {}) == []


def test_a_years_leavers_are_one_line_and_one_alone_is_named(vault: Vault) -> None:
    ids = [leave(vault, f"{number}") for number in range(3)]
    alone = leave(vault, "9", birth_date=date(2010, 3, 4))
    held = {alone: Held.CASE}
    assert due(vault, date(2026, 6, 29), held) == []
    assert due(vault, date(2026, 6, 30), held) == [(date(2026, 6, 30), "3 份档案保存到期", None)]
    with vault.write("试") as session:
        bin.put(store.get(session, ids[0]), vault.now())
    assert due(vault, date(2028, 6, 30), held) == [
        (date(2026, 6, 30), "2 份档案保存到期", None),
        (date(2028, 6, 30), "档案保存到期", alone),
    ]
    with vault.write("试") as session:
        for own_id in (*ids[1:], alone):
            bin.put(store.get(session, own_id), vault.now())
    assert due(vault, date(2030, 1, 1), held) == []


def test_her_own_words_keep_a_file_longer_and_a_day_nobody_wrote_down_is_not_before_the_entry(
    vault: Vault, clock
) -> None:
    leave(vault, "1", archive_tier=ArchiveTier.TRACKING, birth_date=date(2000, 1, 1))
    leave(vault, "2", status_since=None, status=StudentStatus.LEFT)
    leave(vault, "3", status=StudentStatus.SUSPENDED)
    entered = clock.today()
    assert due(vault, entered + timedelta(days=364), {}) == []
    assert [on for on, _, _ in due(vault, LEFT.replace(year=2028), {})] == [
        entered.replace(year=2027), LEFT.replace(year=2028)
    ]  # fmt: skip
