"""Backing up: a copy of the open vault, proved before it has its name; when one is due; what is told of it outside."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import VERSION
from app.vault import anchors, keycopies, migrating
from app.vault.backupcheck import clear_scratch, counts, open_backup, prove_file, scratch
from app.vault.backupfile import Container, Manifest, Unwatched, Work, compare, read, write
from app.vault.files import DATABASE, KEYS, NoRoom, NotWritable, as_problem, make_private_folder, patiently, sync_folder
from app.vault.keyfile import KeyFile, Verified, dumped
from app.vault.keys import MasterKey
from app.vault.standing import VaultMoved
from app.vault.trail import Act, Link
from app.vault.typing import Typed
from app.vault.vault import Vault

BACKUPS = "备份"
"""The folder of the local backups, beside vault.db."""
PAGES = 2000
"""Pages copied between two looks whether to stop (8 MB, about 50 ms)."""
ROOM_BESIDE = 16 << 20
"""Free bytes that stay beside a copy that is being made."""
QUIET = (Act.OPEN.value, Act.BACKUP.value, Act.RESTORE.value, Act.DRILL.value)
"""Rows of the trail that alone are no reason for another copy."""
_making = threading.Lock()


def local_place(folder: Path) -> Path:
    """Where the backups beside a vault lie."""
    return folder / BACKUPS


def back_up(vault: Vault, work: Work | None = None, what: str = "备份") -> Container:
    """Make and prove a backup in the local folder, write it into the trail, and tell its time and counts outside.

    Takes seconds for a large vault, during which it is read and written to as ever. Raises NoRoom, NotWritable, FileHeld,
    BackupDamaged (the vault itself is damaged), VaultMoved, Busy, Closed, or what ``work`` raises to stop; then nothing of it stays.
    """
    container = make(vault, work or Unwatched())
    tell_outside(vault, container.manifest)
    with vault.write(what) as session:
        vault.record_own(session, Act.BACKUP)
    anchors.keep(vault)
    return container


def make(vault: Vault, work: Work) -> Container:
    """Make a backup and prove it by opening it again; it has its name only then; one at a time. Raises as ``back_up``."""
    if vault.standing.is_gone():
        raise VaultMoved  # its folder is not to be made anew: it may be put back
    with _making:
        return _made(vault, local_place(vault.folder), work)


def rescue(vault: Vault, place: Path, work: Work | None = None) -> Container:
    """Make and prove a backup in another folder, of a vault that is not at its path any more. Raises as ``back_up``."""
    with _making:
        return _made(vault, place, work or Unwatched())


def is_due(vault: Vault, newest: Manifest | None) -> bool:
    """Whether anything but openings and backups has happened since the newest backup."""
    if newest is None:
        return True
    with vault.read() as session:
        if vault.trail.code(session, newest.generation) != newest.head:
            return True  # another history: an older copy was restored since
        later = select(Link.seq).where(Link.seq > newest.generation, Link.act.not_in(QUIET)).limit(1)
        since = Typed.at > newest.made_at, Typed.at <= vault.now()  # the clock may have been put back since
        unsaved = select(Typed.form).where(*since).limit(1)
        return session.scalar(later) is not None or session.scalar(unsaved) is not None


def tell_outside(vault: Vault, manifest: Manifest) -> None:
    """Have the key file say when the last verified backup was made and what it held. Raises FileHeld, NoRoom or NotWritable."""
    verified = Verified(manifest.made_at.isoformat(timespec="seconds"), manifest.counts)

    def with_backup(content: KeyFile) -> KeyFile:
        return replace(content, backup=verified)

    if keycopies.sealed_by(keycopies.read_copies(vault.folder), vault.master).backup != verified:
        keycopies.change(vault.folder, vault.master, with_backup)


def lead(vault: Vault, newest: Container) -> None:
    """Have the next backup come after ``newest``, also where an older key file was put back. Raises as ``tell_outside``."""
    least = newest.keys.content.generation

    def ahead(content: KeyFile) -> KeyFile:
        return replace(content, generation=max(content.generation, least))

    if vault.standing.key_file().generation <= least:
        keycopies.change(vault.folder, vault.master, ahead)


def free_name(path: Path) -> Path:
    """The path, or with a number behind it where something of that name is there: nothing is ever written over."""
    number, free = 2, path
    while free.exists():
        free, number = path.with_stem(f"{path.stem}-{number}"), number + 1
    return free


def _made(vault: Vault, place: Path, work: Work) -> Container:
    try:
        make_private_folder(place)
        clear_scratch(place)
        _refuse_without_room(vault, place)
        with scratch(place) as folder:
            made = _written(vault, folder, work)
            container = read(made)
            compare(container, work)  # it holds to the byte what is checked now
            _prove(vault, container, folder, work)
            target = free_name(place / container.manifest.name)
            patiently(lambda: os.replace(made, target), target.name)
        sync_folder(place)
    except OSError as error:
        raise as_problem(error, BACKUPS) from error
    return read(target)


def _written(vault: Vault, folder: Path, work: Work) -> Path:
    """The container under a passing name, from one snapshot of the vault; what went into it lies beside."""
    content = vault.standing.key_file()
    with vault.read() as session:
        manifest = _manifest(vault, session)
        _copy_pages(session, folder / DATABASE, vault.master, content, work)
    made, keys = folder / "made", dumped(content, vault.master)
    write(made, folder / DATABASE, keys, manifest, vault.master, work)
    (folder / KEYS).write_bytes(keys)
    return made


def _manifest(vault: Vault, session: Session) -> Manifest:
    return Manifest(
        vault_id=vault.vault_id,
        made_at=vault.now().replace(microsecond=0),
        schema=vault.schema,
        program=VERSION,
        generation=vault.trail.length(session),
        head=vault.trail.head(session),
        counts=counts(session),
        parts={},
    )


def _copy_pages(session: Session, to: Path, master: MasterKey, content: KeyFile, work: Work) -> None:
    """SQLite's own backup, within the snapshot that the session has begun, so that no write makes it start again."""
    source: Any = session.connection().connection.driver_connection
    target = sqlcipher.connect(
        f"{to.resolve().as_uri()}?mode=rwc", uri=True, isolation_level=None, check_same_thread=False
    )

    def step(_status: int, remaining: int, total: int) -> None:
        work.step(total - remaining, total)

    try:
        with closing(target):
            target.set_key(f"x'{master.subkey(f'db/{content.epoch}').hex()}{content.salt.hex()}'")
            for pragma in ("cipher_log_level=NONE", "journal_mode=OFF", "synchronous=OFF"):
                target.execute(f"PRAGMA {pragma}")
            source.backup(target, pages=PAGES, progress=step)
    except (DBAPIError, sqlcipher.DatabaseError) as error:
        raise (NoRoom() if "is full" in str(error) else NotWritable(to.name)) from None


def _prove(vault: Vault, container: Container, folder: Path, work: Work) -> None:
    """Open it and check it as whoever restores it will."""
    if vault.schema == migrating.newest():
        open_backup(container, vault.master, folder, vault.clock, work).close()
    else:
        prove_file(container, vault.master, folder, vault.clock, work)


def _refuse_without_room(vault: Vault, place: Path) -> None:
    """The pages, and the container beside the pages: twice the vault."""
    with vault.read() as session:
        pages, size = (int(session.scalar(sql(f"PRAGMA {what}")) or 0) for what in ("page_count", "page_size"))
    lacking = 2 * pages * size + ROOM_BESIDE - shutil.disk_usage(place).free
    if lacking > 0:
        raise NoRoom((lacking >> 20) + 1)
