"""The ballast: 16 MB beside the vault, given up on a full disk so that what is being typed can still be kept."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from app.vault.files import BALLAST, NoRoom, NotWritable
from app.vault.vault import DiskFull

BALLAST_BYTES = 16 * 1024 * 1024
ROOM_TO_MAKE = 4 * BALLAST_BYTES
"""Free bytes there must be before it is made, so that the ballast itself never fills the disk."""
FULL = 1024 * 1024
"""With fewer free bytes than this the disk counts as full."""

T = TypeVar("T")


def make(folder: Path) -> bool:
    """Put the ballast there unless it is, or the disk has too little room; whether it stands afterwards."""
    ballast = folder / BALLAST
    try:
        if ballast.exists() and ballast.stat().st_size == BALLAST_BYTES:
            return True
        if shutil.disk_usage(folder).free < ROOM_TO_MAKE:
            return False
        return _write(ballast)
    except OSError:
        return False  # the ballast is a reserve: without it the vault works as well


def give_up(folder: Path) -> bool:
    """Free its room; whether there was any to free."""
    try:
        (folder / BALLAST).unlink()
    except OSError:
        return False
    return True


def with_room(folder: Path, act: Callable[[], T]) -> T:
    """Do it; on a full disk give up the ballast and do it once more. Raises what ``act`` raises, NoRoom for a full disk."""
    try:
        return act()
    except (NoRoom, DiskFull):
        if not give_up(folder):
            raise
    except NotWritable:  # an I/O error is what SQLite calls it when its shared memory finds no room
        if shutil.disk_usage(folder).free >= FULL:
            raise
        if not give_up(folder):
            raise NoRoom from None
    return act()


def _write(ballast: Path) -> bool:
    beside = ballast.with_name(f"{ballast.name}.tmp-{os.getpid()}")
    try:
        beside.unlink(missing_ok=True)
        handle = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(
                secrets.token_bytes(BALLAST_BYTES)
            )  # random: a file system that compresses must not save the room
        os.replace(beside, ballast)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return True
