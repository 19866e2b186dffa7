"""How appointments are called in sentences and on paper: the day, the time, who comes."""

from __future__ import annotations

from datetime import date

from app.rooms.appointments.choices import Kind
from app.rooms.appointments.record import Booked
from app.rooms.school.names import month_day, weekday_name

MANY = 3
"""So many names are read at a glance."""


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


def called(one: Booked) -> str:
    """「林晓舟 八(3)班，个别辅导室」, 「家长会谈 林晓舟 八(3)班」, 「情绪小组」: who comes and where to, in few words."""
    of = one.appointment
    names = [f"{name} {place}".strip() for _, name, place in one.students]
    if len(names) > MANY:
        names = [f"{names[0]} 等 {len(names)} 人"]
    people = of.called or "、".join(names) or of.kind.label
    kind = f"{of.kind.label} " if of.kind is Kind.PARENT else ""
    return "，".join(filter(None, (f"{kind}{people}", of.place)))
