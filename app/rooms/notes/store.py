"""Notes in the vault: drafting, signing, amending, voiding, and the private memo. Beside it: cases, risks, waiting, snippets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.documents import issuing
from app.documents.record import Issued
from app.errors import Problem
from app.rooms.notes import risks, rules
from app.rooms.notes.cases import get_case
from app.rooms.notes.choices import Basis, NoteStatus, RiskFlag
from app.rooms.notes.record import (
    AMENDABLE,
    TEXTS,
    Amendment,
    Disclosure,
    Memo,
    Note,
    NoteValues,
    RiskValues,
    is_late,
)
from app.rooms.notes.wording import shown
from app.vault import bin, voiding
from app.vault.voiding import Voided


def get(session: Session, note_id: int) -> Note:
    """The note with this id."""
    return session.get_one(Note, note_id)


def draft(session: Session, case_id: int, values: NoteValues, today: date) -> Note:
    """A new draft in an open case, with the case's next session number."""
    case = get_case(session, case_id)
    if not case.is_open:
        raise Problem("个案{case_no}已结案，不能再添会谈记录。", "请先重开这个个案，或另立一个。", case_no=case.case_no)
    note = _new(case.student_id, case_id, next_session_no(session, case_id), values, today)
    session.add(note)
    session.flush()
    return note


def next_session_no(session: Session, case_id: int) -> int:
    """One more than the highest number of the case; voided and binned notes keep theirs."""
    return (session.scalar(select(func.max(Note.session_no)).where(Note.case_id == case_id)) or 0) + 1


def save_draft(
    session: Session,
    note_id: int,
    values: NoteValues,
    *,
    memo: str | None = None,
    risk: RiskValues | None = None,
) -> Note:
    """Write a draft down as it stands, unfinished parts and all. Raises AlreadySigned."""
    note = get(session, note_id)
    if note.is_signed:
        raise rules.AlreadySigned
    for field in fields(values):
        setattr(note, field.name, getattr(values, field.name))
    note.late_entry = is_late(note.held_on, note.entered_on)
    if memo is not None:
        save_memo(session, note_id, memo)
    if risk is not None:
        risks.save_answer(session, note, risk)
    return note


def sign(session: Session, note_id: int, now: datetime) -> Note:
    """Sign a draft: from here on it is sealed. Raises NotReady, RiskUnanswered or another Problem naming what is amiss.

    Whom the counsellor told of a risk is written down as a disclosure (domain.md 6.1).
    """
    note = get(session, note_id)
    if note.is_signed:
        raise rules.AlreadySigned
    answer = risks.risk_answer(session, note_id)
    risk = RiskValues.of(answer) if answer else None
    rules.check_signable(NoteValues.of(note), risk, now.date())
    if risk is not None and note.risk_flag is not None and note.risk_flag.asks:
        session.add_all(_disclosures(note, risk, now))
    session.flush()  # what belongs to the note is written before the seal closes over it
    _seal(note, now)
    session.flush()
    return note


def enter_signed(
    session: Session, student_id: int, case_id: int, session_no: int, values: NoteValues, now: datetime
) -> Note:
    """A note that is signed as it is entered: many at a time (the demo vault). The same rules as ``sign``; no risk to answer for."""
    rules.check_signable(values, None, now.date())
    note = _new(student_id, case_id, session_no, values, now.date())
    _seal(note, now)
    session.add(note)
    return note


def amend(session: Session, note_id: int, part: str, after: str, reason: str, now: datetime) -> Amendment:
    """Correct one field of a signed note by a row of its own; ``part`` is a key of AMENDABLE, ``after`` the words as shown."""
    note = get(session, note_id)
    if not note.is_signed:
        raise Problem("这份记录还是草稿，直接改就好。", "签署之后的改动才用「更正」。")
    if note_id in voiding.voided(session, Note.__tablename__, [note_id]):
        raise Problem("这份记录已作废，不能再更正。", "可以把文字复制到新的草稿里。")
    before = as_amended(note, amendments(session, note_id))[part]
    if not reason.strip():
        raise Problem("没有写更正的原因。", "请写一句为什么要更正。")
    if after.strip() == before.strip():
        raise Problem("更正后的内容与原来相同。", "请改成正确的内容，或取消更正。")
    if part == "risk_flag":
        rules.check_risk_amended(note.risk_flag, after)
    row = Amendment(
        note_id=note_id, student_id=note.student_id, at=now, part=part, before=before, after=after, reason=reason
    )
    session.add(row)
    session.flush()
    return row


def amendments(session: Session, note_id: int) -> list[Amendment]:
    """The note's amendments, oldest first."""
    return list(session.scalars(select(Amendment).where(Amendment.note_id == note_id).order_by(Amendment.id)))


def as_amended(note: Note, rows: Iterable[Amendment]) -> dict[str, str]:
    """Every amendable field as words, with the amendments carried out in their order."""
    found = {part: shown(getattr(note, part)) for part in AMENDABLE}
    return found | {row.part: row.after for row in rows}


def void(session: Session, note_id: int, reason: str, now: datetime) -> Voided:
    """Void a signed note and the papers issued from it: they stay readable, struck through, and leave the counts."""
    note = get(session, note_id)
    if not note.is_signed:
        raise Problem("这份记录还是草稿，不用作废。", "不要的草稿可以移到回收站。")
    papers = issuing.about(session, note)
    void_already = voiding.voided(session, Issued.__tablename__, [paper.id for paper in papers])
    for paper in papers:
        if paper.id not in void_already:
            voiding.void(session, paper, reason, now)
    return voiding.void(session, note, reason, now)


def copy_to_draft(session: Session, note_id: int, case_id: int, today: date) -> Note:
    """The note's text, as amended, as a new draft in another case (the right student's file); its memo goes along."""
    source = get(session, note_id)
    now = as_amended(source, amendments(session, note_id))
    texts: dict[str, Any] = {part: now[part] for part in ("place", "attendees", *TEXTS)}
    copy = draft(session, case_id, replace(NoteValues.of(source), next_date=None, **texts), today)
    if text := memo(session, note_id):
        save_memo(session, copy.id, text)
    return copy


def discard(session: Session, note_id: int, now: datetime) -> Note:
    """Put a draft into the bin; a signed note stays (void it instead)."""
    note = get(session, note_id)
    if note.is_signed:
        raise rules.AlreadySigned
    bin.put(note, now)
    return note


# What stands beside a note


def memo(session: Session, note_id: int) -> str:
    """The private memo beside the note; empty if there is none."""
    return session.scalar(select(Memo.text).where(Memo.note_id == note_id)) or ""


def save_memo(session: Session, note_id: int, text: str) -> None:
    """Write the private memo, before or after signing."""
    row = session.scalar(select(Memo).where(Memo.note_id == note_id))
    if row is not None:
        row.text = text
    elif text.strip():
        session.add(Memo(note_id=note_id, student_id=get(session, note_id).student_id, text=text))


def disclose(
    session: Session,
    student_id: int,
    *,
    to_whom: str,
    at: datetime,
    scope: str,
    basis: Basis,
    note_id: int | None = None,
) -> Disclosure:
    """Keep that something said in confidence was passed on (domain.md 6.1). A signed note takes none: leave ``note_id`` out."""
    if not to_whom.strip() or not scope.strip():
        raise Problem("保密例外记录还缺少：告知对象或内容范围。", "请写明告诉了谁、说了哪些内容。")
    row = Disclosure(student_id=student_id, note_id=note_id, to_whom=to_whom, at=at, scope=scope, basis=basis)
    session.add(row)
    return row


def disclosures(session: Session, note_id: int) -> list[Disclosure]:
    """The disclosures kept with a note, oldest first."""
    wanted = select(Disclosure).where(Disclosure.note_id == note_id, Disclosure.deleted_at.is_(None))
    return list(session.scalars(wanted.order_by(Disclosure.id)))


def disclosures_of(session: Session, student_id: int) -> list[Disclosure]:
    """Everything that was passed on about a student, with a note or without one, newest first."""
    wanted = select(Disclosure).where(Disclosure.student_id == student_id, Disclosure.deleted_at.is_(None))
    return list(session.scalars(wanted.order_by(Disclosure.at.desc(), Disclosure.id.desc())))


# Lists


def notes(session: Session, student_id: int) -> list[Note]:
    """The student's notes that are not in the bin, newest first; drafts and voided ones too."""
    wanted = select(Note).where(Note.student_id == student_id, Note.deleted_at.is_(None))
    return list(session.scalars(_newest_first(wanted)))


def signed_notes(session: Session, student_id: int) -> list[Note]:
    """The student's signed notes that are not void, newest first."""
    wanted = select(Note).where(Note.student_id == student_id, Note.status == NoteStatus.SIGNED)
    return list(session.scalars(_newest_first(wanted.where(Note.id.not_in(_void_ids())))))


@dataclass(frozen=True)
class LastPlan:
    """What was agreed and planned the time before."""

    session_no: int
    held_on: date
    agreement: str
    next_plan: str


def last_plan(session: Session, case_id: int, before: int | None = None) -> LastPlan | None:
    """The plan of the case's newest note (before the session number ``before``, where given), to start the next from."""
    wanted = select(Note).where(Note.case_id == case_id, Note.deleted_at.is_(None), Note.id.not_in(_void_ids()))
    if before is not None:
        wanted = wanted.where(Note.session_no < before)
    note = session.scalar(wanted.order_by(Note.session_no.desc()).limit(1))
    return LastPlan(note.session_no, note.held_on, note.agreement, note.next_plan) if note else None


def _new(student_id: int, case_id: int, session_no: int, values: NoteValues, today: date) -> Note:
    note = Note(student_id=student_id, case_id=case_id, session_no=session_no, held_on=values.held_on, entered_on=today)
    for field in fields(values):
        setattr(note, field.name, getattr(values, field.name))
    note.late_entry = is_late(note.held_on, today)
    return note


def _seal(note: Note, now: datetime) -> None:
    note.text_hash = note.content_hash()
    note.signed_at = now
    note.status = NoteStatus.SIGNED


def _disclosures(note: Note, risk: RiskValues, now: datetime) -> list[Disclosure]:
    basis = Basis.ABUSE if note.risk_flag is RiskFlag.ABUSE else Basis.DANGER
    return [
        Disclosure(
            student_id=note.student_id, note_id=note.id, to_whom=whom, at=at or now, scope=risk.told_scope, basis=basis
        )
        for whom, at in risk.told().items()
    ]


def _void_ids() -> Select[int]:
    return select(Voided.record_id).where(Voided.kind == Note.__tablename__)


def _newest_first(wanted: Select[Note]) -> Select[Note]:
    return wanted.order_by(Note.held_on.desc(), Note.start.desc(), Note.id.desc())
