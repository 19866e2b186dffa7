"""The PIN of the covered screen: four digits that bring the window back. It opens no vault; only a hash of it is kept, inside the vault."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from itertools import pairwise

from sqlalchemy.orm import Session

from app.errors import Problem
from app.vault.meta import Meta
from app.vault.vault import Vault

DIGITS = 4
_KEY = "cover-pin"
_SALT = 16
_DOWN_THE_KEYS = ("2580", "0852")


class PinRefused(Problem):
    """Not four digits, or four that anybody would try first."""

    def __init__(self) -> None:
        super().__init__(
            "遮屏数字要四位，不能是相同、连着数或成对重复的数字。", "请换四个数字，例如只有您记得的一个年份倒过来写。"
        )


def set_pin(vault: Vault, pin: str) -> None:
    """Keep a new PIN, or none for an empty one; it opens no vault, so it is no event of the keys. Raises PinRefused."""
    pin = unicodedata.normalize("NFKC", pin)
    if pin and not _is_good(pin):
        raise PinRefused
    with vault.write("设定遮屏数字" if pin else "取消遮屏数字") as session:
        row = session.get(Meta, _KEY)
        salt = secrets.token_bytes(_SALT)
        value = salt.hex() + _hash(pin, salt) if pin else ""
        if row is None:
            session.add(Meta(key=_KEY, value=value))
        else:
            row.value = value


def is_set(session: Session) -> bool:
    """Whether there is a PIN."""
    row = session.get(Meta, _KEY)
    return row is not None and row.value != ""


def fits(session: Session, pin: str) -> bool:
    """Whether this is the PIN, in full width too; never where none is set."""
    pin = unicodedata.normalize("NFKC", pin)
    row = session.get(Meta, _KEY)
    if row is None or not row.value:
        return False
    salt, kept = bytes.fromhex(row.value[: 2 * _SALT]), row.value[2 * _SALT :]
    return hmac.compare_digest(_hash(pin, salt), kept)


def _is_good(pin: str) -> bool:
    if len(pin) != DIGITS or not (pin.isascii() and pin.isdigit()):
        return False
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return len(steps) > 1 and pin[:2] != pin[2:] and pin not in _DOWN_THE_KEYS


def _hash(pin: str, salt: bytes) -> str:
    return hashlib.scrypt(pin.encode(), salt=salt, n=2**12, r=8, p=1, dklen=32).hex()
