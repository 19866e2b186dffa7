"""Thinning by dates: what stays of years of backups, and what never goes."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from app.vault.thinning import DAILY, MONTHLY, WEEKLY, kept, surplus, to_carry

CHINA = timezone(timedelta(hours=8))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=st.just(CHINA))
many = st.lists(moments, max_size=120, unique=True)


def at(day: date, hour: int = 16) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=CHINA)


def school_days(first: date, count: int) -> list[date]:
    """Weekdays without the summer."""
    days = (first + timedelta(days=number) for number in range(count))
    return [day for day in days if day.weekday() < 5 and day.month != 8]


def week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def month(day: date) -> tuple[int, int]:
    return day.year, day.month


def through(days: list[date], hours: tuple[int, ...] = (9, 12, 16)) -> set[datetime]:
    """What is left when it is thinned after every backup, day by day."""
    left: set[datetime] = set()
    for day in days:
        for hour in hours:
            left.add(at(day, hour))
            left -= surplus(left)
    return left


def test_three_years_leave_days_weeks_and_months():
    days = school_days(date(2024, 9, 2), 3 * 365)
    left = sorted(through(days), reverse=True)
    assert len(left) == DAILY + WEEKLY + MONTHLY
    assert left[:DAILY] == [at(day) for day in reversed(days[-DAILY:])]
    for period, count in ((week, WEEKLY), (month, MONTHLY)):
        newest = {period(day): at(day) for day in days}
        assert set(list(newest.values())[-count:]) <= set(left)
    assert left[0] - left[-1] > timedelta(days=365)


def test_thinning_every_day_leaves_what_thinning_once_would():
    days = school_days(date(2025, 9, 1), 500)
    assert through(days, (16,)) == kept({at(day) for day in days})


def test_after_a_summer_without_the_program_nothing_is_gone():
    before = through(school_days(date(2026, 1, 5), 170))
    after = before | {at(date(2026, 9, 1))}
    assert len(after - surplus(after)) >= len(before)


@given(many)
def test_the_newest_and_the_newest_of_the_last_days_stay(backups):
    gone = surplus(backups)
    assert gone <= set(backups)
    for day in sorted({moment.date() for moment in backups})[-DAILY:]:
        assert max(moment for moment in backups if moment.date() == day) not in gone


@given(many)
def test_no_more_stay_than_the_rules_have_places(backups):
    assert len(set(backups) - surplus(backups)) <= DAILY + WEEKLY + MONTHLY


@given(many)
def test_thinning_again_takes_nothing_more(backups):
    left = kept(backups)
    assert kept(left) == left
    assert surplus(left) == set()


@given(many, st.data())
def test_what_the_second_place_lacks_stays_one_for_each_day(backups, data):
    waiting = {moment for moment in backups if data.draw(st.booleans())}
    left = set(backups) - surplus(backups, waiting)
    for moment in waiting:
        later = {other for other in left if other.date() == moment.date() and other >= moment}
        assert later, moment


@given(many, many)
def test_what_is_carried_is_here_is_newer_and_ends_with_the_newest(here, there):
    carried = to_carry(here, there)
    assert set(carried) <= set(here)
    assert all(not there or moment > max(there) for moment in carried)
    if here and (not there or max(here) > max(there)):
        assert carried[0] == max(here)
    assert len({moment.date() for moment in carried}) == len(carried)


def test_a_new_stick_gets_the_newest_alone_and_an_old_one_each_day_since():
    days = school_days(date(2026, 11, 2), 12)
    here = {at(day, hour) for day in days for hour in (9, 16)}
    assert to_carry(here, set()) == [at(days[-1])]
    assert to_carry(here, {at(days[2])}) == [at(day) for day in reversed(days[3:])]
