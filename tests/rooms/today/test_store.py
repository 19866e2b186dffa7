"""What is due, sorted and put off: nothing lost, nothing doubled, the latest first, back on its day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import StandingClock
from app.errors import Problem
from app.rooms.school.record import Due, Heading, Weight
from app.rooms.students import store as students
from app.rooms.students.record import Student
from app.rooms.today import store
from app.rooms.today.wording import lateness, since
from app.vault.bin import destroy_files
from app.vault.vault import Vault

TODAY = date(2026, 11, 20)
REASON = "家长出差，下周一回校"
HEADINGS = st.sampled_from(list(Heading))


def due(
    record_id: int = 1, on: date = TODAY, heading: Heading = Heading.DEADLINE, student_id: int | None = None
) -> Due:
    return Due("referral.receipt", on, student_id, "referral", record_id, "催要转介回执", "", heading=heading)


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(-400, 400), HEADINGS), unique_by=lambda one: one[:2]))
def test_every_thing_stands_once_under_its_heading_the_latest_first(given_: list[tuple[int, int, Heading]]) -> None:
    dues = [due(own_id, TODAY + timedelta(days=days), heading) for own_id, days, heading in given_]
    day = store.sorted_out(dues, [], TODAY)
    assert sorted((one for under in day.under.values() for one in under), key=repr) == sorted(dues, key=repr)
    for heading, under in day.under.items():
        assert all(one.heading is heading for one in under)
        assert [one.due for one in under] == sorted(one.due for one in under)
    counted = [one for one in dues if one.heading is not Heading.FADING and one.due < TODAY]
    assert day.overdue == len(counted)


@pytest.mark.parametrize(
    ("days", "said"),
    [(-2, "逾期 2 天"), (-1, "逾期 1 天"), (0, "今天"), (1, "明天"), (7, "11月27日"), (46, "2027年1月5日")],
)
def test_days_have_calm_words(days: int, said: str) -> None:
    assert lateness(TODAY + timedelta(days=days), TODAY) == said


@pytest.mark.parametrize(("day", "said"), [(date(2026, 11, 17), "11月17日起"), (date(2025, 11, 17), "2025年11月起")])
def test_who_may_be_forgotten_is_not_called_overdue(day: date, said: str) -> None:
    assert since(day, TODAY) == said


def test_what_is_put_off_stands_aside_until_its_day(vault: Vault, clock: StandingClock) -> None:
    late, other = due(1, TODAY - timedelta(days=2)), due(2)
    until = TODAY + timedelta(days=3)
    with vault.write("试") as session:
        store.put_off(session, late, until, f" {REASON} ", clock.now())

    def day(on: date) -> store.Day:
        with vault.read() as session:
            return store.sort_out(session, [late, other], on)

    for on in (TODAY, until - timedelta(days=1)):
        assert day(on).under[Heading.DEADLINE] == [other]
        assert [(thing, snooze.reason) for thing, snooze in day(on).later] == [(late, REASON)]
    assert day(TODAY).overdue == 0
    assert day(until).under[Heading.DEADLINE] == [late, other]
    assert day(until).later == []


def test_the_next_one_of_the_same_record_is_another_thing(vault: Vault, clock: StandingClock) -> None:
    weekly, following = due(1), due(1, TODAY + timedelta(days=7))
    with vault.write("试") as session:
        store.put_off(session, weekly, TODAY + timedelta(days=30), REASON, clock.now())
    with vault.read() as session:
        assert store.sort_out(session, [following], TODAY).under[Heading.DEADLINE] == [following]


def test_what_a_students_safety_may_hang_on_stands_first_and_is_put_off_by_a_day_at_the_most(
    vault: Vault, clock: StandingClock
) -> None:
    late, pressing = due(1, TODAY - timedelta(days=9)), due(2)._replace(weight=Weight.SAFETY)
    tidying = due(3, TODAY - timedelta(days=500))._replace(weight=Weight.KEEPING)
    day = store.sorted_out([tidying, late, pressing], [], TODAY)
    assert day.under[Heading.DEADLINE] == [pressing, late, tidying]
    assert day.overdue == 1, "what only tidies up is never overdue"
    with pytest.raises(Problem, match="学生的安全"), vault.write("试") as session:
        store.put_off(session, pressing, TODAY + timedelta(days=2), REASON, clock.now())
    with vault.write("试") as session:
        store.put_off(session, pressing, TODAY + timedelta(days=1), REASON, clock.now())
    with vault.read() as session:
        assert store.sort_out(session, [pressing], TODAY).under[Heading.DEADLINE] == []
        assert store.sort_out(session, [pressing], TODAY + timedelta(days=1)).under[Heading.DEADLINE] == [pressing]


def test_put_off_twice_counts_once_and_can_be_taken_back(vault: Vault, clock: StandingClock) -> None:
    with vault.write("试") as session:
        store.put_off(session, due(), TODAY + timedelta(days=3), REASON, clock.now())
        last = store.put_off(session, due(), TODAY + timedelta(days=1), "早一点", clock.now())
    with vault.read() as session:
        ((_, snooze),) = store.sort_out(session, [due()], TODAY).later
    assert (snooze.until, snooze.reason) == (TODAY + timedelta(days=1), "早一点")
    for _ in range(2):
        with vault.write("试") as session:
            store.bring_back(session, last.id)
    with vault.read() as session:
        assert store.sort_out(session, [due()], TODAY).under[Heading.DEADLINE] == [due()]


@pytest.mark.parametrize("until", [None, TODAY - timedelta(days=1), TODAY])
def test_only_a_later_day_will_do(vault: Vault, clock: StandingClock, until: date | None) -> None:
    with pytest.raises(Problem, match="今天之后"), vault.write("试") as session:
        store.put_off(session, due(), until, REASON, clock.now())


def test_a_reason_is_asked_for(vault: Vault, clock: StandingClock) -> None:
    with pytest.raises(Problem, match="原因"), vault.write("试") as session:
        store.put_off(session, due(), TODAY + timedelta(days=1), "  ", clock.now())


def test_a_destroyed_file_leaves_no_reason_behind(vault: Vault, clock: StandingClock) -> None:
    with vault.write("试") as session:
        student = students.add(session, Student(student_no="1", name="穆青禾", grade=7, class_no=1))
        session.flush()
        own_id = student.id
        store.put_off(session, due(student_id=own_id), TODAY + timedelta(days=1), REASON, clock.now())
        kept = store.put_off(session, due(2, student_id=own_id + 1), TODAY + timedelta(days=1), REASON, clock.now())

    def forget(session, student_id):
        store.forget(session, student_id)
        students.forget(session, student_id)

    destroy_files(vault, [own_id], "毕业", forget)
    with vault.read() as session:
        later = store.sort_out(session, [due(student_id=own_id), due(2)], TODAY).later
    assert [snooze.id for _, snooze in later] == [kept.id]
