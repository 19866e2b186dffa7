"""Weekdays and hours as the forms of bells and opening hours hold them."""

from __future__ import annotations

from datetime import time

from app.rooms.school.calendar import SCHOOL_WEEK
from app.rooms.school.names import weekday_name
from app.ui.fields import ChipsField

SCHOOL_DAYS = " ".join(map(str, SCHOOL_WEEK))
"""Monday to Friday, as the chips give it."""


def weekdays_field(label: str) -> ChipsField:
    """Any of the seven."""
    return ChipsField(label, [(str(weekday), weekday_name(weekday)) for weekday in range(1, 8)])


def told_hours(weekdays: str, start: time, end: time) -> dict[str, str]:
    """The three fields of some hours on some weekdays."""
    return {"weekdays": " ".join(weekdays), "start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
