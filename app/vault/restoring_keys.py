"""The key file alone out of a backup: where the database is sound and only what opens it is lost, damaged or old."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from app.errors import Problem
from app.vault import keycopies, outeranchor
from app.vault.files import KEYS, KEYS_B, as_problem
from app.vault.locking import VaultLock
from app.vault.oldkeys import in_backups
from app.vault.proving import prove
from app.vault.restoring import Opened, aside_for


def is_enough(opened: Opened, folder: Path) -> bool:
    """Whether the backup's key file opens the database that lies in the folder, and none there is as new."""
    own = opened.container.keys.content
    try:
        copies = keycopies.read_copies(folder)
    except Problem:
        copies = []
    if any(one.content.generation >= own.generation and keycopies.is_sealed_by(one, opened.master) for one in copies):
        return False
    try:
        prove(folder, opened.master.subkey(f"db/{own.epoch}"), own.salt, own.vault_id, None)
    except Problem:
        return False
    return True


def bring_keys(opened: Opened, folder: Path) -> None:
    """Put the backup's key file there; what stood in its place is kept in a folder of its own, as at a restore.

    Raises AlreadyOpen, FileHeld, NoRoom or NotWritable; then it can be done again.
    """
    own, outside = opened.container.keys.content, outeranchor.read(opened.vault)
    known = [own, *keycopies.contents(folder), *in_backups(folder, own.vault_id)]
    newest = max(outside.generation if outside else 0, *(content.generation for content in known))
    lock = VaultLock(folder)
    lock.take()
    try:
        _keep([folder / name for name in (KEYS, KEYS_B)], aside_for(folder, opened.vault.now()))
        keycopies.write_copies(folder, replace(own, generation=newest + 1), opened.master)
    except OSError as error:
        raise as_problem(error, KEYS) from error
    finally:
        lock.let_go()


def _keep(files: list[Path], aside: Path) -> None:
    for file in filter(Path.exists, files):
        aside.mkdir(mode=0o700, exist_ok=True)
        shutil.copyfile(file, aside / file.name)
