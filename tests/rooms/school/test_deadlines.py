"""Deadlines over leap days, year ends and a change to summer time: calendar days that do not move, in the order they began."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.rooms.notes.choices import RiskFlag
from app.rooms.notes.record import LATE_ENTRY_AFTER, Note, is_late
from app.rooms.referrals.choices import Urgency
from app.rooms.referrals.record import receipt_due, visit_due
from app.rooms.school.calendar import Calendar, Term
from app.rooms.school.holidays import known
from app.rooms.school.record import DeadlineTerms

DAYS = st.dates(date(1996, 1, 1), date(2104, 12, 31))
"""1996 to 2104: nine leap years in a row on either side, and 2100, which is none."""
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
ZONES = st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]).map(ZoneInfo)
COUNTS = st.integers(1, 366)


def note(held_on: date, end: time | None, entered_on: date, flag: RiskFlag = RiskFlag.NONE) -> Note:
    late = is_late(held_on, entered_on)
    made = Note(student_id=1, case_id=1, session_no=1, held_on=held_on, entered_on=entered_on, end=end, risk_flag=flag)
    made.late_entry = late
    return made


@given(DAYS, DAYS, COUNTS, st.sampled_from(Urgency))
def test_visit_and_receipt_are_so_many_calendar_days_on_and_keep_their_order(
    one: date, other: date, days: int, urgency: Urgency
) -> None:
    terms = DeadlineTerms(
        referral_visit=days, referral_visit_soon=days, referral_visit_today=days, referral_receipt=days
    )
    first, second = sorted((one, other))
    for due in (visit_due(first, urgency, terms), receipt_due(first, terms)):
        assert due.toordinal() - first.toordinal() == days
    assert visit_due(first, urgency, terms) <= visit_due(second, urgency, terms)


@given(DAYS, TIMES, st.integers(1, 720), ZONES)
def test_a_note_is_signed_so_many_hours_later_by_the_clock_on_the_wall(
    day: date, end: time, hours: int, zone: ZoneInfo
) -> None:
    """Nobody's evening is shortened where the clocks change; a day is the same day in every zone."""
    due = note(day, end, day).sign_due(hours, zone)
    assert due.replace(tzinfo=None) == datetime.combine(day, end) + timedelta(hours=hours)
    assert due.replace(tzinfo=None) == note(day, end, day).sign_due(hours, None)


@given(DAYS, TIMES, st.integers(1, 720), st.sampled_from([flag for flag in RiskFlag if flag.asks]))
def test_where_a_risk_was_seen_the_same_day_ends_it_however_long_the_term(
    day: date, end: time, hours: int, flag: RiskFlag
) -> None:
    assert note(day, end, day, flag).sign_due(hours, None) == datetime.combine(day, time(23, 59, 59))


@given(DAYS, st.timedeltas(timedelta(0), timedelta(days=60)), TIMES, st.integers(1, 720))
def test_what_is_entered_late_is_counted_from_its_entry(held_on: date, after: timedelta, end: time, hours: int) -> None:
    entered = held_on + timedelta(days=after.days)
    due = note(held_on, end, entered).sign_due(hours, None)
    if after.days > LATE_ENTRY_AFTER.days:
        assert due == datetime.combine(entered, time(23, 59)) + timedelta(hours=hours)
    else:
        assert due == datetime.combine(held_on, end) + timedelta(hours=hours)


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.integers(0, 60), st.integers(1, 30), st.integers(-200, 200))
def test_school_days_are_counted_in_order_and_none_of_them_is_a_day_off(
    one: date, apart: int, count: int, begins: int
) -> None:
    first = one + timedelta(days=begins)
    calendar = Calendar(terms=(Term(first, first + timedelta(days=140)),), holidays=known())
    due = calendar.next_school_day(one, count)
    assert one < due <= calendar.next_school_day(one + timedelta(days=apart), count)
    assert due < calendar.next_school_day(one, count + 1)
    between = [one + timedelta(days=days) for days in range(1, (due - one).days + 1)]
    assert sum(calendar.next_school_day(day - timedelta(days=1)) == day for day in between) == count
