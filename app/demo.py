"""The demo vault: a made-up school for training, pictures and benchmarks, made through the same stores the window uses."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.documents import issuing
from app.documents.certificates import Holder
from app.documents.record import Issued
from app.documents.signing import SigningSession, open_signing
from app.resources import resource
from app.rooms.notes import cases
from app.rooms.notes import store as notes
from app.rooms.notes.cases import CaseValues
from app.rooms.notes.choices import CaseSource, CaseStatus, RiskFlag
from app.rooms.notes.letter import issue as issue_note
from app.rooms.notes.record import Case, NoteValues
from app.rooms.referrals import store as referrals
from app.rooms.referrals.choices import Channel, Escort, Informed, Reason, Urgency
from app.rooms.referrals.issuing import issue as issue_referral
from app.rooms.referrals.issuing import issue_confirmation
from app.rooms.referrals.record import Institution, ReferralValues, RefusalValues
from app.rooms.school import entering
from app.rooms.school.bells import Span
from app.rooms.school.calendar import DayKind
from app.rooms.school.record import School, end_of_school_year, school_year
from app.rooms.students import roster
from app.rooms.students import store as students
from app.rooms.students.choices import (
    ConsentDecision,
    ConsentMethod,
    ConsentType,
    Gender,
    Relation,
    SignerRole,
    SpecialGroup,
)
from app.rooms.students.classlist import reading
from app.rooms.students.classlist.sheets import Workbook
from app.rooms.students.record import Consent, Guardian, Student
from app.vault.files import BALLAST, DATABASE, KEYS, KEYS_B, LOCK
from app.vault.opening import create_vault
from app.vault.passwords import new_phrase
from app.vault.recovery import RecoveryCode
from app.vault.vault import Vault

CONSENTS = 40
"""Cases that get consents."""
CONSENTED = {
    ConsentType.COUNSELLING: "在校接受个别心理辅导",
    ConsentType.SHARING: "向接诊机构提供转介函所列的信息，用于就医评估",
}
REFERRALS = ("issued", "refused", "draft", "issued")
ENOUGH_REFERRALS = 2
"""So many, and each kind of document has been issued once."""
CHUNK = 1000
"""Records written in one transaction."""
GRADES = range(7, 13)


@dataclass(frozen=True)
class Made:
    """What the demo vault holds, as the command's JSON line says it."""

    folder: Path
    password: str
    recovery_code: str
    students: int
    notes: int
    referrals: int
    rosters: list[dict[str, Any]] = field(default_factory=list)
    samples: list[str] = field(default_factory=list)
    """The kinds of documents of which a sample was written."""

    def line(self) -> str:
        """One JSON line."""
        return json.dumps({**self.__dict__, "folder": str(self.folder)}, ensure_ascii=False)


@dataclass
class Cast:
    """The made-up people and themes, and the dice."""

    people: dict[str, Any]
    themes: list[dict[str, Any]]
    dice: random.Random

    @classmethod
    def of(cls, seed: int) -> Cast:
        """Read the bundled cast; the same seed gives the same school."""
        read = [
            json.loads(resource("demo", f"{name}.json").read_text(encoding="utf-8")) for name in ("people", "themes")
        ]
        return cls(read[0], read[1], random.Random(seed))  # noqa: S311 - a made-up school, no secret

    def name(self) -> str:
        given = self.people["given"]
        double = self.dice.random() < 0.02
        surname = self.dice.choice(self.people["double_surnames"] if double else self.people["surnames"])
        return str(surname) + "".join(self.dice.sample(given, self.dice.choice((1, 2, 2, 2))))

    def phone(self) -> str:
        return f"1{self.dice.choice('3578')}{self.dice.randrange(10**9):09d}"


def make(folder: Path, rosters: Sequence[Path], more: int, note_count: int, seed: int, samples: Path | None) -> Made:
    """Make the demo vault in a folder; on a failure nothing of it stays. ``more`` students are made up beside those of the
    rosters. Raises Problem."""
    cast, clock = Cast.of(seed), Clock()
    books = [reading.read(path) for path in rosters]
    if samples is not None:
        samples.mkdir(parents=True, exist_ok=True)
    stood = folder.exists()
    vault, password, code = make_vault(folder, cast, clock)
    try:
        today = clock.today()
        reports = [_take(vault, book) for book in books]
        fill_calendar(vault, today)
        fill_students(vault, cast, more, today)
        written = fill_notes(vault, cast, note_count, today)
        fill_consents(vault, cast, today)
        referrals = fill_referrals(vault, cast, today, password)
        kinds = write_samples(vault, samples) if samples is not None else []
        with vault.read() as session:
            count = students.count(session)
        vault.close()
    except BaseException:
        vault.close()
        _take_away(folder, whole=not stood)
        raise
    return Made(folder, password, code.written, count, written, referrals, reports, kinds)


def _take_away(folder: Path, *, whole: bool) -> None:
    """Remove the files of a vault that was just made there, and the folder where it was made for it."""
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", KEYS, KEYS_B, BALLAST, LOCK):
        (folder / name).unlink(missing_ok=True)
    if whole:
        with suppress(OSError):  # something else was put there meanwhile
            folder.rmdir()


def _take(vault: Vault, book: Workbook) -> dict[str, Any]:
    shown = roster.look(vault, book)
    return roster.report(shown, roster.take(vault, shown))


def make_vault(folder: Path, cast: Cast, clock: Clock) -> tuple[Vault, str, RecoveryCode]:
    """A new vault with the school's names; gives it back open, with its password and recovery code."""
    people = cast.people
    password = new_phrase((people["school"], people["room"])).password

    def first(session: Session) -> None:
        session.add(
            School(
                name=people["school"],
                short_name=people["short_name"],
                room_name=people["room"],
                counsellor=people["counsellor"],
                vice_head=people["vice_head"],
                phone=people["phone"],
                demo=True,
            )
        )
        session.add_all(Institution(**values) for values in people["institutions"])

    vault, code = create_vault(
        folder, school=people["school"], room=people["room"], password=password, clock=clock, first=first
    )
    return vault, password, code


def fill_calendar(vault: Vault, today: date) -> None:
    """This school year's terms, exams and days off, the bells of two seasons, and when the room is open: a little short on Wednesdays."""
    plan = json.loads(resource("demo", "calendar.json").read_text(encoding="utf-8"))
    begins = school_year(today)

    def day(words: str) -> date:
        month, of_month = map(int, words.split("-"))
        return date(begins if month >= 8 else begins + 1, month, of_month)

    def span(start: str, end: str) -> Span:
        return Span(time.fromisoformat(start), time.fromisoformat(end))

    kinds = {kind.value: kind for kind in DayKind}
    with vault.write("建立演示档案") as session:
        for first, last in plan["terms"]:
            entering.save_term(session, day(first), day(last))
        for kind, name, first, last in plan["specials"]:
            entering.save_special(session, kinds[kind], name, day(first), day(last))
        for name, month, of_month, bells in plan["timetables"]:
            timetable = entering.save_timetable(session, name, month, of_month)
            for bell, weekdays, start, end in bells:
                entering.save_bell(session, timetable, bell, weekdays, span(start, end))
        for weekdays, start, end in plan["opening"]:
            entering.save_opening(session, weekdays, span(start, end))


def fill_students(vault: Vault, cast: Cast, count: int, today: date) -> None:
    """Made-up students in classes of about fifty, each with a guardian."""
    for start in range(0, count, CHUNK):
        with vault.write("建立演示档案") as session:
            made = [_student(cast, number, today) for number in range(start, min(start + CHUNK, count))]
            students.add_all(session, made)
            session.flush()
            session.add_all(_guardian(cast, student) for student in made)


def _student(cast: Cast, number: int, today: date) -> Student:
    grade = GRADES[number % len(GRADES)]
    class_no = 1 + number // len(GRADES) // 50
    entry = today.year - (grade - 7) % 3 - (0 if today.month >= 8 else 1)
    born = date(today.year - grade - 6, 1, 1) + timedelta(days=cast.dice.randrange(365))
    return Student(
        student_no=f"D{entry}{number:05d}",
        name=cast.name(),
        gender=cast.dice.choice((Gender.MALE, Gender.FEMALE)),
        grade=grade,
        class_no=class_no,
        birth_date=born,
        entry_year=entry,
        boarding=cast.dice.random() < 0.3,
        homeroom_teacher=cast.people["teachers"][class_no % len(cast.people["teachers"])],
        special_groups=[cast.dice.choice(list(SpecialGroup)).value] if cast.dice.random() < 0.1 else [],
    )


def _guardian(cast: Cast, student: Student) -> Guardian:
    mother = cast.dice.random() < 0.6
    return Guardian(
        student_id=student.id,
        name=cast.name() if mother else student.name[0] + cast.dice.choice(("建国", "志远", "海峰", "立新")),
        relation=Relation.MOTHER if mother else Relation.FATHER,
        phone=cast.phone(),
        is_primary=True,
    )


def fill_notes(vault: Vault, cast: Cast, count: int, today: date) -> int:
    """Signed notes spread over the students, ten to a case on average, the last weeks the fullest."""
    with vault.read() as session:
        ids = list(session.scalars(select(Student.id).where(Student.deleted_at.is_(None)).order_by(Student.id)))
    if not ids or not count:
        return 0
    plan = _plan(cast, ids, count)
    made = 0
    for batch in _batches(plan):
        with vault.write("建立演示档案") as session:
            made += sum(_case_with_notes(session, cast, student_id, number, today) for student_id, number in batch)
    return made


def _plan(cast: Cast, ids: list[int], count: int) -> list[tuple[int, int]]:
    """How many notes each chosen student gets."""
    cast.dice.shuffle(ids)
    chosen = ids[: max(1, min(len(ids), count // 10))]
    share, rest = divmod(count, len(chosen))
    return [(student_id, share + (place < rest)) for place, student_id in enumerate(chosen)]


def _batches(plan: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    batch: list[tuple[int, int]] = []
    for entry in plan:
        batch.append(entry)
        if sum(number for _, number in batch) >= CHUNK:
            yield batch
            batch = []
    if batch:
        yield batch


def _case_with_notes(session: Session, cast: Cast, student_id: int, count: int, today: date) -> int:
    theme = cast.dice.choice(cast.themes)
    first = today - timedelta(days=3 + 7 * min(count, 60))
    values = CaseValues(
        source=cast.dice.choice(list(CaseSource)),
        problem_types=[theme["problem"]],
        presenting_problem=theme["issue"],
        goals="作息规律，每周到校五天；情绪低落时能主动联系一位约定的大人。",
    )
    case = cases.open_case(session, student_id, values, first)
    cases.move_case(session, case.id, CaseStatus.ACTIVE, first)
    step = (today - first).days / (count + 1)
    for number in range(1, count + 1):
        held = first + timedelta(days=int(step * number))
        notes.enter_signed(session, student_id, case.id, number, _note(cast, theme, held), _signed_at(held))
    return count


def _note(cast: Cast, theme: dict[str, Any], held: date) -> NoteValues:
    start = cast.dice.choice((time(12, 20), time(13, 0), time(16, 30)))
    end = (datetime.combine(held, start) + timedelta(minutes=cast.dice.choice((35, 40, 45)))).time()
    texts = {
        name: cast.dice.choice(theme[name])
        for name in ("subjective", "observation", "process", "assessment", "agreement", "next_plan")
    }
    return NoteValues(
        held_on=held,
        start=start,
        end=end,
        place="个别辅导室",
        attendees="学生本人",
        counsellor=cast.people["counsellor"],
        risk_flag=RiskFlag.NONE,
        mood_score=cast.dice.randrange(3, 9),
        **texts,
    )


def _signed_at(held: date) -> datetime:
    return datetime.combine(held, time(17, 40)).astimezone()


def fill_consents(vault: Vault, cast: Cast, today: date) -> None:
    """Consents to counselling and to sharing for some students with a case, so that letters can be issued."""
    with vault.write("建立演示档案") as session:
        for case in session.scalars(select(Case).order_by(Case.id).limit(CONSENTS)):
            guardian = next(iter(students.guardians(session, case.student_id)), None)
            if guardian is None:
                guardian = _guardian(cast, students.get(session, case.student_id))
                session.add(guardian)
                session.flush()
            for kind in (ConsentType.COUNSELLING, ConsentType.SHARING):
                session.add(_consent(guardian, kind, today))


def _consent(guardian: Guardian, kind: ConsentType, today: date) -> Consent:
    return Consent(
        student_id=guardian.student_id,
        type=kind,
        decision=ConsentDecision.AGREED,
        signer_role=SignerRole.BOTH,
        signer_name=guardian.name or "监护人",
        method=ConsentMethod.PAPER,
        signed_at=today - timedelta(days=2),
        scope_text=CONSENTED[kind],
        guardian_id=guardian.id,
        exceptions_explained=True,
        valid_until=end_of_school_year(today),
    )


def fill_referrals(vault: Vault, cast: Cast, today: date, password: str) -> int:
    """A few referrals: one issued, one refused, one still a draft; gives how many."""
    with vault.read() as session:
        found = list(session.scalars(select(Case).order_by(Case.id).limit(len(REFERRALS))))
        hospital = session.scalars(select(Institution).order_by(Institution.id)).first()
    if not found or hospital is None:
        return 0
    signing = open_signing(vault, password, _holder(cast))
    try:
        for case, kind in zip(found, REFERRALS, strict=False):
            with vault.write("建立演示档案") as session:
                _refer(vault, session, signing, case, hospital, kind, today)
    finally:
        signing.close()
    return len(found)


def _holder(cast: Cast) -> Holder:
    people = cast.people
    return Holder(people["counsellor"], people["school"], people["short_name"])


def _refer(
    vault: Vault, session: Session, signing: SigningSession, case: Case, hospital: Institution, kind: str, today: date
) -> None:
    picked = notes.signed_notes(session, case.student_id)[:2]
    referral = referrals.new(session, case.student_id, today, case_id=case.id)
    values = ReferralValues(
        institution_id=hospital.id,
        to_org=hospital.name,
        to_dept=hospital.department,
        channel=Channel.GREEN,
        urgency=Urgency.SOON,
        reasons=[Reason.COMPETENCE.value],
        observation="近一个月情绪持续低落，兴趣减退，早醒；近两周回避到校，课堂上常走神。",
        measures="学校已个别辅导数次，与监护人沟通作息和陪伴，班主任每日关注到校情况。",
        wish="请评估情绪与睡眠状况，并告知在校期间需要注意的事项。",
        note_ids=[str(note.id) for note in picked],
        guardian_id=referral.guardian_id,
        informed_on=today - timedelta(days=2),
        informed_how=Informed.MEETING,
        informed_by="何清",
        escort=Escort.GUARDIAN,
    )
    referrals.save_draft(session, referral.id, values)
    if kind == "issued":
        referrals.settle(session, referral.id, today)
        issue_referral(vault, session, signing, referral.id)
        for note in picked[:1]:
            issue_note(vault, session, signing, note.id)
    elif kind == "refused":
        refusal = referrals.refuse(session, referral.id, _refusal(today), today)
        issue_confirmation(vault, session, signing, refusal.id)


def _refusal(today: date) -> RefusalValues:
    return RefusalValues(
        on=today - timedelta(days=1),
        explained="情绪持续低落可能加重，学习和睡眠会受影响。",
        decided="先在家观察两周",
        will_do="每天晚饭后陪孩子散步，两周后再与学校商量",
        witness="罗景行",
    )


def write_samples(vault: Vault, folder: Path) -> list[str]:
    """One signed PDF of each kind of document that was issued, into a folder outside the vault; gives the kinds."""
    with vault.read() as session:
        kinds = sorted(session.scalars(select(Issued.kind).distinct()))
        for kind in kinds:
            first = session.scalars(select(Issued.id).where(Issued.kind == kind).order_by(Issued.id)).first()
            if first is not None:
                (folder / f"{kind}.pdf").write_bytes(issuing.pdf_of(session, first))
    return kinds
