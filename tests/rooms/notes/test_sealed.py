"""What was signed stays: no SQL reaches it, an amendment is a row of its own, voiding strikes it through."""

from __future__ import annotations

from datetime import date

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.orm import Session

from app.clock import StandingClock
from app.errors import Problem
from app.rooms.notes import overview, risks, store
from app.rooms.notes.choices import GuardianTold, RiskFlag
from app.rooms.notes.record import Memo, Note, RiskAnswer
from app.rooms.students.record import Student
from app.vault import bin, voiding
from app.vault.vault import Vault
from tests.conftest import KEY, SALT
from tests.rooms.notes.samples import FULL, File

TODAY = date(2026, 11, 20)


def _bare(vault: Vault) -> sqlcipher.Connection:
    """A connection as any other program would make it: the key and nothing else."""
    connection = sqlcipher.connect(str(vault.folder / "vault.db"), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}{SALT.hex()}'\"")
    assert connection.execute("PRAGMA recursive_triggers").fetchone() == (0,)
    return connection


TABLES = ("note", "risk_answer", "disclosure", "note_amendment")
ATTACKS = {
    "update": "UPDATE note SET subjective = 'x' WHERE id = {signed}",
    "back to draft": "UPDATE note SET status = 'draft' WHERE id = {signed}",
    "another student": "UPDATE note SET student_id = 99 WHERE id = {signed}",
    "another id": "UPDATE note SET id = 999 WHERE id = {signed}",
    "another rowid": "UPDATE note SET rowid = 999 WHERE id = {signed}",
    "bin": "UPDATE note SET deleted_at = '2026-11-20T00:00:00+00:00' WHERE id = {signed}",
    "same values": "UPDATE note SET subjective = subjective WHERE id = {signed}",
    "delete": "DELETE FROM note WHERE id = {signed}",
    "replace": "INSERT OR REPLACE INTO note SELECT * FROM note WHERE id = {signed}",
    "replace into": "REPLACE INTO note SELECT * FROM note WHERE id = {signed}",
    "replace by rowid": "INSERT OR REPLACE INTO note (rowid, {columns}) SELECT id, {columns} FROM note WHERE id = {signed}",
    "upsert": "INSERT INTO note SELECT * FROM note WHERE id = {signed} ON CONFLICT (id) DO UPDATE SET subjective = 'x'",
    "push out by a draft": "UPDATE OR REPLACE note SET id = {signed} WHERE id = {drafted}",
    "amendment update": "UPDATE note_amendment SET after = 'x' WHERE note_id = {signed}",
    "amendment delete": "DELETE FROM note_amendment WHERE note_id = {signed}",
    "amendment replace": "INSERT OR REPLACE INTO note_amendment SELECT * FROM note_amendment WHERE note_id = {signed}",
    "answers update": "UPDATE risk_answer SET guardian = 'not_yet' WHERE note_id = {signed}",
    "answers delete": "DELETE FROM risk_answer WHERE note_id = {signed}",
    "answers replace": "INSERT OR REPLACE INTO risk_answer SELECT * FROM risk_answer WHERE note_id = {signed}",
    "answers pushed out": "UPDATE OR REPLACE risk_answer SET note_id = {signed} WHERE note_id = {drafted}",
    "answers moved": "UPDATE risk_answer SET note_id = {drafted} + 100 WHERE note_id = {signed}",
    "answers moved by row": "UPDATE risk_answer SET rowid = 999 WHERE note_id = {signed}",
    "answers pushed out by row": "UPDATE OR REPLACE risk_answer SET rowid = (SELECT id FROM risk_answer WHERE note_id = {signed})"
    " WHERE note_id = {drafted}",
    "disclosure update": "UPDATE disclosure SET scope = 'x' WHERE note_id = {signed}",
    "disclosure delete": "DELETE FROM disclosure WHERE note_id = {signed}",
    "disclosure replace": "INSERT OR REPLACE INTO disclosure SELECT * FROM disclosure WHERE note_id = {signed}",
}


def _everything(bare: sqlcipher.Connection) -> list[list[tuple[object, ...]]]:
    return [bare.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES]


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_plain_sql_cannot_touch_what_was_signed(vault: Vault, signed: int, drafted: int, attack: str) -> None:
    bare = _bare(vault)
    try:
        columns = ", ".join(f'"{row[1]}"' for row in bare.execute("PRAGMA table_info(note)") if row[1] != "id")
        before = _everything(bare)
        assert all(before)
        with pytest.raises(sqlcipher.IntegrityError, match=r"signed note|amendment"):
            bare.execute(attack.format(signed=signed, drafted=drafted, columns=columns))
        assert _everything(bare) == before
    finally:
        bare.close()


def test_a_draft_can_still_be_changed_and_thrown_away_by_its_program(vault: Vault, drafted: int) -> None:
    bare = _bare(vault)
    try:
        bare.execute("UPDATE note SET subjective = 'x' WHERE id = ?", (drafted,))
        bare.execute("UPDATE risk_answer SET guardian = 'not_yet' WHERE note_id = ?", (drafted,))
        bare.execute("DELETE FROM risk_answer WHERE note_id = ?", (drafted,))
        bare.execute("DELETE FROM note WHERE id = ?", (drafted,))
        assert bare.execute("SELECT count(*) FROM note").fetchone() == (0,)
    finally:
        bare.close()


def test_a_destruction_of_that_student_is_the_one_way_out(vault: Vault, file: File, signed: int) -> None:
    bare = _bare(vault)
    try:
        bare.execute(
            "INSERT INTO destruction (student_id, reason, at) VALUES (?, '到期', '2026')", (file.student_id + 1,)
        )
        with pytest.raises(sqlcipher.IntegrityError):
            bare.execute("DELETE FROM note WHERE id = ?", (signed,))
        bare.execute("INSERT INTO destruction (student_id, reason, at) VALUES (?, '到期', '2026')", (file.student_id,))
        with pytest.raises(sqlcipher.IntegrityError):
            bare.execute("UPDATE note SET subjective = 'x' WHERE id = ?", (signed,))
        for table in ("note_amendment", "risk_answer", "disclosure"):
            bare.execute(f"DELETE FROM {table} WHERE note_id = ?", (signed,))
        bare.execute("DELETE FROM note WHERE id = ?", (signed,))
        assert bare.execute("SELECT count(*) FROM note").fetchone() == (0,)
    finally:
        bare.close()


def test_amendments_stand_in_order_and_keep_the_original(vault: Vault, signed: int, clock: StandingClock) -> None:
    with vault.write("试") as session:
        store.amend(session, signed, "subjective", "再改的话", "又听了一遍", clock.now())
        store.amend(session, signed, "end", "14:50", "记错了时间", clock.now())
    with vault.read() as session:
        note = store.get(session, signed)
        rows = store.amendments(session, signed)
        assert note.subjective == FULL.subjective
        assert [(r.part, r.before, r.after) for r in rows] == [
            ("subjective", FULL.subjective, "改过的话"),
            ("subjective", "改过的话", "再改的话"),
            ("end", "14:40", "14:50"),
        ]
        assert store.as_amended(note, rows)["subjective"] == "再改的话"
        assert [hit.kind for hit in vault.search(session, "再改的话")] == ["note_amendment"]


def test_an_amendment_needs_a_reason_and_a_change(
    vault: Vault, signed: int, drafted: int, clock: StandingClock
) -> None:
    with vault.write("试") as session:
        with pytest.raises(Problem, match="原因"):
            store.amend(session, signed, "place", "沙盘室", " ", clock.now())
        with pytest.raises(Problem, match="相同"):
            store.amend(session, signed, "place", FULL.place, "无", clock.now())
        with pytest.raises(Problem, match="草稿"):
            store.amend(session, drafted, "place", "沙盘室", "地点写错", clock.now())


def test_a_voided_note_stays_readable_and_leaves_the_counts(
    vault: Vault, file: File, signed: int, clock: StandingClock
) -> None:
    with vault.write("试") as session:
        with pytest.raises(Problem):
            store.void(session, signed, "", clock.now())
        store.void(session, signed, "写在了同名同学的档案里", clock.now())
    with vault.write("试") as session:
        assert store.signed_notes(session, file.student_id) == []
        assert risks.open_risks(session, file.student_id) == []
        assert [n.id for n in store.notes(session, file.student_id)] == [signed]
        assert voiding.voided(session, Note.__tablename__, [signed])[signed].reason == "写在了同名同学的档案里"
        with pytest.raises(Problem, match="作废"):
            store.amend(session, signed, "place", "沙盘室", "地点", clock.now())
        with pytest.raises(Problem, match="已经作废"):
            store.void(session, signed, "又一次", clock.now())


def test_its_text_can_be_copied_to_the_right_file(
    vault: Vault, file: File, other: File, signed: int, clock: StandingClock
) -> None:
    with vault.write("试") as session:
        store.save_memo(session, signed, "手记")
        copy = store.copy_to_draft(session, signed, other.case_id, TODAY)
    with vault.read() as session:
        assert (copy.student_id, copy.case_id, copy.session_no) == (other.student_id, other.case_id, 1)
        assert copy.subjective == "改过的话"
        assert copy.observation == FULL.observation
        assert not copy.is_signed
        assert copy.text_hash == ""
        assert store.memo(session, copy.id) == "手记"
        assert risks.risk_answer(session, copy.id) is None


def test_a_risk_is_not_put_in_by_an_amendment(vault: Vault, file: File, clock: StandingClock) -> None:
    with vault.write("试") as session:
        calm = store.draft(session, file.case_id, FULL, TODAY)
        store.sign(session, calm.id, clock.now())
        for words in (RiskFlag.PLAN.label, "有一点"):
            with pytest.raises(Problem):
                store.amend(session, calm.id, "risk_flag", words, "当时没有标", clock.now())
        store.amend(session, calm.id, "risk_flag", RiskFlag.WATCH.label, "当时没有标", clock.now())


def test_a_settled_risk_keeps_its_answers(vault: Vault, signed: int, clock: StandingClock) -> None:
    with vault.write("试") as session:
        risks.settle(session, signed, "复评未见风险", clock.now())
    with vault.read() as session:
        answer = risks.risk_answer(session, signed)
        assert answer is not None
        assert (answer.guardian, answer.settled_how) == (GuardianTold.TOLD, "复评未见风险")


def test_a_thrown_away_draft_goes_with_all_that_hangs_on_it(vault: Vault, drafted: int, clock: StandingClock) -> None:
    with vault.write("试") as session:
        store.save_memo(session, drafted, "手记")
        store.discard(session, drafted, clock.now())
    with vault.read() as session:
        thrown_away = bin.contents(session)
        assert vault.search(session, "凌晨醒") == []
    bin.destroy_records(vault, thrown_away)
    with vault.read() as session:
        for kind in (Note, Memo, RiskAnswer):
            assert session.query(kind).count() == 0


def test_the_id_of_a_destroyed_file_is_never_given_again(
    vault: Vault, file: File, other: File, clock: StandingClock
) -> None:
    """Or the destruction of one student would open the seals of the next."""
    destroyed = max(file.student_id, other.student_id)

    def forget(session: Session, student_id: int) -> None:
        overview.forget(session, student_id)
        session.delete(session.get_one(Student, student_id))

    bin.destroy_files(vault, [destroyed], "到期", forget)
    with vault.write("试") as session:
        new = Student(student_no="20269999", name="程辰", grade=7, class_no=1)
        session.add(new)
        session.flush()
        assert new.id > destroyed


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE case_number SET last = 0",
        "UPDATE case_number SET rowid = rowid + 1",
        "UPDATE OR REPLACE case_number SET school_year = school_year - 1",
        "DELETE FROM case_number",
        "INSERT OR REPLACE INTO case_number SELECT school_year, 0 FROM case_number",
        "INSERT INTO case_number SELECT school_year, 9 FROM case_number WHERE true"
        " ON CONFLICT (school_year) DO UPDATE SET last = 0",
    ],
)
def test_plain_sql_cannot_set_the_case_numbers_back(vault: Vault, signed: int, attack: str) -> None:
    bare = _bare(vault)
    try:
        before = bare.execute("SELECT * FROM case_number").fetchall()
        assert before
        with pytest.raises(sqlcipher.IntegrityError, match="never given twice"):
            bare.execute(attack)
        assert bare.execute("SELECT * FROM case_number").fetchall() == before
    finally:
        bare.close()
