"""Proving a database before it is opened for writing: the file first, then its key and identity, read-only (security.md §3.4)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher

from app.errors import Problem
from app.vault import migrating
from app.vault.engine import APPLICATION_ID
from app.vault.files import DATABASE, NoRoom, NotWritable
from app.vault.keyfile import Verified
from app.vault.locking import AlreadyOpen

PAGE = 4096
PLAIN_HEADER = b"SQLite format 3\x00"


class VaultMissing(Problem):
    """There is no vault in the folder, or its database is gone; none is made in its stead."""

    def __init__(self) -> None:
        super().__init__(
            "这个文件夹里没有找到档案文件（vault.db）。",
            "请检查文件夹是否选对、磁盘是否已连上；程序不会自动新建，原有文件都没有动。",
        )


class VaultDamaged(Problem):
    """The secret was right, or not asked yet, and the database is not what it should be."""

    def __init__(
        self, backup: Verified | None = None, sentence: str = "档案文件已损坏，没有打开。口令没有问题。"
    ) -> None:
        if backup is None:
            super().__init__(sentence, "请不要删除或移动任何文件，换一份备份再试。")
        else:
            step = "请不要删除或移动任何文件。可从 {day} 的备份恢复，原文件会先保留。"
            super().__init__(sentence, step, day=backup.at[:10])


class NewerVault(Problem):
    """A newer program wrote this vault; this one leaves it alone."""

    def __init__(self, schema: int) -> None:
        super().__init__(
            "这份档案由更新版本的静室写成（第 {schema} 版），本程序只认识到第 {known} 版，没有动它。",
            "请安装新版本的静室再打开。",
            schema=schema,
            known=migrating.newest(),
        )


@dataclass(frozen=True)
class Proof:
    """What a database said of itself before anything was written to it."""

    schema: int
    after_crash: bool
    """A write-ahead log lay beside it: the last session did not end in order."""


def check_files(folder: Path, backup: Verified | None) -> bool:
    """Step 0: look at the file without SQLite, which would take an empty one for a new database.

    Returns whether a write-ahead log lies beside it. Raises VaultMissing, VaultDamaged or NotWritable.
    """
    database, log = folder / DATABASE, folder / f"{DATABASE}-wal"
    if not database.is_file():
        raise VaultMissing
    try:
        size = database.stat().st_size
        with database.open("rb") as file:
            header = file.read(len(PLAIN_HEADER))
        after_crash = log.exists() and log.stat().st_size > 0
    except OSError:
        raise NotWritable(DATABASE) from None
    whole = size >= PAGE and size % PAGE == 0
    if size == 0 or header == PLAIN_HEADER or not (whole or after_crash):
        raise VaultDamaged(backup)
    return after_crash


def set_journal_aside(folder: Path) -> None:
    """Rename a rollback journal, which is never ours (the vault keeps a write-ahead log): SQLite would play it back."""
    journal = folder / f"{DATABASE}-journal"
    if not journal.exists():
        return
    number = 1
    while (aside := folder / f"{DATABASE}-journal.aside-{number}").exists():
        number += 1
    os.replace(journal, aside)


def prove(folder: Path, key: bytes, salt: bytes, vault_id: str, backup: Verified | None) -> Proof:
    """Open read-only with the key and see that this is the vault meant, of a schema known; changes nothing in it.

    After a crash every page is read through the write-ahead log before that may be brought into the main file: a log
    of another day or another vault would spoil it. Raises VaultDamaged, NewerVault, VaultMissing or NotWritable.
    """
    after_crash = check_files(folder, backup)
    try:
        connection = read_only(folder / DATABASE, key, salt, untouched=not after_crash)
        try:
            schema = _identity(connection, vault_id, backup)
            if after_crash and connection.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
                raise VaultDamaged(backup)
        finally:
            connection.close()
    except sqlcipher.DatabaseError as error:
        raise as_problem(error, backup) from None
    return Proof(schema, after_crash)


def as_problem(error: BaseException | None, backup: Verified | None) -> Problem:
    """The Problem that an error of the database is for the counsellor: the key is right, so it is never the password."""
    said = str(error)
    if "is full" in said:
        return NoRoom()
    if "locked" in said or "interrupted" in said:
        return AlreadyOpen()
    if any(words in said for words in ("readonly", "unable to open", "disk I/O")):
        return NotWritable(DATABASE)
    return VaultDamaged(backup)


def read_only(path: Path, key: bytes, salt: bytes, *, untouched: bool) -> sqlcipher.Connection:
    """A connection that brings nothing into the main file; ``untouched``, without a log to read, it makes no files either."""
    mode = "mode=ro&immutable=1" if untouched else "mode=ro"
    connection = sqlcipher.connect(f"{path.resolve().as_uri()}?{mode}", uri=True, isolation_level=None, timeout=5.0)
    connection.set_key(f"x'{key.hex()}{salt.hex()}'")
    connection.execute("PRAGMA cipher_log_level=NONE")
    for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _identity(connection: sqlcipher.Connection, vault_id: str, backup: Verified | None) -> int:
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (schema,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID or schema < 1:
        raise VaultDamaged(backup)
    if schema > migrating.newest():
        raise NewerVault(schema)
    row = connection.execute("SELECT value FROM meta WHERE key = 'vault_id'").fetchone()
    if row != (vault_id,):
        raise VaultDamaged(backup)
    return int(schema)
