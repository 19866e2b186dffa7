"""The calendar: numbered weeks, school days and why not, the bells of a day, opening hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Problem
from app.rooms.school import opening
from app.rooms.school.bells import Bell, Slot, Span, Timetable, check_bell, gaps, in_force, read_season
from app.rooms.school.calendar import OUTSIDE, Calendar, DayKind, Opening, Special, Term, monday_of
from app.rooms.school.holidays import Holidays, known

AUTUMN = Term(date(2026, 9, 1), date(2027, 1, 22))
SPRING = Term(date(2027, 2, 22), date(2027, 7, 2))
NOON = Slot("午休一", time(12, 20), time(13, 0))
LATE = Slot("第8节", time(16, 30), time(17, 15))
WINTER = Timetable("冬季作息", 10, 8, (Bell("12345", LATE), Bell("12345", NOON)))
SUMMER = Timetable("夏季作息", 5, 1, (Bell("135", Slot("午休一", time(12, 40), time(13, 20))),))
SCHOOL = Calendar(
    terms=(AUTUMN, SPRING),
    specials=(
        Special(DayKind.OFF, "校运动会", date(2026, 10, 29), date(2026, 10, 30)),
        Special(DayKind.EXAM, "期中考试", date(2026, 11, 9), date(2026, 11, 13)),
        Special(DayKind.SCHOOL, "补课", date(2026, 11, 15), date(2026, 11, 15), follows=3),
    ),
    holidays=known(),
    timetables=(SUMMER, WINTER),
    opening=(Opening("12345", Span(time(12, 20), time(13, 40))), Opening("1245", Span(time(16, 0), time(17, 0)))),
)

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Terms that do not overlap, and some days of the school's own."""
    marks = sorted(draw(st.sets(DAYS, min_size=0, max_size=6)))
    terms = tuple(Term(a, b) for a, b in zip(marks[::2], marks[1::2], strict=False))
    specials = []
    for _ in range(draw(st.integers(0, 3))):
        first = draw(DAYS)
        last = first + timedelta(days=draw(st.integers(0, 9)))
        specials.append(Special(draw(st.sampled_from(DayKind)), "校定", first, last))
    return Calendar(terms=terms, specials=tuple(specials), holidays=draw(st.sampled_from([known(), Holidays()])))


def test_weeks_are_numbered_as_the_picture_shows() -> None:
    week = SCHOOL.week_of(date(2026, 11, 23))
    assert week is not None
    assert (week.number, week.odd, week.label, week.monday) == (13, True, "第13周(单周)", date(2026, 11, 23))
    assert week.term.name == "2026–2027 学年第一学期"
    assert SPRING.name == "2026–2027 学年第二学期"
    first = SCHOOL.week_of(AUTUMN.first)
    assert first is not None
    assert (first.number, first.odd) == (1, True)
    assert SCHOOL.week_of(date(2026, 8, 31)) == first  # the Monday of the first week
    assert SCHOOL.week_of(date(2027, 2, 1)) is None


@given(calendars(), DAYS)
def test_a_weeks_days_share_its_number_and_the_next_weeks_is_one_more(calendar: Calendar, day: date) -> None:
    week = calendar.week_of(day)
    if week is None:
        assert calendar.term_of(day) is None
        return
    assert week.monday == monday_of(day)
    assert 1 <= week.number <= week.term.weeks
    assert week.odd is (week.number % 2 == 1)
    after = calendar.week_of(day + timedelta(days=7))
    if after is not None and after.term == week.term:
        assert (after.number, after.odd) == (week.number + 1, not week.odd)


@given(calendars(), st.lists(DAYS, min_size=3, max_size=3))
def test_school_days_add_up(calendar: Calendar, three: list[date]) -> None:
    a, b, c = sorted(three)
    count = calendar.school_days_between
    assert count(a, b) + count(b, c) == count(a, c)
    assert 0 <= count(a, c) <= (c - a).days
    assert count(c, a) == 0


@given(calendars(), DAYS, st.integers(1, 12))
def test_the_next_school_day_is_the_first_that_counts(calendar: Calendar, day: date, count: int) -> None:
    found = calendar.next_school_day(day, count)
    assert found > day
    assert calendar.why_no_school(found) in ("", OUTSIDE)
    if not calendar.terms or calendar.terms[0].first <= day < found <= calendar.terms[-1].last:
        assert calendar.school_days_between(day, found) == count
    assert found == calendar.next_school_day(calendar.next_school_day(day, count - 1) if count > 1 else day)


@given(calendars(), DAYS)
def test_a_day_without_school_says_why_and_rings_no_bell(calendar: Calendar, day: date) -> None:
    assert calendar.is_school_day(day) is (calendar.why_no_school(day) == "")
    if not calendar.is_school_day(day):
        assert calendar.why_not(day)
        assert calendar.slots(day) == []
        assert calendar.open_spans(day) == []


@pytest.mark.parametrize(
    ("day", "school", "why"),
    [
        (date(2026, 9, 2), True, ""),
        (date(2026, 9, 5), False, "周末"),
        (date(2026, 9, 20), True, ""),  # a Sunday worked for 国庆节
        (date(2026, 9, 25), False, "中秋节"),
        (date(2026, 10, 1), False, "国庆节"),
        (date(2026, 10, 29), False, "校运动会"),
        (date(2026, 11, 10), True, "期中考试"),
        (date(2026, 11, 14), False, "周末"),
        (date(2026, 11, 15), True, ""),
        (date(2027, 2, 1), False, "寒假"),
        (date(2027, 7, 5), False, "不在已填的学期内"),
        (date(2026, 8, 31), False, "不在已填的学期内"),
    ],
)
def test_which_days_are_school_days(day: date, school: bool, why: str) -> None:
    assert (SCHOOL.is_school_day(day), SCHOOL.why_not(day)) == (school, why)


def test_without_any_term_every_working_day_is_a_school_day() -> None:
    assert Calendar(holidays=known()).is_school_day(date(2026, 7, 15))
    assert not Calendar(holidays=known()).is_school_day(date(2026, 10, 1))


def test_the_next_school_day_outside_every_term_is_a_working_day() -> None:
    assert SCHOOL.next_school_day(date(2026, 8, 20)) == date(2026, 8, 21)
    assert SCHOOL.next_school_day(date(2027, 7, 2)) == date(2027, 7, 5)
    assert SCHOOL.next_school_day(date(2026, 9, 30)) == date(2026, 10, 8)
    assert SCHOOL.next_school_day(date(2027, 1, 22)) == date(2027, 2, 22)


def test_the_bells_follow_the_season_and_the_weekday() -> None:
    assert SCHOOL.slots(date(2026, 11, 23)) == [NOON, LATE]
    assert NOON.label == "午休一 12:20–13:00"
    assert [slot.start for slot in SCHOOL.slots(date(2026, 9, 2))] == [time(12, 40)]  # Wednesday, summer
    assert SCHOOL.slots(date(2026, 9, 3)) == []
    assert [slot.start for slot in SCHOOL.slots(date(2027, 4, 30))] == [
        time(12, 20),
        time(16, 30),
    ]  # winter's, over New Year
    assert in_force((), date(2026, 1, 1)) is None


def test_a_weekend_with_lessons_goes_by_the_nearest_weekday_or_the_one_the_school_names() -> None:
    assert [slot.start for slot in SCHOOL.slots(date(2026, 9, 20))] == [time(12, 40)]  # Sunday as Monday
    assert SCHOOL.open_minutes(date(2026, 11, 15)) == 80  # Sunday as Wednesday
    assert SCHOOL.open_minutes(date(2026, 10, 10)) == 140  # Saturday as Friday


def test_open_is_what_lies_within_the_hours() -> None:
    monday, wednesday = date(2026, 11, 23), date(2026, 11, 25)
    assert SCHOOL.is_open(monday, time(12, 20), time(13, 0))
    assert not SCHOOL.is_open(monday, time(13, 0), time(14, 0))
    assert not SCHOOL.is_open(wednesday, time(16, 0), time(16, 40))
    assert not SCHOOL.is_open(date(2026, 11, 28), time(12, 20), time(13, 0))


def test_a_day_on_which_the_room_stays_closed_is_a_school_day_that_is_not_open() -> None:
    closed = Special(DayKind.CLOSED, "区教研", date(2026, 11, 18), date(2026, 11, 19))
    of = replace(SCHOOL, specials=(*SCHOOL.specials, closed))
    day = date(2026, 11, 18)
    assert of.is_school_day(day)
    assert of.why_not(day) == "停开：区教研"
    assert SCHOOL.open_spans(day)
    assert of.open_spans(day) == []
    assert of.slots(day) == SCHOOL.slots(day)
    assert of.open_spans(date(2026, 11, 20)) == SCHOOL.open_spans(date(2026, 11, 20))


def test_days_that_fall_short_are_named_by_the_strictest_rule() -> None:
    day_school = opening.check(SCHOOL.opening, boarding=False)
    assert (day_school.needed, day_school.short, day_school.week, day_school.week_is_short) == (
        120,
        [(3, 80)],
        640,
        False,
    )
    assert [weekday for weekday, _ in opening.check(SCHOOL.opening, boarding=True).short] == [1, 2, 3, 4, 5]
    assert opening.check((), boarding=False).week_is_short
    assert opening.short_days(SCHOOL, date(2026, 11, 23)) == [(date(2026, 11, 25), 80)]
    assert opening.short_days(SCHOOL, date(2026, 9, 28)) == [
        (date(2026, 9, 30), 80)
    ]  # what is no school day is not short


def test_hours_that_touch_or_overlap_count_once() -> None:
    spans = (Opening("1", Span(time(12, 0), time(13, 0))), Opening("1", Span(time(12, 30), time(14, 0))))
    assert opening.check(spans, boarding=False).by_weekday[0] == (1, 120)


@given(
    st.lists(
        st.tuples(st.sampled_from(["1", "12345", "35", "67"]), st.integers(0, 90), st.integers(1, 20)), max_size=12
    )
)
def test_bells_that_were_let_in_never_ring_at_once(wanted: list[tuple[str, int, int]]) -> None:
    bells: list[Bell] = []
    for weekdays, start, length in wanted:
        begin, end = (time(*divmod(480 + 5 * at, 60)) for at in (start, start + length))
        bell = Bell(weekdays, Slot("节", begin, end))
        try:
            check_bell(bell, bells)
        except Problem:
            assert any(set(weekdays) & set(b.weekdays) and bell.slot.span.overlaps(b.slot.span) for b in bells)
            continue
        bells.append(bell)
    for weekday in range(1, 8):
        slots = Timetable("", 1, 1, tuple(bells)).slots(weekday)
        assert all(before.end <= after.start for before, after in pairwise(slots))
        told = sum(span.minutes for span in gaps(slots)) + sum(slot.span.minutes for slot in slots)
        assert not slots or told == Span(slots[0].start, slots[-1].end).minutes


def test_gaps_between_bells_are_told() -> None:
    assert gaps([LATE, NOON]) == [Span(time(13, 0), time(16, 30))]
    assert gaps([NOON, Slot("午休二", time(13, 0), time(13, 40))]) == []


@pytest.mark.parametrize(
    ("words", "season"), [("5月1日", (5, 1)), ("10-08", (10, 8)), ("５．１", (5, 1)), ("9/1", (9, 1))]
)
def test_a_seasons_first_day_is_read(words: str, season: tuple[int, int]) -> None:
    assert read_season(words) == season


@pytest.mark.parametrize("words", ["2月31日", "2-29", "13月1日", "五月一日", "", "0-1"])
def test_a_day_that_is_not_in_every_year_begins_no_season(words: str) -> None:
    with pytest.raises(Problem):
        read_season(words)
