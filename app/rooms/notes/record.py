"""Case and note: what is kept of the counselling of a student, and the rules of signing and closing (domain.md 2.4, 2.5, 3.8, 3.9, 6.1)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, ClassVar, Self

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.rooms.notes.choices import (
    Basis,
    CaseSource,
    CaseStatus,
    CloseReason,
    GuardianTold,
    Mode,
    NoteStatus,
    Outcome,
    ProblemType,
    RiskFlag,
)
from app.vault.record import Kept, Record

LATE_ENTRY_AFTER = timedelta(days=3)
"""A note entered more than these days after its conversation is marked 补录 (the 72 h of domain.md 3.9)."""


class Case(Kept, Record):
    """One student's way through the counselling room, from being brought to being closed."""

    __tablename__ = "case_file"

    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    case_no: Mapped[str] = mapped_column(unique=True)
    """「2026-个-017」: school year, kind, three digits; never given twice."""
    source: Mapped[CaseSource]
    opened_at: Mapped[date]
    problem_types: Mapped[list[str]] = mapped_column(default_factory=list)
    """Codes of ProblemType."""
    presenting_problem: Mapped[str] = mapped_column(default="")
    background: Mapped[str] = mapped_column(default="")
    goals: Mapped[str] = mapped_column(default="")
    status: Mapped[CaseStatus] = mapped_column(default=CaseStatus.REGISTERED, index=True)
    intake_at: Mapped[date | None] = mapped_column(default=None)
    """The day the counsellor took the case on: goals are due from here."""
    reopened_at: Mapped[date | None] = mapped_column(default=None)
    closed_at: Mapped[date | None] = mapped_column(default=None)
    close_reason: Mapped[CloseReason | None] = mapped_column(default=None)
    outcome: Mapped[Outcome | None] = mapped_column(default=None)
    follow_up_plan: Mapped[str] = mapped_column(default="")

    def words(self) -> Iterable[str]:
        return (self.case_no, self.presenting_problem, self.background, self.goals, self.follow_up_plan)

    @property
    def problems(self) -> list[ProblemType]:
        return [problem for problem in ProblemType if problem.value in self.problem_types]

    @property
    def is_open(self) -> bool:
        return self.status is not CaseStatus.CLOSED


class CaseNumber(Record):
    """How far the case numbers of a school year have been given; outlives the cases, so that none is given twice."""

    __tablename__ = "case_number"
    trailed: ClassVar[bool] = False

    school_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


@dataclass(frozen=True, kw_only=True)
class NoteValues:
    """What the counsellor writes in a note, as plain values: the form's, a draft's, a template's."""

    held_on: date
    start: time | None = None
    end: time | None = None
    mode: Mode = Mode.FACE
    place: str = ""
    attendees: str = ""
    counsellor: str = ""
    subjective: str = ""
    observation: str = ""
    process: str = ""
    assessment: str = ""
    risk_flag: RiskFlag | None = None
    mood_score: int | None = None
    agreement: str = ""
    next_plan: str = ""
    next_date: date | None = None

    @classmethod
    def of(cls, note: Note) -> Self:
        return cls(**{field.name: getattr(note, field.name) for field in fields(cls)})

    def missing(self) -> list[str]:
        """The labels of what must be there before signing and is not, in the order of the form."""
        return [label for name, label in REQUIRED.items() if not _filled(getattr(self, name))]


REQUIRED = {
    "start": "开始时间",
    "end": "结束时间",
    "place": "地点",
    "attendees": "在场人员",
    "counsellor": "辅导老师",
    "subjective": "学生自述",
    "observation": "观察",
    "process": "过程与方法",
    "assessment": "评估与分析",
    "risk_flag": "风险标记",
    "next_plan": "下次计划",
}
TEXTS = {
    "subjective": "学生自述",
    "observation": "观察",
    "process": "过程与方法",
    "assessment": "评估与分析",
    "agreement": "约定与作业",
    "next_plan": "下次计划",
}
"""The sections of a note that take running text, in the order of the paper form (domain.md 4.4)."""
AMENDABLE = {
    "held_on": "日期",
    "start": "开始时间",
    "end": "结束时间",
    "mode": "方式",
    "place": "地点",
    "attendees": "在场人员",
    **TEXTS,
    "risk_flag": "风险标记",
    "mood_score": "情绪自评",
    "next_date": "下次日期",
}
"""What an amendment may speak of, with its label."""


def _filled(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


class Note(Kept, Record):
    """What one conversation was: a draft, then signed. A signed note is sealed by triggers (migrations/triggers.sql)."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_last", "case_id", "deleted_at", "status", "held_on"),)
    """The last talk of a case is told without reading its notes."""

    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    session_no: Mapped[int]
    held_on: Mapped[date] = mapped_column(index=True)
    entered_on: Mapped[date]
    """The day the draft was made."""
    start: Mapped[time | None] = mapped_column(default=None)
    end: Mapped[time | None] = mapped_column(default=None)
    mode: Mapped[Mode] = mapped_column(default=Mode.FACE)
    place: Mapped[str] = mapped_column(default="")
    attendees: Mapped[str] = mapped_column(default="")
    counsellor: Mapped[str] = mapped_column(default="")
    subjective: Mapped[str] = mapped_column(default="")
    observation: Mapped[str] = mapped_column(default="")
    process: Mapped[str] = mapped_column(default="")
    assessment: Mapped[str] = mapped_column(default="")
    risk_flag: Mapped[RiskFlag | None] = mapped_column(default=None)
    mood_score: Mapped[int | None] = mapped_column(default=None)
    agreement: Mapped[str] = mapped_column(default="")
    next_plan: Mapped[str] = mapped_column(default="")
    next_date: Mapped[date | None] = mapped_column(default=None)
    status: Mapped[NoteStatus] = mapped_column(default=NoteStatus.DRAFT, index=True)
    signed_at: Mapped[datetime | None] = mapped_column(default=None)
    late_entry: Mapped[bool] = mapped_column(default=False)
    """补录: entered more than three days after the conversation."""
    text_hash: Mapped[str] = mapped_column(default="")
    """SHA-256 of what was signed, hex; empty for a draft."""

    def words(self) -> Iterable[str]:
        return (self.place, self.attendees, *(getattr(self, name) for name in TEXTS))

    def moved(self) -> None:
        if self.text_hash:
            self.text_hash = self.content_hash()

    @property
    def is_signed(self) -> bool:
        return self.status is NoteStatus.SIGNED

    @property
    def minutes(self) -> int | None:
        """How long the conversation took, where both times are known."""
        if self.start is None or self.end is None:
            return None
        return (self.end.hour - self.start.hour) * 60 + self.end.minute - self.start.minute

    def sign_due(self, hours: int, zone: tzinfo | None) -> datetime:
        """Until when the note is to be signed: ``hours`` after the conversation, or the end of that day where a risk was seen.

        A 补录 counts from the day it was entered (domain.md 3.12, note.sign).
        """
        day = self.entered_on if self.late_entry else self.held_on
        if self.risk_flag is not None and self.risk_flag.asks:
            return datetime.combine(day, time(23, 59, 59), zone)
        end = time(23, 59) if self.late_entry or self.end is None else self.end
        return datetime.combine(day, end, zone) + timedelta(hours=hours)

    def content_hash(self) -> str:
        """SHA-256 over the note's own values and its place (student, case, number), as canonical JSON."""
        values = {field.name: _plain(getattr(self, field.name)) for field in fields(NoteValues)}
        values |= {"student_id": self.student_id, "case_id": self.case_id, "session_no": self.session_no}
        text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def is_late(held_on: date, entered_on: date) -> bool:
    """Whether a note of that day, entered on this one, is a 补录."""
    return entered_on - held_on > LATE_ENTRY_AFTER


def _plain(value: Any) -> object:
    if isinstance(value, date | time):
        return value.isoformat()
    return getattr(value, "value", value)


class Memo(Kept, Record):
    """The counsellor's private memo beside a note: editable after signing, never printed, exported or searched (it has no words)."""

    __tablename__ = "note_memo"

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), unique=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    text: Mapped[str] = mapped_column(default="")


class Amendment(Kept, Record):
    """A correction of a signed note: a row of its own, shown under the original and never changed (sealed by triggers)."""

    __tablename__ = "note_amendment"

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), index=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    at: Mapped[datetime]
    part: Mapped[str]
    """Which field, a key of AMENDABLE."""
    before: Mapped[str]
    after: Mapped[str]
    reason: Mapped[str]

    def words(self) -> Iterable[str]:
        return (self.after, self.reason)


ASKED = {
    "guardian": "监护人是否已通知",
    "accompanied": "是否未让学生独处",
    "head_told": "是否已报告校领导",
    "referral": "是否建议转介",
}
"""What is asked of every risk of 意念 or more before signing, with its label."""


@dataclass(frozen=True, kw_only=True)
class RiskValues:
    """What was done about a risk, as asked before signing. None: not answered yet."""

    guardian: GuardianTold | None = None
    guardian_at: datetime | None = None
    accompanied: bool | None = None
    head_told: bool | None = None
    head_at: datetime | None = None
    referral: bool | None = None
    reported: bool | None = None
    reported_at: datetime | None = None
    told_scope: str = ""
    """What of the conversation was passed on: no more than was needed."""
    done: str = ""
    reason: str = ""

    @classmethod
    def of(cls, answer: RiskAnswer) -> Self:
        return cls(**{field.name: getattr(answer, field.name) for field in fields(cls)})

    def told(self) -> dict[str, datetime | None]:
        """Who was told, and when."""
        found: dict[str, datetime | None] = {}
        if self.guardian is GuardianTold.TOLD:
            found["监护人"] = self.guardian_at
        if self.head_told:
            found["校领导"] = self.head_at
        if self.reported:
            found["公安等部门"] = self.reported_at
        return found

    def missing(self, flag: RiskFlag) -> list[str]:
        """The labels of the questions still open for this flag; a thing not done needs its reason."""
        asked = dict(ASKED)
        if flag is RiskFlag.ABUSE:
            asked["reported"] = "是否已向公安等部门报告"
        open_questions = [label for name, label in asked.items() if getattr(self, name) is None]
        told = self.told()
        open_questions += [f"告知{whom}的时间" for whom, at in told.items() if at is None]
        if told and not self.told_scope.strip():
            open_questions.append("告知的内容范围")
        left_out = self.guardian is not GuardianTold.TOLD or not all(getattr(self, name) for name in asked)
        if not open_questions and left_out and not self.reason.strip():
            open_questions.append("未做到的事项的原因")
        return open_questions


class RiskAnswer(Kept, Record):
    """What was done about the risk a note speaks of; its answers are sealed with the note, its end is written later."""

    __tablename__ = "risk_answer"

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), unique=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    guardian: Mapped[GuardianTold | None] = mapped_column(default=None)
    guardian_at: Mapped[datetime | None] = mapped_column(default=None)
    accompanied: Mapped[bool | None] = mapped_column(default=None)
    head_told: Mapped[bool | None] = mapped_column(default=None)
    head_at: Mapped[datetime | None] = mapped_column(default=None)
    referral: Mapped[bool | None] = mapped_column(default=None)
    reported: Mapped[bool | None] = mapped_column(default=None)
    reported_at: Mapped[datetime | None] = mapped_column(default=None)
    told_scope: Mapped[str] = mapped_column(default="")
    done: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    settled_how: Mapped[str] = mapped_column(default="")

    def words(self) -> Iterable[str]:
        return (self.done, self.reason, self.settled_how)


class Disclosure(Kept, Record):
    """Something said in confidence that was passed on: to whom, when, how much, on what ground (domain.md 6.1)."""

    __tablename__ = "disclosure"

    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    to_whom: Mapped[str]
    at: Mapped[datetime]
    scope: Mapped[str]
    basis: Mapped[Basis]
    note_id: Mapped[int | None] = mapped_column(ForeignKey("note.id"), index=True, default=None)

    def words(self) -> Iterable[str]:
        return (self.to_whom, self.scope)


class Snippet(Kept, Record):
    """A phrase of the counsellor's own, to be put into a note."""

    __tablename__ = "snippet"

    name: Mapped[str]
    text: Mapped[str]
    part: Mapped[str] = mapped_column(default="")
    """The field it is offered at, a key of TEXTS; empty for every field."""
    position: Mapped[int | None] = mapped_column(default=None)
    """Its place among all phrases, from 1; None until they are put in order."""
