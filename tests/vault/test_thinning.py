"""Thinning: what stays of years of backups, and what never goes, whatever the clock says."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.vault.thinning import DAILY, DOUBTFUL, MONTHLY, WEEKLY, Order, kept, surplus, to_carry

FIRST = date(2026, 9, 1)
right = st.lists(st.dates(date(2020, 1, 1), date(2035, 12, 31)), max_size=120).map(sorted)
"""The days of backups where the clock was right."""


@st.composite
def wrong(draw: st.DrawFn, count: int = 200) -> list[date]:
    """The days of backups under a clock that goes on, stands still, and jumps back and ahead."""
    steps = st.one_of(st.integers(0, 2), st.just(0), st.integers(-14_000, 27_000))
    days, now = [], FIRST
    for step in draw(st.lists(steps, min_size=count, max_size=count)):
        jump = now.toordinal() + step
        now = date.fromordinal(min(max(jump, date(1980, 1, 1).toordinal()), date(2150, 1, 1).toordinal()))
        days.append(now)
    return days


def made(number: int) -> Order:
    """The place of the n-th backup."""
    return number, 0, 0.0, ""


def numbered(days: list[date]) -> dict[Order, date]:
    """Backups in the order they were made, with their days."""
    return {made(number): day for number, day in enumerate(days)}


def school_days(first: date, count: int) -> list[date]:
    """Weekdays without the summer."""
    days = (first + timedelta(days=number) for number in range(count))
    return [day for day in days if day.weekday() < 5 and day.month != 8]


def week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def month(day: date) -> tuple[int, int]:
    return day.year, day.month


def through(days: list[date]) -> dict[Order, date]:
    """What is left when it is thinned after every backup."""
    left: dict[Order, date] = {}
    for number, day in enumerate(days):
        left[made(number)] = day
        for order in surplus(left):
            del left[order]
    return left


def test_three_years_leave_days_weeks_and_months():
    days = [day for day in school_days(date(2024, 9, 2), 3 * 365) for _ in range(3)]
    left = through(days)
    assert len(left) == DAILY + WEEKLY + MONTHLY
    stay = sorted(left, reverse=True)
    assert stay[:DAILY] == [made(len(days) - 1 - 3 * number) for number in range(DAILY)]
    for period, count in ((week, WEEKLY), (month, MONTHLY)):
        newest = {period(day): made(number) for number, day in enumerate(days)}
        assert set(list(newest.values())[-count:]) <= set(left)
    assert left[stay[0]] - left[stay[-1]] > timedelta(days=365)


def test_thinning_every_day_leaves_what_thinning_once_would():
    days = school_days(date(2025, 9, 1), 500)
    assert set(through(days)) == kept(numbered(days))


def test_after_a_summer_without_the_program_nothing_is_gone():
    before = through(school_days(date(2026, 1, 5), 170))
    after = before | {made(1000): date(2026, 9, 1)}
    assert len(set(after) - surplus(after)) >= len(before)


@given(right)
def test_the_newest_of_the_last_days_stay(days):
    backups = numbered(days)
    gone = surplus(backups)
    assert gone <= set(backups)
    for day in sorted(set(days))[-DAILY:]:
        assert max(order for order in backups if backups[order] == day) not in gone


@given(right)
def test_no_more_stay_than_the_rules_have_places(days):
    backups = numbered(days)
    assert len(set(backups) - surplus(backups)) <= DAILY + WEEKLY + MONTHLY


@given(right)
def test_thinning_again_takes_nothing_more(days):
    backups = numbered(days)
    left = {order: backups[order] for order in kept(backups)}
    assert kept(left) == set(left)
    assert surplus(left) == set()


@settings(deadline=None, max_examples=40)
@given(wrong(), st.data())
def test_what_the_second_place_lacks_stays_one_for_each_day(days, data):
    backups = numbered(days)
    waiting = {order for order in backups if data.draw(st.booleans())}
    left = set(backups) - surplus(backups, waiting)
    for order in waiting:
        assert [other for other in left if backups[other] == backups[order] and other >= order]


@settings(deadline=None, max_examples=40)
@given(wrong())
def test_the_newest_is_never_thinned_nor_do_more_stay_than_there_are_places(days):
    left: dict[Order, date] = {}
    for number, day in enumerate(days):
        left[made(number)] = day
        for order in surplus(left):
            del left[order]
        assert made(number) in left
        assert len(left) <= DAILY + WEEKLY + MONTHLY + DOUBTFUL


def test_a_clock_set_back_takes_nothing_of_what_was_made_before_or_since():
    before = through(school_days(date(2025, 9, 1), 400))
    backups = dict(before)
    for number in range(DOUBTFUL):
        backups[made(1000 + number)] = date(1990, 1, 1)
    left = set(backups) - surplus(backups)
    assert {made(1000 + number) for number in range(DOUBTFUL)} <= left
    assert len(left & set(before)) >= len(before) - 3


@settings(deadline=None, max_examples=40)
@given(wrong(), st.integers(1, 200))
def test_all_since_the_last_one_carried_reaches_the_second_place(days, carried):
    here = numbered(days)
    there = {made(number) for number in range(carried)}
    lacking = {order for order in here if order not in there}
    taken = to_carry(here, there)
    assert set(taken) <= lacking
    assert taken == sorted(taken, reverse=True)
    assert len({here[order] for order in taken}) == len(taken)
    for order in lacking:
        assert [other for other in taken if other >= order and here[other] == here[order]]


@settings(deadline=None, max_examples=40)
@given(wrong(), st.lists(st.booleans(), min_size=200, max_size=200))
def test_a_stick_that_comes_and_goes_misses_nothing_but_the_rest_of_a_day(days, connected):
    here: dict[Order, date] = {}
    there: set[Order] = set()
    for number, (day, comes) in enumerate(zip(days, connected, strict=True)):
        here[made(number)] = day
        if comes:
            there |= set(to_carry(here, there))
            assert made(number) in there
        last = max(there, default=made(0))
        for order in surplus(here, [order for order in here if order >= last]):
            del here[order]
        assert set(to_carry(here, there)) <= set(here)
        for order in range(last[0] + 1, number + 1):
            assert [other for other in here if other >= made(order) and here[other] == days[order]]


def test_a_new_stick_gets_the_newest_alone_and_an_old_one_each_day_since():
    days = [day for day in school_days(date(2026, 11, 2), 12) for _ in range(2)]
    here = numbered(days)
    assert to_carry(here, set()) == [made(len(days) - 1)]
    assert to_carry(here, {made(5)}) == [made(number) for number in reversed(range(7, len(days), 2))]


def test_a_new_stick_gets_what_was_just_made_also_where_the_clock_is_behind():
    assert to_carry(numbered([FIRST, date(2099, 1, 1), date(1990, 1, 1)]), set()) == [made(2)]
