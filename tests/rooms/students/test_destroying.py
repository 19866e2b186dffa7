"""Emptying the bin leaves no trace of a student's text in any page of the file (security.md P19)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents.record import Issued
from app.house.rooms import rooms
from app.rooms.notes import cases
from app.rooms.notes import store as notes
from app.rooms.notes.choices import CaseSource
from app.rooms.referrals.record import Referral
from app.rooms.students import consents, store
from app.rooms.students.choices import ConsentDecision, ConsentMethod, ConsentType, SignerRole
from app.rooms.students.record import Consent, Guardian, Student
from app.vault import attachments, bin, typing, undo
from app.vault.bin import Destruction
from app.vault.vault import Vault
from tests.conftest import KEY
from tests.rooms.notes.samples import FULL

PAGE, RESERVED = 4096, 80
_PNG = b"\x89PNG\r\n\x1a\n"


def mark(name: str) -> str:
    """Words that stand nowhere else: Chinese, so that the index splits them, and a number, so that it does not."""
    return f"青瓷{name}纹饰{hashlib.sha256(name.encode()).hexdigest()[:12]}"


TEXTS = [
    "姓名", "入学前", "监护人", "范围", "主诉", "自述", "手记", "更正", "草稿", "附件名", "附件", "转介", "文书", "旧值", "打字",
]  # fmt: skip


@pytest.fixture
def filled(vault: Vault) -> tuple[int, int]:
    """A student with marked text in every place that keeps any, and another student with as much; their ids."""
    return _fill(vault, "0001", TEXTS), _fill(vault, "0002", [f"另{name}" for name in TEXTS])


def _fill(vault: Vault, number: str, names: list[str]) -> int:
    words = dict(zip(TEXTS, map(mark, names), strict=True))
    now, today = vault.now(), vault.clock.today()
    with vault.write("试") as session:
        student = store.add(
            session,
            Student(student_no=number, name=words["姓名"], grade=8, class_no=3, known_condition=words["入学前"]),
        )
        store.save_guardian(session, Guardian(student_id=student.id, name="林", note=words["监护人"]))
        consents.save(session, _consent(student.id, words["范围"]))
        values = cases.CaseValues(source=CaseSource.STUDENT, problem_types=["study"], presenting_problem=words["主诉"])
        case = cases.open_case(session, student.id, values, today)
        signed = notes.draft(session, case.id, replace(FULL, subjective=words["自述"]), today)
        notes.save_draft(session, signed.id, replace(FULL, subjective=words["自述"]), memo=words["手记"])
        notes.sign(session, signed.id, now)
        notes.amend(session, signed.id, "subjective", words["更正"], "笔误", now)
        notes.draft(session, case.id, replace(FULL, subjective=words["草稿"]), today)
        attachments.add(session, student, f"{words['附件名']}.png", _PNG + words["附件"].encode())
        referral = Referral(student_id=student.id, opened_on=today, observation=words["转介"])
        session.add(referral)
        session.flush()
        session.add(_issued(referral, words["文书"], number, vault))
    with vault.write("试") as session:
        student = store.get(session, student.id)
        student.note = words["旧值"]
        session.flush()
        batch = undo.Batch(vault, session, "试")
        batch.remember_change(student)
        student.note = ""
        batch.close()
    typing.keep(vault, f"note/new/{student.id}", {"subjective": words["打字"]}, student.id, wait=1)
    return student.id


def _consent(student_id: int, scope: str) -> Consent:
    return Consent(
        student_id=student_id,
        type=ConsentType.SHARING,
        decision=ConsentDecision.PARTIAL,
        signer_role=SignerRole.GUARDIAN,
        signer_name="林",
        method=ConsentMethod.PAPER,
        signed_at=FULL.held_on,
        scope_text=scope,
        exceptions_explained=True,
    )


def _issued(referral: Referral, words: str, number: str, vault: Vault) -> Issued:
    pdf = f"%PDF-1.7 {words}".encode()
    return Issued(
        kind="referral",
        ref_no=f"心转〔2026〕第{number}号",
        title="转介函",
        student_id=referral.student_id,
        about_kind="referral",
        about_id=referral.id,
        issued_at=vault.now(),
        content_code="",
        trail_head="",
        fingerprint="",
        sha256=hashlib.sha256(pdf).hexdigest(),
        size=len(pdf),
        drawn_size=len(pdf),
        sheets=[],
        pdf=pdf,
    )


def forget(session: Session, student_id: int) -> None:
    """As the house does: every room, from the top floor down."""
    for room in reversed(rooms()):
        if room.forget is not None:
            room.forget(session, student_id)


def decrypted(path: Path) -> bytes:
    """Every page of the file in plain, free ones too: AES-256-CBC, its IV at the head of each page's reserve."""
    raw, plain = path.read_bytes(), b""
    assert len(raw) % PAGE == 0
    for at in range(0, len(raw), PAGE):
        page = raw[at : at + PAGE]
        start, end = (16 if at == 0 else 0), PAGE - RESERVED
        decryptor = Cipher(algorithms.AES(KEY), modes.CBC(page[end : end + 16])).decryptor()
        plain += decryptor.update(page[start:end]) + decryptor.finalize()
    return plain


def found(folder: Path, names: list[str]) -> list[str]:
    plain = decrypted(folder / "vault.db")
    log = folder / "vault.db-wal"
    assert not log.exists() or log.stat().st_size == 0
    numbers = {name: hashlib.sha256(name.encode()).hexdigest()[:12] for name in names}
    return [name for name in names if mark(name).encode() in plain or numbers[name].encode() in plain]


def test_every_mark_is_found_while_the_file_is_there(vault: Vault, filled: tuple[int, int]) -> None:
    vault.checkpoint()
    assert found(vault.folder, TEXTS) == TEXTS


def test_destroyed_nothing_is_found_and_the_other_file_is_whole(
    vault: Vault, filled: tuple[int, int], open_again: Callable[[], Vault]
) -> None:
    student_id, other = filled
    with vault.write("试") as session:
        bin.put(store.get(session, student_id), vault.now())
    bin.destroy_files(vault, [student_id], "保存期满", forget)
    vault.close()
    assert found(vault.folder, TEXTS) == []
    assert found(vault.folder, [f"另{name}" for name in TEXTS]) == [f"另{name}" for name in TEXTS]
    again = open_again()
    with again.read() as session:
        assert [(row.student_id, row.reason) for row in session.scalars(select(Destruction))] == [
            (student_id, "保存期满")
        ]
        assert store.get(session, other).name == mark("另姓名")
        assert again.trail.first_broken(session) is None
        assert again.search(session, mark("自述")) == []
        assert [hit.student for hit in again.search(session, mark("另自述"))] == [other]
