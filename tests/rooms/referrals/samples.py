"""Made-up referrals to test with, and how a document's words are read off its blocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.documents.blocks import Closing, Document, Gap, Grid, Heading, Sheet, Tear, Text, Title
from app.rooms.referrals.choices import Channel, Escort, Informed, Item, Reason, ReceiptFrom, Urgency
from app.rooms.referrals.record import ReceiptValues, ReferralValues, RefusalValues
from app.rooms.students.choices import ConsentDecision, ConsentMethod, ConsentType, Relation, SignerRole
from app.rooms.students.record import Consent, Guardian

TODAY = date(2026, 11, 20)
FULL = ReferralValues(
    to_org="市第二医院",
    to_dept="儿少心理科",
    channel=Channel.GREEN,
    urgency=Urgency.SOON,
    reasons=[Reason.COMPETENCE.value, Reason.MEDICAL.value],
    observation="近两个月情绪持续低落、兴趣减退、早醒，近两周出现回避上学。",
    measures="2026年9月10日至11月18日个别辅导三次；与监护人沟通两次。",
    risk_summary="未发现自伤、自杀意念。",
    history="家长说去年在市儿童医院看过睡眠门诊。",
    wish="请评估是否需要进一步诊治，并告知学校可以怎样配合。",
    items=[item.value for item in Item if item is not Item.HISTORY],
    informed_on=date(2026, 11, 16),
    informed_how=Informed.MEETING,
    informed_by="何清",
    escort=Escort.GUARDIAN,
)
REFUSAL = RefusalValues(
    on=date(2026, 11, 18),
    explained="情绪持续低落可能加重，学习和睡眠会受影响。",
    decided="先在家观察两周。",
    will_do="每天晚饭后陪孩子散步，两周后再与学校商量",
)
RECEIPT = ReceiptValues(
    received_on=date(2026, 11, 30),
    received_from=ReceiptFrom.HOSPITAL,
    visit_on=date(2026, 11, 25),
    advice=["outpatient", "school"],
    advice_to_school="近期减少课业压力，每周见一次心理老师。",
)


@dataclass(frozen=True)
class File:
    """A student's file."""

    student_id: int
    guardian_id: int


def consent(
    student_id: int = 1,
    *,
    role: SignerRole = SignerRole.GUARDIAN,
    decision: ConsentDecision = ConsentDecision.AGREED,
    method: ConsentMethod = ConsentMethod.PAPER,
    on: date = date(2026, 11, 18),
    name: str = "陆女士",
    **more: Any,
) -> Consent:
    """A consent to passing information on, as it would be registered."""
    if role is SignerRole.STUDENT:
        name = "陆予安"
    more.setdefault("type", ConsentType.SHARING)
    return Consent(
        student_id=student_id,
        decision=decision,
        signer_role=role,
        signer_name=name,
        method=method,
        signed_at=on,
        **more,
    )


def guardian(
    number: int, name: str = "陆女士", relation: Relation = Relation.MOTHER, *, legal: bool = True
) -> Guardian:
    """A guardian on file."""
    made = Guardian(student_id=1, name=name, relation=relation, phone="13905710088", is_legal_guardian=legal)
    made.id = number
    return made


def words_of(document: Document) -> str:
    """Every word of a document, sheet by sheet, a line for each paragraph and each row of a table."""
    return "\n".join(sheet_words(sheet) for sheet in document.sheets)


def sheet_words(sheet: Sheet) -> str:
    lines = [f"== {sheet.name} == {sheet.seam}".rstrip()]
    for block in sheet.blocks:
        match block:
            case Title() | Heading():
                lines.append(f"# {block.text}")
            case Text() | Tear():
                lines.append(block.text)
            case Closing():
                lines += [f"> {line}" for line in block.lines]
            case Grid():
                lines += [" | ".join(cell.text.replace("\n", "/") for cell in row) for row in block.rows]
            case Gap():
                pass
    return "\n".join(lines) + "\n"
