"""Choice: an enum with a stable ASCII code, a Chinese label and the other words schools write for it."""

from __future__ import annotations

import unicodedata
from enum import Enum
from typing import Self


class Choice(Enum):
    """One of a fixed list of answers. The code is stored, the label is shown: ``MALE = "male", "男", "M", "1"``."""

    label: str
    aliases: tuple[str, ...]

    def __new__(cls, code: str, label: str, *aliases: str) -> Self:
        member = object.__new__(cls)
        member._value_ = code
        member.label = label
        member.aliases = aliases
        return member

    @classmethod
    def coded(cls, code: str) -> Self:
        """The choice that is stored as this code. Raises KeyError."""
        return {member.value: member for member in cls}[code]

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The choice that a school's word means (label, code or alias; width and case do not matter), or None."""
        wanted = _plain(text)
        for member in cls:
            if wanted in (_plain(member.label), _plain(member.value), *map(_plain, member.aliases)):
                return member
        return None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()
