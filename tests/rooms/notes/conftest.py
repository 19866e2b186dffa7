"""Two students, each with an open case; a draft with a risk, and a signed note with all that may hang on one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from app.clock import StandingClock
from app.documents.certificates import Holder, NewCertificate, make_certificate
from app.documents.signing import SigningSession
from app.rooms.notes import store
from app.rooms.notes.cases import CaseValues, open_case
from app.rooms.notes.choices import CaseSource, ProblemType, RiskFlag
from app.rooms.students.record import Gender, Student
from app.vault.vault import Vault
from tests.rooms.notes.samples import FULL, RISK_DONE, File
from tests.rooms.signing import signing_session

HOLDER = Holder("王静", "启明中学", "启明")


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


@pytest.fixture(scope="session")
def made() -> NewCertificate:
    return make_certificate(HOLDER, datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=8))))


@pytest.fixture
def signing(vault: Vault, clock: StandingClock, made: NewCertificate) -> Iterator[SigningSession]:
    with signing_session(vault, HOLDER, made, clock) as opened:
        yield opened


@pytest.fixture
def signed(vault: Vault, file: File, clock: StandingClock) -> int:
    """A signed note with a risk, its answers, a disclosure and an amendment."""
    values = replace(FULL, risk_flag=RiskFlag.IDEATION)
    with vault.write("试") as session:
        note = store.draft(session, file.case_id, values, date(2026, 11, 20))
        store.save_draft(session, note.id, values, risk=RISK_DONE)
        store.sign(session, note.id, clock.now())
        store.amend(session, note.id, "subjective", "改过的话", "听错了", clock.now())
        return note.id


@pytest.fixture
def drafted(vault: Vault, file: File) -> int:
    values = replace(FULL, risk_flag=RiskFlag.IDEATION)
    with vault.write("试") as session:
        note = store.draft(session, file.case_id, values, date(2026, 11, 20))
        store.save_draft(session, note.id, values, risk=RISK_DONE)
        return note.id
