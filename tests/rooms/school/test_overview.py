"""What lies in the bin is called by what the counsellor called it."""

from __future__ import annotations

from datetime import date, time

import pytest

from app.rooms.school import entering, overview
from app.rooms.school.bells import Span
from app.rooms.school.calendar import DayKind
from app.rooms.school.record import (
    BellSlot,
    BellTimetable,
    ClassHours,
    LoadedYear,
    OpeningHours,
    SchoolTerm,
    SpecialDay,
)
from app.vault import bin
from app.vault.vault import Vault

NOON = Span(time(12, 20), time(13, 0))


def test_every_kind_has_a_title(vault: Vault) -> None:
    with vault.write("试") as session:
        entering.save_term(session, date(2026, 9, 1), date(2027, 1, 22))
        entering.save_special(session, DayKind.OFF, "校运动会", date(2026, 10, 29), None)
        entering.load_year(session, 2027, {date(2027, 1, 1): "元旦"}, {})
        table = entering.save_timetable(session, "冬季作息", 10, 8)
        entering.save_bell(session, table, "午休一", "12345", NOON)
        entering.save_opening(session, "24", NOON)
        entering.save_class_hours(session, 8, 3, "体育测试", "3", NOON)
        for kind in (SchoolTerm, SpecialDay, LoadedYear, BellTimetable, BellSlot, OpeningHours, ClassHours):
            entering.discard(session, kind, 1, vault.now())
    with vault.read() as session:
        titles = {
            record.__tablename__: overview.found(session, record.__tablename__, 1) for record in bin.contents(session)
        }
    assert {kind: told[0] for kind, told in titles.items() if told} == {
        "school_term": "学期 2026–2027 学年第一学期",
        "special_day": "校运动会 2026-10-29",
        "loaded_year": "2027 年放假安排",
        "bell_timetable": "作息表 冬季作息",
        "bell_slot": "节次 午休一 12:20–13:00",
        "opening_hours": "开放时间 周二、周四 12:20–13:00",
        "class_hours": "班级不便的时间 八(3)班 体育测试",
    }


@pytest.mark.parametrize("kind", ["student", "school_term"])
def test_another_rooms_record_and_one_that_is_gone_are_not_told(vault: Vault, kind: str) -> None:
    with vault.read() as session:
        assert overview.found(session, kind, 99) is None
