"""How schools name things: the school year and term a day falls into, grades, classes and weekdays."""

from __future__ import annotations

from datetime import date
from functools import cache

from app.errors import Problem

_NUMERALS = "零一二三四五六七八九"
_WEEKDAYS = "一二三四五六日"


def school_year(day: date) -> int:
    """The school year a day falls into, by the year it begins in: it begins on 1 August."""
    return day.year if day.month >= 8 else day.year - 1


def term(day: date) -> int:
    """1 for the autumn term (August to January), 2 for the spring term; ``Calendar.term_of`` knows the school's own."""
    return 1 if day.month >= 8 or day.month == 1 else 2


def end_of_school_year(day: date) -> date:
    """The last day of the school year a day falls into: 31 July."""
    return date(school_year(day) + 1, 7, 31)


def grade_name(grade: int) -> str:
    """「七年级」 for 7, 「高一」 for 10. Raises ValueError outside 1–12."""
    if 1 <= grade <= 9:
        return f"{_NUMERALS[grade]}年级"
    if 10 <= grade <= 12:
        return f"高{_NUMERALS[grade - 9]}"
    raise ValueError("a grade is 1 to 12")


@cache
def class_name(grade: int, class_no: int) -> str:
    """「八(3)班」, 「高一(2)班」."""
    name = grade_name(grade)
    return f"{name.removesuffix('年级')}({class_no})班"


def read_class_no(words: str) -> int | None:
    """3, 「3班」; None for nothing. Raises Problem for anything else."""
    plain = words.strip().removesuffix("班").strip()
    if not plain:
        return None
    if not (plain.isdecimal() and len(plain) <= 2 and int(plain)):
        raise Problem("「{words}」不是班号。", "只写数字，例如 3。", words=words)
    return int(plain)


def whose_name(grade: int | None, class_no: int | None) -> str:
    """「全校」, 「八年级」, 「八(3)班」: whom something is for; None is everybody."""
    if grade is None:
        return "全校"
    return grade_name(grade) if class_no is None else class_name(grade, class_no)


def weekday_name(weekday: int) -> str:
    """「周一」 for 1, 「周日」 for 7 (ISO weekdays)."""
    return f"周{_WEEKDAYS[weekday - 1]}"


def weekday_names(weekdays: str) -> str:
    """「周一至周五」 for "12345", 「周一、周三」 for "13"."""
    if len(weekdays) > 2 and weekdays in "1234567":
        return f"{weekday_name(int(weekdays[0]))}至{weekday_name(int(weekdays[-1]))}"
    return "、".join(weekday_name(int(one)) for one in weekdays)


def day_name(day: date) -> str:
    """「2026年9月1日」."""
    return f"{day.year}年{month_day(day)}"


def month_day(day: date) -> str:
    """「9月1日」."""
    return f"{day.month}月{day.day}日"


def stretch_name(first: date, last: date) -> str:
    """「2月15日–23日」, 「9月28日–10月3日」, one day as 「1月1日」."""
    if first == last:
        return month_day(first)
    end = f"{last.day}日" if last.month == first.month else month_day(last)
    return f"{month_day(first)}–{end}"
