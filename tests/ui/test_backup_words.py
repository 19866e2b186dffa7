"""What is said of backups, by the calendar of the school."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.ui.backup_words import held, reminder, restorable, when

CHINA = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 20, 17, 0, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 11, 20, 8, 40, tzinfo=UTC), "今天 16:40"),
        (datetime(2026, 11, 19, 16, 30, tzinfo=UTC), "今天 00:30"),
        (datetime(2026, 11, 19, 15, 59, tzinfo=UTC), "昨天 23:59"),
        (datetime(2026, 11, 18, 15, 59, tzinfo=CHINA), "2026-11-18 15:59"),
        (datetime(2026, 11, 21, 9, 0, tzinfo=CHINA), "2026-11-21 09:00"),
    ],
)
def test_when(at, said):
    assert when(at, NOW) == said


def test_the_line_of_the_door():
    said = restorable(NOW.replace(hour=16, minute=40), {"student": 1203, "note": 5021, "guardian": 9}, NOW)
    assert said == "上次可恢复：今天 16:40 · 学生 1,203 · 记录 5,021"
    assert held({}) == "学生 0 · 记录 0"


def test_a_copy_elsewhere_is_asked_for_after_seven_days():
    assert reminder(NOW - timedelta(days=7), NOW, chosen=True) == ""
    assert "今天以后" in reminder(NOW.replace(year=2099), NOW, chosen=True), "its age is not known"
    assert "8 天前" in reminder(NOW - timedelta(days=8), NOW, chosen=True)
    assert "还没有存到别的设备" in reminder(None, NOW, chosen=True)
    assert "只在这台电脑上" in reminder(None, NOW, chosen=False)
