"""The bin, seen from the notes: what is taken back comes with what it hangs on, and emptying is all or nothing."""

import pytest
from sqlalchemy.exc import IntegrityError

from app.rooms.notes import cases, store
from app.rooms.notes.record import Case, Note
from app.rooms.students.record import Student
from app.vault import bin


def test_a_note_taken_back_brings_its_case(vault, drafted, file, clock):
    with vault.write("试") as session:
        store.discard(session, drafted, clock.now())
        cases.discard_case(session, file.case_id, clock.now())
    with vault.write("试") as session:
        bin.take_back(store.get(session, drafted))
        store.sign(session, drafted, clock.now())
    with vault.read() as session:
        assert cases.get_case(session, file.case_id).deleted_at is None
        assert bin.contents(session) == []


def test_emptying_is_all_or_nothing(vault, signed, other, clock):
    """A record that cannot go (here by a seal) keeps the files beside it too."""

    def forget(session, student_id):
        session.delete(session.get_one(Student, student_id))

    with vault.read() as session:
        sealed = session.get_one(Note, signed)
        case = session.get_one(Case, other.case_id)
    with vault.write("试") as session:
        session.delete(session.get_one(Case, case.id))
    with pytest.raises(IntegrityError):
        bin.empty(vault, [other.student_id], [sealed], "到期", forget)
    with vault.read() as session:
        assert session.get(Student, other.student_id) is not None
        assert session.query(bin.Destruction).count() == 0

