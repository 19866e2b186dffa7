"""What the house asks of this room: timeline lines, facts of the file, what a search hit is, and forgetting a student. Beside it: dues."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.rooms.notes import cases, risks, store
from app.rooms.notes.record import Amendment, Case, Disclosure, Memo, Note, RiskAnswer, Snippet
from app.rooms.notes.wording import day
from app.rooms.students.archives import Held
from app.rooms.students.record import Fact, Line, Tone
from app.vault import voiding

_EXCERPT = 90
_NAMED = 3
"""So many drafts are named one by one on the file."""
_BESIDE = (Amendment, RiskAnswer, Disclosure)


def lines(session: Session, student_id: int) -> list[Line]:
    """The student's notes and cases for the timeline, newest first."""
    found = store.notes(session, student_id)
    void = voiding.voided(session, Note.__tablename__, [note.id for note in found])
    amended = set(session.scalars(select(Amendment.note_id).where(Amendment.student_id == student_id)))
    told = [_note_line(note, note.id in void, note.id in amended) for note in found]
    for case in cases.cases(session, student_id):
        told += _case_lines(case)
    told += [_told_line(row) for row in store.disclosures_of(session, student_id) if row.note_id is None]
    return sorted(told, key=_line_day, reverse=True)


def facts(session: Session, student_id: int) -> list[Fact]:
    """What stands now: risks that are not settled first, then the open case and drafts that wait for a signature."""
    told = []
    for note in risks.open_risks(session, student_id):
        flag = note.risk_flag.label if note.risk_flag else ""
        waiting = "" if note.is_signed else ",草稿未签"
        told.append(Fact("风险未了结", f"{flag}(第{note.session_no}次会谈，{day(note.held_on)}{waiting})", Tone.RED))
    case = cases.current_case(session, student_id)
    if case is not None:
        counted = len([n for n in store.signed_notes(session, student_id) if n.case_id == case.id])
        told.append(Fact("个案", f"{case.case_no} · {case.status.label} · 已签 {counted} 次", Tone.PLAIN))
        drafts = cases.unsigned(session, case.id)
        if drafts:
            numbers = "、".join(f"第{note.session_no}次" for note in drafts[:_NAMED])
            if len(drafts) > _NAMED:
                numbers += f"等 {len(drafts)} 次"
            told.append(Fact("未签记录", numbers, Tone.AMBER))
    return told


def found(session: Session, kind: str, record_id: int) -> tuple[str, str] | None:
    """A search hit of this room as a title and an excerpt; None for a record that is not shown."""
    if kind == Note.__tablename__:
        note = store.get(session, record_id)
        return f"第{note.session_no}次会谈 · {day(note.held_on)}", _excerpt(note)
    if kind == Case.__tablename__:
        case = cases.get_case(session, record_id)
        return f"个案 {case.case_no}", case.presenting_problem[:_EXCERPT]
    if kind == Amendment.__tablename__:
        row = session.get_one(Amendment, record_id)
        note = store.get(session, row.note_id)
        return f"第{note.session_no}次会谈的更正 · {day(note.held_on)}", row.after[:_EXCERPT]
    if kind == RiskAnswer.__tablename__:
        answer = session.get_one(RiskAnswer, record_id)
        note = store.get(session, answer.note_id)
        return f"第{note.session_no}次会谈的风险处置 · {day(note.held_on)}", answer.done[:_EXCERPT]
    if kind == Disclosure.__tablename__:
        told = session.get_one(Disclosure, record_id)
        return f"保密例外记录 · 告知{told.to_whom}", told.scope[:_EXCERPT]
    if kind == Snippet.__tablename__:
        phrase = session.get_one(Snippet, record_id)
        return f"常用语 {phrase.name}", phrase.text[:_EXCERPT]
    return None


def holds(session: Session, student_ids: Select[int]) -> dict[int, Held]:
    """By what this room keeps about these students a file is kept the longer (domain.md 6.6): a case, a talk in which a risk was seen."""
    cased = select(Case.student_id).where(Case.student_id.in_(student_ids), Case.deleted_at.is_(None))
    risky = select(RiskAnswer.student_id).where(RiskAnswer.student_id.in_(student_ids), RiskAnswer.deleted_at.is_(None))
    return dict.fromkeys(session.scalars(cased), Held.CASE) | dict.fromkeys(session.scalars(risky), Held.CRISIS)


def note_of(session: Session, kind: str, record_id: int) -> int | None:
    """The note that a record of this room belongs to, for opening a search hit; None for a case."""
    if kind == Note.__tablename__:
        return record_id
    note_ids = {kind.__tablename__: select(kind.note_id).where(kind.id == record_id) for kind in _BESIDE}
    return session.scalar(note_ids[kind]) if kind in note_ids else None


def case_of(session: Session, disclosure_id: int) -> int | None:
    """The case on whose page a disclosure outside any note is seen: the open one, or the newest; None where there is none."""
    told = session.get(Disclosure, disclosure_id)
    found = cases.cases(session, told.student_id) if told is not None else []
    return next((case.id for case in found if case.is_open), found[0].id if found else None)


def forget(session: Session, student_id: int) -> None:
    """Delete everything this room keeps about the student (needs the row in ``destruction``)."""
    for kind in (Memo, Amendment, RiskAnswer, Disclosure, Note, Case):
        for record in session.scalars(select(kind).where(kind.student_id == student_id)):
            session.delete(record)
        session.flush()


def _note_line(note: Note, struck: bool, amended: bool) -> Line:
    tags = [note.status.label, note.mode.label]
    if note.minutes is not None:
        tags.append(f"{note.minutes} 分钟")
    if amended:
        tags.append("已更正")
    if struck:
        tags.append("作废")
    tone = Tone.PLAIN
    if note.risk_flag is not None and note.risk_flag.asks:
        tags.append(note.risk_flag.label)
        tone = Tone.RED
    elif not note.is_signed:
        tone = Tone.AMBER
    return Line(
        at=datetime.combine(note.held_on, note.start) if note.start else note.held_on,
        kind=Note.__tablename__,
        record_id=note.id,
        title=f"第{note.session_no}次会谈",
        tags=tuple(tags),
        text=_excerpt(note),
        tone=tone,
        struck=struck,
        late_entry=note.late_entry,
    )


def _told_line(row: Disclosure) -> Line:
    return Line(
        at=row.at,
        kind=Disclosure.__tablename__,
        record_id=row.id,
        title=f"保密例外：告知{row.to_whom}",
        tags=(row.basis.label,),
        text=row.scope,
        tone=Tone.AMBER,
    )


def _case_lines(case: Case) -> list[Line]:
    told = [_case_line(case, case.opened_at, "个案登记", (case.source.label,), case.presenting_problem)]
    if case.closed_at is not None and case.close_reason is not None and case.outcome is not None:
        told.append(
            _case_line(
                case, case.closed_at, "个案结案", (case.close_reason.label, case.outcome.label), case.follow_up_plan
            )
        )
    return told


def _case_line(case: Case, at: date, title: str, tags: tuple[str, ...], text: str) -> Line:
    return Line(
        at=at,
        kind=Case.__tablename__,
        record_id=case.id,
        title=title,
        tags=(case.case_no, *tags),
        text=text[:_EXCERPT],
        tone=Tone.PLAIN,
        struck=False,
        late_entry=False,
    )


def _excerpt(note: Note) -> str:
    said = note.observation or note.subjective or note.assessment
    agreed = f" 约定：{note.agreement}" if note.agreement else ""
    return " ".join((said[:_EXCERPT] + agreed[:_EXCERPT]).split())


def _line_day(line: Line) -> datetime:
    return line.at.replace(tzinfo=None) if isinstance(line.at, datetime) else datetime.combine(line.at, time())
