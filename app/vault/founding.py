"""Founding a vault: its database and key file, made beside their names and named when whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.clock import Clock
from app.vault import keycopies, migrating
from app.vault.engine import APPLICATION_ID, connect, open_engine
from app.vault.files import (
    DATABASE,
    KEYS,
    KEYS_B,
    NoRoom,
    NotWritable,
    as_problem,
    create_private,
    remove_stale,
    sync_folder,
)
from app.vault.keyfile import KeyFile
from app.vault.keys import MasterKey
from app.vault.locking import VaultLock
from app.vault.meta import Meta
from app.vault.vault import Vault


def make_files(
    folder: Path, content: KeyFile, master: MasterKey, key: bytes, clock: Clock, first: Callable[[Session], None] | None
) -> None:
    """Make the database under another name, with its first records, then the key file, then give the database its name."""
    remove_stale(folder)
    beside = folder / f"{DATABASE}.tmp-{os.getpid()}"
    made = [beside, folder / KEYS_B, folder / KEYS]
    try:
        create_private(beside)
        with _made(beside, key, content) as engine:
            if first is not None:
                with Vault(folder, master, engine, migrating.newest(), clock).write("建立档案") as session:
                    first(session)
            checkpoint(engine)
        keycopies.write_copies(folder, content, master)
        os.rename(beside, folder / DATABASE)
        sync_folder(folder)
    except BaseException as error:
        for path in made:
            with suppress(OSError):
                path.unlink()
        if isinstance(error, OSError):
            raise as_problem(error, DATABASE) from error
        if isinstance(error, DBAPIError | sqlcipher.DatabaseError) and "is full" in str(error):
            raise NoRoom from None
        if isinstance(error, sqlcipher.OperationalError) and "unable to open" in str(error):  # a path past 512 bytes
            raise NotWritable(DATABASE) from None
        raise


def finish_founding(folder: Path) -> None:
    """Give the database its name, where the power was cut after the key file had got its own: both were whole by then.

    Raises AlreadyOpen while the vault is being founded just now, or NotWritable.
    """
    if _unnamed(folder) is None:
        return
    lock = VaultLock(folder)
    lock.take()
    try:
        beside = _unnamed(folder)
        if beside is not None:
            os.rename(beside, folder / DATABASE)
            sync_folder(folder)
    except OSError as error:
        raise as_problem(error, DATABASE) from error
    finally:
        lock.let_go()


def _unnamed(folder: Path) -> Path | None:
    """The one database that waits for its name beside a key file."""
    if (folder / DATABASE).exists() or not ((folder / KEYS).exists() or (folder / KEYS_B).exists()):
        return None
    made = [path for path in folder.glob(f"{DATABASE}.tmp-*") if path.name.removeprefix(f"{DATABASE}.tmp-").isdigit()]
    return made[0] if len(made) == 1 else None


@contextmanager
def _made(path: Path, key: bytes, content: KeyFile) -> Iterator[Engine]:
    connection = connect(path, key, content.salt)
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.close()
    engine = open_engine(path, key, content.salt)
    try:
        migrating.upgrade(engine)
        with engine.execution_options(writes=True).begin() as session:
            session.execute(insert(Meta).values(key="vault_id", value=content.vault_id))
        yield engine
    finally:
        engine.dispose()


def checkpoint(engine: Engine) -> None:
    """Bring the write-ahead log into the main file and empty it."""
    with engine.connect() as connection:
        driver: sqlcipher.Connection = connection.connection.driver_connection
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
