"""What the week view shows: days, periods and appointments, read in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from PySide6.QtCore import QCoreApplication
from sqlalchemy.orm import Session

from app.rooms.appointments import store
from app.rooms.appointments.choices import Status
from app.rooms.appointments.page.block import Shown
from app.rooms.appointments.page.cursor import Column
from app.rooms.appointments.record import Booked
from app.rooms.appointments.rules.free import slots as open_slots
from app.rooms.appointments.wording import time_words, who
from app.rooms.school.bells import Slot
from app.rooms.school.calendar import Calendar
from app.rooms.school.names import stretch_name, weekday_name
from app.rooms.school.opening import needed_a_day, short_days
from app.ui.language import label_of
from app.ui.masking import shown as name_shown

FRIDAY = 5
_HIDDEN = (Status.CANCELLED, Status.MOVED)
"""Their time is free again; the list has them."""


@dataclass(frozen=True)
class WeekShown:
    """One week as the view takes it."""

    columns: list[Column]
    slots: list[Slot]
    shown: list[Shown]
    context: str
    open_minutes: int
    booked_minutes: int
    short: list[tuple[date, int]]
    """The days on which the room is open too short, with the minutes."""
    needed: int
    """Minutes a day the room has to be open, by the strictest rule."""


def week_of(session: Session, calendar: Calendar, monday: date, now: datetime) -> WeekShown:
    """The week that begins on this Monday."""
    booked = booked_in(session, monday)
    days = days_of(calendar, monday, booked)
    return WeekShown(
        columns=[_column(calendar, day, now.date()) for day in days],
        slots=[slot for day in days for slot in calendar.slots(day)] or _of_any_day(calendar),
        shown=[shown(one, now) for one in booked],
        context=_context(calendar, days),
        open_minutes=sum(calendar.open_minutes(day) for day in days),
        booked_minutes=sum(one.appointment.minutes for one in booked if one.appointment.status.takes_time),
        short=short_days(calendar, monday) if calendar.opening else [],
        needed=needed_a_day(calendar.boarding),
    )


def booked_in(session: Session, monday: date) -> list[Booked]:
    """The week's appointments that were not called off or moved."""
    found = store.booked(session, monday, monday + timedelta(days=6))
    return [one for one in found if one.appointment.status not in _HIDDEN]


def days_of(calendar: Calendar, monday: date, booked: Iterable[Booked]) -> list[date]:
    """Monday to Friday; Saturday and Sunday only with school or appointments."""
    days = [monday + timedelta(days=at) for at in range(7)]
    taken = {one.appointment.day for one in booked}
    return [day for day in days if day.isoweekday() <= FRIDAY or day in taken or calendar.is_school_day(day)]


def month_of(session: Session, month: date, now: datetime) -> dict[date, list[Shown]]:
    """The appointments of a month by day, with those of the days around it that are seen with it."""
    first = month - timedelta(days=7)
    found: dict[date, list[Shown]] = {}
    for one in store.booked(session, first, month + timedelta(days=40)):
        if one.appointment.status not in _HIDDEN:
            found.setdefault(one.appointment.day, []).append(shown(one, now))
    return found


def shown(one: Booked, now: datetime) -> Shown:
    """One appointment for the week; other students' names are masked in 会谈模式."""
    of = one.appointment
    title = masked(one)
    mark, late = "", of.lacks_outcome(now)
    if late:
        mark = QCoreApplication.translate("Appointments", "未登记")
    elif of.status is Status.PENDING:
        mark = label_of(of.status)
    detail = label_of(of.kind) if of.status.is_open else f"{label_of(of.kind)} · {label_of(of.status)}"
    day = f"{weekday_name(of.day.isoweekday())} {time_words(one)}"
    name = "，".join(filter(None, (title, label_of(of.kind), day, of.place, mark or label_of(of.status))))
    struck = of.status is Status.ABSENT
    return Shown(of.id, of.day, of.start, of.end, of.kind, title, detail, mark, late, name, struck, of.status.is_open)


def masked(one: Booked) -> str:
    """Who comes, as the screen may say it; a name kept for somebody without a file is somebody's name too."""
    if not one.students and one.appointment.kind.has_note and one.appointment.called:
        return name_shown(one.appointment.called, None)
    known = tuple((own, name_shown(name, own), place) for own, name, place in one.students)
    return who(Booked(one.appointment, known))


def _column(calendar: Calendar, day: date, today: date) -> Column:
    title = f"{weekday_name(day.isoweekday())} {day.day}"
    periods = tuple(open_slots(calendar, day))
    return Column(day, title, calendar.why_not(day), day == today, periods)


def _of_any_day(calendar: Calendar) -> list[Slot]:
    """A week without school still shows the day as it usually goes."""
    for timetable in calendar.timetables:
        return [bell.slot for bell in timetable.bells]
    return []


def _context(calendar: Calendar, days: list[date]) -> str:
    week = calendar.week_of(days[0])
    span = stretch_name(days[0], days[-1])
    return f"{week.label} {span}" if week is not None else f"{days[0].year} {span}"
