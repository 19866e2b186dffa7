"""The school's calendar as one value: terms and weeks, which days are school days, why not, and the slots of a day. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from app.rooms.school.bells import Slot, Span, Timetable, in_force, merged
from app.rooms.school.holidays import SATURDAY, Holidays
from app.rooms.school.names import school_year, term
from app.vault.choice import Choice

MONDAY, FRIDAY = 1, 5
SESSION_MINUTES = 40
"""How long a session is unless the school says otherwise (domain.md 3.5: 40–50 minutes, at school 40)."""
PAUSE_MINUTES = 10
"""Between two sessions, to write down the one and to prepare the other, unless the school says otherwise."""
SCHOOL_WEEK = range(MONDAY, FRIDAY + 1)
ONE_DAY = timedelta(days=1)
OUTSIDE = "不在已填的学期内"
"""Why a working day before the first or after the last term entered is no school day."""


class DayKind(Choice):
    """What the school itself says of some days."""

    OFF = "off", "放假"
    EXAM = "exam", "考试"
    SCHOOL = "school", "上课"
    CLOSED = "closed", "停开"


@dataclass(frozen=True, order=True)
class Term:
    """One term, from its first to its last day. Its weeks begin on Monday; the first is the one its first day lies in."""

    first: date
    last: date

    @property
    def name(self) -> str:
        """「2026–2027 学年第一学期」."""
        year = school_year(self.first)
        return f"{year}–{year + 1} 学年第{'一二'[term(self.first) - 1]}学期"

    @property
    def weeks(self) -> int:
        """How many weeks it has, the broken ones at both ends included."""
        return self.week_number(self.last)

    def week_number(self, day: date) -> int:
        """The number of the week a day of the term lies in, from 1."""
        return (day - monday_of(self.first)).days // 7 + 1


@dataclass(frozen=True)
class Week:
    """A numbered week of a term; ``odd`` is 单周."""

    term: Term
    number: int
    odd: bool

    @property
    def monday(self) -> date:
        return monday_of(self.term.first) + timedelta(weeks=self.number - 1)

    @property
    def label(self) -> str:
        """「第13周(单周)」."""
        return f"第{self.number}周({'单周' if self.odd else '双周'})"


@dataclass(frozen=True)
class Special:
    """Days the school itself has set apart: off (运动会、秋游), exams, a day of lessons that would be none (补课), or one on which
    the room stays closed though there are lessons (停开, domain.md 2.6).

    ``follows`` is the ISO weekday whose bells a day of lessons goes by, 0 where the school has not said.
    """

    kind: DayKind
    name: str
    first: date
    last: date
    follows: int = 0

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Opening:
    """When the room is open on some weekdays (ISO, 「12345」)."""

    weekdays: str
    span: Span


@dataclass(frozen=True)
class Lesson:
    """A time on some weekdays at which a class, a grade or everybody (None) is not called away."""

    weekdays: str
    span: Span
    name: str
    grade: int | None = None
    class_no: int | None = None

    def is_of(self, grade: int, class_no: int) -> bool:
        """Whether this class has it."""
        return self.grade in (None, grade) and self.class_no in (None, class_no)


@dataclass(frozen=True)
class Calendar:
    """Everything the school counts days and times by; ``store.calendar(session)`` builds it once.

    Without any term entered every working day is a school day; with terms, only days within them are.
    """

    terms: tuple[Term, ...] = ()
    specials: tuple[Special, ...] = ()
    holidays: Holidays = field(default_factory=Holidays)
    timetables: tuple[Timetable, ...] = ()
    opening: tuple[Opening, ...] = ()
    boarding: bool = False
    lessons: tuple[Lesson, ...] = ()
    session: int = SESSION_MINUTES
    """How long a session is, in minutes."""
    pause: int = PAUSE_MINUTES
    """At least so many minutes lie between two sessions."""

    # Days

    def is_school_day(self, day: date) -> bool:
        """Whether students are at school. An exam day is one."""
        return not self.why_no_school(day)

    def why_no_school(self, day: date) -> str:
        """Why students are not at school: 「国庆节」, 「周末」, 「寒假」, the school's own day off by its name; empty on a school day."""
        kinds = {special.kind: special for special in self.specials if special.covers(day)}
        if DayKind.OFF in kinds:
            return kinds[DayKind.OFF].name
        if DayKind.SCHOOL in kinds:
            return ""
        return self.holidays.why_off(day) or self._why_outside(day)

    def why_not(self, day: date) -> str:
        """Why nothing is planned on this day by itself: no school, the room closed, exams; empty on an ordinary school day."""
        return self.why_no_school(day) or self.why_closed(day) or self.exam(day)

    def why_closed(self, day: date) -> str:
        """Why the room stays closed on a day although there is school: 「停开：区教研」; empty where it does not."""
        name = self._named(DayKind.CLOSED, day)
        return f"{DayKind.CLOSED.label}：{name}" if name else ""

    def exam(self, day: date) -> str:
        """The name of the exams this day belongs to; empty where there are none."""
        return self._named(DayKind.EXAM, day)

    def school_days_between(self, first: date, last: date) -> int:
        """How many school days there are after ``first`` up to and including ``last``; 0 where ``last`` is not later."""
        return sum(self.is_school_day(day) for day in _days(first + ONE_DAY, last))

    def next_school_day(self, after: date, count: int = 1) -> date:
        """The ``count``-th school day after a day. Outside every term entered working days count, so that there always is one."""
        day = after
        while count > 0:
            day += ONE_DAY
            count -= self.why_no_school(day) in ("", OUTSIDE)
        return day

    def says_weekends_only(self, year: int) -> bool:
        """Whether the year's holidays are unknown, so that only weekends count as days off."""
        return not self.holidays.knows(year)

    # Weeks

    def term_of(self, day: date) -> Term | None:
        """The term a day lies in; None in the holidays and where no term is entered."""
        return next((one for one in self.terms if one.first <= day <= one.last), None)

    def week_of(self, day: date) -> Week | None:
        """The numbered week a day lies in: any day from the Monday of the term's first week to the Sunday of its last."""
        for one in self.terms:
            if monday_of(one.first) <= day < monday_of(one.last) + timedelta(days=7):
                number = one.week_number(day)
                return Week(one, number, number % 2 == 1)
        return None

    # Times

    def slots(self, day: date) -> list[Slot]:
        """The periods of a school day in their order, by the season's bells; none on other days."""
        timetable = in_force(self.timetables, day)
        return timetable.slots(self._goes_by(day)) if timetable and self.is_school_day(day) else []

    def open_spans(self, day: date) -> list[Span]:
        """When the room is open that day; never on a day without school, or when it stays closed."""
        if not self.is_school_day(day) or self.why_closed(day):
            return []
        weekday = str(self._goes_by(day))
        return merged(one.span for one in self.opening if weekday in one.weekdays)

    def is_open(self, day: date, start: time, end: time) -> bool:
        """Whether the room is open that day from start to end."""
        return any(span.start <= start and end <= span.end for span in self.open_spans(day))

    def why_busy(self, day: date, start: time, end: time, grade: int, class_no: int) -> str:
        """What a class has from start to end on a day, so that nobody of it is called away: 「体育测试」; empty where it has nothing."""
        if not self.is_school_day(day):
            return ""
        weekday, wanted = str(self._goes_by(day)), Span(start, end)
        theirs = (one for one in self.lessons if one.is_of(grade, class_no) and weekday in one.weekdays)
        return next((one.name for one in theirs if one.span.overlaps(wanted)), "")

    def open_minutes(self, day: date) -> int:
        """How many minutes the room is open that day."""
        return sum(span.minutes for span in self.open_spans(day))

    def _goes_by(self, day: date) -> int:
        """The weekday whose bells a day goes by: its own, or on a weekend with lessons what the school says, else the nearest weekday."""
        said = [one.follows for one in self.specials if one.kind is DayKind.SCHOOL and one.follows and one.covers(day)]
        if said:
            return said[0]
        if day.isoweekday() < SATURDAY:
            return day.isoweekday()
        return FRIDAY if day.isoweekday() == SATURDAY else MONDAY

    def _named(self, kind: DayKind, day: date) -> str:
        return next((one.name for one in self.specials if one.kind is kind and one.covers(day)), "")

    def _why_outside(self, day: date) -> str:
        if not self.terms or self.term_of(day):
            return ""
        if day < self.terms[0].first or day > self.terms[-1].last:
            return OUTSIDE
        ended = max(one.last for one in self.terms if one.last < day)
        return "寒假" if ended.month in (12, 1, 2) else "暑假" if ended.month in (6, 7, 8) else "学期之间"


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.isoweekday() - 1)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY
