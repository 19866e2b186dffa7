"""How values of a note are written: dates, times, yes and no, the same on screen, in amendments and on paper."""

from __future__ import annotations

import re
from datetime import date, datetime, time, tzinfo

from app.vault.choice import Choice


def shown(value: object) -> str:
    """One value of a note as words; empty for what is not there."""
    if value is None:
        return ""
    if isinstance(value, Choice):
        return value.label
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, datetime):
        return moment(value, value.tzinfo)
    if isinstance(value, date):
        return day(value)
    return str(value)


def day(value: date) -> str:
    """「2026年11月20日」"""
    return f"{value.year}年{value.month}月{value.day}日"


def read_day(words: str) -> date | None:
    """The day that ``day`` would write so; None for words that are no day. Spaces between do not matter."""
    found = re.fullmatch(r"(\d{4})年(\d{1,2})月(\d{1,2})日", "".join(words.split()))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def moment(value: datetime, zone: tzinfo | None) -> str:
    """「2026年11月20日 10:32」, on the clocks of ``zone``."""
    there = value.astimezone(zone)
    return f"{day(there)} {there:%H:%M}"


def hours(start: time | None, end: time | None) -> str:
    """「14:00—14:40」; empty where a time is missing."""
    return f"{start:%H:%M}—{end:%H:%M}" if start and end else ""
