"""What still opens with keys given up: backups and vaults set aside from before all keys were changed; listed and destroyed."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.errors import Problem
from app.vault import keycopies
from app.vault.backupplaces import under_old_keys
from app.vault.files import NEXT, RESTORED, as_problem
from app.vault.trail import Act
from app.vault.vault import Vault

DESTROYED = "销毁旧备份"


@dataclass(frozen=True)
class OldCopy:
    """A backup file, or the folder of a vault that was set aside."""

    path: Path
    written_at: datetime
    size: int
    """Bytes."""


def old_copies(vault: Vault, places: Iterable[Path]) -> list[OldCopy]:
    """All of this vault that lies under keys of before the present ones, in its folder and where its backups are, the newest first."""
    epoch = vault.standing.key_file().epoch
    found = [path for place in places for path in under_old_keys(place, vault.vault_id, epoch)]
    found += _set_aside(vault, epoch)
    return sorted((_told(path) for path in found), key=_written, reverse=True)


def destroy(vault: Vault, copies: Iterable[OldCopy]) -> None:
    """Delete them and write that into the trail. Raises NotWritable for the first that cannot be deleted; the rest stays.

    On a solid-state disk or a stick a deleted file may still be read with special tools; whoever has the old password
    and such a disk is not kept out by this.
    """
    try:
        for copy in copies:
            if copy.path.is_dir():
                shutil.rmtree(copy.path)
            else:
                copy.path.unlink(missing_ok=True)
    except OSError as error:
        raise as_problem(error, copy.path.name) from error
    with vault.write(DESTROYED) as session:
        vault.record_own(session, Act.KEYS)


def _set_aside(vault: Vault, epoch: int) -> list[Path]:
    """The vaults that a restore has set aside in folders of their own."""
    folders = [path for path in vault.folder.iterdir() if path.is_dir() and path.name not in (NEXT, RESTORED)]
    return [folder for folder in folders if _is_under_old_keys(folder, vault.vault_id, epoch)]


def _is_under_old_keys(folder: Path, vault_id: str, epoch: int) -> bool:
    try:
        copies = keycopies.read_copies(folder)
    except Problem:
        return False
    return any(copy.content.vault_id == vault_id and copy.content.epoch < epoch for copy in copies)


def _told(path: Path) -> OldCopy:
    files = [path] if path.is_file() else [inner for inner in path.rglob("*") if inner.is_file()]
    stats = [file.stat() for file in files]
    newest = max((stat.st_mtime for stat in stats), default=0.0)
    return OldCopy(path, datetime.fromtimestamp(newest, UTC), sum(stat.st_size for stat in stats))


def _written(copy: OldCopy) -> datetime:
    return copy.written_at
