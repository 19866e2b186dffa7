"""When a reminder is due: ten minutes before, once, however the clock runs, and where it is said: in the window, else by the tray."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QVBoxLayout, QWidget

from app.clock import StandingClock
from app.ui import tray
from app.ui.reminding import BEFORE, Known, Reminding, due, looked_up_to, minutes_to
from tests.ui.recorded_tray import RecordedIcon

DAY = datetime(2026, 11, 20)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
starts_of_a_day = st.sets(st.integers(0, 24 * 12 - 1).map(lambda fives: DAY + fives * 5 * MINUTE), max_size=12)
gaps = st.lists(st.one_of(st.just(5), st.integers(1, 300), st.integers(1, 8 * 3600)), max_size=60)
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A PC that is busy beside is no fault of a rule."""


def run(starts: set[datetime], moments: list[datetime]) -> list[tuple[datetime, datetime]]:
    """What was said, and when, by a clock looked at in these moments."""
    since, said = moments[0], []
    for now in moments:
        said += [(start, now) for start in due(starts, since, now)]
        since = looked_up_to(since, now)
    return said


@patient
@given(starts_of_a_day, st.integers(0, 24 * 3600), gaps)
def test_each_is_said_once_in_its_ten_minutes_and_none_that_was_looked_at_in_time_is_left_out(
    starts, first, steps
) -> None:
    moments = [DAY + first * SECOND]
    for step in steps:
        moments.append(moments[-1] + step * SECOND)
    said = run(starts, moments)
    assert len({start for start, _ in said}) == len(said)
    assert all(start - BEFORE <= now < start for start, now in said)
    owed = {
        start
        for start in starts
        if start - BEFORE > moments[0] and any(start - BEFORE <= now < start for now in moments)
    }
    assert {start for start, _ in said} == owed


@patient
@given(starts_of_a_day, st.integers(0, 24 * 3600), st.lists(st.integers(-590, 300), max_size=60))
def test_a_clock_that_is_put_right_by_minutes_says_nothing_twice(starts, first, steps) -> None:
    moments, newest = [DAY + first * SECOND], DAY + first * SECOND
    for step in steps:
        moments.append(max(moments[-1] + step * SECOND, newest - BEFORE))
        newest = max(newest, moments[-1])
    said = run(starts, moments)
    assert len({start for start, _ in said}) == len(said)


@patient
@given(starts_of_a_day, st.integers(0, 24 * 3600), gaps)
def test_who_goes_on_from_what_was_handed_over_says_the_same(starts, first, steps) -> None:
    moments = [DAY + first * SECOND]
    for step in steps:
        moments.append(moments[-1] + step * SECOND)
    half = len(moments) // 2 + 1
    since, said = moments[0], []
    for now in moments[:half]:
        said += [(start, now) for start in due(starts, since, now)]
        since = looked_up_to(since, now)
    known = Known.from_words(Known(tuple(starts), since).to_come().to_words())
    assert all(start - BEFORE > since for start in known.starts)
    for now in moments[half:]:
        assert known.since is not None
        said += [(start, now) for start in due(known.starts, known.since, now)]
        known = Known(known.starts, looked_up_to(known.since, now))
    assert said == run(starts, moments)


def test_a_pc_that_slept_says_what_is_still_to_come_in_one_breath_and_nothing_of_what_has_begun() -> None:
    starts = {DAY.replace(hour=hour, minute=minute) for hour, minute in ((8, 0), (9, 0), (9, 58), (10, 2), (11, 0))}
    assert due(starts, DAY.replace(hour=7), DAY.replace(hour=9, minute=55)) == [
        DAY.replace(hour=9, minute=58), DAY.replace(hour=10, minute=2)
    ]  # fmt: skip


def test_a_clock_that_was_a_year_ahead_begins_anew() -> None:
    right, wrong = DAY.replace(hour=9), DAY.replace(year=2027)
    since = looked_up_to(right, wrong)
    assert looked_up_to(since, right) == right


@pytest.mark.parametrize(("left", "minutes"), [(600, 10), (599, 10), (541, 10), (540, 9), (1, 1)])
def test_the_minutes_are_those_that_are_left(left, minutes) -> None:
    assert minutes_to(DAY + left * SECOND, DAY) == minutes


# In a window


@pytest.fixture
def icons(monkeypatch) -> list[RecordedIcon]:
    monkeypatch.setattr(tray, "QSystemTrayIcon", RecordedIcon)
    monkeypatch.setattr(RecordedIcon, "made", [])
    return RecordedIcon.made


class Day:
    """A day that can be changed, and a mouth that can be shut."""

    def __init__(self) -> None:
        self.coming = {DAY.replace(hour=10): "林晓舟 八(3)班，个别辅导室"}
        self.beside = False

    def starts(self, day: date) -> tuple[datetime, ...]:
        return tuple(start for start in self.coming if start.date() == day)

    def who(self, start: datetime, _now: datetime) -> str:
        return "" if self.beside else self.coming[start]


@pytest.fixture
def window(qtbot, dressed) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    QVBoxLayout(made).addStretch(1)
    made.show()
    return made


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(DAY.replace(hour=9))


@pytest.fixture
def reminding(qtbot, icons, window, clock) -> Reminding:
    made = Reminding(clock, lambda: window, window)
    made.look()
    return made


def at(reminding: Reminding, hour: int, minute: int, second: int = 0) -> None:
    reminding._clock.moment = DAY.replace(hour=hour, minute=minute, second=second)
    reminding.look()


def line(window: QWidget) -> str:
    told = [w.accessibleName() for w in window.findChildren(QWidget) if w.objectName() == "reminder" and w.isVisible()]
    return told[0] if told else ""


def look_elsewhere(qtbot) -> None:
    for one in QApplication.topLevelWidgets():
        one.showMinimized()


def test_in_front_of_her_eyes_the_line_says_it_down_to_the_beginning(reminding, window, icons, qtbot) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    reminding.enter(Day())
    at(reminding, 9, 49, 59)
    assert line(window) == ""
    at(reminding, 9, 50)
    assert line(window) == "10 分钟后：林晓舟 八(3)班，个别辅导室"
    at(reminding, 9, 57, 30)
    assert line(window) == "3 分钟后：林晓舟 八(3)班，个别辅导室"
    at(reminding, 10, 0)
    assert line(window) == ""
    assert icons == []


def test_elsewhere_the_tray_says_it_without_a_name_and_takes_it_back(reminding, window, icons, qtbot) -> None:
    look_elsewhere(qtbot)
    reminding.enter(Day())
    at(reminding, 9, 50, 3)
    at(reminding, 9, 50, 8)
    (icon,) = icons
    assert (icon.said, icon.tip, icon.shown) == ([("提醒", "10 分钟后有预约")], "10 分钟后有预约", True)
    with qtbot.waitSignal(reminding.wanted):
        icon.messageClicked.emit()
    with qtbot.waitSignal(reminding.wanted):
        icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    at(reminding, 10, 0)
    assert not icon.shown


def test_without_a_tray_the_window_says_it(reminding, window, icons, qtbot, monkeypatch) -> None:
    called = []
    monkeypatch.setattr(RecordedIcon, "there", False)
    monkeypatch.setattr(QApplication, "alert", called.append)
    look_elsewhere(qtbot)
    reminding.enter(Day())
    at(reminding, 9, 50)
    assert (icons, called) == ([], [window])


def test_called_off_or_moved_it_is_taken_back_and_the_new_time_counts(reminding, window, icons) -> None:
    day = Day()
    reminding.enter(day)
    at(reminding, 9, 50)
    day.coming = {DAY.replace(hour=10, minute=20): "何子墨 八(3)班，个别辅导室"}
    at(reminding, 9, 51)
    assert line(window) == ""
    at(reminding, 10, 10)
    assert line(window) == "10 分钟后：何子墨 八(3)班，个别辅导室"


def test_one_entered_in_its_last_ten_minutes_is_not_told_to_her_who_has_just_entered_it(reminding, window) -> None:
    day = Day()
    day.coming = {}
    reminding.enter(day)
    at(reminding, 9, 55)
    day.coming = {DAY.replace(hour=10): "林晓舟"}
    at(reminding, 9, 56)
    assert line(window) == ""


def test_while_a_student_may_sit_there_no_name_is_said(reminding, window) -> None:
    day = Day()
    reminding.enter(day)
    at(reminding, 9, 50)
    day.beside = True
    reminding.look()
    assert line(window) == "10 分钟后有预约"


def test_two_at_once_are_said_in_one_line_and_seen_is_seen(reminding, window, icons, qtbot) -> None:
    day = Day()
    day.coming[DAY.replace(hour=10, minute=4)] = "情绪小组，团体活动室"
    reminding.enter(day)
    at(reminding, 9, 56)
    assert line(window) == "4 分钟后：林晓舟 八(3)班，个别辅导室；8 分钟后：情绪小组，团体活动室"
    reminding.dismiss()
    at(reminding, 9, 57)
    assert line(window) == ""


def test_locked_it_knows_the_times_alone_until_midnight(reminding, window) -> None:
    reminding.enter(Day())
    reminding.leave()
    assert reminding.known == Known((DAY.replace(hour=10),), DAY.replace(hour=9))
    at(reminding, 9, 50)
    assert line(window) == "10 分钟后有预约"
    assert "林晓舟" not in window.findChild(QWidget, "reminder").accessibleName()
    reminding.dismiss()
    reminding._clock.moment = DAY.replace(hour=9, minute=50) + timedelta(days=1)
    reminding.look()
    assert line(window) == ""
