"""Series: every day of the rhythm is entered or left out with its reason; clashes and impossible times are refused."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Problem
from app.rooms.appointments.choices import Instead, Rhythm
from app.rooms.appointments.rules.clashes import Taken, check_times, clashes, minutes_between
from app.rooms.appointments.rules.series import MOST, Pattern, plan
from app.rooms.school.calendar import Calendar, DayKind, Special, Term, monday_of
from app.rooms.school.holidays import known

AUTUMN, SPRING = Term(date(2026, 8, 31), date(2027, 1, 22)), Term(date(2027, 2, 22), date(2027, 7, 2))
days = st.dates(date(2026, 8, 1), date(2027, 7, 31))
times = st.times(time(0, 0), time(23, 59)).map(lambda t: t.replace(second=0, microsecond=0))


@st.composite
def calendars(draw) -> Calendar:
    spans = draw(st.lists(st.tuples(days, st.integers(0, 6), st.sampled_from([DayKind.OFF, DayKind.EXAM])), max_size=5))
    specials = tuple(Special(kind, kind.label, first, first + timedelta(days=more)) for first, more, kind in spans)
    terms = draw(st.sampled_from([(), (AUTUMN,), (AUTUMN, SPRING)]))
    return Calendar(terms, specials, known())


@given(
    calendars(), st.sampled_from(Rhythm), st.sampled_from(Instead), days, st.integers(0, 300), st.sets(days, max_size=8)
)
def test_nothing_on_a_skipped_day_nothing_lost_order_kept(calendar, rhythm, instead, first, more, taken_days) -> None:
    pattern = Pattern(rhythm, first, first + timedelta(days=more), instead)
    weeks = 2 if rhythm is Rhythm.TWO_WEEKLY else 1
    wanted = [first + timedelta(weeks=weeks * at) for at in range(more // (7 * weeks) + 1)]
    if rhythm in (Rhythm.ODD, Rhythm.EVEN):
        other = (rhythm is Rhythm.EVEN,)
        wanted = [day for day in wanted if (week := calendar.week_of(day)) is None or (week.odd,) != other]

    def clash(day: date) -> str:
        return "冲突" if day in taken_days else ""

    def bad(day: date) -> bool:
        parity = rhythm in (Rhythm.ODD, Rhythm.EVEN) and calendar.week_of(day) is None
        return bool(calendar.why_not(day) or clash(day) or parity)

    try:
        made = plan(pattern, calendar, clash)
    except Problem:  # not one day is left
        assert all(bad(day) for day in wanted)
        return
    moved = {one.to: one.day for one in made.moved}
    begun = [moved.get(day, day) for day in made.days]
    assert sorted((*begun, *(skipped.day for skipped in made.skipped))) == wanted, "none is lost"
    assert list(made.days) == sorted(set(made.days))
    assert begun == sorted(begun), "each stays in its place"
    assert not [day for day in made.days if bad(day)]
    assert all(one.why for one in (*made.skipped, *made.moved))
    assert all(monday_of(one.day) == monday_of(one.to) and one.to >= first for one in made.moved)
    if instead is Instead.SKIP:
        assert not made.moved
    else:
        assert all(bad(day) for one in made.skipped for day in rest_of_week(one.day) if day >= first)


def rest_of_week(day: date) -> list[date]:
    return [monday_of(day) + timedelta(days=at) for at in range(7)]


def test_a_day_off_is_moved_to_the_nearest_day_of_its_week() -> None:
    calendar = Calendar((AUTUMN,), (), known())
    pattern = Pattern(Rhythm.WEEKLY, date(2026, 9, 18), date(2026, 10, 9), Instead.SAME_WEEK)

    def clash(day: date) -> str:
        return "12:20–13:00 何子墨" if day == date(2026, 9, 24) else ""

    made = plan(pattern, calendar, clash)
    assert [f"{one.day:%m-%d} {one.why} {one.to:%m-%d}" for one in made.moved] == [
        "09-25 中秋节 09-23", "10-02 国庆节 09-30"
    ]  # fmt: skip
    assert made.days == (date(2026, 9, 18), date(2026, 9, 23), date(2026, 9, 30), date(2026, 10, 9))
    assert made.skipped == ()


def test_a_fortnight_over_the_holiday_says_what_is_left_out() -> None:
    calendar = Calendar((AUTUMN,), (), known())
    made = plan(Pattern(Rhythm.TWO_WEEKLY, date(2026, 9, 17), date(2026, 10, 31)), calendar)
    assert made.days == (date(2026, 9, 17), date(2026, 10, 15), date(2026, 10, 29))
    assert [(skipped.day, skipped.why) for skipped in made.skipped] == [(date(2026, 10, 1), "国庆节")]


def test_odd_weeks_are_the_schools() -> None:
    calendar = Calendar((AUTUMN,), (), known())
    made = plan(Pattern(Rhythm.ODD, date(2026, 11, 16), date(2026, 12, 18)), calendar)
    assert [calendar.week_of(day).number for day in made.days] == [13, 15]


def test_more_than_four_hundred_are_refused() -> None:
    calendar = Calendar((), (), known())
    first = date(2026, 9, 1)
    with pytest.raises(Problem, match="重复的预约超过") as refused:
        plan(Pattern(Rhythm.WEEKLY, first, first + timedelta(weeks=MOST)), calendar)
    assert "400" in refused.value.sentence
    assert len(plan(Pattern(Rhythm.WEEKLY, first, first + timedelta(weeks=MOST - 1)), calendar).days) <= MOST


def test_a_series_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Problem, match="早于第一次"):
        plan(Pattern(Rhythm.WEEKLY, date(2026, 9, 2), date(2026, 9, 1)), Calendar())


def taken(start: time, end: time, place: str = "个别辅导室", *students: int, day: date = date(2026, 11, 23)) -> Taken:
    return Taken(day, start, end, place, frozenset(students), "另一个")


@given(times, times, times, times)
def test_two_clash_exactly_when_they_overlap_or_lack_the_pause(one, two, three, four) -> None:
    if one >= two or three >= four:
        return
    wanted, other = taken(one, two), taken(three, four, "线上")
    apart = minutes_between(wanted, other)
    found = clashes(wanted, [other], 10)
    assert bool(found) == (apart < timedelta(minutes=10))
    if found:
        assert ("冲突" in found[0].what) == (apart < timedelta(0))
    assert not clashes(wanted, [taken(three, four, day=date(2026, 11, 24))], 10)


def test_the_clash_names_what_collides() -> None:
    wanted = taken(time(12, 20), time(13, 0), "个别辅导室", 7)
    same = taken(time(12, 40), time(13, 20), "个别辅导室", 7, 8)
    assert clashes(wanted, [same], 10)[0].what == "辅导老师、地点、学生冲突"
    assert clashes(wanted, [taken(time(13, 5), time(13, 40))], 10)[0].what == "间隔不足 10 分钟"
    assert clashes(wanted, [taken(time(13, 10), time(13, 40))], 10) == []
    assert clashes(wanted, [taken(time(13, 0), time(13, 40))], 0) == []


def test_across_midnight_is_refused_with_a_sentence() -> None:
    with pytest.raises(Problem, match="结束时间不晚于") as refused:
        check_times(time(23, 30), time(0, 10))
    assert "午夜" in refused.value.next_step
    check_times(time(23, 0), datetime(2026, 1, 1, 23, 40).time())
