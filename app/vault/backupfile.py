"""A backup as a file: a stored zip of vault.db, vault.keys and a sealed manifest.json; written, and read without trusting it."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Protocol

from app.errors import Problem
from app.vault.files import DATABASE, KEYS, as_problem, create_private
from app.vault.keycopies import Copy
from app.vault.keyfile import MOST_BYTES, NewerKeyFile, NotAKeyFile, parse
from app.vault.keys import MasterKey
from app.vault.values import canonical

ENDING = ".jsbak"
MANIFEST = "manifest.json"
MAGIC, VERSION = "JINGSHI-BACKUP", 1
NAMES = (DATABASE, KEYS, MANIFEST)
CHUNK = 1 << 20
SYNCED = 32 << 20
"""After so many bytes they are brought to the disk: all at once at the end would hold up a lock."""
_MOST = {KEYS: MOST_BYTES, MANIFEST: 256 * 1024}
_BROKEN = (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, OverflowError, struct.error)
"""What zipfile raises for a file that was cut off or made up."""
_DAY_ONE = (1980, 1, 1, 0, 0, 0)
"""The date of the members: when it was made stands in the manifest, sealed."""


class BackupDamaged(Problem):
    """Something in the file is not as it was written."""

    def __init__(self, reason: str = "内容与写入时不同") -> None:
        super().__init__(
            "这份备份不完整或已损坏（{reason}），没有使用它。", "现在的档案没有动过。请换一份备份。", reason=reason
        )
        self.reason = reason
        """What was found, in fixed words."""


class NotABackup(Problem):
    """A file of another kind, or one that was made up to look like a backup."""

    def __init__(self) -> None:
        super().__init__("这个文件不是静室的备份，没有使用它。", "请选择「备份-日期-编号.jsbak」这样的文件。")


class OtherVault(Problem):
    """A backup of another vault than the one that is open."""

    def __init__(self) -> None:
        super().__init__(
            "这是另一份档案的备份，没有使用它。",
            "要打开那一份，请先锁定，再在开门的窗口里选「从备份恢复」，放到另一个文件夹。",
        )


class NewerBackup(Problem):
    """A backup that a newer program wrote."""

    def __init__(self, program: str = "") -> None:
        super().__init__(
            "这份备份由更新版本的静室写成（{program}），没有使用它。",
            "请先安装新版本的静室。",
            program=program or "版本不明",
        )


class Work(Protocol):
    """How far a long piece of work is, and whether it is to stop; ``step`` raises then (ui/background.py's Progress)."""

    def step(self, done: int, of: int) -> None: ...
    def stopped(self) -> bool: ...


class Unwatched:
    """Nobody watches, nobody stops it."""

    def step(self, done: int, of: int) -> None:
        pass

    def stopped(self) -> bool:
        return False


@dataclass(frozen=True)
class Part:
    """One file inside: its bytes and their SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    vault_id: str
    made_at: datetime
    schema: int
    program: str
    """The version of the program that wrote it."""
    generation: int
    """How many rows the trail had."""
    head: str
    """The trail's last code in full."""
    counts: dict[str, int]
    """Records in use, by table."""
    parts: dict[str, Part]

    @property
    def name(self) -> str:
        return f"备份-{self.made_at:%Y-%m-%d}-{self.generation}{ENDING}"


@dataclass(frozen=True)
class Container:
    """A backup whose outside is in order: its members, its manifest and its key file could be read; the database not yet."""

    path: Path
    manifest: Manifest
    mac: str
    keys: Copy

    @property
    def order(self) -> tuple[int, int, float, str]:
        """Its place among the backups of the vault, the later the greater, whatever the clock said when it was made.

        The key file's generation goes only forward, over restores and changes of keys too, where the trail may go back.
        """
        manifest = self.manifest
        return self.keys.content.generation, manifest.generation, manifest.made_at.timestamp(), self.mac

    def is_sealed_by(self, master: MasterKey) -> bool:
        """Whether the manifest was written under this master key, and by nobody else."""
        return hmac.compare_digest(self.mac.encode(), _mac(self.manifest, master).encode())


def write(path: Path, database: Path, keys: bytes, manifest: Manifest, master: MasterKey, work: Work) -> None:
    """Write a new file at ``path`` and have it on the disk. ``manifest`` comes without parts, which are found on the way.

    Raises NoRoom or NotWritable; what was begun is the caller's to take away.
    """
    try:
        create_private(path)
        with path.open("r+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                parts = {
                    DATABASE: _put(archive, DATABASE, _pieces(database, file, work)),
                    KEYS: _put(archive, KEYS, [keys]),
                }
                whole = replace(manifest, parts=parts)
                text = json.dumps({**_fields(whole), "mac": _mac(whole, master)}, ensure_ascii=False, indent=1)
                _put(archive, MANIFEST, [text.encode()])
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise as_problem(error, path.name) from error


def read(path: Path) -> Container:
    """Look at the outside. Raises NotABackup, BackupDamaged, NewerBackup or Problem; opens no key and no database."""
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_strange(archive.infolist())
            manifest, mac = _manifest(archive.read(MANIFEST))
            data = archive.read(KEYS)
    except _BROKEN:
        raise (BackupDamaged("文件不完整") if _begins_as_ours(path) else NotABackup()) from None
    except OSError:
        raise Problem("备份文件读不出来。", "请检查磁盘是否还连着、文件是否还在。") from None
    if _part(data) != manifest.parts[KEYS]:
        raise BackupDamaged("钥匙文件与清单不符")
    try:
        content, sealed = parse(data)
    except NewerKeyFile:
        raise NewerBackup(manifest.program) from None
    except NotAKeyFile:
        raise BackupDamaged("钥匙文件") from None
    if content.vault_id != manifest.vault_id:
        raise BackupDamaged("钥匙文件与清单不符")
    return Container(path, manifest, mac, Copy(path, content, sealed))


def unpack(container: Container, folder: Path, work: Work) -> None:
    """Stream the members out into a folder, compared with the manifest on the way; all of it is as encrypted as before.

    Raises BackupDamaged, NoRoom or NotWritable.
    """
    for name in (KEYS, DATABASE):
        try:
            create_private(folder / name)
            with (folder / name).open("r+b") as file:
                _read_through(container, name, work, file.write)
        except OSError as error:
            raise as_problem(error, name) from error


def compare(container: Container, work: Work) -> None:
    """Read the members through and compare them with the manifest. Raises BackupDamaged or NotWritable."""
    for name in (KEYS, DATABASE):
        try:
            _read_through(container, name, work, len)
        except OSError as error:
            raise as_problem(error, container.path.name) from error


def _read_through(container: Container, name: str, work: Work, take: Callable[[bytes], int]) -> None:
    part = container.manifest.parts[name]
    digest, size = hashlib.sha256(), 0
    try:
        with zipfile.ZipFile(container.path) as archive:
            _refuse_strange(archive.infolist())
            with archive.open(name) as member:
                while piece := member.read(CHUNK):
                    digest.update(piece)
                    size += take(piece)
                    work.step(min(size, part.size), part.size)
    except _BROKEN:
        raise BackupDamaged("文件不完整") from None
    if Part(size, digest.hexdigest()) != part:
        raise BackupDamaged("档案文件与清单不符" if name == DATABASE else "钥匙文件与清单不符")


def _refuse_strange(members: list[zipfile.ZipInfo]) -> None:
    """Our three members and nothing else, stored as they are: no paths, no packing that could burst, no encryption of zip's own."""
    if sorted(member.filename for member in members) != sorted(NAMES):
        raise NotABackup
    for member in members:
        stored = member.compress_type == zipfile.ZIP_STORED and member.compress_size == member.file_size
        if not stored or member.flag_bits & 1 or member.file_size > _MOST.get(member.filename, 1 << 50):
            raise NotABackup


def _begins_as_ours(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(64)
    return head.startswith(b"PK\x03\x04") and DATABASE.encode() in head


def _put(archive: zipfile.ZipFile, name: str, pieces: Iterator[bytes] | list[bytes]) -> Part:
    digest, size = hashlib.sha256(), 0
    member = zipfile.ZipInfo(name, _DAY_ONE)
    member.external_attr = 0o600 << 16
    with archive.open(member, "w", force_zip64=True) as file:
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            file.write(piece)
    return Part(size, digest.hexdigest())


def _pieces(path: Path, written: IO[bytes], work: Work) -> Iterator[bytes]:
    size, done = path.stat().st_size, 0
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            done += len(piece)
            work.step(done, size)
            yield piece
            if done % SYNCED == 0:
                written.flush()
                os.fsync(written.fileno())


def _part(data: bytes) -> Part:
    return Part(len(data), hashlib.sha256(data).hexdigest())


def _fields(manifest: Manifest) -> dict[str, Any]:
    return {
        "magic": MAGIC,
        "v": VERSION,
        "vault_id": manifest.vault_id,
        "made_at": manifest.made_at.isoformat(timespec="seconds"),
        "schema": manifest.schema,
        "program": manifest.program,
        "generation": manifest.generation,
        "audit_head": manifest.head,
        "counts": manifest.counts,
        "files": {name: {"size": part.size, "sha256": part.sha256} for name, part in manifest.parts.items()},
    }


def _mac(manifest: Manifest, master: MasterKey) -> str:
    return hmac.digest(master.subkey("backup-mac"), canonical(_fields(manifest)), "sha256").hex()


def _manifest(data: bytes) -> tuple[Manifest, str]:
    """Raises NotABackup, NewerBackup or BackupDamaged for what is not wholly in order."""
    try:
        raw = json.loads(data)
        if raw["magic"] != MAGIC:
            raise NotABackup
        if type(raw["v"]) is int and raw["v"] > VERSION:
            raise NewerBackup(str(raw.get("program", ""))[:40])
        manifest = Manifest(
            vault_id=str(raw["vault_id"]),
            made_at=datetime.fromisoformat(raw["made_at"]),
            schema=int(raw["schema"]),
            program=str(raw["program"])[:40],
            generation=int(raw["generation"]),
            head=str(raw["audit_head"]),
            counts={str(kind): int(count) for kind, count in raw["counts"].items()},
            parts={
                name: Part(int(raw["files"][name]["size"]), str(raw["files"][name]["sha256"]))
                for name in (DATABASE, KEYS)
            },
        )
        mac = str(raw["mac"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BackupDamaged("清单") from None
    if (
        _fields(manifest) != {key: value for key, value in raw.items() if key != "mac"}
        or manifest.made_at.tzinfo is None
    ):
        raise BackupDamaged("清单")
    return manifest, mac
