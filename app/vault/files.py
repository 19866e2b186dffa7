"""Files beside the vault: written whole or not at all, readable by their owner alone (security.md §3.3)."""

from __future__ import annotations

import errno
import os
import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from app.errors import Problem

DATABASE = "vault.db"
KEYS, KEYS_B = "vault.keys", "vault.keys.b"
NEXT = "vault.next"
"""The folder in which a database under a new key lies until it takes the old one's place (rewriting.py)."""
RESTORED = "vault.restored"
"""The folder in which a restored vault lies, whole, until it has taken the old one's place (restoring.py)."""
ASIDES = "恢复前的档案-"
"""How the folders are called in which replaced vaults lie; the program never deletes one."""
LOCK = "vault.lock"
BALLAST = "vault.ballast"
PAUSES = tuple(min(0.025 * 2**n, 1.0) for n in range(10))
"""Seconds to wait when something else (mostly an antivirus) holds a file: ten times, about five seconds in all."""
_STALE = re.compile(rf"({'|'.join(map(re.escape, (DATABASE, KEYS, KEYS_B, BALLAST)))})\.tmp-\d+(-wal|-shm|-journal)?")


class FileHeld(Problem):
    """Another program keeps a file of ours open and did not let go."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "文件 {name} 被别的程序占用，没有写入。", "请关掉可能打开它的程序（杀毒、同步、备份软件）再试。", name=name
        )


class NoRoom(Problem):
    """No room for a file that must be written."""

    def __init__(self, mib: int = 32) -> None:
        super().__init__("磁盘空间不足，没有写入。", "请在这个磁盘上腾出至少 {mib} MB 空间再试。", mib=mib)


class NotWritable(Problem):
    """The folder or a file in it cannot be written."""

    def __init__(self, name: str) -> None:
        super().__init__("不能写入 {name}，原来的内容没有改动。", "请检查文件夹是否只读、磁盘是否还连着。", name=name)


def is_vault(folder: Path) -> bool:
    """Whether anything of a vault lies in the folder: then it is opened or its damage told, and no new one made there."""
    return any((folder / name).exists() for name in (DATABASE, f"{DATABASE}-wal", KEYS, KEYS_B, RESTORED))


def make_private_folder(folder: Path) -> None:
    """Make the folder (and those above it) for its owner alone; an existing one is narrowed where the system allows."""
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    for parent in reversed(missing):
        parent.mkdir(mode=0o700, exist_ok=True)
    if os.name == "posix":
        with suppress(PermissionError):
            folder.chmod(0o700)


def create_private(path: Path) -> None:
    """Make an empty file for its owner alone. Raises FileExistsError rather than touch one that is there."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def write_whole(path: Path, data: bytes) -> None:
    """Replace a small file in one step: a crash at any moment leaves the old or the new content, whole.

    Raises FileHeld, NoRoom or NotWritable; then the old content stands.
    """
    beside = path.with_name(f"{path.name}.tmp-{os.getpid()}")
    try:
        beside.unlink(missing_ok=True)
        _write_through(beside, data)
        if beside.read_bytes() != data:
            raise NotWritable(path.name)
        patiently(lambda: os.replace(beside, path), path.name)
        sync_folder(path.parent)
    except OSError as error:
        raise as_problem(error, path.name) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def patiently(act: Callable[[], None], name: str) -> None:
    """Do a file operation that an antivirus may block for a moment. Raises FileHeld after more than five seconds."""
    for pause in PAUSES:
        try:
            return act()
        except PermissionError:
            if sys.platform != "win32":
                raise
            time.sleep(pause)
    try:
        act()
    except PermissionError:
        raise FileHeld(name) from None


def is_stale(name: str) -> bool:
    """Whether a file of this name is what a crash left half written."""
    return _STALE.fullmatch(name) is not None


def remove_stale(folder: Path) -> None:
    """Take away what a crash left half written."""
    for path in folder.iterdir():
        if is_stale(path.name):
            with suppress(OSError):
                path.unlink()


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable, where the system knows that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def as_problem(error: OSError, name: str) -> Problem:
    """The Problem that an operating system's error is for the counsellor."""
    return NoRoom() if error.errno in (errno.ENOSPC, errno.EDQUOT) else NotWritable(name)


def _write_through(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
