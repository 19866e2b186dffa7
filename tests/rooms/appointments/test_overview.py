"""What the house is told: lines, facts, what is due, the talk a note is about; and what becomes of it all when a file goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

import pytest

from app.errors import Problem
from app.rooms.appointments import dues, outcomes, overview, store, waiting
from app.rooms.appointments.choices import Kind, RequestedBy, Rhythm, Status, Urgency
from app.rooms.appointments.record import AppointmentValues, Attendee, Waiting
from app.rooms.appointments.rules.series import Pattern
from app.rooms.notes.choices import Mode
from app.rooms.school.record import DeadlineTerms
from app.rooms.students import store as students
from app.vault import bin

EAST = timezone(timedelta(hours=8))
FRIDAY = date(2026, 11, 20)
NOON = AppointmentValues(day=FRIDAY, start=time(12, 20), end=time(13, 0))


def add(vault, values: AppointmentValues) -> int:
    with vault.write("新预约") as session:
        return store.add(session, values, vault.now()).id


def due(vault, today: date) -> list[tuple[str, date, int]]:
    with vault.read() as session:
        told = dues.due(session, DeadlineTerms(), today)
    return [(one.key, one.due, one.record_id) for one in told if one.key.startswith("appointment")]


def test_a_pending_one_is_to_be_confirmed_by_the_next_school_day(vault, three) -> None:
    made = add(vault, replace(NOON, day=date(2026, 11, 27), student_ids=(three.lin,), confirmed=False))
    assert due(vault, FRIDAY) == [("appointment.confirm", date(2026, 11, 23), made)]
    with vault.write("确认预约") as session:
        outcomes.confirm(session, made)
    assert due(vault, FRIDAY) == []


def test_one_without_an_outcome_is_due_from_the_next_day_until_it_has_one(vault, three, clock) -> None:
    made = add(vault, replace(NOON, student_ids=(three.lin,)))
    assert due(vault, FRIDAY) == []
    assert due(vault, FRIDAY + timedelta(days=3)) == [("appointment.outcome", FRIDAY, made)]
    clock.moment = datetime(2026, 11, 23, 8, 0, tzinfo=EAST)
    with vault.write("登记") as session:
        outcomes.register(session, made, Status.ABSENT, clock.now())
    assert due(vault, FRIDAY + timedelta(days=3)) == []


def test_the_file_says_the_next_one_and_three_absences(vault, three, clock) -> None:
    values = replace(NOON, day=date(2026, 11, 23), student_ids=(three.lin,))
    with vault.write("新预约") as session:
        made = store.add_series(session, values, Pattern(Rhythm.WEEKLY, values.day, date(2026, 12, 14)))
    clock.moment = datetime(2026, 12, 8, 8, 0, tzinfo=EAST)
    for one in made[:3]:
        with vault.write("登记") as session:
            outcomes.register(session, one.id, Status.ABSENT, clock.now())
    with vault.read() as session:
        facts = overview.facts(session, three.lin, clock.today())
        lines = overview.lines(session, three.lin)
    assert [fact.text for fact in facts] == [
        "12月14日(周一) 12:20 · 个别辅导室", "连续 3 次预约未到，建议了解原因"
    ]  # fmt: skip
    assert [line.tags[0] for line in lines] == ["已确认", "未到", "未到", "未到"]


@pytest.mark.parametrize(("kind", "mode", "who"), [
    (Kind.INDIVIDUAL, Mode.FACE, "学生本人"), (Kind.PARENT, Mode.PARENTS, "家长"), (Kind.GROUP, None, ""),
])  # fmt: skip
def test_a_note_that_is_begun_is_about_the_last_talk_without_one(vault, three, clock, kind, mode, who) -> None:
    made = add(vault, replace(NOON, student_ids=(three.lin,), kind=kind, called="小组"))
    clock.moment = datetime(2026, 11, 20, 13, 0, tzinfo=EAST)
    with vault.read() as session:
        assert overview.met(session, three.lin, clock.now()) is None
    with vault.write("登记") as session:
        outcomes.register(session, made, Status.ATTENDED, clock.now())
    with vault.read() as session:
        met = overview.met(session, three.lin, clock.now())
        later = overview.met(session, three.lin, clock.now() + timedelta(days=30))
    assert later is None
    if mode is None:
        assert met is None, "of a group only the attendance is recorded"
        return
    assert met is not None
    assert (met.held_on, met.start, met.end, met.mode, met.attendees) == (FRIDAY, time(12, 20), time(13, 0), mode, who)


@pytest.mark.parametrize(("now", "start", "end"), [
    ((12, 8), time(12, 8), time(12, 48)), ((12, 30), time(12, 20), time(13, 0)), ((15, 0), time(12, 20), time(13, 0)),
])  # fmt: skip
def test_a_talk_that_begins_early_is_noted_from_when_it_began(vault, three, clock, now, start, end) -> None:
    made = add(vault, replace(NOON, student_ids=(three.lin,)))
    clock.moment = datetime(2026, 11, 20, *now, 41, tzinfo=EAST)
    with vault.write("登记") as session:
        outcomes.register(session, made, Status.ATTENDED, clock.now())
    with vault.read() as session:
        met = overview.met(session, three.lin, clock.now())
    assert met is not None
    assert (met.start, met.end) == (start, end)


def test_a_destroyed_file_leaves_no_word_and_others_keep_their_appointment(vault, three, clock) -> None:
    alone = add(vault, replace(NOON, student_ids=(three.lin,), topic="只有林晓舟知道的事"))
    with vault.write("改期") as session:
        moved = outcomes.reschedule(session, alone, date(2026, 11, 23), time(12, 20), time(13, 0), "").id
    shared = add(vault, replace(NOON, day=date(2026, 11, 24), student_ids=(three.lin, three.he)))
    group = add(vault, replace(NOON, day=date(2026, 11, 25), student_ids=(three.he, three.lin), kind=Kind.GROUP))
    with vault.write("加入等候名单") as session:
        waiting.add(session, three.lin, "", RequestedBy.STUDENT, Urgency.NORMAL, "", FRIDAY)

    def forget(session, student_id: int) -> None:
        overview.forget(session, student_id)
        students.forget(session, student_id)

    bin.destroy_files(vault, [three.lin], "毕业", forget)
    with vault.read() as session:
        left = [
            one for day in range(14) for one in store.booked(session, FRIDAY + timedelta(day), FRIDAY + timedelta(day))
        ]
        assert session.query(Attendee).count() == session.query(Waiting).count() == 0
        assert vault.search(session, "林晓舟") == []
    assert {one.appointment.id: one.student_ids for one in left} == {shared: {three.he}, group: {three.he}}
    assert moved not in {one.appointment.id for one in left}


def test_the_search_finds_what_it_was_about(vault, three) -> None:
    made = add(vault, replace(NOON, student_ids=(three.lin,), topic="换座位以后"))
    with vault.read() as session:
        hits = vault.search(session, "换座位")
        assert [(hit.kind, hit.record, hit.student) for hit in hits] == [("appointment", made, three.lin)]
        assert overview.found(session, "appointment", made) == ("预约 11月20日(周五) 12:20–13:00 林晓舟", "换座位以后")


def test_the_waiting_list_has_the_urgent_first_and_nobody_twice(vault, three) -> None:
    with vault.write("加入等候名单") as session:
        waiting.add(session, three.lin, "", RequestedBy.STUDENT, Urgency.NORMAL, "", date(2026, 11, 2))
        waiting.add(session, None, "小雨", RequestedBy.MAILBOX, Urgency.SOON, "", date(2026, 11, 18))
        last = waiting.add(session, three.he, "", RequestedBy.HOMEROOM, Urgency.URGENT, "", FRIDAY).id
    with vault.read() as session:
        assert [one.name for one in waiting.listed(session)] == ["何子墨", "小雨", "林晓舟"]
    with pytest.raises(Problem, match="已在等候名单上"), vault.write("加入等候名单") as session:
        waiting.add(session, three.lin, "", RequestedBy.STUDENT, Urgency.NORMAL, "", FRIDAY)
    with pytest.raises(Problem, match="没有写谁"), vault.write("加入等候名单") as session:
        waiting.add(session, None, " ", RequestedBy.STUDENT, Urgency.NORMAL, "", FRIDAY)
    with vault.write("移出等候名单") as session:
        waiting.discard(session, last, vault.now())
    with vault.read() as session:
        assert [one.name for one in waiting.listed(session)] == ["小雨", "林晓舟"]


def test_free_times_keep_the_pause_the_opening_hours_and_the_students_own_time(vault, three, clock) -> None:
    clock.moment = datetime(2026, 11, 23, 8, 0, tzinfo=EAST)
    add(vault, replace(NOON, day=date(2026, 11, 23), start=time(12, 40), end=time(13, 5), student_ids=(three.he,)))
    with vault.read() as session:
        offered = waiting.offers(session, [three.lin], clock.now())
    assert [(f"{one.day:%m-%d}", f"{one.start:%H:%M}", one.name) for one in offered[:3]] == [
        ("11-23", "13:15", "午休二"), ("11-23", "16:30", "第8节"), ("11-24", "12:20", "午休一")
    ]  # fmt: skip
