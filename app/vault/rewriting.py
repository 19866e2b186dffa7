"""Rewriting the database under another key, beside the old one, and seeing that nothing of it is missing (rotating.py)."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import func, select, text
from sqlalchemy import table as sql_table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.clock import Clock
from app.errors import Problem
from app.vault import carried, checking, keyevents, renewing
from app.vault.backupcheck import OFTEN, stop_with
from app.vault.backupfile import Unwatched, Work
from app.vault.engine import connect, open_engine
from app.vault.files import DATABASE, NEXT, NoRoom, as_problem, create_private, make_private_folder, sync_folder
from app.vault.keyfile import KeyFile
from app.vault.keys import MasterKey
from app.vault.trail import Act
from app.vault.vault import Vault

PATIENCE = 10.0
"""Seconds that the exchange waits until nobody reads the old file any more (the page checks cannot be interrupted)."""
MARGIN = 16 * 1024 * 1024
"""Bytes that must be free beyond the size of the database."""


class RewriteFailed(Problem):
    """The rewritten file did not stand up to its checks; the old one goes on."""

    def __init__(self) -> None:
        super().__init__(
            "重写后的档案没有通过检查，钥匙没有更换，原来的档案没有动，口令照旧。",
            "请先做一次备份并检查档案，再试一次。",
        )


class StillRead(Problem):
    """Something has the old file open, so that it cannot be exchanged yet."""

    def __init__(self) -> None:
        super().__init__("更换钥匙还差最后一步，档案文件正被占用。", "请稍等几秒再打开，内容都在；新口令已经生效。")


@dataclass(frozen=True)
class Epoch:
    """One key of the database: the master key it comes from, its number and the file's salt."""

    master: MasterKey
    number: int
    salt: bytes

    @classmethod
    def of(cls, content: KeyFile, master: MasterKey) -> Epoch:
        """The epoch the key file says is the present one."""
        return cls(master, content.epoch, content.salt)

    @property
    def key(self) -> bytes:
        """The database's raw key."""
        return self.master.subkey(f"db/{self.number}")

    def opens(self, path: Path) -> bool:
        """Whether the file is there and is under this key; changes nothing beside it."""
        return self._says(path, "SELECT count(*) > 0 FROM sqlite_master") == [(1,)]

    def is_whole(self, path: Path) -> bool:
        """Whether besides every page is as it was written."""
        return self.opens(path) and self._says(path, "PRAGMA cipher_integrity_check") == []

    def wait_until_unread(self, path: Path) -> None:
        """Bring what its log holds into the file and see that no connection has it open. Raises StillRead after a while."""
        until = time.monotonic() + PATIENCE
        while not self._is_unread(path):
            if time.monotonic() > until:
                raise StillRead
            time.sleep(0.1)

    def _is_unread(self, path: Path) -> bool:
        try:
            with closing(connect(path, self.key, self.salt)) as connection:  # only who is alone may end the log
                return bool(connection.execute("PRAGMA journal_mode=DELETE").fetchone() == ("delete",))
        except sqlcipher.DatabaseError as error:
            return "locked" not in str(error)  # damaged since: the new file has everything

    def _says(self, path: Path, question: str) -> list[tuple[object, ...]] | None:
        if not path.is_file() or not path.stat().st_size:
            return None
        source = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlcipher.connect(source, uri=True, isolation_level=None)) as connection:
            connection.set_key(f"x'{self.key.hex()}{self.salt.hex()}'")
            try:
                connection.execute("PRAGMA cipher_log_level=NONE")
                return list(connection.execute(question))
            except sqlcipher.DatabaseError:
                return None


def write_next(source: Vault, old: Epoch, new: Epoch, content: KeyFile, work: Work) -> None:
    """Write the open vault's database under the new key into NEXT, with its row of the trail, and check it whole.

    Nobody writes meanwhile. ``content`` is the key file as it will be. Raises NoRoom, NotWritable, RewriteFailed, or what
    ``work`` raises to stop; then nothing is left of it.
    """
    folder, written = source.folder, source.folder / NEXT / DATABASE
    drop_next(folder)
    try:
        source.checkpoint()
        needed = (folder / DATABASE).stat().st_size + MARGIN
        if shutil.disk_usage(folder).free < needed:
            raise NoRoom(needed // 1024**2 + 1)
        make_private_folder(written.parent)
        create_private(written)
        _export(folder / DATABASE, old, written, new, {label: source.subkey(label) for label in carried.LABELS}, work)
        with _opened(written, new, source, work) as rewritten:
            _note(rewritten, source, content)
            _compare(source, rewritten)
        _make_durable(written)
    except BaseException as error:
        drop_next(folder)
        if isinstance(error, OSError):
            raise as_problem(error, NEXT) from error
        if isinstance(error, DBAPIError | sqlcipher.DatabaseError):
            if work.stopped():
                work.step(0, 1)
            raise (NoRoom if "is full" in str(error) else RewriteFailed)() from None
        raise


def write_again(folder: Path, old: Epoch, new: Epoch, content: KeyFile, clock: Clock) -> None:
    """As ``write_next``, from a database that is not open."""
    with closing(connect(folder / DATABASE, old.key, old.salt)) as connection:
        (schema,) = connection.execute("PRAGMA user_version").fetchone()
    engine = open_engine(folder / DATABASE, old.key, old.salt)
    try:
        write_next(Vault(folder, old.master, engine, schema, clock), old, new, content, Unwatched())
    finally:
        engine.dispose()


def drop_next(folder: Path) -> None:
    """Take away a rewritten file that never counted."""
    if (folder / NEXT).exists():
        shutil.rmtree(folder / NEXT, ignore_errors=True)


def _export(source: Path, old: Epoch, target: Path, new: Epoch, keys: dict[str, bytes], work: Work) -> None:
    """Every table, index, trigger and row, the search index's own tables too; what the export leaves out is set by hand."""
    with closing(connect(source, old.key, old.salt)) as connection:
        connection.set_progress_handler(work.stopped, OFTEN)
        secret = f"x'{new.key.hex()}{new.salt.hex()}'"
        connection.execute("ATTACH DATABASE ? AS next KEY ?", (str(target), secret))
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-32768"):  # it counts only once it is whole
            connection.execute(f"PRAGMA next.{pragma}")
        connection.execute("BEGIN")
        connection.execute("SELECT sqlcipher_export('next')").fetchall()
        for pragma in ("user_version", "application_id"):
            (value,) = connection.execute(f"PRAGMA main.{pragma}").fetchone()
            connection.execute(f"PRAGMA next.{pragma}={value:d}")
        connection.executemany(
            "INSERT OR REPLACE INTO next.meta(key, value) VALUES (?, ?)", carried.rows(keys, new.master)
        )
        connection.execute("COMMIT")
        connection.execute("DETACH DATABASE next")


@contextmanager
def _opened(path: Path, new: Epoch, source: Vault, work: Work) -> Iterator[Vault]:
    engine = open_engine(path, new.key, new.salt)
    stop_with(engine, work)
    try:
        yield Vault(path.parent, new.master, engine, source.schema, source.clock)
    finally:
        engine.dispose()


def _note(rewritten: Vault, source: Vault, content: KeyFile) -> None:
    """The row that says so; it stands in the new file alone, and the chain goes on over it."""
    with source.read() as session:
        rewritten.trail.session_no = source.trail.last_session(session)
    with rewritten.write(keyevents.ROTATED) as session:
        rewritten.record_own(session, Act.KEYS)
        renewing.note_slots(session, content)
    rewritten.checkpoint()


def _compare(source: Vault, rewritten: Vault) -> None:
    """Raises RewriteFailed unless the new file holds all that the old one holds and stands up to every check."""
    with source.read() as old, rewritten.read() as new:
        length, head = source.trail.length(old), source.trail.head(old)
        same_schema = _schema(old) == _schema(new)
        counts = {table: _count(new, table) - _count(old, table) for table in _tables(old)}
        rows_more = {table: more for table, more in counts.items() if more and table != "meta"}
        goes_on = rewritten.trail.length(new) == length + 1 and rewritten.trail.code(new, length) == head
    if not (same_schema and rows_more == {"trail": 1} and goes_on):
        raise RewriteFailed
    found = checking.check(rewritten)
    if any(finding.faults for finding in found) and found != checking.check(
        source
    ):  # an old fault is not ours to mend here
        raise RewriteFailed


def _schema(session: Session) -> list[tuple[object, ...]]:
    return [
        tuple(row) for row in session.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2"))
    ]


def _tables(session: Session) -> list[str]:
    """The tables with rows of their own; a virtual one keeps its rows in others."""
    listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    return list(session.scalars(text(listed)))


def _count(session: Session, table: str) -> int:
    return int(session.execute(select(func.count()).select_from(sql_table(table))).scalar_one())


def _make_durable(path: Path) -> None:
    """It and its name are on the disk, and nothing of it lies in a log any more."""
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise RewriteFailed
    handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    for folder in (path.parent, path.parent.parent):
        sync_folder(folder)
