"""How values of a referral are written on screen and on paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from app.rooms.referrals.choices import Item
from app.rooms.students.choices import Relation
from app.rooms.students.record import Guardian


def day(value: date) -> str:
    """「2026年11月20日」"""
    return f"{value.year}年{value.month}月{value.day}日"


def listed(items: Iterable[Item]) -> str:
    """「出生日期」「既往就医」, in the order of the form."""
    chosen = set(items)
    return "".join(f"「{item.label}」" for item in Item if item in chosen)


def guardian_name(guardian: Guardian | None) -> str:
    """「陆女士(母亲)」; what is not known is left out."""
    if guardian is None:
        return ""
    relation = "" if guardian.relation is Relation.OTHER else guardian.relation.label
    return f"{guardian.name}({relation})" if guardian.name and relation else guardian.name or relation


def phones(guardian: Guardian | None) -> str:
    """Both numbers, as the form needs them."""
    return "" if guardian is None else "、".join(filter(None, (guardian.phone, guardian.phone2)))


_FULL_WIDTH = str.maketrans(",:;()", "，：；（）")


def on_paper(label: str) -> str:
    """A label of the screen with the full-width marks of an official letter."""
    return label.translate(_FULL_WIDTH)
