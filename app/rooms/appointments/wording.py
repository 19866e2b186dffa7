"""How appointments are called in sentences and on paper: the day, the time, who comes."""

from __future__ import annotations

from datetime import date

from app.rooms.appointments.choices import Kind
from app.rooms.appointments.record import Booked
from app.rooms.school.names import month_day, weekday_name


def day_words(day: date) -> str:
    """「11月23日(周一)」."""
    return f"{month_day(day)}({weekday_name(day.isoweekday())})"


def time_words(one: Booked) -> str:
    """「12:20–13:00」."""
    return f"{one.appointment.start:%H:%M}–{one.appointment.end:%H:%M}"


def who(one: Booked) -> str:
    """Who comes: the students' names, else the name it was given, else its kind."""
    names = "、".join(name for _, name, _ in one.students)
    if names and one.appointment.kind is Kind.PARENT:
        names = f"{names}家长"
    if names and one.appointment.called:
        return f"{one.appointment.called} · {names}"
    return names or one.appointment.called or one.appointment.kind.label


def label(one: Booked) -> str:
    """「12:20–13:00 林晓舟」."""
    return f"{time_words(one)} {who(one)}"
