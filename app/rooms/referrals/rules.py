"""The rules of a referral's way, as Problems that name what is missing, and what a letter should not say (domain.md 3.2, 6.3)."""

from __future__ import annotations

from datetime import date

from app.errors import Problem
from app.rooms.referrals.choices import Item, Status
from app.rooms.referrals.gate import Gate
from app.rooms.referrals.record import Referral
from app.rooms.students.record import Student

ISSUABLE = (Status.DRAFT, Status.TOLD, Status.AGREED, Status.REFUSED)
"""From here a letter may still go out; after a refusal only on a new consent or in an emergency."""
AFTER_ISSUE = (Status.ISSUED, Status.ATTENDED, Status.RECEIPT, Status.FOLLOWING)
JUDGING = ("确诊", "患有", "诊断为", "抑郁症", "焦虑症", "双相情感障碍", "精神分裂", "强迫症", "多动症", "人格障碍")
"""Words of a diagnosis: only a hospital uses them (domain.md 6.3)."""


class GateShut(Problem):
    """The letter may not go out yet; ``missing`` says why, one sentence each."""

    def __init__(self, gate: Gate) -> None:
        super().__init__(
            "还不能签发：{missing}", "请先补上；确有例外时，写明原因再签发。", missing="".join(gate.missing)
        )
        self.missing = gate.missing


def missing(referral: Referral) -> list[str]:
    """The labels of what a letter needs and the form does not have yet, in the order of the form."""
    needed = {
        "接诊机构": referral.to_org.strip(),
        "转介原因": referral.reasons,
        "主要表现及起始时间": referral.observation.strip(),
        "学校已做工作": referral.measures.strip(),
        f"勾选「{Item.IDENTITY.label}」": Item.IDENTITY.value in referral.items,
    }
    if referral.escort.by_teacher:
        needed["陪同老师"] = referral.escort_teacher.strip()
    return [label for label, there in needed.items() if not there]


def check_draft(referral: Referral) -> None:
    """Raise a Problem if a letter has gone out: what it said does not change any more."""
    if not referral.status.before_issue:
        raise Problem("这份转介函已经签发，内容不能再改。", "写错了请作废，再复制到新的转介单。")


def check_same_guardian(known: int, written: int | None) -> None:
    """Raise a Problem if another guardian would take the place of the one who refused this referral."""
    if written not in (None, known):
        raise Problem(
            "这份转介单上已有监护人的暂不同意，不能换成另一位监护人。", "由另一位监护人同意的，请另立一份转介单。"
        )


def check_issuable(referral: Referral, gate: Gate) -> None:
    """Raise the Problem that keeps the letter from being issued, if there is one."""
    if referral.status not in ISSUABLE:
        raise Problem(
            "这份转介单已是「{now}」，不能再签发。", "需要新的函件时，请另立一份转介单。", now=referral.status.label
        )
    if lacking := missing(referral):
        raise Problem("还不能签发，缺少：{missing}。", "补上后再签发。已写的内容都在。", missing="、".join(lacking))
    if not gate.is_open:
        raise GateShut(gate)


def check_file(student: Student) -> None:
    """Raise a Problem if the student's file lies in the bin: nothing is issued of it."""
    if student.deleted_at is not None:
        raise Problem("这位学生的档案在回收站里，不能签发文书。", "请先从回收站取回档案。")


def check_status(referral: Referral, *allowed: Status) -> None:
    """Raise a Problem if the referral does not stand where this step begins (domain.md 3.2)."""
    if referral.status not in allowed:
        raise Problem(
            "转介单现在是「{now}」，还不能做这一步。",
            "这一步在「{allowed}」时做。",
            now=referral.status.label,
            allowed="」或「".join(status.label for status in allowed),
        )


def check_day(day: date, today: date, label: str, *, not_before: date | None = None) -> None:
    """Raise a Problem for a day that lies ahead, or before what it follows."""
    if day > today:
        raise Problem("「{label}」的日期在今天之后。", "请改正日期。", label=label)
    if not_before is not None and day < not_before:
        raise Problem("「{label}」的日期早于上一步。", "请改正日期。", label=label)


def judging(*texts: str) -> list[str]:
    """The words of a diagnosis in what goes into the letter: to be shown, so that they can be said as what was seen."""
    return [word for word in JUDGING if any(word in text for text in texts)]
