"""Made-up notes to test with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from app.rooms.notes.choices import GuardianTold, RiskFlag
from app.rooms.notes.record import NoteValues, RiskValues

FULL = NoteValues(
    held_on=date(2026, 11, 20),
    start=time(14, 0),
    end=time(14, 40),
    place="个别辅导室",
    attendees="学生本人",
    counsellor="王静",
    subjective="自述“最近两周总在凌晨醒，怕小考”。",
    observation="语速慢，目光回避，谈到同桌时落泪。",
    process="练习腹式呼吸三轮后，自评紧张由 8 分降到 5 分。",
    assessment="未发现自伤意念。睡眠和考试压力相互影响。",
    risk_flag=RiskFlag.NONE,
    mood_score=4,
    agreement="睡前记录担心的事项。",
    next_plan="下周三再谈，先回顾睡眠记录。",
    next_date=date(2026, 11, 25),
)
RISK_DONE = RiskValues(
    guardian=GuardianTold.TOLD,
    guardian_at=datetime(2026, 11, 20, 15, 10, tzinfo=timezone(timedelta(hours=8))),
    accompanied=True,
    head_told=True,
    head_at=datetime(2026, 11, 20, 15, 20, tzinfo=timezone(timedelta(hours=8))),
    referral=True,
    told_scope="近期安全情况和需要配合的看护",
    done="母亲 16:00 到校接走。",
)


@dataclass(frozen=True)
class File:
    """A student's file with an open case."""

    student_id: int
    case_id: int
