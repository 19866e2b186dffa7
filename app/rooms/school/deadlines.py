"""How long things may take, with the name, the default and its source of each; and Due, one thing to be done by a day."""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from datetime import MAXYEAR, date
from enum import IntEnum
from typing import NamedTuple

from app.errors import Problem
from app.vault.choice import Choice


class Unit(Choice):
    """What a term is counted in."""

    HOURS = "hours", "小时"
    DAYS = "days", "天"
    SCHOOL_DAYS = "school_days", "个上课日"
    YEARS = "years", "年"


_SUGGESTED = "建议值，没有统一规定"
"""P in domain.md: the handbook's own suggestion."""
_ON_THE_LETTER = "转介单写的「3日内」"
"""domain.md 2.16: the urgency says so itself."""


def _term(default: int, key: str, name: str, since: str, unit: Unit = Unit.DAYS, source: str = _SUGGESTED) -> int:
    told = {"key": key, "name": name, "since": since, "unit": unit, "source": source}
    made: int = field(default=default, metadata=told)
    return made


@dataclass(frozen=True)
class DeadlineTerms:
    """How long things may take, in calendar days unless the unit says hours or school days; from domain.md 3.12."""

    note_sign_hours: int = _term(
        72, "note.sign", "会谈记录签署", "面谈结束起，补录从录入起；有风险标记的当日签", Unit.HOURS
    )
    note_draft_hours: int = _term(24, "note.draft", "会谈后写记录", "会谈结束起", Unit.HOURS)
    referral_visit: int = _term(7, "referral.visit", "转介后就诊", "签发转介单起")
    referral_visit_soon: int = _term(3, "referral.visit", "转介后就诊(尽快)", "签发转介单起", source=_ON_THE_LETTER)
    referral_visit_today: int = _term(1, "referral.visit", "转介后就诊(当日)", "签发转介单起，24 小时内核实")
    referral_receipt: int = _term(14, "referral.receipt", "转介回执", "签发转介单起")
    referral_refused_talk: int = _term(3, "referral.refused", "监护人拒绝后再次沟通", "拒绝之日起")
    referral_refused_visit: int = _term(7, "referral.refused", "监护人拒绝后随访", "上次沟通起，每隔")
    case_intake_days: int = _term(7, "case.intake", "接案评估", "登记个案起")
    case_goals_days: int = _term(14, "case.goals", "写明辅导目标", "接案起")
    case_silent_days: int = _term(30, "case.silent", "个案没有新记录", "最近一次记录起")
    risk_reassess_days: int = _term(7, "risk.reassess", "风险没有了结的再次评估", "最近一次会谈起")
    consent_oral_days: int = _term(7, "consent.oral", "电话同意后补签", "口头同意起")
    appointment_confirm_days: int = _term(1, "appointment.confirm", "确认预约", "登记预约起", Unit.SCHOOL_DAYS)
    archive_census_years: int = _term(1, "archive.expire", "普查数据的保存", "离校起", Unit.YEARS)
    archive_case_years: int = _term(3, "archive.expire", "追踪和个案档案的保存", "离校起，且满 18 岁", Unit.YEARS)
    archive_crisis_years: int = _term(10, "archive.expire", "危机和受侵害记录的保存", "离校起", Unit.YEARS)
    appointment_unseen_days: int = _term(7, "appointment.unseen", "约了没谈成，也没有再约", "约好的那天起")


@dataclass(frozen=True)
class Deadline:
    """What the counsellor is told of one term: where it begins, its unit, the default and where that comes from."""

    code: str
    """The field of DeadlineTerms."""
    key: str
    """The key of domain.md 3.12: ``note.sign``."""
    name: str
    since: str
    unit: Unit
    default: int
    source: str


def _deadline(of: Field[int]) -> Deadline:
    if not isinstance(of.default, int):
        raise TypeError("a term has a default")
    return Deadline(code=of.name, default=of.default, **of.metadata)


DEADLINES = tuple(_deadline(one) for one in fields(DeadlineTerms))
LONGEST = {Unit.HOURS: 24 * 30, Unit.DAYS: 366, Unit.SCHOOL_DAYS: 30, Unit.YEARS: 60}


def read_term(deadline: Deadline, words: str) -> int:
    """How long she wants it. Raises Problem for anything but a whole number of at least 1, in reason for its unit (``LONGEST``)."""
    longest = LONGEST[deadline.unit]
    plain = words.strip()
    if not (plain.isdecimal() and len(plain) <= 4 and 1 <= int(plain) <= longest):
        raise Problem("请填 1 到 {longest} 之间的整数。", longest=longest)
    return int(plain)


def years_after(day: date, years: int) -> date:
    """The same day so many years on; where that year has no 29 February, 1 March; never beyond the last day there is."""
    if day.year + years > MAXYEAR:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


class Heading(Choice):
    """Under what the counsellor finds a thing that is due."""

    WRITING = "writing", "未签的记录"
    DEADLINE = "deadline", "到期与逾期"
    FADING = "fading", "谁快被忘了"
    """No deadline has passed, but nobody has seen to this student for long."""


class Weight(IntEnum):
    """What stands before what, whatever its day."""

    SAFETY = 0
    """A student's safety may hang on it: it is put off by a day at the most."""
    USUAL = 1
    KEEPING = 2
    """It only tidies up: it is not called overdue, and does not stand on the paper for the day the PC is down."""


class Due(NamedTuple):
    """Something that has to be done by a day; computed from the records, never stored. A plain tuple: there may be thousands."""

    key: str
    """The key of domain.md 3.12: ``note.sign``."""
    due: date
    student_id: int | None
    kind: str
    record_id: int
    title: str
    detail: str
    act: str = ""
    """The page that settles it, where that is another than the record's own: ``receipt``."""
    verb: str = "打开"
    """What the button says that leads there."""
    anew: bool = False
    """A new record on that page settles it, after this one's pattern: a consent that has run out is given again."""
    heading: Heading = Heading.DEADLINE
    weight: Weight = Weight.USUAL
