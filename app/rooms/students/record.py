"""Student, guardian and consent (domain.md 2.1–2.3, 6.2), and the lines and facts that a student's file is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.rooms.students.choices import (
    ArchiveTier,
    ConsentDecision,
    ConsentMethod,
    ConsentType,
    FamilyStructure,
    Gender,
    LivesWith,
    Relation,
    SignerRole,
    StudentStatus,
)
from app.vault.record import Kept, Record

AGE_OF_OWN_CONSENT = 14
"""From this age the student signs too (domain.md 6.2; 个人信息保护法 §31)."""


class Student(Kept, Record):
    """One student of the school."""

    __tablename__ = "student"
    names = ("name",)
    # an id once destroyed is not given again: its row in destruction opens its seals
    __table_args__ = {"sqlite_autoincrement": True}

    student_no: Mapped[str] = mapped_column(index=True)
    """As text, leading zeros kept; unique in the school."""
    name: Mapped[str]
    grade: Mapped[int]
    class_no: Mapped[int]
    gender: Mapped[Gender | None] = mapped_column(default=None)
    pinyin: Mapped[str] = mapped_column(default="")
    """Every reading of the name, for the jump box: made when the name is saved, so that unlocking needs no dictionary."""
    national_no: Mapped[str] = mapped_column(default="")
    birth_date: Mapped[date | None] = mapped_column(default=None)
    ethnicity: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    entry_year: Mapped[int | None] = mapped_column(default=None)
    boarding: Mapped[bool | None] = mapped_column(default=None)
    dorm: Mapped[str] = mapped_column(default="")
    homeroom_teacher: Mapped[str] = mapped_column(default="")
    psych_rep: Mapped[bool] = mapped_column(default=False)
    family_structure: Mapped[FamilyStructure | None] = mapped_column(default=None)
    lives_with_parents: Mapped[LivesWith | None] = mapped_column(default=None)
    siblings: Mapped[str] = mapped_column(default="")
    special_groups: Mapped[list[str]] = mapped_column(default_factory=list)
    known_condition: Mapped[str] = mapped_column(default="")
    """What a hospital's certificate said before entry, with its source (domain.md 2.1, 6.3)."""
    status: Mapped[StudentStatus] = mapped_column(default=StudentStatus.ENROLLED)
    status_since: Mapped[date | None] = mapped_column(default=None)
    archive_no: Mapped[str] = mapped_column(default="")
    archive_tier: Mapped[ArchiveTier] = mapped_column(default=ArchiveTier.CENSUS)
    note: Mapped[str] = mapped_column(default="")

    def student(self) -> int | None:
        return self.id

    def words(self) -> Iterable[str]:
        return (self.known_condition, self.note)

    def age(self, on: date) -> int | None:
        """Full years on a day; None where the birth date is not known."""
        return None if self.birth_date is None else full_years(self.birth_date, on)


class Guardian(Kept, Record):
    """A person who has the care of a student."""

    __tablename__ = "guardian"
    names = ("name",)

    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    name: Mapped[str] = mapped_column(default="")
    relation: Mapped[Relation] = mapped_column(default=Relation.OTHER)
    is_legal_guardian: Mapped[bool] = mapped_column(default=True)
    is_entrusted_carer: Mapped[bool] = mapped_column(default=False)
    phone: Mapped[str] = mapped_column(default="")
    phone2: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    is_primary: Mapped[bool] = mapped_column(default=False)
    best_time: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")


class Consent(Kept, Record):
    """One consent or its refusal; the scanned page is an attachment."""

    __tablename__ = "consent"
    names = ("signer_name",)

    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    type: Mapped[ConsentType]
    decision: Mapped[ConsentDecision]
    signer_role: Mapped[SignerRole]
    signer_name: Mapped[str]
    method: Mapped[ConsentMethod]
    signed_at: Mapped[date]
    scope_text: Mapped[str] = mapped_column(default="")
    scope: Mapped[list[str]] = mapped_column(default_factory=list)
    """For 部分同意: the codes of the items agreed to."""
    guardian_id: Mapped[int | None] = mapped_column(default=None)
    exceptions_explained: Mapped[bool] = mapped_column(default=False)
    valid_until: Mapped[date | None] = mapped_column(default=None)
    withdrawn_at: Mapped[date | None] = mapped_column(default=None)
    written_at: Mapped[date | None] = mapped_column(default=None)
    """When a consent by telephone was signed on paper afterwards (补签)."""

    def holds(self, on: date) -> bool:
        """Whether it is a yes, in full or in part, that stands on a day: not withdrawn, not run out."""
        return (
            self.deleted_at is None
            and self.decision in (ConsentDecision.AGREED, ConsentDecision.PARTIAL)
            and self.signed_at <= on
            and (self.withdrawn_at is None or self.withdrawn_at > on)
            and (self.valid_until is None or self.valid_until >= on)
        )

    def by_guardian(self) -> bool:
        return self.signer_role in (SignerRole.GUARDIAN, SignerRole.BOTH)

    def by_student(self) -> bool:
        return self.signer_role in (SignerRole.STUDENT, SignerRole.BOTH)

    def signature_owed(self) -> bool:
        """Whether it was given by telephone and the paper is still to be signed."""
        return self.method is ConsentMethod.PHONE and self.written_at is None and self.withdrawn_at is None


class RosterMapping(Kept, Record):
    """What the columns of one kind of class list mean, remembered under a name for the next list of the same headers."""

    __tablename__ = "roster_mapping"

    name: Mapped[str] = mapped_column(unique=True)
    meanings: Mapped[dict[str, str]]
    """Code of ``classlist.columns.Meaning`` by the words above the column."""
    answers: Mapped[dict[str, list[int | None]]] = mapped_column(JSON, default_factory=dict)
    """Grade and class by the words that no rule reads (``classlist.answers.Answer``)."""


def full_years(born: date, on: date) -> int:
    """Age in full years; who is born on 29 February is a year older on 1 March of a common year."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def signature_lacking(born: date | None, on: date, role: SignerRole) -> str:
    """What this signer alone does not suffice for, in one sentence; empty where nobody else has to sign (domain.md 6.2)."""
    if born is None:
        return "没有出生日期，无法判断学生本人是否也要签署。" if role is not SignerRole.BOTH else ""
    own = full_years(born, on) >= AGE_OF_OWN_CONSENT
    if role is SignerRole.STUDENT:
        return "还需要监护人签署，可以另登记一条。" if own else "学生不满 14 周岁，须由监护人签署。"
    if role is SignerRole.GUARDIAN and own:
        return "学生已满 14 周岁，本人也要签署，可以另登记一条。"
    return ""


class Tone(Enum):
    """The colour of a line or tag, by the token of look/README.md."""

    PLAIN = "plain"
    ACCENT = "accent"
    RED = "red"
    AMBER = "amber"
    YELLOW = "yellow"
    BLUE = "blue"
    PLUM = "plum"
    GREEN = "green"


@dataclass(frozen=True)
class Line:
    """One line of a student's timeline, from any room."""

    at: date | datetime
    kind: str
    record_id: int
    title: str
    tags: tuple[str, ...] = ()
    text: str = ""
    tone: Tone = Tone.PLAIN
    struck: bool = False
    """Void: still readable, struck through."""
    late_entry: bool = False
    """Entered afterwards under its own date (补录)."""


@dataclass(frozen=True)
class Fact:
    """One fact of the card 「现在」."""

    label: str
    text: str
    tone: Tone = Tone.PLAIN
