"""The engine over the encrypted file: how a connection is keyed and set, and how its transactions begin."""

from __future__ import annotations

from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

PRAGMAS = (
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "mmap_size=0",
    "recursive_triggers=ON",
    "journal_size_limit=8388608",
    "wal_autocheckpoint=200",
    "cache_size=-32768",
    "fullfsync=ON",
    "checkpoint_fullfsync=ON",
)
"""Set on every connection after the key, in this order (security.md §3.4); the last two act on macOS alone."""

APPLICATION_ID = 0x4A53_4B01
"""Marks the database as a vault of this program (PRAGMA application_id)."""


def connect(path: Path, key: bytes, salt: bytes, *, create: bool = False) -> sqlcipher.Connection:
    """One keyed connection. The caller has checked the file (files before SQLite, security.md §3.4 step 0).

    Raises sqlcipher3's DatabaseError when the key does not open the file.
    """
    mode = "rwc" if create else "rw"
    connection = sqlcipher.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=5.0,
    )
    try:
        connection.set_key(f"x'{key.hex()}{salt.hex()}'")  # before anything else, or a plain header would be written
        connection.execute("PRAGMA cipher_log_level=NONE")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if connection.execute("PRAGMA journal_mode=WAL").fetchone() != ("wal",):
            raise sqlcipher.OperationalError("no write-ahead log")
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def open_engine(path: Path, key: bytes, salt: bytes) -> Engine:
    """The engine over an existing vault file. Sessions of an engine with the option ``writes`` begin IMMEDIATE."""

    def creator() -> sqlcipher.Connection:
        return connect(path, key, salt)

    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=creator,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=0,
        pool_timeout=5,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:  # isolation_level=None: without this nothing ever rolls back
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
