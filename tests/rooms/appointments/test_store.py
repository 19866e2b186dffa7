"""Appointments in a real vault: entering, clashes, series, drags taken back, outcomes, and what becomes of them with a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

import pytest

from app.errors import Problem
from app.rooms.appointments import changing, outcomes, store
from app.rooms.appointments.choices import CancelledBy, Instead, Kind, Rhythm, Scope, Status, Urgency
from app.rooms.appointments.record import AppointmentValues
from app.rooms.appointments.rules.clashes import Clashing
from app.rooms.appointments.rules.series import Pattern
from app.vault import undo

EAST = timezone(timedelta(hours=8))
MONDAY = date(2026, 11, 23)
NOON = AppointmentValues(day=MONDAY, start=time(12, 20), end=time(13, 0))


def add(vault, values: AppointmentValues, now: datetime | None = None) -> int:
    with vault.write("新预约") as session:
        return store.add(session, values, now or vault.now()).id


def one(vault, appointment_id: int):
    with vault.read() as session:
        return store.one(session, appointment_id)


def test_what_was_entered_comes_back_with_its_students(vault, three) -> None:
    made = add(vault, replace(NOON, student_ids=(three.lin, three.he), topic="同桌"))
    with vault.read() as session:
        week = store.booked(session, MONDAY, MONDAY + timedelta(days=4))
    assert [booked.appointment.id for booked in week] == [made]
    assert [name for _, name, _ in week[0].students] == ["林晓舟", "何子墨"]
    assert store.values_of(week[0]) == replace(NOON, student_ids=(three.lin, three.he), topic="同桌")


def test_a_clash_is_refused_by_name_and_entered_with_a_reason(vault, three) -> None:
    add(vault, replace(NOON, student_ids=(three.lin,)))
    wanted = replace(NOON, start=time(12, 40), end=time(13, 20), student_ids=(three.he,))
    with pytest.raises(Clashing) as refused:
        add(vault, wanted)
    assert "12:20–13:00 林晓舟(辅导老师、地点冲突)" in refused.value.sentence
    made = add(vault, replace(wanted, override_reason="紧急约见"))
    assert one(vault, made).appointment.override_reason == "紧急约见"


def test_who_did_not_come_and_who_called_off_take_no_time(vault, three, clock) -> None:
    first = add(vault, replace(NOON, student_ids=(three.lin,)))
    with vault.write("取消预约") as session:
        outcomes.cancel(session, first, CancelledBy.GUARDIAN, "生病", clock.now())
    add(vault, replace(NOON, student_ids=(three.he,)))
    cancelled = one(vault, first).appointment
    assert (cancelled.status, cancelled.cancelled_by, cancelled.reason) == (
        Status.CANCELLED, CancelledBy.GUARDIAN, "生病"
    )  # fmt: skip
    assert cancelled.cancelled_at == clock.now()
    with pytest.raises(Clashing), vault.write("改登记") as session:
        outcomes.reopen(session, first)


def test_nobody_and_no_name_is_refused(vault, school) -> None:
    with pytest.raises(Problem, match="没有写是谁"):
        add(vault, NOON)
    with pytest.raises(Problem, match="没有写名称"):
        add(vault, replace(NOON, kind=Kind.GROUP))


def test_a_series_leaves_out_exams_and_clashes_and_tells_them(vault, three) -> None:
    add(vault, replace(NOON, day=date(2026, 12, 7), student_ids=(three.he,)))
    values = replace(NOON, day=date(2026, 11, 2), student_ids=(three.lin,))
    pattern = Pattern(Rhythm.WEEKLY, values.day, date(2026, 12, 21))
    with vault.read() as session:
        planned = store.plan_series(session, values, pattern)
    told = [(skipped.day.isoformat(), skipped.why) for skipped in planned.skipped]
    assert told == [("2026-11-09", "期中考试"), ("2026-12-07", "12:20–13:00 何子墨(辅导老师、地点冲突)")]
    with vault.write("新预约") as session:
        made = store.add_series(session, values, pattern)
    assert tuple(appointment.day for appointment in made) == planned.days
    assert len({appointment.series_id for appointment in made}) == 1


def series(vault, student_id: int) -> list[int]:
    values = replace(NOON, day=date(2026, 11, 16), student_ids=(student_id,))
    with vault.write("新预约") as session:
        made = store.add_series(session, values, Pattern(Rhythm.WEEKLY, values.day, date(2026, 12, 14)))
    return [appointment.id for appointment in made]


def days(vault, ids: list[int]) -> list[str]:
    with vault.read() as session:
        return [f"{store.get(session, own).day:%m-%d} {store.get(session, own).start:%H:%M}" for own in ids]


@pytest.mark.parametrize(
    ("scope", "moved"),
    [
        (Scope.ONE, ["11-16 12:20", "11-23 12:20", "12-01 16:30", "12-07 12:20", "12-14 12:20"]),
        (Scope.LATER, ["11-16 12:20", "11-23 12:20", "12-01 16:30", "12-08 16:30", "12-15 16:30"]),
        (Scope.ALL, ["11-17 16:30", "11-24 16:30", "12-01 16:30", "12-08 16:30", "12-15 16:30"]),
    ],
)
def test_a_change_is_for_this_one_the_later_ones_or_all_and_is_taken_back_whole(vault, three, scope, moved) -> None:
    ids = series(vault, three.lin)
    before = days(vault, ids)
    with vault.write(changing.MOVED) as session:
        batch = changing.move(vault, session, ids[2], date(2026, 12, 1), time(16, 30), time(17, 10), scope)
    assert days(vault, ids) == moved
    with vault.write("撤销移动") as session:
        assert undo.revert(vault, session, batch).left == ()
    assert days(vault, ids) == before


def test_an_occurrence_with_an_outcome_stays_where_it_was(vault, three, clock) -> None:
    ids = series(vault, three.lin)
    with vault.write("登记") as session:
        outcomes.register(session, ids[0], Status.ATTENDED, clock.now())
    with vault.write(changing.MOVED) as session:
        changing.move(vault, session, ids[1], MONDAY, time(16, 30), time(17, 10), Scope.ALL)
    assert days(vault, ids)[:2] == ["11-16 12:20", "11-23 16:30"]


def test_a_series_moved_onto_days_without_school_is_refused_and_nothing_moves(vault, three) -> None:
    ids = series(vault, three.lin)
    before = days(vault, ids)
    with pytest.raises(Clashing) as refused, vault.write(changing.MOVED) as session:
        changing.move(vault, session, ids[0], date(2026, 11, 21), time(12, 20), time(13, 0), Scope.ALL)
    assert "周末" in refused.value.sentence
    assert days(vault, ids) == before


def test_without_an_outcome_it_stays_unregistered_whatever_the_clock_says(vault, three, clock) -> None:
    made = add(vault, replace(NOON, student_ids=(three.lin,)))
    for now in (datetime(2027, 3, 1, 8, 0, tzinfo=EAST), datetime(2020, 1, 1, tzinfo=EAST), clock.now()):
        clock.moment = now
        assert one(vault, made).appointment.status is Status.CONFIRMED
        with vault.read() as session:
            late = [booked.appointment.id for booked in store.unregistered(session, clock.now())]
        assert late == ([made] if now.date() > MONDAY else [])


def test_an_outcome_waits_for_its_time_and_a_wrong_one_is_corrected(vault, three, clock) -> None:
    made = add(vault, replace(NOON, student_ids=(three.lin,)))
    with pytest.raises(Problem, match="时间还没有到"), vault.write("登记") as session:
        outcomes.register(session, made, Status.ATTENDED, clock.now())
    clock.moment = datetime(2026, 11, 23, 12, 21, tzinfo=EAST)
    for outcome in (Status.ABSENT, Status.ATTENDED):
        with vault.write("登记") as session:
            outcomes.register(session, made, outcome, clock.now())
        assert one(vault, made).appointment.status is outcome
    with pytest.raises(Problem, match="时间不能再改"), vault.write(changing.MOVED) as session:
        changing.move(vault, session, made, MONDAY, time(16, 30), time(17, 10))


def test_who_comes_half_an_hour_early_has_come_and_nobody_is_absent_before_the_time(vault, three, clock) -> None:
    made = add(vault, replace(NOON, student_ids=(three.lin,)))
    for early, outcome in (((11, 49), Status.ATTENDED), ((12, 19), Status.ABSENT)):
        clock.moment = datetime(2026, 11, 23, *early, tzinfo=EAST)
        with pytest.raises(Problem, match=f"不能登记「{outcome.label}」"), vault.write("登记") as session:
            outcomes.register(session, made, outcome, clock.now())
    clock.moment = datetime(2026, 11, 23, 11, 50, tzinfo=EAST)
    with vault.write("登记") as session:
        outcomes.register(session, made, Status.ATTENDED, clock.now())
    of = one(vault, made).appointment
    assert (of.status, of.start, of.end) == (Status.ATTENDED, time(12, 20), time(13, 0)), (
        "what was planned stays written"
    )


def test_an_appointment_just_after_midnight_is_not_begun_the_day_before(vault, three, clock) -> None:
    made = add(vault, replace(NOON, start=time(0, 10), end=time(0, 50), student_ids=(three.lin,)))
    with vault.read() as session:
        appointment = store.get(session, made)
    assert appointment.earliest == time(0, 0)
    assert not appointment.can_have_come(datetime(2026, 11, 22, 23, 59, tzinfo=EAST))
    assert appointment.can_have_come(datetime(2026, 11, 23, 0, 0, tzinfo=EAST))


def test_moved_by_agreement_closes_the_old_row_and_links_the_new_one(vault, three, clock) -> None:
    made = add(vault, replace(NOON, student_ids=(three.lin, three.he)))
    with vault.write("改期") as session:
        new = outcomes.reschedule(session, made, date(2026, 11, 24), time(12, 20), time(13, 0), "月考").id
    old = one(vault, made).appointment
    assert (old.status, old.moved_to_id, old.reason, old.day) == (Status.MOVED, new, "月考", MONDAY)
    assert one(vault, new).student_ids == {three.lin, three.he}
    with pytest.raises(Problem, match="已改期"), vault.write("登记") as session:
        outcomes.register(session, made, Status.ABSENT, clock.now())


def test_somebody_urgent_at_the_door_has_come(vault, three, clock) -> None:
    now = clock.now()
    at_the_door = replace(NOON, day=now.date(), start=now.time(), end=time(10, 40), urgency=Urgency.URGENT)
    assert one(vault, add(vault, replace(at_the_door, student_ids=(three.lin,)))).appointment.status is Status.ATTENDED


def test_three_absences_in_a_row_are_counted_until_the_student_comes(vault, three, clock) -> None:
    ids = series(vault, three.lin)
    clock.moment = datetime(2026, 12, 20, tzinfo=EAST)
    for own_id, outcome in zip(ids, (Status.ABSENT, Status.ATTENDED, Status.ABSENT, Status.ABSENT), strict=False):
        with vault.write("登记") as session:
            outcomes.register(session, own_id, outcome, clock.now())
    with vault.read() as session:
        assert store.absences(session, three.lin) == 2


def test_in_the_bin_it_takes_no_time_and_comes_back(vault, three, clock) -> None:
    made = add(vault, replace(NOON, student_ids=(three.lin,)))
    with vault.write("预约移到回收站") as session:
        ids = changing.discard(session, made, Scope.ONE, clock.now())
    with vault.read() as session:
        assert store.booked(session, MONDAY, MONDAY) == []
    with vault.write("从回收站取回") as session:
        changing.take_back(session, ids)
    with vault.read() as session:
        assert len(store.booked(session, MONDAY, MONDAY)) == 1


def test_out_of_the_bin_onto_a_time_given_to_another_it_stays_there(vault, three, clock) -> None:
    made = add(vault, replace(NOON, student_ids=(three.lin,)))
    with vault.write("预约移到回收站") as session:
        ids = changing.discard(session, made, Scope.ONE, clock.now())
    add(vault, replace(NOON, student_ids=(three.he,)))
    with pytest.raises(Problem) as refused, vault.write("从回收站取回") as session:
        changing.take_back(session, ids)
    assert "12:20–13:00 何子墨" in refused.value.sentence
    assert "再取回" in refused.value.next_step
    with vault.read() as session:
        assert [booked.student_ids for booked in store.booked(session, MONDAY, MONDAY)] == [{three.he}]


@pytest.mark.parametrize(("scope", "gone"), [(Scope.ONE, 1), (Scope.LATER, 3), (Scope.ALL, 4)])
def test_a_series_is_called_off_once_from_then_on_or_whole_but_for_what_has_been(
    vault, three, clock, scope, gone
) -> None:
    ids = series(vault, three.lin)
    clock.moment = datetime(2026, 11, 17, 8, 0, tzinfo=EAST)
    with vault.write("登记") as session:
        outcomes.register(session, ids[0], Status.ATTENDED, clock.now())
    with vault.write("取消预约") as session:
        outcomes.cancel(session, ids[2], CancelledBy.GUARDIAN, "转学", clock.now(), scope)
    statuses = [one(vault, own).appointment.status for own in ids]
    assert statuses[0] is Status.ATTENDED
    assert statuses.count(Status.CANCELLED) == gone
    assert statuses[2] is Status.CANCELLED


def test_what_is_written_anew_at_its_own_time_is_not_held_up_by_who_was_let_in_beside_it(vault, three) -> None:
    made = add(vault, replace(NOON, student_ids=(three.lin,)))
    add(vault, replace(NOON, student_ids=(three.he,), override_reason="急"))
    with vault.write(changing.MOVED) as session:
        changing.change(vault, session, made, replace(NOON, student_ids=(three.lin,), topic="换座位"))
    assert one(vault, made).appointment.topic == "换座位"
    with pytest.raises(Clashing), vault.write(changing.MOVED) as session:
        changing.change(vault, session, made, replace(NOON, start=time(12, 25), student_ids=(three.lin,)))


def test_a_series_moves_what_would_be_left_out_to_another_day_of_its_week(vault, three) -> None:
    """Exams on Monday to Wednesday, somebody else on the Thursday: the Friday is left."""
    add(vault, replace(NOON, day=date(2026, 11, 12), student_ids=(three.he,)))
    values = replace(NOON, day=date(2026, 11, 2), student_ids=(three.lin,))
    pattern = Pattern(Rhythm.WEEKLY, values.day, date(2026, 11, 16), Instead.SAME_WEEK)
    with vault.write("新预约") as session:
        made = store.add_series(session, values, pattern)
        planned = store.plan_series(session, replace(values, start=time(16, 30), end=time(17, 10)), pattern)
    assert [appointment.day for appointment in made] == [date(2026, 11, 2), date(2026, 11, 13), date(2026, 11, 16)]
    assert [(one.day, one.to, one.why) for one in planned.moved] == [
        (date(2026, 11, 9), date(2026, 11, 12), "期中考试")
    ]


@pytest.mark.parametrize("day", [date(1, 1, 1), date(2206, 11, 23), date(9999, 12, 31)])
def test_a_slip_of_the_year_is_said(vault, three, day) -> None:
    values = replace(NOON, student_ids=(three.lin,))
    with pytest.raises(Problem, match="年份不对"):
        add(vault, replace(values, day=day))
    with pytest.raises(Problem), vault.write("新预约") as session:
        store.add_series(session, values, Pattern(Rhythm.WEEKLY, MONDAY, day))
