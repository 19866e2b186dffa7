"""The sheets that go with a referral letter (domain.md 4.1): receipt, stub, 委托书. Words in resources/letters/referral.txt."""

from __future__ import annotations

from collections.abc import Iterator

from app.documents.blocks import Block, Cell, Closing, Grid, Sheet, Text, Title, tick
from app.rooms.referrals.choices import Advice, Channel, Escort, GuardianDecision, Reason, Urgency
from app.rooms.referrals.contents import SIX, Contents, Words, class_on_paper, consent_lines, decided, two, wide
from app.rooms.referrals.wording import day, guardian_name, on_paper, phones

_FORM = {"body_size": 12.0, "line_height": 22.0, "smallest": 10.0}


def receipt(of: Contents, said: Words, seam: str) -> Sheet:
    """The second sheet: what the hospital answers, to be filled in by hand; by way of the guardian unless that is forbidden."""
    kept = " 不得先告知" if of.gate.keeps_from_guardian else ""
    phone = "" if said.values["电话"] else " 无电话"
    signed = [] if of.gate.keeps_from_guardian else [Text(said("回执 监护人"), indent=0)]
    advice = "\n".join(tick(label, False) for label in _ASKED.values())
    told: list[Block] = [
        Title(said("回执 标题")),
        Text(said("回执 称谓"), indent=0),
        Text(said(f"回执 正文{kept}")),
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
        *signed,
        Text(said(f"回执 寄回{kept}{phone}"), indent=0, size=10.5),
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


def stub(of: Contents, said: Words, seam: str) -> Sheet:
    """The third sheet, which the school keeps."""
    referral, student = of.referral, of.student
    born = day(student.birth_date) if student.birth_date else ""
    gender = student.gender.label if student.gender else ""
    rows = (
        (*two("编号", said.values["编号"], 3), *two("日期", said.values["签发日期"])),
        (*two("姓名", student.name), *two("性别", gender), *two("班级", class_on_paper(student))),
        (*two("出生日期", born, 3), *two("学号", student.student_no)),
        wide("转往机构", "　".join(filter(None, (referral.to_org, referral.to_dept)))),
        wide("途径", _ticks(Channel, [referral.channel.value])),
        wide("紧急程度", _ticks(Urgency, [referral.urgency.value])),
        wide("转介原因", _ticks(Reason, referral.reasons)),
        *_guardian(of),
        wide("告知监护人", _informed(of)),
        wide("监护人意见", _decision(of)),
        wide("知情同意", "\n".join(consent_lines(of.gate))),
        *_exception(of),
        wide("陪同方式", _escorted(of)),
    )
    told: list[Block] = [
        Title(said("存根 标题")),
        Grid(SIX, rows, size=10.5),
        Closing(tuple(said.lines("存根 落款")), autograph=True),
    ]
    return Sheet("stub", "第三联 存根（学校留存）", tuple(told), **_FORM, seam=seam)


def _ticks(choices: type[Channel] | type[Urgency] | type[Reason], chosen: list[str]) -> str:
    return "　".join(tick(on_paper(choice.label), choice.value in chosen) for choice in choices)


def _guardian(of: Contents) -> Iterator[tuple[Cell, ...]]:
    """Whom the school talked to; not named where that guardian must not be told, since the sheets travel as one file."""
    if not of.gate.keeps_from_guardian:
        yield (*two("监护人", on_paper(guardian_name(of.guardian)), 3), *two("电话", phones(of.guardian)))


def _informed(of: Contents) -> str:
    referral = of.referral
    if referral.informed_on is None:
        return "未事先告知" if of.gate.keeps_from_guardian else ""
    how = referral.informed_how.label if referral.informed_how else ""
    by = f"告知人：{referral.informed_by}" if referral.informed_by else ""
    return "　".join(filter(None, (day(referral.informed_on), how, by)))


def _decision(of: Contents) -> str:
    """What the guardian said to the referral: by the consent that stands, else as it was written down."""
    if of.gate.keeps_from_guardian:
        return "依规定未征询"
    answer = decided(of)
    shown = "　".join(tick(choice.label, choice is answer) for choice in GuardianDecision)
    reason = of.referral.refuse_reason if answer is GuardianDecision.NOT_NOW else ""
    return shown + (f"\n原因：{reason}" if reason else "") + "\n监护人签名：　　　　　　　　日期："


def _exception(of: Contents) -> Iterator[tuple[Cell, ...]]:
    if of.gate.override is not None:
        yield wide("例外签发", f"{on_paper(of.gate.override.label)}。{of.referral.override_reason}")


def _escorted(of: Contents) -> str:
    shown = "　".join(tick(on_paper(choice.label), choice is of.referral.escort) for choice in Escort)
    return shown + (f"\n陪同老师：{of.referral.escort_teacher}" if of.referral.escort.by_teacher else "")


def commission(said: Words) -> Sheet:
    """The guardian's commission for the teacher who goes along."""
    body = [Text(line) for line in said.lines("委托书 正文")]
    told: list[Block] = [Title(said("委托书 标题")), *body, Closing(tuple(said.lines("委托书 落款")))]
    return Sheet("commission", "委托书", tuple(told), 16, 28, smallest=12)
