"""Free times: while the room is open and the class has nothing, with the pause between; what should be known of a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rooms.appointments.rules.clashes import Taken, clashes
from app.rooms.appointments.rules.free import SHORTEST, free_times, later, slots
from app.rooms.appointments.rules.remarks import remarks
from app.rooms.school.bells import Bell, Slot, Span, Timetable
from app.rooms.school.calendar import Calendar, DayKind, Lesson, Opening, Special, Term
from app.rooms.school.holidays import known

MONDAY = date(2026, 11, 23)
EARLY = datetime(2026, 11, 23, 8, 0)
SLOTS = (
    Slot("课间", time(10, 0), time(10, 10)),
    Slot("午休一", time(12, 20), time(13, 0)),
    Slot("午休二", time(13, 0), time(13, 40)),
    Slot("第8节", time(16, 30), time(17, 10)),
)
SCHOOL = Calendar(
    terms=(Term(date(2026, 8, 31), date(2027, 1, 22)),),
    specials=(
        Special(DayKind.CLOSED, "区教研", date(2026, 11, 24), date(2026, 11, 24)),
        Special(DayKind.EXAM, "月考", date(2026, 11, 25), date(2026, 11, 25)),
    ),
    holidays=known(),
    timetables=(Timetable("作息", 1, 1, tuple(Bell("12345", slot) for slot in SLOTS)),),
    opening=(Opening("12345", Span(time(9, 0), time(18, 0))),),
    lessons=(
        Lesson("1", Span(time(12, 30), time(13, 0)), "体育测试", 8, 3),
        Lesson("4", Span(time(16, 0), time(17, 30)), "社团", 8),
    ),
)
NOBODY = Taken(MONDAY, time(0), time(0, 1), "个别辅导室", frozenset(), "")


def offered(calendar: Calendar, *classes: tuple[int, int], taken: tuple[Taken, ...] = (), most: int = 6) -> list[str]:
    found = free_times(calendar, taken, NOBODY, EARLY, most, classes)
    return [f"{one.day:%m-%d} {one.name} {one.start:%H:%M}" for one in found]


def test_what_the_class_has_is_not_offered_and_other_classes_are_asked_then() -> None:
    assert offered(SCHOOL, (8, 3), most=3) == ["11-23 午休二 13:00", "11-23 第8节 16:30", "11-26 午休一 12:20"]
    assert offered(SCHOOL, (8, 4), most=3) == ["11-23 午休一 12:20", "11-23 午休二 13:00", "11-23 第8节 16:30"]
    assert "11-26 第8节 16:30" not in offered(SCHOOL, (8, 4), most=9)
    assert "11-26 第8节 16:30" in offered(SCHOOL, (7, 1), most=9)
    assert "11-23 午休一 12:20" not in offered(SCHOOL, (8, 4), (8, 3))


def test_a_closed_day_and_exams_are_passed_over_and_so_is_a_short_break() -> None:
    told = offered(SCHOOL, most=30)
    assert not [one for one in told if one.startswith(("11-24", "11-25")) or "课间" in one]
    assert slots(SCHOOL, date(2026, 11, 24)) == []


def test_the_pause_is_the_schools() -> None:
    noon = (Taken(MONDAY, time(12, 20), time(13, 0), "个别辅导室", frozenset(), "另一个"),)
    assert offered(SCHOOL, taken=noon, most=1) == ["11-23 午休二 13:10"]
    assert offered(replace(SCHOOL, pause=25), taken=noon, most=1) == ["11-23 第8节 16:30"]
    assert offered(replace(SCHOOL, pause=0), taken=noon, most=1) == ["11-23 午休二 13:00"]


def test_between_two_in_bells_without_a_break_what_is_left_of_a_period_is_offered() -> None:
    after = Taken(MONDAY, time(13, 0), time(13, 40), "个别辅导室", frozenset(), "另一个")
    (free,) = free_times(SCHOOL, (after,), NOBODY, EARLY, 1)
    assert (free.name, free.start, free.end) == ("午休一", time(12, 20), time(12, 50))


QUARTERS = st.integers(9 * 4, 17 * 4).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))


@given(st.lists(st.tuples(QUARTERS, st.integers(5, 90)), max_size=6), st.integers(0, 30))
def test_what_is_offered_lies_in_a_period_is_long_enough_and_keeps_every_pause(spans, pause) -> None:
    taken = [Taken(MONDAY, start, later(start, minutes), "", frozenset(), "") for start, minutes in spans]
    for free in free_times(replace(SCHOOL, pause=pause), taken, NOBODY, EARLY, 9):
        slot = next(slot for slot in SLOTS if slot.name == free.name)
        assert slot.start <= free.start < free.end <= slot.end
        assert later(free.start, SHORTEST) <= free.end
        assert not clashes(replace(NOBODY, day=free.day, start=free.start, end=free.end), taken, pause)


@given(st.lists(st.tuples(QUARTERS, st.integers(5, 90)), max_size=6))
def test_no_period_that_has_room_is_passed_over(spans) -> None:
    taken = [Taken(MONDAY, start, later(start, minutes), "", frozenset(), "") for start, minutes in spans]
    offers = {free.name for free in free_times(SCHOOL, taken, NOBODY, EARLY, 9) if free.day == MONDAY}
    for slot in SLOTS:
        starts = (later(slot.start, minutes) for minutes in range(slot.span.minutes - SHORTEST + 1))
        room = [Taken(MONDAY, start, later(start, SHORTEST), "", frozenset(), "") for start in starts]
        assert (slot.name in offers) == any(not clashes(one, taken, SCHOOL.pause) for one in room)


def test_without_bells_the_opening_hours_are_cut_by_the_schools_own_lengths() -> None:
    of = replace(SCHOOL, timetables=(), session=45, pause=5, opening=(Opening("1", Span(time(12, 0), time(13, 45))),))
    assert [slot.span.hours_said for slot in slots(of, MONDAY)] == ["12:00–12:45", "12:50–13:35"]


@pytest.mark.parametrize(
    ("day", "start", "end", "told"),
    [
        (MONDAY, time(12, 20), time(13, 0), ["周一", "第13周(单周)", "八(3)班这时有体育测试"]),
        (MONDAY, time(13, 0), time(13, 40), ["周一", "第13周(单周)"]),
        (MONDAY, time(19, 0), time(19, 40), ["周一", "第13周(单周)", "辅导室这个时间不开放"]),
        (date(2026, 11, 24), time(12, 20), time(13, 0), ["周二", "第13周(单周)", "这一天停开：区教研"]),
        (date(2026, 11, 25), None, None, ["周三", "第13周(单周)", "这一天月考"]),
        (date(2026, 10, 1), None, None, ["周四", "第5周(单周)", "这一天国庆节"]),
    ],
)
def test_what_should_be_known_of_a_time(day, start, end, told) -> None:
    assert remarks(SCHOOL, day, start, end, [(8, 3)]) == told


def test_an_unknown_year_is_said() -> None:
    assert remarks(SCHOOL, date(2040, 1, 4), None, None, ())[-1] == "2040 年的节假日还没有载入，只按周末算"
