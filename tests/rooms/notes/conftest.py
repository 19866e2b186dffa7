"""Two students, each with an open case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

from app.clock import StandingClock
from app.documents.certificates import Holder, fingerprint, make_certificate
from app.documents.record import Certificate
from app.documents.signing import SigningSession
from app.rooms.notes.cases import CaseValues, open_case
from app.rooms.notes.choices import CaseSource, ProblemType
from app.rooms.students.record import Gender, Student
from app.vault.vault import Vault
from tests.rooms.notes.samples import File


def _file(vault: Vault, name: str, student_no: str) -> File:
    with vault.write("试") as session:
        student = Student(student_no=student_no, name=name, gender=Gender.MALE, grade=8, class_no=3)
        session.add(student)
        session.flush()
        values = CaseValues(
            source=CaseSource.STUDENT,
            problem_types=[ProblemType.MOOD.value, ProblemType.STUDY.value],
            presenting_problem="睡不好，怕考试。",
        )
        case = open_case(session, student.id, values, date(2026, 11, 9))
        return File(student.id, case.id)


@pytest.fixture
def file(vault: Vault) -> File:
    return _file(vault, "林晓舟", "20240317")


@pytest.fixture
def other(vault: Vault, file: File) -> File:
    return _file(vault, "林小舟", "20240318")


@pytest.fixture
def signing(vault: Vault, clock: StandingClock) -> Iterator[SigningSession]:
    made = make_certificate(Holder("王静", "启明中学", "启明"), clock.now())
    with vault.write("试") as session:
        certificate = Certificate(
            name="王静",
            school="启明中学",
            fingerprint=fingerprint(made.leaf),
            root_fingerprint=fingerprint(made.root),
            made_at=clock.now(),
            valid_until=made.valid_until,
            leaf=made.leaf,
            root=made.root,
            wrapped_key=b"",
        )
        session.add(certificate)
    key = load_der_private_key(made.key, None)
    assert isinstance(key, RSAPrivateKey)
    opened = SigningSession(vault, certificate, key, clock.now())
    yield opened
    opened.close()
