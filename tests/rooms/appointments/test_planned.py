"""What Today is told of appointments: who comes when, in which period, and that a talk can begin."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

import pytest

from app.errors import Problem
from app.rooms.appointments import dues, outcomes, planned, store, waiting
from app.rooms.appointments.choices import CancelledBy, Kind, RequestedBy, Status, Urgency
from app.rooms.appointments.record import AppointmentValues
from app.rooms.school.record import DeadlineTerms, Heading

EAST = timezone(timedelta(hours=8))
FRIDAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, 25, tzinfo=EAST)


def book(vault, *student_ids, start=time(12, 20), **more):
    end = (datetime.combine(FRIDAY, start) + timedelta(minutes=40)).time()
    values = AppointmentValues(day=FRIDAY, start=start, end=end, student_ids=student_ids, **more)
    with vault.write("试") as session:
        return store.add(session, values, NOON - timedelta(days=1)).id


def told(vault, now=NOON):
    with vault.read() as session:
        return planned.planned(session, FRIDAY, FRIDAY, now)


def test_a_day_in_its_order_with_period_class_and_which_talk_it_is(vault, three) -> None:
    book(vault, three.he, start=time(16, 30), kind=Kind.PARENT)
    book(vault, three.lin)
    first, second = told(vault)
    assert (first.period, first.student_id, first.detail, first.begins) == ("午休一", three.lin, "八(3)班 · 首次", True)
    assert (second.period, second.title, second.tag) == ("第8节", "", "家长会谈")


def test_what_was_called_off_is_no_part_of_the_day_and_a_group_is_only_opened(vault, three) -> None:
    gone = book(vault, three.lin)
    book(vault, start=time(16, 30), kind=Kind.GROUP, called="情绪小组")
    with vault.write("试") as session:
        outcomes.cancel(session, gone, CancelledBy.STUDENT, "", NOON)
    (group,) = told(vault)
    assert (group.people, group.begins) == (((None, "情绪小组"),), False)


def test_without_an_outcome_it_says_so_once_its_time_is_over(vault, three) -> None:
    book(vault, three.lin)
    (one,) = told(vault, NOON + timedelta(hours=1))
    assert (one.tag, one.tone, one.begins) == ("未登记", "amber", True)


def test_where_the_tag_says_something_else_the_kind_stands_before_the_name(vault, three) -> None:
    book(vault, three.he, kind=Kind.PARENT)
    (one,) = told(vault, NOON + timedelta(hours=1))
    assert (one.title, one.tag) == ("家长会谈", "未登记")


def test_a_talk_begins_by_having_come_and_not_before_its_time(vault, three, clock) -> None:
    own_id = book(vault, three.lin)
    clock.moment = NOON - timedelta(hours=1)
    with pytest.raises(Problem, match="时间还没有到"):
        planned.begin(vault, own_id)
    clock.moment = NOON
    assert planned.begin(vault, own_id) == three.lin
    with vault.read() as session:
        assert store.get(session, own_id).status is Status.ATTENDED


def test_who_waits_is_among_those_who_may_be_forgotten_and_a_name_without_a_file_is_not_told(vault, three) -> None:
    with vault.write("试") as session:
        for student_id, called in ((three.lin, ""), (None, "小赵")):
            waiting.add(session, student_id, called, RequestedBy.HOMEROOM, Urgency.SOON, "", FRIDAY)
    with vault.read() as session:
        told = dues.due(session, DeadlineTerms(), FRIDAY)
    assert {due.heading for due in told} == {Heading.FADING}
    assert sorted(due.student_id or 0 for due in told) == [0, three.lin]
    assert not any("小赵" in due.title + due.detail for due in told)


def test_a_reminder_says_in_few_words_who_comes_and_where_to(vault, three) -> None:
    book(vault, three.lin, place="沙盘室")
    book(vault, three.he, start=time(13, 10), kind=Kind.PARENT)
    book(vault, start=time(14, 20), called="小雨")
    book(vault, three.lin, three.he, start=time(15, 20), kind=Kind.GROUP, called="情绪小组", place="团体活动室")
    book(vault, three.lin, three.he, three.sun, start=time(16, 30), place="")
    assert [one.called for one in told(vault)] == [
        "林晓舟 八(3)班，沙盘室",
        "家长会谈 何子墨 八(3)班，个别辅导室",
        "小雨，个别辅导室",
        "情绪小组，团体活动室",
        "林晓舟 八(3)班、何子墨 八(3)班、孙一诺 八(3)班",
    ]


@pytest.mark.parametrize(("status", "minutes"), [
    (Status.CONFIRMED, {0, 39, 40, 49}), (Status.ATTENDED, {-20, -1, 0, 39, 40, 49}), (Status.ABSENT, set()),
])  # fmt: skip
def test_somebody_may_be_sitting_there_from_having_come_until_a_while_after_the_end(
    vault, three, status, minutes
) -> None:
    own_id = book(vault, three.lin)
    begins = datetime.combine(FRIDAY, time(12, 20))
    if status is not Status.CONFIRMED:
        with vault.write("登记") as session:
            outcomes.register(session, own_id, status, NOON)
    (one,) = told(vault)
    assert (one.expected, one.begins_at()) == (status is Status.CONFIRMED, begins)
    seen = {at for at in (-20, -1, 0, 39, 40, 49, 50) if one.may_be_going_on(begins + timedelta(minutes=at))}
    assert seen == minutes
