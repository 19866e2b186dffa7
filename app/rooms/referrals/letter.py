"""The referral letter on paper (domain.md 4.1): sentences chosen by what happened. Words in resources/letters/referral.txt."""

from __future__ import annotations

from collections.abc import Iterator

from app.documents import words
from app.documents.blocks import Block, Cell, Closing, Document, Grid, Sheet, Text, Title
from app.rooms.referrals.choices import Escort, Item, Override
from app.rooms.referrals.contents import (
    LETTER,
    SIX,
    TO_COME,
    Contents,
    Words,
    class_on_paper,
    consent_lines,
    consent_section,
    ticked,
    two,
    values,
    wide,
)
from app.rooms.referrals.counterfoils import commission, receipt, stub
from app.rooms.referrals.gate import Gate
from app.rooms.referrals.wording import day, guardian_name, on_paper, phones

_MUCH = 450
"""Characters in the table."""


def blocks(of: Contents, *, number: str = "") -> Document:
    """The referral's three sheets, and the 委托书 where a teacher goes by the guardian's commission.

    Without ``number`` a draft, which says nothing of a consent that does not stand. Raises ValueError for a number while
    the gate is shut.
    """
    if number and not of.gate.is_open:
        raise ValueError("no letter goes out while the gate is shut")
    said = Words(words.sections(LETTER, of.own), values(of, number))
    seam = f"{number or TO_COME}　骑缝章"
    sheets = [_letter(of, said, seam), receipt(of, said, seam), stub(of, said, seam)]
    if of.referral.escort is Escort.TEACHER and of.gate.escort_holds:
        sheets.append(commission(said))
    return Document(
        kind=LETTER,
        title=said("标题"),
        sheets=tuple(sheets),
        number=number,
        draft=not number,
        limited_to=of.referral.to_org,
        extras={"referral_id": str(of.referral.id)},
    )


def _letter(of: Contents, said: Words, seam: str) -> Sheet:
    phone = bool(of.school.phone)
    told: list[Block] = [
        Title(said("标题")),
        Text(said("称谓" if of.referral.to_dept else "称谓 无科室"), indent=0),
        Text("".join(map(said, [_reason(of), *sentences(of)]))),
        Text("".join(map(said, _ending(of)))),
        _table(of),
        Text(said("联系" if phone else "联系 无电话"), indent=0),
        Text(said("注"), indent=0, size=9),
        Closing(tuple(said.lines("落款")), autograph=True, stamp=True),
    ]
    return Sheet("letter", "第一联 交接诊机构", tuple(told), 16, 28, smallest=10.5, seam=seam)


def _reason(of: Contents) -> str:
    """The section on why: it points to the table only where the table tells what was seen."""
    return "事由" if _tells(of, Item.OBSERVATION, Item.SAFETY) else "事由 只列身份"


def _ending(of: Contents) -> tuple[str, str]:
    """The sections on what stands in the table and on the receipt."""
    table = "结尾 只列身份"
    if _tells(of, *_TOLD):
        table = "结尾 含监护人陈述" if _tells(of, Item.HISTORY) else "结尾"
    return table, "请填回执 不得先告知" if of.gate.keeps_from_guardian else "请填回执"


def _tells(of: Contents, *items: Item) -> bool:
    """Whether the table has a row of one of these."""
    return any(item in ticked(of) and getattr(of.referral, _TOLD[item]).strip() for item in items)


_TOLD = {
    Item.OBSERVATION: "observation",
    Item.SAFETY: "risk_summary",
    Item.MEASURES: "measures",
    Item.HISTORY: "history",
    Item.WISH: "wish",
}
"""Where each text of the table is written, in the order of its rows."""
_LABELS = {
    Item.OBSERVATION: "主要表现\n及起始时间",
    Item.SAFETY: "安全相关\n情况",
    Item.MEASURES: "学校已做\n工作",
    Item.HISTORY: "既往就医\n家长提供",
    Item.WISH: "希望协助",
}


def sentences(of: Contents) -> list[str]:
    """The sections that say who consented and who goes along: only what is on record (domain.md 4.1, 6.1)."""
    chosen = [*_consent_sections(of.gate)]
    if of.gate.escort_holds:
        chosen.append(_ESCORTS[of.referral.escort])
    return chosen


def _consent_sections(gate: Gate) -> Iterator[str]:
    if gate.guardian is not None:
        yield consent_section(gate.guardian)
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


def _table(of: Contents) -> Grid:
    """What the hospital is told; set a little smaller where much is told, so that the letter stays on its page."""
    rows = tuple(_facts(of))
    much = sum(len(cell.text) for row in rows for cell in row) > _MUCH
    return Grid(SIX, rows, size=9.5 if much else 10.5)


def _facts(of: Contents) -> Iterator[tuple[Cell, ...]]:
    yield from _who(of, ticked(of))
    for item, column in _TOLD.items():
        if _tells(of, item):
            yield wide(_LABELS[item], getattr(of.referral, column))
    yield wide("监护人\n知情同意", "\n".join(consent_lines(of.gate)))


def _who(of: Contents, items: list[Item]) -> Iterator[tuple[Cell, ...]]:
    """Up to two rows on who the student is and whom to call, as full as what is ticked fills them."""
    student, born = of.student, of.student.birth_date if Item.BIRTH in items else None
    room = class_on_paper(student)
    named = Item.IDENTITY in items
    if named:
        gender = student.gender.label if student.gender else ""
        last = two("班级", room) if born is None else two("出生日期", day(born))
        yield (*two("姓名", student.name), *two("性别", gender), *last)
    who = of.guardian if Item.GUARDIAN in items else None
    classed = named and born is not None
    if who is not None:
        name = on_paper(guardian_name(who))
        first = (*two("班级", room), *two("监护人", name)) if classed else two("监护人", name, 3)
        yield (*first, *two("电话", phones(who)))
    elif classed:
        yield wide("班级", room)
    if born is not None and not named:
        yield wide("出生日期", day(born))
