"""Text is cleaned once, at the writing door, so that what is stored, shown, found and printed is alike (design.md §5)."""

from __future__ import annotations

import re

from app.errors import Problem

_UNSAFE = re.compile("[\x00\r\ud800-\udfff]")
_UNKNOWN = re.compile("[\x00\ud800-\udfff]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """The text with lone surrogates and NUL as U+FFFD and every line end as LF."""
    if not _UNSAFE.search(text):
        return text
    return _UNKNOWN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def turning(text: str) -> list[str]:
    """The unseen characters in a text that turn the reading direction round, as code points (「U+202E」): it reads as it is not stored."""
    return sorted({f"U+{ord(character):04X}" for character in _TURNING.findall(text)})


def marked(text: str) -> str:
    """The text as a screen shows it: what would turn the reading direction round stands there as 「⟦U+202E⟧」."""
    return _TURNING.sub(_mark, text) if _TURNING.search(text) else text


def refuse_turning(field: str, text: str) -> None:
    """Raise a Problem where a name holds such characters. ``field`` is what the screen calls it."""
    if found := turning(text):
        raise Problem(
            "{field}里有看不见的改变书写方向的字符（{characters}）。",
            "请把它重新输入一遍。",
            field=field,
            characters="、".join(found),
        )


def _mark(found: re.Match[str]) -> str:
    return f"⟦U+{ord(found[0]):04X}⟧"
