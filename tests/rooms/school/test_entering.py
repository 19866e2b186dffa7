"""What the counsellor enters is kept and checked against what stands there: overlaps are refused, and nothing is lost."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import StandingClock
from app.errors import Problem
from app.rooms.school import entering, store
from app.rooms.school.bells import Span, check_span
from app.rooms.school.calendar import DayKind
from app.rooms.school.deadlines import DEADLINES, DeadlineTerms, read_term
from app.rooms.school.record import BellSlot, BellTimetable, OpeningHours, SchoolTerm, SpecialDay
from app.vault import bin
from app.vault.vault import Vault

NOON, LATER = Span(time(12, 20), time(13, 0)), Span(time(13, 0), time(13, 40))


def refused(vault: Vault, act, *values, **named) -> str:
    with pytest.raises(Problem) as problem, vault.write("试") as session:
        act(session, *values, **named)
    assert problem.value.next_step
    return problem.value.sentence


def test_a_term_is_kept_changed_and_refused_where_it_overlaps(vault: Vault) -> None:
    with vault.write("试") as session:
        autumn = entering.save_term(session, date(2026, 9, 1), date(2027, 1, 22))
        entering.save_term(session, date(2027, 2, 22), date(2027, 7, 2))
    assert "重叠" in refused(vault, entering.save_term, date(2027, 1, 22), date(2027, 2, 1))
    assert "重叠" in refused(vault, entering.save_term, date(2026, 9, 1), date(2027, 2, 22), autumn)
    assert "之前" in refused(vault, entering.save_term, date(2027, 9, 1), date(2027, 8, 1))
    assert "30 周" in refused(vault, entering.save_term, date(2027, 9, 1), date(2028, 9, 1))
    assert "年份不对" in refused(vault, entering.save_term, date(9999, 9, 1), date(9999, 12, 31))
    assert "请填写" in refused(vault, entering.save_term, None, date(2028, 9, 1))
    with vault.write("试") as session:
        entering.save_term(session, date(2026, 9, 1), date(2027, 1, 29), autumn)
    with vault.read() as session:
        assert [(one.first, one.last) for one in store.calendar(session).terms] == [
            (date(2026, 9, 1), date(2027, 1, 29)),
            (date(2027, 2, 22), date(2027, 7, 2)),
        ]


def test_undoing_a_removal_does_not_bring_an_overlap_back(vault: Vault, clock: StandingClock) -> None:
    with vault.write("试") as session:
        gone = entering.save_term(session, date(2026, 9, 1), date(2027, 1, 22))
        entering.discard(session, SchoolTerm, gone, clock.now())
    with vault.write("试") as session:
        entering.save_term(session, date(2026, 9, 1), date(2027, 1, 29))
    assert "重叠" in refused(vault, entering.take_back, SchoolTerm, gone)
    with vault.read() as session:
        assert len(store.calendar(session).terms) == 1


def test_a_term_taken_out_of_the_bin_stands_with_the_others_or_stays_there(vault: Vault, clock: StandingClock) -> None:
    """As the page of the bin does it: any record, and then the room is asked."""
    with vault.write("试") as session:
        gone = entering.save_term(session, date(2026, 9, 1), date(2027, 1, 22))
        entering.discard(session, SchoolTerm, gone, clock.now())
        entering.save_term(session, date(2026, 8, 31), date(2027, 1, 20))
    with vault.write("从回收站取回") as session:
        taken = session.get_one(SchoolTerm, gone)
        bin.take_back(taken)
        with pytest.raises(Problem, match="重叠"):
            entering.stands(session, taken)
        bin.put(taken, clock.now())
    with vault.read() as session:
        assert len(store.calendar(session).terms) == 1


def test_days_of_the_schools_own(vault: Vault) -> None:
    with vault.write("试") as session:
        entering.save_special(session, DayKind.OFF, " 校运动会 ", date(2026, 10, 29), date(2026, 10, 30), follows=2)
        entering.save_special(session, DayKind.EXAM, "期中考试", date(2026, 10, 30), None)
    with vault.read() as session:
        calendar = store.calendar(session)
    assert [(one.name, one.follows, one.last) for one in calendar.specials] == [
        ("校运动会", 0, date(2026, 10, 30)),
        ("期中考试", 0, date(2026, 10, 30)),
    ]
    assert "又放假又上课" in refused(vault, entering.save_special, DayKind.SCHOOL, "补课", date(2026, 10, 30), None)
    assert "名称" in refused(vault, entering.save_special, DayKind.OFF, " ", date(2026, 10, 1), None)
    with vault.read() as session:
        assert len(store.kept(session, SpecialDay)) == 2


def test_bells_that_overlap_are_refused_unless_their_weekdays_differ(vault: Vault) -> None:
    with vault.write("试") as session:
        table = entering.save_timetable(session, "冬季作息", 10, 8)
        other = entering.save_timetable(session, "夏季作息", 5, 1)
        entering.save_bell(session, table, "午休一", "12345", NOON)
        entering.save_bell(session, table, "午休二", "12345", LATER)
        entering.save_bell(session, table, "周六", "6", NOON)
        entering.save_bell(session, other, "午休一", "12345", NOON)
    clash = Span(time(12, 50), time(13, 10))
    assert "「午休 12:50–13:10」和「午休一 12:20–13:00」的时间重叠" in refused(
        vault, entering.save_bell, table, "午休", "5", clash
    )
    assert "名称" in refused(vault, entering.save_bell, table, " ", "7", clash)
    assert "星期" in refused(vault, entering.save_bell, table, "午休", "", clash)
    assert "从这一天起" in refused(vault, entering.save_timetable, "又一份", 5, 1)
    assert "每年都有" in refused(vault, entering.save_timetable, "又一份", 2, 31)
    with vault.read() as session:
        summer, winter = store.timetables(session)
    assert (summer.name, [slot.name for slot in winter.slots(1)]) == ("夏季作息", ["午休一", "午休二"])


def test_a_timetable_can_begin_with_the_bells_of_another(vault: Vault, clock: StandingClock) -> None:
    with vault.write("试") as session:
        table = entering.save_timetable(session, "冬季作息", 10, 8)
        entering.save_bell(session, table, "午休一", "12345", NOON)
        copied = entering.save_timetable(session, "夏季作息", 5, 1, like=table)
        (bell,) = entering.bells_of(session, copied)
        entering.save_bell(session, copied, "午休一", "12345", LATER, bell.id)
    with vault.read() as session:
        summer, winter = store.timetables(session)
    assert (summer.slots(1)[0].span, winter.slots(1)[0].span) == (LATER, NOON)
    with vault.write("试") as session:
        entering.discard(session, BellTimetable, copied, clock.now())
    with vault.read() as session:
        assert [one.name for one in store.timetables(session)] == ["冬季作息"]
        gone = entering.get(session, BellTimetable, copied)
    bin.destroy_records(vault, [gone])  # for good: its bells go with it
    with vault.read() as session:
        assert [row.timetable_id for row in store.kept(session, BellSlot)] == [table]


def test_opening_hours(vault: Vault) -> None:
    with vault.write("试") as session:
        hours = entering.save_opening(session, "12345", NOON)
        entering.save_opening(session, "135", LATER)
    assert "重叠" in refused(vault, entering.save_opening, "3", Span(time(13, 30), time(14, 0)))
    assert "星期" in refused(vault, entering.save_opening, "", NOON)
    with vault.write("试") as session:
        entering.save_opening(session, "24", NOON, hours)
    with vault.read() as session:
        assert {row.weekdays for row in store.kept(session, OpeningHours)} == {"24", "135"}


@pytest.mark.parametrize(
    ("start", "end"), [(None, time(9, 0)), (time(9, 0), None), (time(9, 0), time(9, 0)), (time(23, 0), time(1, 0))]
)
def test_a_time_that_ends_before_it_begins_is_none(start: time | None, end: time | None) -> None:
    with pytest.raises(Problem):
        check_span(start, end)


def test_deadlines_are_the_defaults_until_changed_and_again_afterwards(vault: Vault) -> None:
    with vault.write("试") as session:
        entering.change_terms(session, {"note_sign_hours": 48, "case_silent_days": 30})
    with vault.read() as session:
        assert store.terms(session) == DeadlineTerms(note_sign_hours=48)
    with vault.write("试") as session:
        entering.change_terms(session, {"note_sign_hours": 24, "referral_visit": 5})
    with vault.read() as session:
        assert store.terms(session) == DeadlineTerms(note_sign_hours=24, referral_visit=5)
    with vault.write("试") as session:
        entering.change_terms(session, {"note_sign_hours": 72})
    with vault.read() as session:
        assert store.terms(session) == DeadlineTerms(referral_visit=5)


def test_every_deadline_has_a_name_its_default_and_a_source() -> None:
    defaults = DeadlineTerms()
    assert {one.code: one.default for one in DEADLINES} == {one.code: getattr(defaults, one.code) for one in DEADLINES}
    assert all(one.name and one.since and one.source for one in DEADLINES)
    assert len({one.name for one in DEADLINES}) == len(DEADLINES)


@given(st.sampled_from(DEADLINES), st.one_of(st.integers(-9, 9999).map(str), st.text(max_size=6)))
def test_a_term_is_a_whole_number_in_reason_or_refused(deadline, words: str) -> None:
    try:
        amount = read_term(deadline, words)
    except Problem:
        return
    assert 1 <= amount <= 720
    assert int(words) == amount


def test_when_a_class_is_not_called_away(vault: Vault) -> None:
    noon = Span(time(12, 20), time(13, 0))
    with vault.write("试") as session:
        entering.save_class_hours(session, 9, None, "中考体育", "24", noon)
        entering.save_class_hours(session, 8, 3, "值日", "1", noon)
    with vault.read() as session:
        of = store.calendar(session)
    tuesday, monday = date(2026, 11, 24), date(2026, 11, 23)
    assert of.why_busy(tuesday, time(12, 50), time(13, 30), 9, 2) == "中考体育"
    assert of.why_busy(tuesday, time(13, 0), time(13, 40), 9, 2) == ""
    assert of.why_busy(tuesday, time(12, 20), time(13, 0), 8, 3) == ""
    assert of.why_busy(monday, time(12, 20), time(13, 0), 8, 3) == "值日"
    assert of.why_busy(monday, time(12, 20), time(13, 0), 8, 4) == ""
    for grade, class_no, name, weekdays in ((None, 3, "值日", "1"), (8, 3, " ", "1"), (8, 3, "值日", "")):
        with pytest.raises(Problem), vault.write("试") as session:
            entering.save_class_hours(session, grade, class_no, name, weekdays, noon)
    with vault.read() as session:
        assert len(store.calendar(session).lessons) == 2


def test_how_long_a_session_is_and_what_lies_between_two(vault: Vault) -> None:
    with vault.read() as session:
        assert (store.calendar(session).session, store.pause(session)) == (40, 10)
    with vault.write("试") as session:
        entering.save_lengths(session, 45, 0)
    with vault.read() as session:
        assert (store.calendar(session).session, store.calendar(session).pause, store.pause(session)) == (45, 0, 0)
    for minutes, pause in ((5, 10), (181, 10), (40, 121)):
        with pytest.raises(Problem), vault.write("试") as session:
            entering.save_lengths(session, minutes, pause)
    with vault.write("试") as session:
        entering.save_lengths(session, 40, 10)
        assert store.school(session).session_minutes is None
