"""The guardian's confirmation of a refusal on paper (domain.md 4.1). Words in resources/letters/refusal.txt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.documents import words
from app.documents.blocks import Closing, Document, Gap, Sheet, Text, Title
from app.documents.keeping import own_words
from app.rooms.referrals import store
from app.rooms.referrals.record import Referral, Refusal
from app.rooms.referrals.wording import day, on_paper
from app.rooms.school.record import School, class_name
from app.rooms.school.store import school
from app.rooms.students.record import Student

KIND = "refusal"
NUMBERED_AS = "心告"


@dataclass(frozen=True)
class Contents:
    """Everything the confirmation speaks of."""

    refusal: Refusal
    referral: Referral
    student: Student
    school: School
    own: str | None = None
    """The counsellor's version of the words, where she has one."""


def contents(session: Session, refusal_id: int) -> Contents:
    """Everything the confirmation of this refusal speaks of."""
    refusal = session.get_one(Refusal, refusal_id)
    return Contents(
        refusal=refusal,
        referral=store.get(session, refusal.referral_id),
        student=session.get_one(Student, refusal.student_id),
        school=school(session),
        own=own_words(session, KIND),
    )


def blocks(of: Contents, on: date, *, number: str = "") -> Document:
    """The confirmation, issued on a day; without a number a draft."""
    said = words.sections(KIND, of.own)
    values = _values(of, on)

    def lines(section: str) -> list[str]:
        return words.paragraphs(words.fill(said[section], values))

    will_do = lines("将做") if of.refusal.will_do.strip() else []
    title = words.fill(said["标题"], values)
    sheet = Sheet(
        "refusal",
        "监护人告知确认书",
        (
            Title(title),
            *(Text(line) for line in (*lines("正文"), *will_do, *lines("提醒"))),
            Closing(tuple(lines("落款"))),
            Gap(0.5),
            *(Text(line, indent=0, size=12) for line in lines("见证")),
            Closing(tuple(lines("学校")), autograph=True, stamp=True),
        ),
        body_size=16,
        line_height=28,
        smallest=12,
    )
    return Document(
        kind=KIND,
        title=title,
        sheets=(sheet,),
        number=number,
        draft=not number,
        limited_to="学校和监护人",
        extras={"refusal_id": str(of.refusal.id)},
    )


def _values(of: Contents, on: date) -> dict[str, str]:
    where = f"到{of.referral.to_org}{of.referral.to_dept}就医评估" if of.referral.to_org else "就医评估"
    return {
        "学校": of.school.name,
        "辅导室": of.school.room_name,
        "姓名": of.student.name,
        "班级": on_paper(class_name(of.student.grade, of.student.class_no)),
        "建议": where,
        "说明": _as_clause(of.refusal.explained),
        "决定": _as_clause(of.refusal.decided),
        "将做": _as_clause(of.refusal.will_do),
        "告知日期": day(of.referral.informed_on or of.refusal.on),
        "签发日期": day(on),
    }


def _as_clause(text: str) -> str:
    """The counsellor's sentence without its full stop: the letter closes it."""
    return " ".join(text.split()).rstrip("。.")
