"""The key file: what vault.keys says, how it is written and how it is read without trusting it (security.md §3.2)."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NoReturn

from app.vault.keys import (
    KEY_BYTES,
    NONCE_BYTES,
    SALT_BYTES,
    TAG_BYTES,
    Kdf,
    KdfRefused,
    MasterKey,
    Password,
    Wrap,
    WrongKey,
    unwrap,
    wrap,
)
from app.vault.recovery import RecoveryCode

MAGIC, VERSION = "COUNSEL-KEYS", 1
MOST_BYTES, MOST_SLOTS, LONGEST_NAME = 64 * 1024, 8, 200
PASSWORD, RECOVERY, ENVELOPE = "password", "recovery", "school-envelope"
"""The slots: what she types every day, the code she keeps, and a second code sealed in the school's safe."""
_SLOT_ID = re.compile(r"[a-z][a-z-]{0,31}")


class NotAKeyFile(Exception):
    """One copy does not read as a key file; the other may."""


class NewerKeyFile(NotAKeyFile):
    """It is in order, but written by a newer program."""


@dataclass(frozen=True)
class Slot:
    """One way in: how its key is derived, and the master key sealed under it."""

    kdf: Kdf
    wrap: Wrap


@dataclass(frozen=True)
class Verified:
    """The last backup that was opened and checked: when (ISO 8601) and how many records of each kind it held."""

    at: str
    counts: dict[str, int]


@dataclass(frozen=True)
class Anchor:
    """Where the trail stood when the vault was last closed or backed up: its last code, how many rows it had, and when (ISO 8601)."""

    head: str
    count: int
    at: str = ""


@dataclass(frozen=True)
class Previous:
    """What the database is being rewritten from (vault/rotating.py): its epoch and salt, and the old master key sealed by the new."""

    epoch: int
    salt: bytes
    wrap: Wrap


@dataclass(frozen=True)
class KeyFile:
    """What vault.keys says. The names are empty when she left them out."""

    vault_id: str
    generation: int
    epoch: int
    salt: bytes
    slots: dict[str, Slot]
    school: str = field(default="", repr=False)
    room: str = field(default="", repr=False)
    backup: Verified | None = None
    anchor: Anchor | None = None
    previous: Previous | None = None

    def open_slot(self, secret: Password | RecoveryCode) -> MasterKey:
        """Derive (0.5 to 1 s) and unwrap. Raises WrongKey, also for a slot that is not there, or NotEnoughMemory."""
        return self.unlock(secret)[1]

    def unlock(self, secret: Password | RecoveryCode) -> tuple[str, MasterKey]:
        """Which slot the secret opens, and the master key; a code is tried on both slots for codes, each one derivation.

        Raises as ``open_slot``.
        """
        for slot_id in (PASSWORD,) if isinstance(secret, Password) else (RECOVERY, ENVELOPE):
            slot = self.slots.get(slot_id)
            if slot is None:
                continue
            bound = _bound(self.vault_id, slot_id, slot.kdf)
            with suppress(WrongKey):
                return slot_id, unwrap(slot.wrap, slot.kdf.derive(secret.secret()), bound, self.vault_id)
        raise WrongKey

    def with_slot(self, master: MasterKey, secret: Password | RecoveryCode, kdf: Kdf) -> KeyFile:
        """The next generation of this file, with that secret's slot made anew and the others as they were."""
        slot_id = PASSWORD if isinstance(secret, Password) else RECOVERY
        slots = {**self.slots, slot_id: new_slot(slot_id, master, secret, kdf)}
        return replace(self, generation=self.generation + 1, slots=slots)

    def slots_digest(self) -> str:
        """What tells these slots from any others (64 hex)."""
        slots = {slot_id: _slot_fields(slot_id, slot) for slot_id, slot in self.slots.items()}
        return hashlib.sha256(_canonical(slots)).hexdigest()

    def before(self, master: MasterKey) -> MasterKey:
        """The master key of the epoch that is being replaced. Raises WrongKey, ValueError where none is."""
        if self.previous is None:
            raise ValueError("no epoch is being replaced")
        return unwrap(self.previous.wrap, _previous_key(master), _previous_bound(self, self.previous), self.vault_id)

    def replacing(self, old: KeyFile, old_master: MasterKey, master: MasterKey) -> KeyFile:
        """This file with the epoch of ``old`` beside its own, for as long as the databases are being exchanged."""
        unsealed = Previous(old.epoch, old.salt, Wrap(b"", b""))
        sealed = wrap(old_master, _previous_key(master), _previous_bound(self, unsealed))
        return replace(self, previous=replace(unsealed, wrap=sealed))


def new_slot(slot_id: str, master: MasterKey, secret: Password | RecoveryCode, kdf: Kdf) -> Slot:
    """The master key sealed under a secret; takes the derivation's 0.5 to 1 s. Raises NotEnoughMemory."""
    return Slot(kdf, wrap(master, kdf.derive(secret.secret()), _bound(master.vault_id, slot_id, kdf)))


def new_key_file(
    master: MasterKey, password: Password, code: RecoveryCode, kdf: Kdf, *, school: str, room: str
) -> KeyFile:
    """The first generation of a new vault's key file, with both slots."""
    empty = KeyFile(master.vault_id, -1, 1, secrets.token_bytes(SALT_BYTES), {}, school, room)
    return empty.with_slot(master, password, kdf.fresh()).with_slot(master, code, kdf.fresh())


def parse(data: bytes) -> tuple[KeyFile, str]:
    """A copy's content and its MAC. Raises NotAKeyFile for anything that is not wholly in order; derives nothing."""
    if len(data) > MOST_BYTES:
        raise NotAKeyFile("too large")
    try:
        raw = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_refused)
        return _parsed(raw)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotAKeyFile("not a key file") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a field twice")
    return dict(pairs)


def _refused(constant: str) -> NoReturn:
    raise ValueError(constant)


def _parsed(raw: Any) -> tuple[KeyFile, str]:
    mac, digest = raw.pop("mac"), raw.pop("sha256")
    if raw["magic"] != MAGIC:
        raise ValueError("magic")
    if not hmac.compare_digest(_hex(digest, KEY_BYTES), hashlib.sha256(_canonical(raw)).digest()):
        raise ValueError("sha256")
    if type(raw["v"]) is int and raw["v"] > VERSION:
        raise NewerKeyFile("newer")
    content = KeyFile(
        vault_id=_hex(raw["vault_id"], 16).hex(),
        generation=_count(raw["gen"]),
        epoch=_count(raw["db_epoch"]),
        salt=_hex(raw["db_salt"], SALT_BYTES),
        slots=_slots(raw["slots"]),
        school=_name(raw["school"]),
        room=_name(raw["room"]),
        backup=None if raw["backup"] is None else _verified(raw["backup"]),
        anchor=None if raw["anchor"] is None else _anchor(raw["anchor"]),
        previous=_previous(raw["previous"]) if "previous" in raw else None,
    )
    if _fields(content) != raw:
        raise ValueError("fields")
    return content, _hex(mac, KEY_BYTES).hex()


def _slots(raw: list[dict[str, Any]]) -> dict[str, Slot]:
    if not 1 <= len(raw) <= MOST_SLOTS:
        raise ValueError("slots")
    slots = {}
    for each in raw:
        if not _SLOT_ID.fullmatch(each["id"]) or each["id"] in slots:
            raise ValueError("slot")
        slots[each["id"]] = Slot(_kdf(each["kdf"]), _wrap(each["wrap"]))
    return slots


def _kdf(raw: dict[str, Any]) -> Kdf:
    if raw["alg"] != "argon2id" or raw["ver"] != 19:
        raise KdfRefused("algorithm")
    return Kdf(_count(raw["m_kib"]), _count(raw["t"]), _count(raw["p"]), _hex(raw["salt"], SALT_BYTES))


def _wrap(raw: dict[str, Any]) -> Wrap:
    return Wrap(_hex(raw["nonce"], NONCE_BYTES), _hex(raw["ct"], KEY_BYTES + TAG_BYTES))


def _verified(raw: dict[str, Any]) -> Verified:
    if len(raw["counts"]) > 200:
        raise ValueError("backup")
    return Verified(_at(raw["at"]), {kind: _count(count) for kind, count in raw["counts"].items()})


def _anchor(raw: dict[str, Any]) -> Anchor:
    return Anchor(_hex(raw["audit_head"], KEY_BYTES).hex(), _count(raw["audit_count"]), _at(raw.get("at", "")))


def _at(value: Any) -> str:
    if not isinstance(value, str) or (value and datetime.fromisoformat(value).tzinfo is None):
        raise ValueError("at")
    return value


def _previous(raw: dict[str, Any]) -> Previous:
    return Previous(_count(raw["db_epoch"]), _hex(raw["db_salt"], SALT_BYTES), _wrap(raw["wrap"]))


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**53:
        raise ValueError("number")
    return value


def _hex(value: Any, length: int) -> bytes:
    if not isinstance(value, str) or len(value) != 2 * length or value != value.lower():
        raise ValueError("hex")
    return bytes.fromhex(value)


def _name(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_NAME:
        raise ValueError("name")
    return value


def _kdf_fields(kdf: Kdf) -> dict[str, Any]:
    return {"alg": "argon2id", "ver": 19, "m_kib": kdf.memory, "t": kdf.rounds, "p": kdf.lanes, "salt": kdf.salt.hex()}


def _slot_fields(slot_id: str, slot: Slot) -> dict[str, Any]:
    return {"id": slot_id, "kdf": _kdf_fields(slot.kdf), "wrap": _wrap_fields(slot.wrap)}


def _wrap_fields(sealed: Wrap) -> dict[str, Any]:
    return {"alg": "A256GCM", "nonce": sealed.nonce.hex(), "ct": sealed.sealed.hex()}


def _anchor_fields(anchor: Anchor) -> dict[str, Any]:
    at = {"at": anchor.at} if anchor.at else {}
    return {"audit_head": anchor.head, "audit_count": anchor.count, **at}


def _previous_fields(previous: Previous) -> dict[str, Any]:
    return {
        "db_epoch": previous.epoch,
        "db_salt": previous.salt.hex(),
        "wrap": _wrap_fields(previous.wrap),
    }


def _fields(content: KeyFile) -> dict[str, Any]:
    backup, anchor, previous = content.backup, content.anchor, content.previous
    return {
        "magic": MAGIC,
        "v": VERSION,
        "vault_id": content.vault_id,
        "gen": content.generation,
        "db_epoch": content.epoch,
        "db_salt": content.salt.hex(),
        "slots": [_slot_fields(slot_id, slot) for slot_id, slot in content.slots.items()],
        "school": content.school,
        "room": content.room,
        "backup": None if backup is None else {"at": backup.at, "counts": backup.counts},
        "anchor": None if anchor is None else _anchor_fields(anchor),
        **({} if previous is None else {"previous": _previous_fields(previous)}),
    }


def _canonical(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _bound(vault_id: str, slot_id: str, kdf: Kdf) -> bytes:
    """What a wrap is bound to, so that slots, vaults and derivation values cannot be exchanged unnoticed."""
    return b"|".join((vault_id.encode(), slot_id.encode(), _canonical(_kdf_fields(kdf))))


def _previous_key(master: MasterKey) -> bytes:
    return master.subkey("previous")


def _previous_bound(content: KeyFile, previous: Previous) -> bytes:
    return b"|".join((content.vault_id.encode(), b"previous", str(previous.epoch).encode(), previous.salt))


def _mac(data: bytes, master: MasterKey) -> str:
    return hmac.digest(master.subkey("header-mac"), data, "sha256").hex()


def mac_of(content: KeyFile, master: MasterKey) -> str:
    """The MAC this content has under the master key."""
    return _mac(_canonical(_fields(content)), master)


def dumped(content: KeyFile, master: MasterKey) -> bytes:
    """The file as it is written, with its SHA-256 and its MAC."""
    fields = _fields(content)
    canonical = _canonical(fields)
    sealed = {**fields, "sha256": hashlib.sha256(canonical).hexdigest(), "mac": _mac(canonical, master)}
    return (json.dumps(sealed, ensure_ascii=False, indent=1) + "\n").encode()
