"""Answer: how one thing about this PC stands, said for the counsellor, and what she can do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from app.vault.choice import Choice


class Standing(Choice):
    """How it stands."""

    GOOD = "good", "好"
    CARE = "care", "请注意"
    UNKNOWN = "unknown", "看不出来"


@dataclass(frozen=True)
class Answer:
    """Chinese templates with their values, as a Problem has; never a path or a name, because it is handed to the school's IT."""

    standing: Standing
    said: str
    fix: str = ""
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """One thing to look at. ``look`` changes nothing, and raises Unanswered or OSError where the system does not tell."""

    subject: str
    look: Callable[[], Answer]


class Unanswered(Exception):
    """The system did not tell, or told something nobody here understands."""


def good(said: str, **values: object) -> Answer:
    """All is well."""
    return Answer(Standing.GOOD, said, values=values)


def care(said: str, fix: str, **values: object) -> Answer:
    """Something to put right, and how."""
    return Answer(Standing.CARE, said, fix, values)


def unknown(said: str = "这台电脑没有回答。", fix: str = "可以请学校的信息老师看一看。", **values: object) -> Answer:
    """It cannot be told from here."""
    return Answer(Standing.UNKNOWN, said, fix, values)
