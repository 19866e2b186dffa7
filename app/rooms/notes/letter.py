"""The consultation note on paper (domain.md 4.4), words in resources/letters/note.txt; the private memo is never on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.documents import issuing, words
from app.documents.blocks import Block, Cell, Closing, Document, Gap, Grid, Heading, Sheet, Text, Title, tick
from app.documents.issuing import Given
from app.documents.keeping import own_words
from app.documents.record import Issued
from app.documents.signing import SigningSession
from app.errors import Problem
from app.rooms.notes import cases, risks, store
from app.rooms.notes.choices import RiskFlag
from app.rooms.notes.record import AMENDABLE, Amendment, Case, Disclosure, Note, RiskAnswer
from app.rooms.notes.wording import day, hours, moment, shown
from app.rooms.school.record import School, class_name, school_year
from app.rooms.school.store import school
from app.rooms.students.record import Student
from app.vault.vault import Vault
from app.vault.voiding import Voided, voided

if TYPE_CHECKING:
    from app.documents.paper import Drawn

KIND = "note"
NUMBERED_AS = "心记"
_NONE = "无"
_WIDTHS = (0.15, 0.35, 0.15, 0.35)
_BODY = 10.5


@dataclass(frozen=True)
class Contents:
    """Everything a note's paper speaks of, read from the vault beforehand."""

    note: Note
    case: Case
    student: Student
    school: School
    amendments: Sequence[Amendment] = ()
    risk: RiskAnswer | None = None
    disclosures: Sequence[Disclosure] = ()
    voided: Voided | None = None
    own: str | None = None
    """The counsellor's version of the words, where she has one."""


def contents(session: Session, note_id: int) -> Contents:
    """Everything the paper of this note speaks of."""
    note = store.get(session, note_id)
    return Contents(
        note=note,
        case=cases.get_case(session, note.case_id),
        student=session.get_one(Student, note.student_id),
        school=school(session),
        amendments=store.amendments(session, note_id),
        risk=risks.risk_answer(session, note_id),
        disclosures=store.disclosures(session, note_id),
        voided=voided(session, Note.__tablename__, [note_id]).get(note_id),
        own=own_words(session, KIND),
    )


def blocks(of: Contents, zone: tzinfo | None, *, number: str = "") -> Document:
    """The note as a document: signed with its number, or a draft with 草稿 across it.

    ``zone`` is the school's time zone.
    """
    wording = words.sections(KIND, of.own)
    note = of.note
    values = _values(of, zone)
    title = words.fill(wording["标题"], values)
    said: list[Block] = [Title(title)]
    if note.late_entry:
        said.append(Text(words.fill(wording["补录"], values), indent=0, size=_BODY))
    if of.voided is not None:
        said.append(Text(words.fill(wording["作废"], values), indent=0, size=_BODY, bold=True))
    said.append(Grid(_WIDTHS, (*_head(of), *_body(of, zone))))
    signature = wording["签名" if note.is_signed else "签名 草稿"]
    said += [Gap(), Closing(tuple(words.paragraphs(words.fill(signature, values))), autograph=note.is_signed)]
    if of.amendments:
        said += [Gap(), Heading("更正记录"), _amended(of.amendments, zone)]
    said.append(Gap())
    said += [Text(line, indent=0, size=9) for line in words.paragraphs(words.fill(wording["说明"], values))]
    sheet = Sheet("note", "咨询记录", tuple(said), body_size=_BODY, line_height=18)
    return Document(
        kind=KIND,
        title=title,
        sheets=(sheet,),
        number=number,
        draft=not note.is_signed,
        limited_to=words.fill(wording["限于"], values),
        extras={"note_id": str(note.id), "text_hash": note.text_hash},
    )


def issue(vault: Vault, session: Session, signing: SigningSession, note_id: int) -> Issued:
    """Number, sign and keep a signed note's paper, inside the caller's ``vault.write``. Raises Problem for a draft or a voided note."""
    of = contents(session, note_id)
    if not of.note.is_signed:
        raise Problem("草稿不能签发。", "请先签署这份记录；草稿可以直接打印，纸上会有「草稿」字样。")
    if of.voided is not None:
        raise Problem("这份记录已作废，不能再签发。", "可以把文字复制到新的草稿里。")
    zone = vault.now().tzinfo

    def compose(given: Given) -> Document:
        return blocks(of, zone, number=given.number)

    year = school_year(vault.now().date())
    return issuing.issue(vault, session, signing, prefix=NUMBERED_AS, school_year=year, about=of.note, compose=compose)


def draft_paper(of: Contents, zone: tzinfo | None) -> Drawn:
    """A draft drawn with 草稿 across it: not numbered, not signed, not kept."""
    from app.documents.paper import Foot, draw  # reportlab is loaded at the first letter

    return draw(blocks(of, zone), Foot())


def lost(of: Contents, zone: tzinfo | None) -> list[str]:
    """The characters no bundled font has: to be named before issuing."""
    from app.documents import paper

    return paper.missing(blocks(of, zone, number=NUMBERED_AS))


def _values(of: Contents, zone: tzinfo | None) -> dict[str, str]:
    note = of.note
    return {
        "学校": of.school.name,
        "辅导室": of.school.room_name,
        "辅导老师": note.counsellor,
        "签署时间": moment(note.signed_at, zone) if note.signed_at else "",
        "录入日期": day(note.entered_on),
        "作废日期": day(of.voided.at.astimezone(zone).date()) if of.voided else "",
        "作废原因": of.voided.reason if of.voided else "",
    }


def _head(of: Contents) -> tuple[tuple[Cell, ...], ...]:
    note, student = of.note, of.student
    length = f"({note.minutes} 分钟)" if note.minutes is not None else ""
    return (
        _pair("个案编号", of.case.case_no, "次数", f"第 {note.session_no} 次"),
        _pair("来访者", student.name, "班级", class_name(student.grade, student.class_no)),
        _pair("日期", day(note.held_on), "起止", hours(note.start, note.end) + length),
        _pair("方式", note.mode.label, "地点", note.place),
        _pair("在场人员", note.attendees, "来源", of.case.source.label),
    )


def _body(of: Contents, zone: tzinfo | None) -> tuple[tuple[Cell, ...], ...]:
    note = of.note
    mood = "" if note.mood_score is None else f"{note.mood_score} 分(0—10，学生自评)"
    plan = note.next_plan + (f"\n下次日期：{day(note.next_date)}" if note.next_date else "")
    return (
        _wide("主诉(原话)", note.subjective, 2),
        _wide("观察", note.observation, 2),
        _wide("过程与方法", note.process, 2),
        _wide("评估与分析", note.assessment, 2),
        _wide("情绪自评", mood),
        _wide("风险", _risk(note, of.risk, zone)),
        _wide("约定与作业", note.agreement or _NONE),
        _wide("下次计划", plan),
        _wide("保密例外", _disclosed(of.disclosures, zone)),
    )


def _pair(label: str, text: str, label2: str, text2: str) -> tuple[Cell, ...]:
    return Cell(label, label=True), Cell(text), Cell(label2, label=True), Cell(text2)


def _wide(label: str, text: str, lines: int = 1) -> tuple[Cell, ...]:
    return Cell(label, label=True), Cell(text, across=3, min_lines=lines)


def _risk(note: Note, answer: RiskAnswer | None, zone: tzinfo | None) -> str:
    flags = [tick(flag.label, flag is note.risk_flag) for flag in RiskFlag]
    lines = ["　".join(flags[:3]), "　".join(flags[3:])]
    if answer is None or note.risk_flag is None or not note.risk_flag.asks:
        return "\n".join(lines)
    lines.append(f"监护人：{shown(answer.guardian)}{_when(answer.guardian_at, zone)}")
    asked = {
        "未让学生独处": (answer.accompanied, None),
        "已报告校领导": (answer.head_told, answer.head_at),
        "已建议转介": (answer.referral, None),
    }
    if note.risk_flag is RiskFlag.ABUSE:
        asked["已向公安等部门报告"] = (answer.reported, answer.reported_at)
    lines += [tick(label, bool(done)) + _when(at, zone) for label, (done, at) in asked.items()]
    if answer.done:
        lines.append(f"处置：{answer.done}")
    if answer.reason:
        lines.append(f"未做到的事项及原因：{answer.reason}")
    if answer.settled_at is not None:
        lines.append(f"{moment(answer.settled_at, zone)} 了结：{answer.settled_how}")
    return "\n".join(lines)


def _when(at: datetime | None, zone: tzinfo | None) -> str:
    return f"({moment(at, zone)})" if at is not None else ""


def _disclosed(rows: Sequence[Disclosure], zone: tzinfo | None) -> str:
    told = (
        f"{day(row.at.astimezone(zone).date())} 告知{row.to_whom}：{row.scope}(依据：{row.basis.label})" for row in rows
    )
    return "\n".join(told) or _NONE


def _amended(rows: Sequence[Amendment], zone: tzinfo | None) -> Grid:
    head = tuple(Cell(label, label=True) for label in ("时间", "原处", "更正为", "原因"))
    lines = tuple(
        (
            Cell(moment(row.at, zone)),
            Cell(f"{AMENDABLE[row.part]}：{row.before or '(空)'}"),
            Cell(row.after or "(空)"),
            Cell(row.reason),
        )
        for row in rows
    )
    return Grid((0.18, 0.3, 0.3, 0.22), (head, *lines), head_rows=1)
