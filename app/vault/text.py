"""Text is cleaned once, at the writing door, so that what is stored, shown, found and printed is alike (design.md §5)."""

from __future__ import annotations

import re

_UNSAFE = re.compile("[\x00\r\ud800-\udfff]")
_UNKNOWN = re.compile("[\x00\ud800-\udfff]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """The text with lone surrogates and NUL as U+FFFD and every line end as LF."""
    if not _UNSAFE.search(text):
        return text
    return _UNKNOWN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def would_lose(text: str) -> bool:
    """Whether cleaning replaces characters, so that the screen can say so."""
    return _UNKNOWN.search(text) is not None


def turning(text: str) -> list[str]:
    """The unseen characters in a text that turn the reading direction round, as code points (「U+202E」): it reads as it is not stored."""
    return sorted({f"U+{ord(character):04X}" for character in _TURNING.findall(text)})
