"""What the school's room keeps: the school itself, its terms, days of its own, bells, opening and class hours, loaded years, deadlines."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.rooms.school.calendar import DayKind
from app.rooms.school.deadlines import DeadlineTerms, Due, Heading, Weight
from app.rooms.school.names import class_name, end_of_school_year, grade_name, school_year, term
from app.vault.record import Kept, Record

__all__ = [
    "BellSlot",
    "BellTimetable",
    "ChangedDeadline",
    "ClassHours",
    "DeadlineTerms",
    "Due",
    "Heading",
    "LoadedYear",
    "OpeningHours",
    "School",
    "SchoolTerm",
    "SpecialDay",
    "Weight",
    "class_name",
    "end_of_school_year",
    "grade_name",
    "school_year",
    "term",
]


class School(Kept, Record):
    """The school and its counselling room; one row, made at the first start."""

    __tablename__ = "school"

    name: Mapped[str] = mapped_column(default="")
    short_name: Mapped[str] = mapped_column(default="")
    """At most a few characters, for the signing certificate and the sidebar."""
    room_name: Mapped[str] = mapped_column(default="心理辅导室")
    counsellor: Mapped[str] = mapped_column(default="")
    vice_head: Mapped[str] = mapped_column(default="")
    """Who signs the stub beside the counsellor (分管领导)."""
    phone: Mapped[str] = mapped_column(default="")
    boarding: Mapped[bool] = mapped_column(default=False)
    session_minutes: Mapped[int | None] = mapped_column(default=None)
    """How long a session is here; None for the default."""
    pause_minutes: Mapped[int | None] = mapped_column(default=None)
    """At least so much lies between two sessions; None for the default."""
    demo: Mapped[bool] = mapped_column(default=False)
    """A vault of made-up people, for training and pictures; the window says so."""


class SchoolTerm(Kept, Record):
    """A term; its name and its weeks follow from its days."""

    __tablename__ = "school_term"

    first_day: Mapped[date]
    last_day: Mapped[date]


class SpecialDay(Kept, Record):
    """Days the school itself has set apart."""

    __tablename__ = "special_day"

    kind: Mapped[DayKind]
    name: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    follows: Mapped[int] = mapped_column(default=0)
    """The ISO weekday whose bells a day of lessons goes by; 0 where the school has not said."""


class LoadedYear(Kept, Record):
    """A year's holidays out of a file, in place of what the program knows of that year."""

    __tablename__ = "loaded_year"

    year: Mapped[int]
    days_off: Mapped[dict[str, str]]
    """Name by day (2027-01-01)."""
    workdays: Mapped[dict[str, str]]
    """Make-up workdays: name by day."""


class BellTimetable(Kept, Record):
    """A season's bells; in force each year from this day on."""

    __tablename__ = "bell_timetable"

    name: Mapped[str]
    from_month: Mapped[int] = mapped_column(default=1)
    from_day: Mapped[int] = mapped_column(default=1)


class BellSlot(Kept, Record):
    """A period of a timetable on some weekdays (ISO, 「12345」)."""

    __tablename__ = "bell_slot"

    timetable_id: Mapped[int] = mapped_column(ForeignKey("bell_timetable.id"), index=True)
    name: Mapped[str]
    weekdays: Mapped[str]
    start: Mapped[time]
    end: Mapped[time]


class OpeningHours(Kept, Record):
    """When the room is open on some weekdays (ISO, 「12345」)."""

    __tablename__ = "opening_hours"

    weekdays: Mapped[str]
    start: Mapped[time]
    end: Mapped[time]


class ClassHours(Kept, Record):
    """A time on some weekdays (ISO, 「12345」) at which a class is not called away: 体育测试, 班会, 值日."""

    __tablename__ = "class_hours"

    grade: Mapped[int | None]
    """None: the whole school."""
    class_no: Mapped[int | None]
    """None: the whole grade."""
    name: Mapped[str]
    weekdays: Mapped[str]
    start: Mapped[time]
    end: Mapped[time]


class ChangedDeadline(Kept, Record):
    """A term of DeadlineTerms the counsellor has changed; without a row the default counts."""

    __tablename__ = "changed_deadline"

    code: Mapped[str]
    """The field of DeadlineTerms."""
    amount: Mapped[int]
    """In the term's own unit."""
