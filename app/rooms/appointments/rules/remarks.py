"""What should be known of a time before it is taken: its week, no school, exams, the room closed, a class not to be called away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from app.rooms.school.calendar import Calendar
from app.rooms.school.names import class_name, weekday_name


def remarks(
    calendar: Calendar, day: date, start: time | None, end: time | None, classes: Iterable[tuple[int, int]]
) -> list[str]:
    """In the order in which they are said; nothing of it keeps her from taking the time. ``classes`` are (grade, number)."""
    week = calendar.week_of(day)
    told = [weekday_name(day.isoweekday()), week.label if week is not None else ""]
    why = calendar.why_not(day)
    told.append(f"这一天{why}" if why else "")
    if start is not None and end is not None and start < end:
        if not why and calendar.opening and not calendar.is_open(day, start, end):
            told.append("辅导室这个时间不开放")
        for grade, class_no in classes:
            busy = calendar.why_busy(day, start, end, grade, class_no)
            told.append(f"{class_name(grade, class_no)}这时有{busy}" if busy else "")
    if calendar.says_weekends_only(day.year):
        told.append(f"{day.year} 年的节假日还没有载入，只按周末算")
    return list(dict.fromkeys(words for words in told if words))
