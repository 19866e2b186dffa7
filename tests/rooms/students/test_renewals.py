"""Consents that are to be signed anew: at the 14th birthday, and once they have run out."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.rooms.school.record import DeadlineTerms
from app.rooms.students import renewals, store
from app.rooms.students.choices import ConsentDecision, ConsentMethod, ConsentType, SignerRole, StudentStatus
from app.rooms.students.page.consenttexts import texts_again
from app.rooms.students.record import Consent, Student
from app.vault.vault import Vault

BIRTHDAY = date(2026, 11, 18)
TODAY = date(2026, 11, 20)


@pytest.fixture
def student_id(vault: Vault) -> int:
    with vault.write("试") as session:
        born = date(2012, 11, 18)
        student = store.add(session, Student(student_no="1", name="穆青禾", grade=8, class_no=1, birth_date=born))
        return student.id


def give(vault: Vault, student_id: int, on: date, role: SignerRole = SignerRole.GUARDIAN, **more: object) -> int:
    values: dict[str, object] = {"type": ConsentType.COUNSELLING, "decision": ConsentDecision.AGREED, **more}
    with vault.write("试") as session:
        consent = Consent(
            student_id=student_id, signer_role=role, signer_name="穆母", method=ConsentMethod.PAPER, signed_at=on, **values
        )  # fmt: skip
        session.add(consent)
        session.flush()
        return consent.id


def due(vault: Vault, today: date) -> list[tuple[str, int, date]]:
    with vault.read() as session:
        return [(one.key, one.record_id, one.due) for one in store.due(session, DeadlineTerms(), today)]


def test_from_the_14th_birthday_the_students_own_signature_is_asked_for(vault: Vault, student_id: int) -> None:
    consent = give(vault, student_id, date(2026, 9, 1))
    give(vault, student_id, date(2026, 9, 1), type=ConsentType.ASSESSMENT)  # a day that is over
    assert due(vault, date(2026, 11, 17)) == []
    assert due(vault, BIRTHDAY) == [("consent.renew", consent, BIRTHDAY)]
    give(vault, student_id, TODAY, SignerRole.STUDENT)
    assert due(vault, TODAY) == []


@pytest.mark.parametrize(
    "more",
    [
        {"on": date(2026, 11, 19)},
        {"on": date(2026, 9, 1), "role": SignerRole.BOTH},
        {"on": date(2026, 9, 1), "valid_until": date(2026, 11, 19)},
        {"on": date(2026, 9, 1), "withdrawn_at": date(2026, 11, 1)},
        {"on": date(2026, 9, 1), "decision": ConsentDecision.REFUSED},
    ],
    ids=["given since", "by both", "run out", "withdrawn", "refused"],
)
def test_nothing_is_asked_for_otherwise(vault: Vault, student_id: int, more: dict[str, object]) -> None:
    give(vault, student_id, **more)  # type: ignore[arg-type]
    assert due(vault, TODAY) == []


def test_who_was_born_on_a_leap_day_is_of_age_on_the_first_of_march(vault: Vault) -> None:
    with vault.write("试") as session:
        born = date(2012, 2, 29)
        own_id = store.add(session, Student(student_no="2", name="闰生", grade=8, class_no=1, birth_date=born)).id
    consent = give(vault, own_id, date(2025, 9, 1))
    assert due(vault, date(2026, 2, 28)) == []
    assert due(vault, date(2026, 3, 1)) == [("consent.renew", consent, date(2026, 3, 1))]


def test_what_has_run_out_is_due_the_day_after_unless_another_is_in_force(vault: Vault, student_id: int) -> None:
    first = give(vault, student_id, date(2025, 9, 1), valid_until=date(2026, 7, 31))

    def told(today: date) -> list[tuple[int, date]]:
        with vault.read() as session:
            return [(one.record_id, one.due) for one in renewals.run_out(session, select(Student.id), today)]

    assert told(date(2026, 7, 31)) == []
    assert told(date(2026, 9, 1)) == [(first, date(2026, 8, 1))]
    give(vault, student_id, date(2026, 9, 2), SignerRole.BOTH, valid_until=date(2027, 7, 31))
    assert told(date(2026, 9, 3)) == []


@pytest.mark.parametrize(
    ("until", "role", "name"),
    [(None, SignerRole.STUDENT, "穆青禾"), (date(2026, 11, 19), SignerRole.BOTH, None)],
    ids=["the student's own signature", "all who have to sign"],
)
def test_what_is_given_again_begins_as_it_was(
    vault: Vault, student_id: int, until: date | None, role: SignerRole, name: str | None
) -> None:
    """The line's button leads to a form of the same kind and scope: saved as another kind it would not settle the line."""
    scope = "小组辅导，共八次"
    own_id = give(vault, student_id, date(2026, 9, 1), type=ConsentType.GROUP, scope_text=scope, valid_until=until)
    with vault.read() as session:
        texts = texts_again(store.consent(session, own_id), store.get(session, student_id), TODAY)
    assert (texts["type"], texts["scope_text"]) == (ConsentType.GROUP.value, scope)
    assert (texts["signer_role"], texts.get("signer_name")) == (role.value, name)
    assert "signed_at" not in texts, "it is signed today"


def test_nothing_is_asked_of_who_has_left(vault: Vault, student_id: int) -> None:
    give(vault, student_id, date(2026, 9, 1))
    assert due(vault, BIRTHDAY) != []
    with vault.write("试") as session:
        store.get(session, student_id).status = StudentStatus.LEFT
    assert due(vault, BIRTHDAY) == []
