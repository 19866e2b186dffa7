"""What went out stands beside its row of the trail, sealed; it names nobody when it is offered again, and goes with the file."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.clock import StandingClock
from app.rooms.students.choices import Relation
from app.rooms.students.record import Guardian, Student
from app.vault import outgoing
from app.vault.checking import check
from app.vault.outgoing import ForWhom, Outgoing
from app.vault.trail import Act, Link
from app.vault.vault import Vault

HOSPITAL = ForWhom(" 接诊医院 ", "转介就诊")


@pytest.fixture
def student(vault: Vault) -> Student:
    made = Student(student_no="1", name="程辰", grade=8, class_no=1)
    with vault.write("添加学生") as session:
        session.add(made)
        session.flush()
        session.add(Guardian(student_id=made.id, name="纪云", relation=Relation.MOTHER))
    return made


def sent(vault: Vault, student: Student, answer: ForWhom = HOSPITAL) -> Outgoing:
    with vault.write("打印文书") as session:
        return outgoing.send(vault, session, Act.PRINT, "心转〔2026〕第001号", answer, record=session.merge(student))


def link_of(session: Session, row: Outgoing) -> Link:
    return session.scalars(select(Link).where(Link.seq == row.link)).one()


def test_it_is_bound_to_its_row_of_the_trail(vault: Vault, student: Student, clock: StandingClock) -> None:
    """Also when views that waited for the pen and other rows come into the same write."""
    rows = [sent(vault, student)]
    with vault.write("导出") as session:
        session.get_one(Student, student.id).note = "坐前排"
        rows.append(outgoing.send(vault, session, Act.EXPORT, "附件", HOSPITAL, record=session.merge(student)))
        rows.append(outgoing.send(vault, session, Act.PRINT, "查阅登记表", HOSPITAL, kind="trail"))
    with vault.read() as session:
        told = [(link.act, link.kind, link.record, link.student_id) for row in rows if (link := link_of(session, row))]
    assert told == [
        ("print", "student", student.id, student.id),
        ("export", "student", student.id, student.id),
        ("print", "trail", None, None),
    ]
    assert (rows[0].to_whom, rows[0].purpose, rows[0].at) == ("接诊医院", "转介就诊", clock.moment)
    assert [finding for finding in check(vault) if finding.faults] == []


def test_a_waiting_view_moves_no_number(vault: Vault, student: Student) -> None:
    with vault.write("改") as session:
        vault.record_view(student)  # the pen is taken: it waits for the next write
        session.get_one(Student, student.id).note = "坐前排"
    row = sent(vault, student)
    with vault.read() as session:
        link = link_of(session, row)
        assert (link.act, link.record) == ("print", student.id)
        assert session.scalars(select(Link.act).where(Link.act == "view")).all() == ["view"]


def test_the_trail_holds_no_word_of_it(vault: Vault, student: Student) -> None:
    sent(vault, student, ForWhom("市第二医院何医生", "复诊用"))
    with vault.read() as session:
        rows = session.execute(text("SELECT * FROM trail")).all()
    assert not any(words in str(row) for row in rows for words in ("何医生", "复诊", "心转"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE outgoing SET to_whom = '别人'",
        "UPDATE outgoing SET id = 7",
        "DELETE FROM outgoing",
        "INSERT OR REPLACE INTO outgoing SELECT id, link, student_id, title, '别人', purpose, at FROM outgoing",
        "INSERT OR REPLACE INTO outgoing SELECT 9, link, student_id, title, '别人', purpose, at FROM outgoing",
    ],
)
def test_it_is_sealed(vault: Vault, student: Student, statement: str) -> None:
    sent(vault, student)
    with pytest.raises(IntegrityError, match="what went out is never"), vault.write("改") as session:
        session.execute(text(statement))
    with vault.read() as session:
        assert [row.to_whom for row in session.scalars(select(Outgoing))] == ["接诊医院"]


def test_answers_that_name_somebody_are_not_offered_again(vault: Vault, student: Student, clock: StandingClock) -> None:
    answers = [
        ForWhom("接诊医院", "转介就诊"),
        ForWhom("程辰的班主任", "告知情况"),
        ForWhom("监护人纪云", "程辰休学"),
        ForWhom("何老师", "转介就诊"),
    ]
    for answer in answers:
        clock.moment += timedelta(minutes=1)
        sent(vault, student, answer)
    with vault.read() as session:
        recent = outgoing.recent(session)
    assert recent.to_whom == ("何老师", "接诊医院")
    assert recent.purposes == ("转介就诊", "告知情况")


def test_no_more_than_six_are_offered(vault: Vault, student: Student) -> None:
    for number in range(9):
        sent(vault, student, ForWhom(f"第{number}医院", "转介就诊"))
    with vault.read() as session:
        assert outgoing.recent(session).to_whom == tuple(f"第{number}医院" for number in range(8, 2, -1))


def test_nothing_is_offered_in_a_new_vault(vault: Vault) -> None:
    with vault.read() as session:
        assert outgoing.recent(session) == outgoing.Recent()
