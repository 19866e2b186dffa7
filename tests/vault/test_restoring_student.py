"""One student's records out of a backup: exactly what is missing comes back, under seals and trail, and nothing is written over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

import app.house.rooms as house
from app.documents.record import Issued
from app.errors import Problem
from app.rooms.notes import cases, store
from app.rooms.notes.cases import CaseValues
from app.rooms.notes.choices import CaseSource
from app.rooms.notes.record import Case, Note
from app.rooms.referrals.record import Referral
from app.rooms.students import store as students
from app.rooms.students.record import Guardian, Student
from app.vault import attachments, bin, checking
from app.vault.attachments import Attachment
from app.vault.backup import back_up, local_place
from app.vault.backupfile import Unwatched
from app.vault.record import Record
from app.vault.restoring import Opened
from app.vault.restoring_student import (
    InTheBin,
    NothingMissing,
    bring_back,
    is_about_a_student,
    kinds,
    missing,
    points_at,
)
from app.vault.trail import Link
from app.vault.values import plain
from tests.journeys.furnished import PASSWORD as FURNISHED_PASSWORD
from tests.journeys.furnished import furnish
from tests.vault.backed import NOW, PNG, folder, made, opening, student

__all__ = ["folder", "made", "opening"]


def forget(session, student_id):
    for room in reversed(house.rooms()):
        if room.forget is not None:
            room.forget(session, student_id)


@pytest.fixture
def vault(folder, opening):
    return opening(folder)


@pytest.fixture
def kept(vault, clock):
    """A backup with the whole of student 1, opened for looking inside."""
    with Opened(back_up(vault), vault.master, local_place(vault.folder), clock, Unwatched()) as opened:
        clock.moment = NOW + timedelta(days=1)
        yield opened


def everything(vault, student_id):
    """All records about a student but the trail's, as plain values."""
    found = {}
    with vault.read() as session:
        for table, kind in kinds().items():
            if kind.trailed and table != "destruction" and is_about_a_student(kind.__table__):
                column = kind.id if table == "student" else kind.student_id
                rows = session.scalars(select(kind).where(column == student_id))
                found |= {(table, row.own_id): plain(row) for row in rows}
    return found


def without_moments(found):
    return {
        key: {name: value for name, value in values.items() if name != "updated_at"} for key, values in found.items()
    }


def sound(vault):
    return [finding for finding in checking.check(vault) if finding.faults] == []


def test_a_destroyed_file_comes_back_whole_under_a_new_id(vault, kept):
    before = everything(vault, 1)
    bin.destroy_files(vault, [1], "弄错了", forget)
    assert everything(vault, 1) == {}
    told = missing(vault, kept, 1)
    assert told.reason == "弄错了"
    assert {kind: len(moments) for kind, moments in told.by_kind.items()} == {
        "student": 1, "guardian": 1, "case_file": 1, "note": 1, "attachment": 1,
    }  # fmt: skip
    now_id, counted = bring_back(vault, kept, 1)
    assert now_id == 13, "a number once destroyed is not given again: its row in destruction would open the seals"
    assert counted == {kind: len(moments) for kind, moments in told.by_kind.items()}
    after = everything(vault, now_id)
    assert sorted(kind for kind, _ in after) == sorted(kind for kind, _ in before)
    with vault.read() as session:
        note = session.scalars(select(Note).where(Note.student_id == now_id)).one()
        assert note.text_hash == note.content_hash()
        (attachment,) = attachments.of(session, note)
        assert attachments.content(session, attachment.id) == PNG
        assert vault.search(session, note.subjective[:4])
        rows = session.execute(select(Link.what, Link.act).where(Link.student_id == now_id)).all()
    assert set(rows) == {("从备份取回学生档案", "new"), ("从备份取回学生档案", "restore")}
    assert sound(vault)
    with pytest.raises(Exception, match=r"sealed|signed"), vault.write("试") as session:
        session.execute(delete(Note).where(Note.student_id == now_id))


def test_only_what_is_missing_comes_and_what_was_changed_since_stays(vault, kept):
    with vault.write("修改") as session:
        students.get(session, 1).homeroom_teacher = "周老师"
        guardian = session.scalars(select(Guardian)).one()
        bin.put(guardian, vault.now())
    bin.destroy_records(vault, [guardian])
    assert set(missing(vault, kept, 1).by_kind) == {"guardian"}
    assert bring_back(vault, kept, 1) == (1, {"guardian": 1})
    with vault.read() as session:
        assert students.get(session, 1).homeroom_teacher == "周老师"
        assert session.scalars(select(Guardian)).one().name == "程建国"
    assert sound(vault)


def test_a_second_time_there_is_nothing_left_to_bring(vault, kept):
    bin.destroy_files(vault, [1], "弄错了", forget)
    bring_back(vault, kept, 1)
    with pytest.raises(NothingMissing):
        missing(vault, kept, 1)
    with pytest.raises(NothingMissing):
        bring_back(vault, kept, 1)


def test_an_id_that_is_another_records_by_now_is_not_touched(vault, kept):
    """SQLite gives the highest id again: the new case and note stand where the destroyed ones stood."""
    bin.destroy_files(vault, [1], "弄错了", forget)
    with vault.write("登记") as session:
        values = CaseValues(source=next(iter(CaseSource)), problem_types=["mood"], presenting_problem="另一个人的")
        case = cases.open_case(session, 2, values, date(2026, 11, 20))
        session.flush()
        store.draft(
            session, case.id, store.NoteValues(held_on=date(2026, 11, 20), subjective="另一个人的"), date(2026, 11, 20)
        )
        taken = case.id
    other = everything(vault, 2)
    now_id, _ = bring_back(vault, kept, 1)
    assert everything(vault, 2) == other
    with vault.read() as session:
        case = session.scalars(select(Case).where(Case.student_id == now_id)).one()
        note = session.scalars(select(Note).where(Note.student_id == now_id)).one()
        attachment = session.scalars(select(Attachment).where(Attachment.student_id == now_id)).one()
    assert case.id != taken
    assert note.case_id == case.id
    assert (attachment.kind, attachment.record_id) == ("note", note.id)
    assert sound(vault)


def test_a_file_in_the_bin_is_taken_from_there(vault, kept):
    with vault.write("学生移到回收站") as session:
        bin.put(students.get(session, 1), vault.now())
    with pytest.raises(InTheBin):
        missing(vault, kept, 1)


def test_nothing_is_missing(vault, kept):
    with pytest.raises(NothingMissing):
        missing(vault, kept, 1)


def test_a_number_that_is_another_students_now_refuses_the_whole(vault, kept):
    bin.destroy_files(vault, [1], "弄错了", forget)
    with vault.write("登记学生") as session:
        students.add(session, student(1, "新来的"))
    before = everything(vault, 13)

    def check(session: object, record: Record) -> None:
        if isinstance(record, Student):
            students.check(session, record)

    with pytest.raises(Problem, match="学号"):
        bring_back(vault, kept, 1, check)
    assert everything(vault, 13) == before
    assert everything(vault, 14) == {}
    assert sound(vault)


def test_every_column_with_an_id_says_what_it_points_at():
    for table, kind in kinds().items():
        if kind.trailed and is_about_a_student(kind.__table__):
            assert "" not in points_at(kind.__table__).values(), table


def test_referrals_papers_and_voidings_of_every_student_of_a_full_vault(tmp_path, clock, opening):
    """Each student of a vault with a little of everything is destroyed and brought back, and nothing is lost of any."""
    from app.vault.keys import Password

    clock.moment = NOW
    made = furnish(tmp_path / "v", clock)
    vault = opening(made.folder, Password(FURNISHED_PASSWORD))
    with vault.read() as session:
        ids = session.scalars(select(Student.id).where(Student.deleted_at.is_(None))).all()
        papers = session.query(Issued).count()
    assert papers >= 3
    before = {number: everything(vault, number) for number in ids}
    container = back_up(vault)
    bin.destroy_files(vault, ids, "弄错了", forget)
    with Opened(container, vault.master, local_place(vault.folder), clock, Unwatched()) as opened:
        moved = {number: bring_back(vault, opened, number)[0] for number in ids}
    for number in ids:
        after = everything(vault, moved[number])
        assert sorted(kind for kind, _ in after) == sorted(kind for kind, _ in before[number])
    with vault.read() as session:
        for referral in session.scalars(select(Referral).where(Referral.issued_id.is_not(None))):
            paper = session.get_one(Issued, referral.issued_id)
            assert (paper.about_kind, paper.student_id) in {
                ("referral", referral.student_id),
                ("refusal", referral.student_id),
            }
        for note in session.scalars(select(Note).where(Note.text_hash != "")):
            assert note.text_hash == note.content_hash()
        assert session.query(Issued).count() == papers
    assert sound(vault)
