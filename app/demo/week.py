"""The demo school's appointments, from three weeks of school before the present one to two after it, and its waiting list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.demo.cast import MADE, Cast, bundled
from app.demo.talks import note_values
from app.demo.times import WEEK, Habit, Hour, habits
from app.rooms.appointments import outcomes, store, waiting
from app.rooms.appointments.choices import CancelledBy, Kind, RequestedBy, Rhythm, Status, Urgency
from app.rooms.appointments.record import ROOM, Appointment, AppointmentValues
from app.rooms.appointments.rules.series import Pattern
from app.rooms.notes import store as notes
from app.rooms.notes.choices import CaseStatus, Mode
from app.rooms.notes.record import Case, Note
from app.rooms.school import store as schools
from app.rooms.school.calendar import ONE_DAY, Calendar, monday_of
from app.rooms.students.record import Student
from app.vault.vault import Vault

BEFORE, AFTER = 3, 2
"""So many weeks of school before and after the present one have appointments."""
LEAST = 3
"""A week with fewer days on which something can be planned (holidays, exams) is no week of school."""
LOOKED_AT = 30
"""Weeks before and after today among which they are found: more than the longest holidays."""
NEWCOMERS = 20
"""So many students without a case may have an appointment."""


def fill_week(vault: Vault, cast: Cast) -> int:
    """The habits of the open cases, what else is planned, and who waits; gives how many appointments there are."""
    with vault.write(MADE) as session:
        diary = _Diary(session, cast, vault.now())
        diary.book_habits()
        diary.book_others()
        diary.fill_waiting()
        return session.scalar(select(func.count()).select_from(Appointment)) or 0


class _Diary:
    """Books one appointment after the other around the present week, and says of the past ones what became of them."""

    def __init__(self, session: Session, cast: Cast, now: datetime) -> None:
        self._session, self._cast, self._now = session, cast, now
        self._today = now.date()
        self._plan: dict[str, Any] = bundled("week")
        self._calendar = schools.calendar(session)
        self._mondays = _mondays(self._calendar, self._today)
        in_use = (Case.status != CaseStatus.CLOSED, Case.deleted_at.is_(None))
        self._cases = session.scalars(select(Case).where(*in_use).order_by(Case.id).limit(len(habits()))).all()
        without = (Student.id.not_in(select(Case.student_id)), Student.deleted_at.is_(None))
        wanted = select(Student.id).where(*without).order_by(Student.id).limit(NEWCOMERS)
        self._newcomers = session.scalars(wanted).all()

    def book_habits(self) -> None:
        """Each open case's talks as series; those of which there is a note were attended."""
        for case, habit in zip(self._cases, habits(), strict=False):
            held = set(self._session.scalars(select(Note.held_on).where(Note.case_id == case.id)))
            days = [day for day in self._days_of(habit) if day >= self._today or day in held]
            said = {"student_ids": (case.student_id,), "requested_by": habit.by}
            for values, run in self._runs(habit.hour, days, said):
                self._book_series(values, Pattern(habit.rhythm, run[0], run[-1]), "attended")

    def book_others(self) -> None:
        """What the plan has besides; not for those who are not there."""
        for said in self._plan["others"]:
            hour, students = Hour(*said["at"]), self._students(said)
            days = [self._day(hour, said["week"] + at) for at in range(said.get("weeks", 1))]
            days = [day for day in days if not self._calendar.why_not(day)]
            if not students and "called" not in said:
                continue
            for values, run in self._runs(hour, days, _said(said) | {"student_ids": students}):
                if "weeks" in said:
                    self._book_series(values, Pattern(Rhythm.WEEKLY, run[0], run[-1]), said["becomes"])
                else:
                    self._say_outcome(store.add(self._session, values, self._now), said["becomes"])

    def fill_waiting(self) -> None:
        """Who waits for a time."""
        for said in self._plan["waiting"]:
            if said["newcomer"] < len(self._newcomers):
                student_id = self._newcomers[said["newcomer"]]
                how = (RequestedBy.coded(said["by"]), Urgency.coded(said["urgency"]), said["topic"])
                waiting.add(self._session, student_id, "", *how, self._today - timedelta(days=said["days"]))

    # Days

    def _day(self, hour: Hour, week: int) -> date:
        """Its day in a week of school counted from the present one."""
        return hour.in_week(self._mondays[BEFORE + week])

    def _days_of(self, habit: Habit) -> list[date]:
        first, last = self._mondays[0], self._mondays[-1]
        days = [habit.hour.in_week(first + at * WEEK) for at in range((last - first) // WEEK + 1)]
        return [day for day in days if habit.falls_on(self._calendar, day) and self._calendar.term_of(day)]

    def _runs(
        self, hour: Hour, days: Sequence[date], said: dict[str, Any]
    ) -> list[tuple[AppointmentValues, list[date]]]:
        """The days parted where the bells of another season begin, each part with what is booked on its first day."""
        runs = [(span, list(run)) for span, run in groupby(days, partial(hour.span, self._calendar))]
        return [(AppointmentValues(day=run[0], start=span.start, end=span.end, **said), run) for span, run in runs]

    def _students(self, said: dict[str, Any]) -> tuple[int, ...]:
        """Those with a case by its number, those without by theirs."""
        clients = [self._cases[at].student_id for at in said.get("clients", ()) if at < len(self._cases)]
        return (*clients, *(self._newcomers[at] for at in said.get("newcomers", ()) if at < len(self._newcomers)))

    # What became of it

    def _book_series(self, values: AppointmentValues, pattern: Pattern, becomes: str) -> None:
        for one in store.add_series(self._session, values, pattern):
            self._say_outcome(one, becomes)

    def _say_outcome(self, one: Appointment, becomes: str) -> None:
        """Of what is over; what the plan says nothing of stays 未登记."""
        if one.day >= self._today:
            return
        if becomes in ("attended", "draft"):
            outcomes.register(self._session, one.id, Status.ATTENDED, self._now)
        if becomes == "draft":
            self._begin_note(one)
        elif becomes == "absent":
            outcomes.register(self._session, one.id, Status.ABSENT, self._now)
        elif becomes == "cancelled":
            said = self._plan["cancelled"]
            outcomes.cancel(self._session, one.id, CancelledBy.coded(said["by"]), said["reason"], self._now)
        elif becomes == "moved":
            self._move(one)

    def _move(self, one: Appointment) -> None:
        said = self._plan["moved"]
        hour = Hour(*said["at"])
        day = self._day(hour, said["week"])
        if not self._calendar.why_not(day):
            span = hour.span(self._calendar, day)
            outcomes.reschedule(self._session, one.id, day, span.start, span.end, said["reason"])

    def _begin_note(self, one: Appointment) -> None:
        """A note that was begun and still waits for its signature."""
        case = next(case for case in self._cases if case.student_id == one.student_id)
        written = note_values(self._cast, self._cast.dice.choice(self._cast.themes), one.day)
        values = replace(written, start=one.start, end=one.end, place=one.place, next_plan="")
        if one.kind is Kind.PARENT:
            values = replace(values, mode=Mode.PARENTS, attendees="家长")
        notes.draft(self._session, case.id, values, one.day)


def _said(said: dict[str, Any]) -> dict[str, Any]:
    """What the plan says of an appointment besides its time and its people."""
    return {
        "kind": Kind.coded(said.get("kind", "individual")),
        "place": said.get("place", ROOM),
        "called": said.get("called", ""),
        "requested_by": RequestedBy.coded(said["by"]),
        "urgency": Urgency.coded(said.get("urgency", "normal")),
        "topic": said.get("topic", ""),
        "confirmed": said.get("confirmed", True),
    }


def _mondays(calendar: Calendar, today: date) -> list[date]:
    """The weeks of school around the present one, which is the next on a weekend and in the holidays."""
    present = monday_of(today + ONE_DAY * 2)
    found = [monday for at in range(-LOOKED_AT, LOOKED_AT) if _is_of_school(calendar, monday := present + at * WEEK)]
    at = next(at for at, monday in enumerate(found) if monday >= present)
    return found[at - BEFORE : at + AFTER + 1]


def _is_of_school(calendar: Calendar, monday: date) -> bool:
    days = (monday + ONE_DAY * at for at in range(5))
    return sum(not calendar.why_not(day) for day in days) >= LEAST
