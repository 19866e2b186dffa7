"""Masking: which names may be read on the screen. In 会谈模式 a student sits beside it, and only that student's name may."""

from __future__ import annotations

_only: int | None = None
"""The student in the room; None outside 会谈模式."""


def only(student_id: int | None) -> None:
    """From now on show this student's name alone; None shows every name again."""
    global _only
    _only = student_id


def student() -> int | None:
    """The student in the room; None outside 会谈模式."""
    return _only


def hidden(student_id: int | None) -> bool:
    """Whether this student's name and what belongs to it must not be read now."""
    return _only is not None and student_id != _only


def shown(name: str, student_id: int | None) -> str:
    """A student's name as the screen may show it: 张** for one who is not in the room."""
    return f"{name[:1]}**" if hidden(student_id) else name
