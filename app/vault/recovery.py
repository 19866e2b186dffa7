"""The recovery code: 26 random characters and 2 check characters, seven groups of four (security.md §3.2).

The characters are Crockford's base 32 (no I L O U), read as elements of the field GF(32). The two check characters make
both c0 + c1 + … + c27 = 0 and c0·a^0 + c1·a^1 + … + c27·a^27 = 0, where a generates the field. That is a Reed-Solomon
code of distance 3 (28 is less than the 31 powers of a): any one or two wrong characters, and so every single typo and
every swap of two characters, adjacent or not, break at least one of the sums.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass, field

from app.errors import Problem

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_CHARACTERS, CHECK_CHARACTERS, GROUP = 26, 2, 4
LENGTH = RANDOM_CHARACTERS + CHECK_CHARACTERS
LONGEST_TYPED = 200
"""Longer input is no code with stray characters in it; it is not looked at."""

_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = frozenset(" \t\r\n-_.·,，。、—–‐‑‒―−－·•\u3000\ufeff\u200b")
_FIELD = 0b100101
"""x^5 + x^2 + 1, whose root generates the 31 elements of GF(32) that are not zero."""


def _powers() -> tuple[int, ...]:
    found, element = [], 1
    for _ in range(31):
        found.append(element)
        element <<= 1
        if element & 32:
            element ^= _FIELD
    return tuple(found)


_POWER = _powers()
_LOG = {element: exponent for exponent, element in enumerate(_POWER)}


class RecoveryCodeMistyped(Problem):
    """The code as typed cannot be right; told before any file is touched."""

    def __init__(self, next_step: str, **values: object) -> None:
        super().__init__("恢复码抄写有误，还没有用它去开档案。", next_step, **values)


@dataclass(frozen=True)
class RecoveryCode:
    """A code whose check characters agree; without dashes, upper case."""

    characters: str = field(repr=False)

    @property
    def groups(self) -> tuple[str, ...]:
        """The code as it is written down: seven groups of four."""
        return tuple(self.characters[start : start + GROUP] for start in range(0, LENGTH, GROUP))

    @property
    def written(self) -> str:
        """The groups joined by dashes."""
        return "-".join(self.groups)

    def is_group(self, number: int, typed: str) -> bool:
        """Whether what she typed back is group ``number`` (from 1), read as leniently as the whole code."""
        return _meant(typed) == self.groups[number - 1]

    def secret(self) -> bytes:
        """The bytes the key is derived from."""
        return self.characters.encode("ascii")


def new_code() -> RecoveryCode:
    """A new code of 130 random bits."""
    return _checked([secrets.randbelow(32) for _ in range(RANDOM_CHARACTERS)])


def read_code(typed: str) -> RecoveryCode:
    """The code she typed: case, width, dashes, spaces, O for 0 and I or L for 1 do not matter.

    Raises RecoveryCodeMistyped, which names the group that looks wrong where one wrong character explains it.
    """
    if len(typed) > LONGEST_TYPED:
        raise RecoveryCodeMistyped("恢复码一共 {count} 个字母和数字，请照纸上的重新输入。", count=LENGTH)
    characters = _meant(typed)
    strange = sorted(set(characters) - set(ALPHABET))
    if strange:
        raise RecoveryCodeMistyped("恢复码里没有「{strange}」，请对照纸上的再看一遍。", strange="".join(strange)[:5])
    if len(characters) != LENGTH:
        raise RecoveryCodeMistyped(
            "恢复码一共 {count} 个字母和数字，现在是 {typed} 个，请检查有没有漏抄或多抄。",
            count=LENGTH,
            typed=len(characters),
        )
    wrong = _wrong([ALPHABET.index(c) for c in characters])
    if wrong is None:
        return RecoveryCode(characters)
    if wrong < LENGTH:
        raise RecoveryCodeMistyped("很可能是第 {group} 组有一个字抄错了，请对照纸上的检查。", group=wrong // GROUP + 1)
    raise RecoveryCodeMistyped("有不止一个字抄错，或者前后颠倒了，请对照纸上的逐组检查。")


def _meant(typed: str) -> str:
    plain = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED]).upper()
    return "".join(c for c in plain if c not in _BETWEEN).translate(_MEANT)


def _times(one: int, other: int) -> int:
    return _POWER[(_LOG[one] + _LOG[other]) % 31] if one and other else 0


def _sums(values: list[int]) -> tuple[int, int]:
    plain = weighted = 0
    for position, value in enumerate(values):
        plain ^= value
        weighted ^= _times(value, _POWER[position])
    return plain, weighted


def _checked(values: list[int]) -> RecoveryCode:
    plain, weighted = _sums(values)
    first, second = _POWER[RANDOM_CHARACTERS], _POWER[RANDOM_CHARACTERS + 1]
    # x + y = plain and x·first + y·second = weighted, so x = (weighted + plain·second) / (first + second)
    inverse = _POWER[-_LOG[first ^ second] % 31]
    x = _times(weighted ^ _times(plain, second), inverse)
    return RecoveryCode("".join(ALPHABET[value] for value in [*values, x, x ^ plain]))


def _wrong(values: list[int]) -> int | None:
    """None for a code that agrees, the position of the one wrong character, or LENGTH and more for anything else."""
    plain, weighted = _sums(values)
    if not plain and not weighted:
        return None
    if not plain or not weighted:
        return LENGTH
    return (_LOG[weighted] - _LOG[plain]) % 31
