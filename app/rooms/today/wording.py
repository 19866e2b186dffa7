"""How days are called on Today: calm words, the nearer the shorter."""

from __future__ import annotations

from datetime import date

_WEEKDAYS = "一二三四五六日"


def lateness(due: date, today: date) -> str:
    """「逾期 2 天」, 「今天」, 「明天」, 「11月27日」, 「2027年1月5日」."""
    days = (due - today).days
    if days < 0:
        return f"逾期 {-days} 天"
    return {0: "今天", 1: "明天"}.get(days) or day_words(due, today)


def since(day: date, today: date) -> str:
    """「11月17日起」, of another year 「2025年11月起」."""
    if day.year == today.year:
        return f"{day_words(day, today)}起"
    return f"{day.year}年{day.month}月起"


def day_words(day: date, today: date) -> str:
    """「11月27日」; with its year where that is another."""
    words = f"{day.month}月{day.day}日"
    return words if day.year == today.year else f"{day.year}年{words}"


def long_day(day: date) -> str:
    """「11月23日 星期一」."""
    return f"{day.month}月{day.day}日 星期{_WEEKDAYS[day.isoweekday() - 1]}"
