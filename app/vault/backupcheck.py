"""Opening a backup beside the vault and proving it: pages, structure, counts, head, each record against the trail (security.md P11)."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, column, event, func, select, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.clock import Clock
from app.vault import keycopies, migrating
from app.vault.backupfile import BackupDamaged, Container, NewerBackup, Work
from app.vault.checking import Finding, check_file, check_records
from app.vault.engine import open_engine
from app.vault.files import DATABASE, make_private_folder
from app.vault.keys import MasterKey
from app.vault.proving import NewerVault, VaultDamaged, as_problem, prove, read_only
from app.vault.vault import Vault

OFTEN = 20_000
"""Steps of SQLite's machine between two looks whether to stop (about 1 ms)."""
LOOK_SECONDS = 0.05
_NOT_COUNTED = frozenset({"alembic_version", "meta", "trail", "typing", "undo_batch", "undo_step"})
_SCRATCH = ".tmp-"


@contextmanager
def scratch(place: Path) -> Iterator[Path]:
    """A folder for what is being made or looked at, taken away at the end; what a killed program left goes at ``clear_scratch``."""
    number = 1
    while (folder := place / f"{_SCRATCH}{os.getpid()}-{number}").exists():
        number += 1
    make_private_folder(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear_scratch(place: Path) -> None:
    """Take away what a killed program left half made; the vault's lock is held, so that no other process is at it."""
    for folder in place.glob(f"{_SCRATCH}*"):
        if not folder.name.startswith(f"{_SCRATCH}{os.getpid()}-"):  # one that is being looked into
            shutil.rmtree(folder, ignore_errors=True)


def counts(session: Session) -> dict[str, int]:
    """How many records of each kind the database holds, those in the bin left out; asks nothing of the schema."""
    found = {}
    for name, kept in session.connection().exec_driver_sql(
        "SELECT m.name, max(c.name = 'deleted_at') FROM sqlite_master m JOIN pragma_table_info(m.name) c"
        " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'search%' GROUP BY m.name ORDER BY m.name"
    ):
        if name not in _NOT_COUNTED:
            query = select(func.count()).select_from(table(name))
            found[name] = session.scalar(query.where(column("deleted_at").is_(None)) if kept else query) or 0
    return found


def prove_file(container: Container, master: MasterKey, folder: Path, clock: Clock, work: Work) -> None:
    """Check what holds for every schema: the copy before a migration is proved so. ``folder`` holds the members, unpacked.

    Raises BackupDamaged, NewerBackup, NoRoom, NotWritable, or what ``work`` raises to stop.
    """
    with told_as_backup(work):
        _opened(container, master, folder, clock, work).dispose()


def open_backup(container: Container, master: MasterKey, folder: Path, clock: Clock, work: Work) -> Vault:
    """Bring an older one up to date, check everything, and give it open for looking inside. ``folder`` holds the members, unpacked.

    The kinds of records must have been imported. Raises as ``prove_file``.
    """
    with told_as_backup(work):
        engine = _opened(container, master, folder, clock, work)
        try:
            if container.manifest.schema < migrating.newest():
                migrating.upgrade(engine)
            vault = Vault(folder, master, engine, migrating.newest(), clock)
            _refuse(check_file(vault) + check_records(vault))
        except BaseException:
            engine.dispose()
            raise
        return vault


def refuse(container: Container, master: MasterKey) -> None:
    """Before a byte of the database is looked at. Raises BackupDamaged where the seals are not the master key's, or NewerBackup."""
    if not container.is_sealed_by(master) or not keycopies.is_sealed_by(container.keys, master):
        raise BackupDamaged("清单的封印不对")
    if container.manifest.schema > migrating.newest():
        raise NewerBackup(container.manifest.program)


def _opened(container: Container, master: MasterKey, folder: Path, clock: Clock, work: Work) -> Engine:
    manifest, content = container.manifest, container.keys.content
    refuse(container, master)
    key = master.subkey(f"db/{content.epoch}")
    proof = prove(folder, key, content.salt, manifest.vault_id, None)
    _check_pages(folder / DATABASE, key, content.salt, work)
    engine = open_engine(folder / DATABASE, key, content.salt)
    stop_with(engine, work)
    try:
        vault = Vault(folder, master, engine, proof.schema, clock)
        with vault.read() as session:
            said = (manifest.schema, manifest.counts, manifest.generation, manifest.head)
            if said != (proof.schema, counts(session), vault.trail.length(session), vault.trail.head(session)):
                raise BackupDamaged("内容与清单不符")
        if proof.schema < migrating.newest():
            _refuse(check_file(vault))
    except BaseException:
        engine.dispose()
        raise
    return engine


def _check_pages(path: Path, key: bytes, salt: bytes, work: Work) -> None:
    """Every page against its HMAC, on a thread of its own: it cannot be broken off (2 s for 300 MB), and a lock is not to wait."""
    found: list[object] = []

    def run() -> None:
        with closing(read_only(path, key, salt, untouched=True)) as connection, suppress(sqlcipher.DatabaseError):
            found.append(connection.execute("PRAGMA cipher_integrity_check").fetchall())

    thread = threading.Thread(target=run, name="backup-pages", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(LOOK_SECONDS)
        if work.stopped():
            work.step(0, 1)
    if found != [[]]:
        raise BackupDamaged("页面校验")


def stop_with(engine: Engine, work: Work) -> None:
    """Whatever SQLite is at breaks off when the work is to stop."""

    def stopped() -> int:
        return int(work.stopped())

    @event.listens_for(engine, "connect")
    def watch(connection: Any, _record: object) -> None:
        connection.set_progress_handler(stopped, OFTEN)


def _refuse(findings: list[Finding]) -> None:
    for finding in findings:
        if finding.faults:
            raise BackupDamaged(finding.check)


@contextmanager
def told_as_backup(work: Work) -> Iterator[None]:
    """What goes wrong in the copy is told as the backup's damage, or ends in silence where the work was stopped."""
    try:
        yield
    except NewerVault:
        raise NewerBackup from None
    except VaultDamaged:
        raise BackupDamaged("档案文件") from None
    except (DBAPIError, sqlcipher.DatabaseError) as error:
        if work.stopped():
            work.step(0, 1)
        problem = as_problem(error.orig if isinstance(error, DBAPIError) else error, None)
        raise (BackupDamaged("档案文件") if isinstance(problem, VaultDamaged) else problem) from None
