"""The key file: vault.keys and its second copy, what they say, and which of the two is good (security.md §3.2)."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from app.errors import Problem
from app.vault.files import KEYS, KEYS_B, write_whole
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
PASSWORD, RECOVERY = "password", "recovery"
_SLOT_ID = re.compile(r"[a-z][a-z-]{0,31}")


class KeyFileDamaged(Problem):
    """Neither copy of the key file can be used."""

    def __init__(self) -> None:
        super().__init__(
            "钥匙文件（vault.keys）已损坏，档案没有打开。",
            "口令没有错，档案内容也没有动过。请不要删除任何文件，用备份里的钥匙文件恢复。",
        )


class KeyFileMissing(Problem):
    """Neither copy of the key file is there, but the database is."""

    def __init__(self) -> None:
        super().__init__(
            "文件夹里没有钥匙文件（vault.keys），档案打不开。",
            "请从备份里取回 vault.keys 放进这个文件夹，不要删除其他文件。",
        )


class KeyFileNewer(Problem):
    """The key file was written by a newer program."""

    def __init__(self) -> None:
        super().__init__("这份档案由更新版本的静室写成，本版本没有动它。", "请安装新版本的静室再打开。")


class NotAKeyFile(Exception):
    """One copy does not read as a key file; the other may."""


class _Newer(NotAKeyFile):
    pass


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

    def open_slot(self, secret: Password | RecoveryCode) -> MasterKey:
        """Derive (0.5 to 1 s) and unwrap. Raises WrongKey, also for a slot that is not there, or NotEnoughMemory."""
        slot_id = PASSWORD if isinstance(secret, Password) else RECOVERY
        slot = self.slots.get(slot_id)
        if slot is None:
            raise WrongKey
        return unwrap(
            slot.wrap, slot.kdf.derive(secret.secret()), _bound(self.vault_id, slot_id, slot.kdf), self.vault_id
        )

    def with_slot(self, master: MasterKey, secret: Password | RecoveryCode, kdf: Kdf) -> KeyFile:
        """The next generation of this file, with that secret's slot made anew and the others as they were."""
        slot_id = PASSWORD if isinstance(secret, Password) else RECOVERY
        slot = Slot(kdf, wrap(master, kdf.derive(secret.secret()), _bound(self.vault_id, slot_id, kdf)))
        return replace(self, generation=self.generation + 1, slots={**self.slots, slot_id: slot})


@dataclass(frozen=True)
class Copy:
    """One copy as found on disk, its SHA-256 in order; whether its MAC is right shows only after unlock."""

    path: Path
    content: KeyFile
    mac: str


def new_key_file(
    master: MasterKey, password: Password, code: RecoveryCode, kdf: Kdf, *, school: str, room: str
) -> KeyFile:
    """The first generation of a new vault's key file, with both slots."""
    empty = KeyFile(master.vault_id, -1, 1, secrets.token_bytes(SALT_BYTES), {}, school, room)
    return empty.with_slot(master, password, kdf.fresh()).with_slot(master, code, kdf.fresh())


def read_copies(folder: Path) -> list[Copy]:
    """The good copies, the newest first. Raises KeyFileMissing, KeyFileDamaged or KeyFileNewer when there is none."""
    found, bad = [], []
    for name in (KEYS, KEYS_B):
        try:
            found.append(_read(folder / name))
        except FileNotFoundError:
            continue
        except (NotAKeyFile, OSError) as error:
            bad.append(error)
    if found:
        return sorted(found, key=lambda copy: -copy.content.generation)
    if any(isinstance(error, _Newer) for error in bad):
        raise KeyFileNewer
    raise KeyFileDamaged if bad else KeyFileMissing


def is_sealed_by(copy: Copy, master: MasterKey) -> bool:
    """Whether the copy's MAC is this master key's: nobody without it has changed the file."""
    return hmac.compare_digest(copy.mac, _mac(_canonical(_fields(copy.content)), master))


def write_copies(folder: Path, content: KeyFile, master: MasterKey) -> None:
    """Write both copies, one after the other, so that one of them is whole at every moment.

    Raises FileHeld, NoRoom or NotWritable; the old content then stands in one copy at least.
    """
    data = _dumped(content, master)
    for name in (KEYS_B, KEYS):
        write_whole(folder / name, data)


def mend_copies(folder: Path, content: KeyFile, master: MasterKey) -> None:
    """Write again whichever copy is missing, damaged or older than the one that just opened the vault."""
    data = _dumped(content, master)
    for name in (KEYS_B, KEYS):
        try:
            kept = _read(folder / name)
            good = kept.content == content and is_sealed_by(kept, master)
        except (OSError, NotAKeyFile):
            good = False
        if not good:
            write_whole(folder / name, data)


def parse(data: bytes) -> tuple[KeyFile, str]:
    """A copy's content and its MAC. Raises NotAKeyFile for anything that is not wholly in order; derives nothing."""
    if len(data) > MOST_BYTES:
        raise NotAKeyFile("too large")
    try:
        raw = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_refused)
        return _parsed(raw)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotAKeyFile("not a key file") from error


def _read(path: Path) -> Copy:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    content, mac = parse(data)
    return Copy(path, content, mac)


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
        raise _Newer("newer")
    content = KeyFile(
        vault_id=_hex(raw["vault_id"], 16).hex(),
        generation=_count(raw["gen"]),
        epoch=_count(raw["db_epoch"]),
        salt=_hex(raw["db_salt"], SALT_BYTES),
        slots=_slots(raw["slots"]),
        school=_name(raw["school"]),
        room=_name(raw["room"]),
        backup=None if raw["backup"] is None else _verified(raw["backup"]),
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
    if not isinstance(raw["at"], str) or len(raw["at"]) > 40 or len(raw["counts"]) > 200:
        raise ValueError("backup")
    return Verified(raw["at"], {kind: _count(count) for kind, count in raw["counts"].items()})


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
    sealed = {"alg": "A256GCM", "nonce": slot.wrap.nonce.hex(), "ct": slot.wrap.sealed.hex()}
    return {"id": slot_id, "kdf": _kdf_fields(slot.kdf), "wrap": sealed}


def _fields(content: KeyFile) -> dict[str, Any]:
    backup = content.backup
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
    }


def _canonical(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _bound(vault_id: str, slot_id: str, kdf: Kdf) -> bytes:
    """What a wrap is bound to, so that slots, vaults and derivation values cannot be exchanged unnoticed."""
    return b"|".join((vault_id.encode(), slot_id.encode(), _canonical(_kdf_fields(kdf))))


def _mac(data: bytes, master: MasterKey) -> str:
    return hmac.digest(master.subkey("header-mac"), data, "sha256").hex()


def _dumped(content: KeyFile, master: MasterKey) -> bytes:
    fields = _fields(content)
    canonical = _canonical(fields)
    sealed = {**fields, "sha256": hashlib.sha256(canonical).hexdigest(), "mac": _mac(canonical, master)}
    return (json.dumps(sealed, ensure_ascii=False, indent=1) + "\n").encode()
