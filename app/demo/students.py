"""The demo school's students and their guardians."""

from __future__ import annotations

from datetime import date, timedelta

from app.demo.cast import MADE, Cast
from app.rooms.students import store
from app.rooms.students.choices import Gender, Relation, SpecialGroup
from app.rooms.students.record import Guardian, Student
from app.vault.vault import Vault

CHUNK = 1000
"""Records written in one transaction."""
GRADES = range(7, 13)


def fill_students(vault: Vault, cast: Cast, count: int, today: date) -> None:
    """Made-up students in classes of about fifty, each with a guardian."""
    for start in range(0, count, CHUNK):
        with vault.write(MADE) as session:
            made = [_student(cast, number, today) for number in range(start, min(start + CHUNK, count))]
            store.add_all(session, made)
            session.flush()
            session.add_all(guardian(cast, student) for student in made)


def _student(cast: Cast, number: int, today: date) -> Student:
    grade = GRADES[number % len(GRADES)]
    class_no = 1 + number // len(GRADES) // 50
    entry = today.year - (grade - 7) % 3 - (0 if today.month >= 8 else 1)
    born = date(today.year - grade - 6, 1, 1) + timedelta(days=cast.dice.randrange(365))
    return Student(
        student_no=f"D{entry}{number:05d}",
        name=cast.name(),
        gender=cast.dice.choice((Gender.MALE, Gender.FEMALE)),
        grade=grade,
        class_no=class_no,
        birth_date=born,
        entry_year=entry,
        boarding=cast.dice.random() < 0.3,
        homeroom_teacher=cast.people["teachers"][class_no % len(cast.people["teachers"])],
        special_groups=[cast.dice.choice(list(SpecialGroup)).value] if cast.dice.random() < 0.1 else [],
    )


def guardian(cast: Cast, student: Student) -> Guardian:
    """The mother or the father of a student."""
    mother = cast.dice.random() < 0.6
    return Guardian(
        student_id=student.id,
        name=cast.name() if mother else student.name[0] + cast.dice.choice(("建国", "志远", "海峰", "立新")),
        relation=Relation.MOTHER if mother else Relation.FATHER,
        phone=cast.phone(),
        is_primary=True,
    )
