"""What the house asks of this room: timeline lines, facts of the file, what is due, what a search hit is, and forgetting a student."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, literal, or_, select
from sqlalchemy.orm import Session, load_only

from app.rooms.notes import cases, risks, store
from app.rooms.notes.choices import CaseStatus, NoteStatus, RiskFlag
from app.rooms.notes.record import TEXTS, Amendment, Case, Disclosure, Memo, Note, RiskAnswer, Snippet
from app.rooms.notes.wording import day
from app.rooms.school.record import DeadlineTerms, Due, Heading
from app.rooms.students import renewals
from app.rooms.students.archives import Held
from app.rooms.students.record import Fact, Line, Student, Tone
from app.vault import voiding

_EXCERPT = 90
_NAMED = 3
"""So many drafts are named one by one on the file."""
OPEN = tuple(status for status in CaseStatus if status is not CaseStatus.CLOSED)
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


def due(session: Session, terms: DeadlineTerms, today: date) -> list[Due]:
    """Notes to sign; cases to take on, to give goals, to look after, to have consent for (domain.md 3.12, note.sign, case.*)."""
    return [*_notes_due(session, terms, today), *_cases_due(session, terms, today), *_consents_due(session, today)]


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
    asking = [flag for flag in RiskFlag if flag.asks]
    risky = select(Note.student_id).where(Note.student_id.in_(student_ids), Note.risk_flag.in_(asking))
    told = dict.fromkeys(session.scalars(cased), Held.CASE)
    return told | dict.fromkeys(session.scalars(risky.where(Note.deleted_at.is_(None))), Held.CRISIS)


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


def _notes_due(session: Session, terms: DeadlineTerms, today: date) -> list[Due]:
    written = sum((func.length(getattr(Note, name)) for name in TEXTS), start=literal(0))
    known = (Note.held_on, Note.entered_on, Note.end, Note.late_entry, Note.risk_flag, Note.session_no, Note.student_id)
    wanted = (
        select(Note, written)
        .options(load_only(*known))
        .join(Student, Student.id == Note.student_id)
        .where(Note.status == NoteStatus.DRAFT, Note.deleted_at.is_(None), Student.deleted_at.is_(None))
    )
    return [
        Due(
            key="note.sign",
            due=note.sign_due(terms.note_sign_hours, None).date(),
            student_id=note.student_id,
            kind=Note.__tablename__,
            record_id=note.id,
            title="签署会谈记录",
            detail=f"第{note.session_no}次会谈，{_short(note.held_on, today)}，已写 {letters} 字",
            verb="继续写",
            heading=Heading.WRITING,
        )
        for note, letters in session.execute(wanted)
    ]


def _cases_due(session: Session, terms: DeadlineTerms, today: date) -> list[Due]:
    told = []
    for case in session.execute(_waiting_cases(today - timedelta(days=terms.case_silent_days))):
        if case.status is CaseStatus.REGISTERED:
            told.append(_case_due(case, "case.intake", case.opened_at, terms.case_intake_days, "接案评估"))
            continue
        if case.intake_at is not None and case.aimless:
            told.append(_case_due(case, "case.goals", case.intake_at, terms.case_goals_days, "商定辅导目标"))
        told += _fading(case, terms, today)
    return told


def _consents_due(session: Session, today: date) -> list[Due]:
    """An open case goes on by a consent to counselling that has not run out (domain.md 3.8, 3.12 consent.renew)."""
    wanted = (
        select(Case.student_id)
        .join(Student, Student.id == Case.student_id)
        .where(Case.status.in_(OPEN), Case.deleted_at.is_(None), Student.deleted_at.is_(None))
    )
    return renewals.run_out(session, wanted, today)


def _waiting_cases(silent_since: date) -> Select[*tuple[Any, ...]]:
    """The open cases that are not taken on, have no goals, or of which nothing later than this day is signed; by columns,
    for there may be hundreds, and the last talks out of an index."""
    talks = (Note.case_id == Case.id, Note.deleted_at.is_(None))
    signed = (*talks, Note.status == NoteStatus.SIGNED)
    aimless = func.trim(Case.goals) == ""
    silent = ~select(Note.id).where(*signed, Note.held_on > silent_since).exists()
    return (
        select(
            Case.id, Case.student_id, Case.case_no, Case.source, Case.status, Case.opened_at, Case.intake_at,
            Case.reopened_at, aimless.label("aimless"),
            select(func.max(Note.held_on)).where(*talks).scalar_subquery().label("seen"),
            select(func.max(Note.held_on)).where(*signed).scalar_subquery().label("signed"),
        )
        .join(Student, Student.id == Case.student_id)
        .where(Case.status.in_(OPEN), Case.deleted_at.is_(None), Student.deleted_at.is_(None))
        .where(or_(Case.status == CaseStatus.REGISTERED, aimless, silent))
    )  # fmt: skip


def _fading(case: Row[*tuple[Any, ...]], terms: DeadlineTerms, today: date) -> list[Due]:
    """A case taken on whose student has never come, or of which nothing has been signed for long."""
    if case.seen is None:
        title = f"{case.source.label}，登记后还没有谈过"
        told = _case_due(case, "case.unseen", case.opened_at, terms.case_intake_days, title, Heading.FADING)
    else:
        since = max(filter(None, (case.signed, case.intake_at, case.reopened_at, case.opened_at)))
        title = f"最近一次记录 {_short(case.signed, today)}" if case.signed else "还没有签署过记录"
        told = _case_due(case, "case.silent", since, terms.case_silent_days, title, Heading.FADING)
    return [told] if told.due <= today else []


def _case_due(
    case: Row[*tuple[Any, ...]], key: str, since: date, days: int, title: str, heading: Heading = Heading.DEADLINE
) -> Due:
    return Due(
        key=key,
        due=since + timedelta(days=days),
        student_id=case.student_id,
        kind=Case.__tablename__,
        record_id=case.id,
        title=title,
        detail=case.case_no,
        heading=heading,
    )


def _short(value: date, today: date) -> str:
    """「11月20日」; with its year where that is another."""
    return f"{value.month}月{value.day}日" if value.year == today.year else day(value)
