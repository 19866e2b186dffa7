"""The referral letter on paper (domain.md 4.1): letter, receipt, stub, 委托书. Words in resources/letters/referral.txt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.documents import words
from app.documents.blocks import Block, Cell, Closing, Document, Grid, Sheet, Text, Title, tick
from app.documents.keeping import own_words
from app.rooms.referrals import store
from app.rooms.referrals.choices import Advice, Channel, Escort, GuardianDecision, Item, Override, Reason, Urgency
from app.rooms.referrals.gate import Gate
from app.rooms.referrals.record import Referral
from app.rooms.referrals.wording import day, guardian_name, on_paper, phones
from app.rooms.school.record import School, class_name
from app.rooms.school.store import school
from app.rooms.students.choices import ConsentDecision, ConsentMethod, Relation
from app.rooms.students.record import Consent, Guardian, Student

KIND = "referral"
NUMBERED_AS = "心转"
CONSENT_SHEET = "sharing-consent"
_SIX = (0.15, 0.17, 0.11, 0.2, 0.13, 0.24)
_FORM = {"body_size": 12.0, "line_height": 22.0, "smallest": 10.0}
_MUCH = 450
"""Characters in the table."""
_TO_COME = "（签发时编号）"


@dataclass(frozen=True)
class Contents:
    """Everything the papers of a referral speak of, read from the vault beforehand."""

    referral: Referral
    student: Student
    school: School
    guardian: Guardian | None
    gate: Gate
    on: date
    """The day of issue; for a draft the day it is looked at."""
    own: str | None = None
    """The counsellor's version of the letter's words, where she has one."""
    own_consent: str | None = None
    """The same for the consent sheet."""


def contents(session: Session, referral_id: int, on: date) -> Contents:
    """Everything the papers of this referral speak of, as of a day."""
    return drafted(session, store.get(session, referral_id), on)


def drafted(session: Session, referral: Referral, on: date) -> Contents:
    """The same for a referral as it stands in the form, which need not be in the vault."""
    return Contents(
        referral=referral,
        student=session.get_one(Student, referral.student_id),
        school=school(session),
        guardian=_in_use(session, referral.guardian_id),
        gate=store.judged(session, referral, on),
        on=on,
        own=own_words(session, KIND),
        own_consent=own_words(session, CONSENT_SHEET),
    )


def _in_use(session: Session, guardian_id: int | None) -> Guardian | None:
    guardian = session.get(Guardian, guardian_id) if guardian_id is not None else None
    return guardian if guardian is not None and guardian.deleted_at is None else None


def blocks(of: Contents, *, number: str = "") -> Document:
    """The referral's three sheets, and the 委托书 where a teacher goes by the guardian's commission.

    Without ``number`` a draft, which says nothing of a consent that does not stand. Raises ValueError for a number while
    the gate is shut.
    """
    if number and not of.gate.is_open:
        raise ValueError("no letter goes out while the gate is shut")
    said = _Words(words.sections(KIND, of.own), values(of, number))
    seam = f"{number or NUMBERED_AS + _TO_COME}　骑缝章"
    sheets = [_letter(of, said, seam), _receipt(said, seam), _stub(of, said, seam)]
    if of.referral.escort is Escort.TEACHER and of.gate.escort_holds:
        sheets.append(_commission(said))
    return Document(
        kind=KIND,
        title=said("标题"),
        sheets=tuple(sheets),
        number=number,
        draft=not number,
        limited_to=of.referral.to_org,
        extras={"referral_id": str(of.referral.id)},
    )


@dataclass(frozen=True)
class _Words:
    """The sections of the letter's words, filled when asked for."""

    sections: Mapping[str, str]
    values: Mapping[str, str]

    def __call__(self, section: str) -> str:
        return words.fill(self.sections[section], self.values)

    def lines(self, section: str) -> list[str]:
        return words.paragraphs(self(section))


def values(of: Contents, number: str) -> dict[str, str]:
    """What the placeholders of the words stand for."""
    referral, consent = of.referral, of.gate.guardian
    return {
        "学校": of.school.name,
        "辅导室": of.school.room_name,
        "姓名": of.student.name if Item.IDENTITY in ticked(of) else "＿＿＿",
        "机构": referral.to_org or "＿＿＿＿＿＿",
        "科室": referral.to_dept,
        "同意日期": day(given_on(consent)) if consent else "",
        "同意人": _limiters(of.gate),
        "陪同老师": referral.escort_teacher or "＿＿＿",
        "经办人": of.school.counsellor,
        "联系人": of.school.counsellor,
        "电话": of.school.phone,
        "关系": _relation(of.guardian),
        "监护人": (of.guardian.name if of.guardian else "") or "＿＿＿＿",
        "编号": number or NUMBERED_AS + _TO_COME,
        "签发日期": day(of.on),
    }


def given_on(consent: Consent) -> date:
    """The day the consent was given in the form the letter speaks of: on paper, if it was signed afterwards."""
    return consent.written_at or consent.signed_at


def _limiters(gate: Gate) -> str:
    who = []
    if any(c.by_guardian() for c in gate.limited_by):
        who.append("监护人")
    if any(c.by_student() for c in gate.limited_by):
        who.append("学生本人")
    return "和".join(who)


def _relation(guardian: Guardian | None) -> str:
    return "＿＿＿＿" if guardian is None or guardian.relation is Relation.OTHER else guardian.relation.label


# The letter to the hospital


def _letter(of: Contents, said: _Words, seam: str) -> Sheet:
    history = Item.HISTORY in ticked(of) and bool(of.referral.history.strip())
    phone = bool(of.school.phone)
    told: list[Block] = [
        Title(said("标题")),
        Text(said("称谓" if of.referral.to_dept else "称谓 无科室"), indent=0),
        Text(said("事由") + "".join(said(section) for section in sentences(of))),
        Text(said("结尾 含监护人陈述" if history else "结尾")),
        _table(of),
        Text(said("联系" if phone else "联系 无电话"), indent=0, size=12),
        Text(said("注"), indent=0, size=9),
        Closing(tuple(said.lines("落款")), autograph=True, stamp=True),
    ]
    return Sheet("letter", "第一联 交接诊机构", tuple(told), 16, 28, smallest=10.5, seam=seam)


def sentences(of: Contents) -> list[str]:
    """The sections that say who consented and who goes along: only what is on record (domain.md 4.1, 6.1)."""
    chosen = [*_consent_sections(of.gate)]
    if of.gate.escort_holds:
        chosen.append(_ESCORTS[of.referral.escort])
    return chosen


def _consent_sections(gate: Gate) -> Iterator[str]:
    if gate.guardian is not None:
        yield _consent_section(gate.guardian)
        if gate.student is not None:
            yield "学生同意"
    elif gate.override is not None:
        yield _NO_CONSENT[gate.override]
        if gate.student is not None:
            yield "学生同意 单独"
    if (
        gate.override is Override.EMERGENCY
        and gate.guardian is not None
        and gate.student_signs
        and gate.student is None
    ):
        yield "无同意 紧急 学生"
    if gate.beyond_consent:
        yield "无同意 紧急 范围"
    elif gate.limited_by and gate.is_open:
        yield "部分同意"


def _consent_section(consent: Consent) -> str:
    if consent.method is ConsentMethod.PAPER or consent.written_at is not None:
        return "同意 书面"
    return "同意 线上" if consent.method is ConsentMethod.ONLINE else "同意 口头"


_NO_CONSENT = {
    Override.EMERGENCY: "无同意 紧急",
    Override.UNREACHABLE: "无同意 联系不上",
    Override.NOT_TO_BE_TOLD: "无同意 不得先告知",
}
_ESCORTS = {
    Escort.GUARDIAN: "陪同 监护人",
    Escort.TEACHER: "陪同 教师委托",
    Escort.STAFF: "陪同 教师",
    Escort.AMBULANCE: "陪同 急救",
    Escort.POLICE: "陪同 公安",
}


def ticked(of: Contents) -> list[Item]:
    """What stands in the letter: ticked, and within what may be given."""
    return [item for item in Item if item.value in of.referral.items and item in of.gate.scope]


def _table(of: Contents) -> Grid:
    """What the hospital is told; set a little smaller where much is told, so that the letter stays on its page."""
    rows = tuple(_facts(of))
    much = sum(len(cell.text) for row in rows for cell in row) > _MUCH
    return Grid(_SIX, rows, size=9.5 if much else 10.5)


def _facts(of: Contents) -> Iterator[tuple[Cell, ...]]:
    referral, items = of.referral, ticked(of)
    yield from _who(of, items)
    for item, label, text in (
        (Item.OBSERVATION, "主要表现\n及起始时间", referral.observation),
        (Item.SAFETY, "安全相关\n情况", referral.risk_summary),
        (Item.MEASURES, "学校已做\n工作", referral.measures),
        (Item.HISTORY, "既往就医\n家长提供", referral.history),
        (Item.WISH, "希望协助", referral.wish),
    ):
        if item in items and text.strip():
            yield _wide(label, text)
    yield _wide("监护人\n知情同意", "\n".join(consent_lines(of.gate)))


def _who(of: Contents, items: list[Item]) -> Iterator[tuple[Cell, ...]]:
    """Up to two rows on who the student is and whom to call, as full as what is ticked fills them."""
    student, born = of.student, of.student.birth_date if Item.BIRTH in items else None
    room = on_paper(class_name(student.grade, student.class_no))
    named = Item.IDENTITY in items
    if named:
        gender = student.gender.label if student.gender else ""
        last = _two("班级", room) if born is None else _two("出生日期", day(born))
        yield (*_two("姓名", student.name), *_two("性别", gender), *last)
    who = of.guardian if Item.GUARDIAN in items else None
    classed = named and born is not None
    if who is not None:
        name = on_paper(guardian_name(who))
        first = (*_two("班级", room), *_two("监护人", name)) if classed else _two("监护人", name, 3)
        yield (*first, *_two("电话", phones(who)))
    elif classed:
        yield _wide("班级", room)
    if born is not None and not named:
        yield _wide("出生日期", day(born))


def consent_lines(gate: Gate) -> list[str]:
    """The column on consent: how and when, without names."""
    lines = []
    for who, consent in (("监护人", gate.guardian), ("学生本人", gate.student)):
        if consent is not None:
            part = "（部分同意）" if consent.decision is ConsentDecision.PARTIAL else ""
            lines.append(f"{who}：{_HOW[_consent_section(consent)]}{part}，{day(given_on(consent))}")
        if consent is not None and consent.signature_owed():
            lines.append("补签：　　　　　　　　　　日期：")
    if gate.guardian is None:
        lines.insert(0, "监护人：出具时尚未取得")
    if gate.student_signs and gate.student is None:
        lines.append("学生本人：出具时尚未取得")
    return lines


_HOW = {"同意 书面": "书面同意", "同意 线上": "线上回执同意", "同意 口头": "电话口头同意，待补签"}


def _class(student: Student) -> str:
    return on_paper(class_name(student.grade, student.class_no))


def _two(label: str, text: str, across: int = 1) -> tuple[Cell, Cell]:
    return Cell(label, label=True), Cell(text, across=across)


def _wide(label: str, text: str, lines: int = 1) -> tuple[Cell, ...]:
    return Cell(label, label=True), Cell(text, across=5, min_lines=lines)


# Receipt, stub, commission


def _receipt(said: _Words, seam: str) -> Sheet:
    phone = bool(said.values["电话"])
    advice = "\n".join(tick(label, False) for label in _ASKED.values())
    told: list[Block] = [
        Title(said("回执 标题")),
        Text(said("回执 称谓"), indent=0),
        Text(said("回执 正文")),
        Grid(
            (0.2, 0.8),
            (
                (Cell("诊疗建议", label=True), Cell(advice)),
                (Cell("对学校的\n建议", label=True), Cell("", min_lines=6)),
                (Cell("下次复诊", label=True), Cell("　　　　年　　月　　日")),
            ),
            size=12,
        ),
        Closing(tuple(said.lines("回执 落款"))),
        Text(said("回执 监护人"), indent=0),
        Text(said("回执 寄回" if phone else "回执 寄回 无电话"), indent=0, size=10.5),
    ]
    return Sheet("receipt", "第二联 回执", tuple(told), **_FORM, seam=seam)


_ASKED = {
    Advice.OUTPATIENT: "门诊随访",
    Advice.INPATIENT: "建议住院",
    Advice.REST: "建议居家休养",
    Advice.SCHOOL: "可在校学习、定期复诊",
    Advice.NONE: "暂未见需医疗干预情况",
}
"""The receipt's own words (domain.md 4.1): no name of an illness is asked for."""


def _stub(of: Contents, said: _Words, seam: str) -> Sheet:
    referral, student = of.referral, of.student
    born = day(student.birth_date) if student.birth_date else ""
    gender = student.gender.label if student.gender else ""
    who = of.guardian
    rows = (
        (*_two("编号", said.values["编号"], 3), *_two("日期", said.values["签发日期"])),
        (*_two("姓名", student.name), *_two("性别", gender), *_two("班级", _class(student))),
        (*_two("出生日期", born, 3), *_two("学号", student.student_no)),
        _wide("转往机构", "　".join(filter(None, (referral.to_org, referral.to_dept)))),
        _wide("途径", _ticks(Channel, [referral.channel.value])),
        _wide("紧急程度", _ticks(Urgency, [referral.urgency.value])),
        _wide("转介原因", _ticks(Reason, referral.reasons)),
        (*_two("监护人", on_paper(guardian_name(who)), 3), *_two("电话", phones(who))),
        _wide("告知监护人", _informed(of)),
        _wide("监护人意见", _decision(of)),
        _wide("知情同意", "\n".join(consent_lines(of.gate))),
        *_exception(of),
        _wide("陪同方式", _escorted(of)),
    )
    told: list[Block] = [
        Title(said("存根 标题")),
        Grid(_SIX, rows, size=10.5),
        Closing(tuple(said.lines("存根 落款")), autograph=True),
    ]
    return Sheet("stub", "第三联 存根（学校留存）", tuple(told), **_FORM, seam=seam)


def _ticks(choices: type[Channel] | type[Urgency] | type[Reason], chosen: list[str]) -> str:
    return "　".join(tick(on_paper(choice.label), choice.value in chosen) for choice in choices)


def _informed(of: Contents) -> str:
    referral = of.referral
    if referral.informed_on is None:
        return "未事先告知" if of.gate.override is Override.NOT_TO_BE_TOLD else ""
    how = referral.informed_how.label if referral.informed_how else ""
    by = f"告知人：{referral.informed_by}" if referral.informed_by else ""
    return "　".join(filter(None, (day(referral.informed_on), how, by)))


def _decision(of: Contents) -> str:
    """What the guardian said to the referral: by the consent that stands, else as it was written down."""
    decision = decided(of)
    shown = "　".join(tick(choice.label, choice is decision) for choice in GuardianDecision)
    reason = of.referral.refuse_reason if decision is GuardianDecision.NOT_NOW else ""
    return shown + (f"\n原因：{reason}" if reason else "") + "\n监护人签名：　　　　　　　　日期："


def decided(of: Contents) -> GuardianDecision | None:
    """The guardian's answer as the letter goes out by it."""
    if of.gate.guardian is not None:
        return GuardianDecision.AGREED
    return GuardianDecision.UNREACHABLE if of.gate.override is Override.UNREACHABLE else of.referral.decision


def _exception(of: Contents) -> Iterator[tuple[Cell, ...]]:
    if of.gate.override is not None:
        yield _wide("例外签发", f"{on_paper(of.gate.override.label)}。{of.referral.override_reason}")


def _escorted(of: Contents) -> str:
    shown = "　".join(tick(on_paper(choice.label), choice is of.referral.escort) for choice in Escort)
    return shown + (f"\n陪同老师：{of.referral.escort_teacher}" if of.referral.escort.by_teacher else "")


def _commission(said: _Words) -> Sheet:
    body = [Text(line) for line in said.lines("委托书 正文")]
    told: list[Block] = [Title(said("委托书 标题")), *body, Closing(tuple(said.lines("委托书 落款")))]
    return Sheet("commission", "委托书", tuple(told), 16, 28, smallest=12)
