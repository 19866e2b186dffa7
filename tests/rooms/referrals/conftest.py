"""A school, a student with a mother on file, and a signing session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from app.clock import StandingClock
from app.documents.certificates import Holder, NewCertificate, make_certificate
from app.documents.signing import SigningSession
from app.rooms.referrals import store
from app.rooms.school.record import School
from app.rooms.students.choices import Gender, Relation
from app.rooms.students.record import Guardian, Student
from app.vault.vault import Vault
from tests.rooms.referrals.samples import FULL, TODAY, File
from tests.rooms.signing import signing_session
from tests.ui.conftest import bundled_fonts, dressed  # noqa: F401

HOLDER = Holder("何清", "青禾中学", "青禾")


def _file(vault: Vault, name: str, student_no: str, born: date | None) -> File:
    with vault.write("试") as session:
        student = Student(student_no=student_no, name=name, gender=Gender.MALE, grade=8, class_no=3, birth_date=born)
        session.add(student)
        session.flush()
        mother = Guardian(
            student_id=student.id, name="陆女士", relation=Relation.MOTHER, phone="13905710088", is_primary=True
        )
        session.add(mother)
        session.flush()
        return File(student.id, mother.id)


@pytest.fixture
def school(vault: Vault) -> None:
    with vault.write("试") as session:
        session.add(School(name="青禾中学", counsellor="何清", phone="0571-5550102"))


@pytest.fixture
def file(vault: Vault, school: None) -> File:
    """A student of 14 full years."""
    return _file(vault, "陆予安", "20240317", date(2012, 5, 2))


@pytest.fixture
def younger(vault: Vault, file: File) -> File:
    """A student who is 14 the next day."""
    return _file(vault, "陆小安", "20240318", date(2012, 11, 21))


@pytest.fixture
def referral_id(vault: Vault, file: File) -> int:
    """A draft with everything written that a letter needs, and no consent."""
    with vault.write("试") as session:
        referral = store.new(session, file.student_id, TODAY)
        store.save_draft(session, referral.id, replace(FULL, guardian_id=file.guardian_id))
        return referral.id


@pytest.fixture(scope="session")
def made() -> NewCertificate:
    return make_certificate(HOLDER, datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=8))))


@pytest.fixture
def signing(vault: Vault, clock: StandingClock, made: NewCertificate) -> Iterator[SigningSession]:
    with signing_session(vault, HOLDER, made, clock) as opened:
        yield opened
