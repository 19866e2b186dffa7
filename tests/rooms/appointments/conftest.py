"""A school with a term, bells and opening hours, and three students."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

import pytest

from app.rooms.school.calendar import DayKind
from app.rooms.school.record import BellSlot, BellTimetable, OpeningHours, School, SchoolTerm, SpecialDay
from app.rooms.students.choices import Gender
from app.rooms.students.record import Student
from app.vault.vault import Vault
from tests.ui.conftest import bundled_fonts, dressed  # noqa: F401

SLOTS = (
    ("大课间", time(9, 40), time(10, 10)),
    ("午休一", time(12, 20), time(13, 0)),
    ("午休二", time(13, 10), time(13, 50)),
    ("第7节", time(15, 40), time(16, 20)),
    ("第8节", time(16, 30), time(17, 10)),
)


@dataclass(frozen=True)
class Three:
    lin: int
    he: int
    sun: int


def furnish_school(vault: Vault) -> None:
    """The autumn term of 2026 with exams in the week of 9 November, five slots a day, open at noon and after class."""
    with vault.write("试") as session:
        session.add(School(name="青禾中学", room_name="知心小屋", counsellor="何清", phone="0571-5550102"))
        session.add(SchoolTerm(first_day=date(2026, 8, 31), last_day=date(2027, 1, 22)))
        exams = (date(2026, 11, 9), date(2026, 11, 11))
        session.add(SpecialDay(kind=DayKind.EXAM, name="期中考试", first_day=exams[0], last_day=exams[1]))
        new_year = date(2027, 1, 1)
        session.add(SpecialDay(kind=DayKind.OFF, name="元旦", first_day=new_year, last_day=new_year))
        timetable = BellTimetable(name="作息")
        session.add(timetable)
        session.flush()
        for name, start, end in SLOTS:
            session.add(BellSlot(timetable_id=timetable.id, name=name, weekdays="12345", start=start, end=end))
        session.add(OpeningHours(weekdays="12345", start=time(12, 20), end=time(13, 50)))
        session.add(OpeningHours(weekdays="12345", start=time(16, 30), end=time(17, 10)))


def add_student(vault: Vault, name: str, number: str) -> int:
    with vault.write("试") as session:
        student = Student(student_no=number, name=name, gender=Gender.FEMALE, grade=8, class_no=3)
        session.add(student)
        session.flush()
        return student.id


@pytest.fixture
def school(vault: Vault) -> None:
    furnish_school(vault)


@pytest.fixture
def three(vault: Vault, school: None) -> Three:
    names = (("林晓舟", "20240301"), ("何子墨", "20240302"), ("孙一诺", "20240303"))
    return Three(*(add_student(vault, name, number) for name, number in names))
