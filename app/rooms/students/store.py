"""Finds and changes students, guardians and consents in the vault."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import String, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.school.record import DeadlineTerms, Due
from app.rooms.students import renewals
from app.rooms.students.choices import ConsentDecision, ConsentMethod, SpecialGroup, StudentStatus
from app.rooms.students.jumping import Entry, JumpIndex
from app.rooms.students.readings import readings
from app.rooms.students.record import Consent, Fact, Guardian, Line, Student, Tone
from app.vault import bin
from app.vault.text import refuse_turning

HERE = (StudentStatus.ENROLLED, StudentStatus.RETURNED, StudentStatus.SUSPENDED)
"""Who still belongs to the school."""
_GROUPS = {str(group.value): group.label for group in SpecialGroup}


@dataclass(frozen=True)
class StudentFilter:
    """What the list is narrowed to; None leaves a line open."""

    grade: int | None = None
    class_no: int | None = None
    group: SpecialGroup | None = None
    status: StudentStatus | None = None


class Listed(NamedTuple):
    """One line of the list of students; a plain tuple, because five thousand are made at once."""

    id: int
    student_no: str
    name: str
    gender: str
    grade: int
    class_no: int
    homeroom_teacher: str
    groups: tuple[str, ...]
    """Labels, for the eye."""
    group_codes: tuple[str, ...]
    status: StudentStatus
    pinyin: str


def get(session: Session, student_id: int) -> Student:
    """The student. Raises NoResultFound."""
    return session.get_one(Student, student_id)


def find(session: Session, student_id: int) -> Student | None:
    """The student, in the bin or not; None where the file was destroyed."""
    return session.get(Student, student_id)


def take_back(session: Session, student_id: int) -> Student:
    """Take a file out of the bin. Raises Problem where its number was given to another student meanwhile."""
    student = get(session, student_id)
    check(session, student)
    bin.take_back(student)
    return student


def add(session: Session, student: Student) -> Student:
    """Enter one student. Raises Problem when name or number is missing, or the number is another student's."""
    check(session, student)
    student.pinyin = readings(student.name)
    session.add(student)
    session.flush()
    return student


def add_all(session: Session, students: Sequence[Student]) -> None:
    """Enter many students whose numbers the caller has compared with the vault's (an import, the demo)."""
    for student in students:
        student.pinyin = readings(student.name)
    session.add_all(students)


def save(session: Session, student: Student) -> Student:
    """Write a changed student down. Raises Problem as ``add`` does."""
    check(session, student)
    student.pinyin = readings(student.name)
    return session.merge(student)


def check(session: Session, student: Student) -> None:
    """Raise the Problem that keeps this student from being saved, if there is one."""
    if not student.name.strip():
        raise Problem("没有写姓名。", "请填写学生的姓名。")
    refuse_turning("姓名", student.name)
    if not student.student_no.strip():
        raise Problem("没有写学号。", "请填写学号，前面的 0 也要写。")
    other = by_number(session, student.student_no, but=student.id)
    if other is not None:
        raise Problem(
            "学号 {number} 已经是 {name} 的。",
            "请核对学号；如果是同一个人，请打开原来的档案。",
            number=student.student_no,
            name=other.name,
        )


def by_number(session: Session, student_no: str, but: int | None = None) -> Student | None:
    """The student with this number, outside the bin."""
    where = (Student.student_no == student_no, Student.deleted_at.is_(None), Student.id.is_distinct_from(but))
    return session.scalar(select(Student).where(*where).limit(1))


def same_name(session: Session, name: str, but: int | None = None) -> list[Student]:
    """Other students of the same name, so that nobody writes into a namesake's file."""
    where = [Student.name == name.strip(), Student.deleted_at.is_(None)]
    if but is not None:
        where.append(Student.id != but)
    return list(session.scalars(select(Student).where(*where).order_by(Student.grade, Student.class_no)))


def listing(session: Session, wanted: StudentFilter) -> list[Listed]:
    """The students of the list, by grade, class and number."""
    columns = (
        Student.id, Student.student_no, Student.name, Student.gender, Student.grade, Student.class_no,
        Student.homeroom_teacher, type_coerce(Student.special_groups, String), Student.status, Student.pinyin,
    )  # fmt: skip
    query = select(*columns).where(Student.deleted_at.is_(None))
    if wanted.grade is not None:
        query = query.where(Student.grade == wanted.grade)
    if wanted.class_no is not None:
        query = query.where(Student.class_no == wanted.class_no)
    if wanted.status is not None:
        query = query.where(Student.status == wanted.status)
    if wanted.group is not None:
        query = query.where(type_coerce(Student.special_groups, String).contains(f'"{wanted.group.value}"'))
    rows = session.execute(query.order_by(Student.grade, Student.class_no, Student.student_no))
    listed = []
    for key, number, name, gender, grade, class_no, teacher, codes, status, pinyin in rows:
        groups = () if codes == "[]" else tuple(json.loads(codes))
        shown = tuple(_GROUPS[code] for code in groups if code in _GROUPS)
        sex = gender.label if gender else ""
        listed.append(Listed(key, number, name, sex, grade, class_no, teacher, shown, groups, status, pinyin))
    return listed


def count(session: Session) -> int:
    """How many students the vault has, outside the bin."""
    return session.scalar(select(func.count()).select_from(Student).where(Student.deleted_at.is_(None))) or 0


def classes(session: Session) -> list[tuple[int, int]]:
    """Every (grade, class) there is."""
    query = select(Student.grade, Student.class_no).where(Student.deleted_at.is_(None)).distinct()
    return [(row.grade, row.class_no) for row in session.execute(query.order_by(Student.grade, Student.class_no))]


def jump_index(session: Session) -> JumpIndex:
    """Everything the jump box needs, read in one query."""
    rows = session.execute(
        select(
            Student.id,
            Student.student_no,
            Student.name,
            Student.grade,
            Student.class_no,
            Student.pinyin,
            Student.status,
        ).where(Student.deleted_at.is_(None))
    )
    return JumpIndex(
        Entry(row.id, row.student_no, row.name, row.grade, row.class_no, row.pinyin, row.status in HERE) for row in rows
    )


def guardians(session: Session, student_id: int) -> list[Guardian]:
    """The student's guardians, the primary one first."""
    where = (Guardian.student_id == student_id, Guardian.deleted_at.is_(None))
    return list(session.scalars(select(Guardian).where(*where).order_by(Guardian.is_primary.desc(), Guardian.id)))


def guardian(session: Session, guardian_id: int) -> Guardian:
    """One guardian. Raises NoResultFound."""
    return session.get_one(Guardian, guardian_id)


def save_guardian(session: Session, guardian: Guardian) -> Guardian:
    """Write a guardian down; a primary one takes the place of the one before. Raises Problem without a name and a phone."""
    if not guardian.name.strip() and not guardian.phone.strip():
        raise Problem("监护人的姓名和电话都没有写。", "请至少写一项。")
    refuse_turning("监护人的姓名", guardian.name)
    kept = session.merge(guardian)
    session.flush()
    others = [g for g in guardians(session, guardian.student_id) if g.id != kept.id]
    if kept.is_primary or not others:
        kept.is_primary = True
        for other in others:
            other.is_primary = False
    return kept


def discard_guardian(session: Session, guardian_id: int, now: datetime) -> None:
    """Move a guardian to the bin; where it was the primary one, the next is."""
    gone = guardian(session, guardian_id)
    bin.put(gone, now)
    session.flush()
    left = guardians(session, gone.student_id)
    if left and gone.is_primary:
        left[0].is_primary = True


def take_back_guardian(session: Session, guardian_id: int) -> None:
    """Take a guardian out of the bin, as the primary one only where no other is."""
    back = guardian(session, guardian_id)
    back.is_primary = not any(other.is_primary for other in guardians(session, back.student_id))
    bin.take_back(back)


def consents(session: Session, student_id: int) -> list[Consent]:
    """The student's consents and refusals, newest first."""
    where = (Consent.student_id == student_id, Consent.deleted_at.is_(None))
    return list(session.scalars(select(Consent).where(*where).order_by(Consent.signed_at.desc(), Consent.id.desc())))


def consent(session: Session, consent_id: int) -> Consent:
    """One consent or refusal. Raises NoResultFound."""
    return session.get_one(Consent, consent_id)


def lines(session: Session, student_id: int) -> list[Line]:
    """Consents as lines of the timeline."""
    return [_consent_line(consent) for consent in consents(session, student_id)]


def facts(session: Session, student_id: int, today: date) -> list[Fact]:
    """What the file says of consents now: none, given, to be signed, run out."""
    given = [consent for consent in consents(session, student_id) if consent.holds(today)]
    told = []
    if not given:
        told.append(Fact("知情同意", "还没有有效的同意", Tone.AMBER))
    for consent in [c for c in given if not c.signature_owed()][:3]:
        told.append(
            Fact(consent.type.label, f"{consent.decision.label}({consent.signed_at:%Y-%m-%d}，{consent.signer_name})")
        )
    told += [Fact("待补签", f"{c.type.label}({c.signer_name})", Tone.AMBER) for c in given if c.signature_owed()]
    return told


def due(session: Session, terms: DeadlineTerms, today: date) -> list[Due]:
    """Consents by telephone whose signature is owed, and those of students who are of age now (domain.md 3.12, consent.*)."""
    where = (
        Consent.method == ConsentMethod.PHONE,
        Consent.written_at.is_(None),
        Consent.withdrawn_at.is_(None),
        Consent.deleted_at.is_(None),
        Student.deleted_at.is_(None),
        or_(Consent.decision == ConsentDecision.AGREED, Consent.decision == ConsentDecision.PARTIAL),
    )
    owed = [
        Due(
            key="consent.oral",
            due=date.fromordinal(signed_at.toordinal() + terms.consent_oral_days),
            student_id=student_id,
            kind=Consent.__tablename__,
            record_id=own_id,
            title="补签知情同意",
            detail=of.label,
            verb="登记补签",
        )
        for own_id, student_id, signed_at, of in session.execute(
            select(Consent.id, Consent.student_id, Consent.signed_at, Consent.type)
            .join(Student, Student.id == Consent.student_id)
            .where(*where)
        )
    ]
    return [*owed, *renewals.of_age(session, today)]


def forget(session: Session, student_id: int) -> None:
    """Delete the student with guardians and consents, the student last: a file is being destroyed."""
    kinds: Iterable[type[Guardian] | type[Consent]] = (Guardian, Consent)
    for kind in kinds:
        for record in session.scalars(select(kind).where(kind.student_id == student_id)):
            session.delete(record)
    session.flush()
    session.delete(get(session, student_id))


def _consent_line(consent: Consent) -> Line:
    tags = [consent.decision.label, consent.method.label, consent.signer_name]
    if consent.withdrawn_at:
        tags.append("已撤回")
    tone = Tone.PLAIN if consent.withdrawn_at else Tone.GREEN
    return Line(
        at=consent.signed_at,
        kind=Consent.__tablename__,
        record_id=consent.id,
        title=f"知情同意：{consent.type.label}",
        tags=tuple(tags),
        text=consent.scope_text,
        tone=Tone.AMBER if consent.decision is ConsentDecision.REFUSED else tone,
        struck=consent.withdrawn_at is not None,
    )
