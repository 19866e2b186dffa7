"""Vault: the opened file with its reading door, its one writing door, the trail and the search index behind it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from app.clock import Clock
from app.errors import Problem
from app.vault import search
from app.vault.carried import carried
from app.vault.door import Door
from app.vault.keys import MasterKey, Password, WrongKey
from app.vault.record import Record
from app.vault.search import Hit
from app.vault.standing import Standing, VaultMoved
from app.vault.trail import Act, Entry, Trail

if TYPE_CHECKING:
    from app.vault.anchors import Older

PATIENCE = 5.0
"""Seconds that closing waits for a write that is under way, so that no view goes unrecorded."""
Listener = Callable[[frozenset[str]], None]


class Busy(Problem):
    """Another write is under way; the caller may try again in a moment."""

    def __init__(self) -> None:
        super().__init__("另一项保存正在进行。", "请稍等片刻再试一次，刚才写的内容还在。")


class Closed(Problem):
    """The vault was locked or closed meanwhile; nothing was read or written."""

    def __init__(self) -> None:
        super().__init__("档案已经锁上。", "请解锁后再试。")


class DiskFull(Problem):
    """There is no room left on the disk; nothing was written."""

    def __init__(self) -> None:
        super().__init__("磁盘已满，这次没有保存。", "写的内容还在屏幕上。请腾出至少 50 MB 空间后再保存。")


class Vault:
    """An opened vault. Everything is read through ``read`` and changed through ``write``."""

    def __init__(
        self,
        folder: Path,
        master: MasterKey,
        engine: Engine,
        schema: int,
        clock: Clock,
    ) -> None:
        self.folder = folder
        self.master = master
        self.vault_id = master.vault_id
        self.schema = schema
        self.clock = clock
        self._engine = engine
        self._pen = threading.Lock()
        self._reading = sessionmaker(engine, expire_on_commit=False)
        self._writing = sessionmaker(engine.execution_options(writes=True), expire_on_commit=False)
        self._listeners: list[Listener] = []
        self._viewed: set[tuple[str, int]] = set()
        self._views: list[Entry] = []
        self._closing: list[Callable[[], None]] = []
        self._after: list[Callable[[], None]] = []
        self.closed = False
        self.damaged = False
        self._let_file_go = False
        self.behind: Older | None = None
        """The database or the key file is older than it was when last closed (anchors.py). Shown, not refused."""
        with self.read() as session:
            self._carried = carried(session, master)
        self.trail = Trail(self.subkey("audit"), schema)
        self.standing = Standing(folder, master)
        self._adrift = False

    def begin_session(self, what: str = "打开档案") -> None:
        """Number this unlock and append its row to the trail."""
        with self.read() as session:
            self.trail.session_no = self.trail.last_session(session) + 1
        with self.write(what) as session:
            self.record_own(session, Act.OPEN)

    def subkey(self, label: str) -> bytes:
        """A key for one purpose (``pdf-key``): derived from the master key, or carried over from the first one (carried.py)."""
        return self._carried.get(label) or self.master.subkey(label)

    def check_password(self, password: str) -> bool:
        """Whether this is the vault's password; takes the derivation's 0.5 to 1 s, so call it in the background.

        Raises KeyFileMissing, KeyFileDamaged or KeyFileNewer; where the folder has vanished, the key file counts as it was last seen.
        """
        try:
            return self.standing.key_file().open_slot(Password(password)).is_same(self.master)
        except WrongKey:
            return False

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading: one snapshot from its first query to its end. Raises Closed after the lock."""
        if self.closed:
            raise Closed
        with self._reading() as session:
            yield session

    @contextmanager
    def write(self, what: str, *, wait: float = 5.0) -> Iterator[Session]:
        """The one way to change anything: the change, its trail rows and its search entries in one transaction.

        ``what`` is fixed words of the program, never a name. ``wait`` is in seconds. Raises Busy when another write
        holds the pen that long, DiskFull when nothing could be written, VaultMoved when the file is not at its path any more,
        Closed after the lock; then nothing has changed.
        """
        if not self._pen.acquire(timeout=wait):
            raise Busy
        try:
            if self.closed:
                raise Closed
            with self._writing() as session, session.begin():
                door = Door(session, self.trail, self.clock)
                waiting = len(self._views)
                door.entries.extend(self._views)
                yield session
                kinds = door.shut(what)
                if not self._adrift and self.standing.is_gone():
                    raise VaultMoved
            del self._views[:waiting]
        except OperationalError as error:
            if "disk is full" in str(error.orig):
                raise DiskFull from None
            if "locked" in str(error.orig):  # another program has held the file for as long as SQLite waits
                raise Busy from None
            raise
        finally:
            self._pen.release()
        self._tell(kinds)

    @contextmanager
    def adrift(self) -> Iterator[None]:
        """Have writes go to the opened file though it is not at its path any more: for what a copy is to hold."""
        self._adrift = True
        try:
            yield
        finally:
            self._adrift = False

    def record_view(self, record: Record) -> None:
        """Append a ``view`` row for an opened file, record or document, once per unlock; if the pen is taken, a little later."""
        key = (record.__tablename__, record.own_id)
        if key in self._viewed:
            return
        self._viewed.add(key)
        self._views.append(Entry(Act.VIEW, key[0], key[1], record.student()))
        self._write_views()

    def record_act(self, session: Session, act: Act, record: Record) -> int:
        """Append a row for a print, export or copy, inside the caller's write; gives its number in the trail."""
        return Door.of(session).add(Entry(act, record.__tablename__, record.own_id, record.student()))

    def record_own(self, session: Session, act: Act, kind: str = "", student_id: int | None = None) -> int:
        """Append a row about the vault itself (opened, keys changed) or about many records, inside the caller's write."""
        return Door.of(session).add(Entry(act, kind, None, student_id))

    def search(self, session: Session, words: str, limit: int = 50) -> list[Hit]:
        """Records in which all the words are found, newest first."""
        return search.find(session, words, limit)

    def head(self, session: Session) -> str:
        """The trail's head as it is printed: 12 hex."""
        return self.trail.head(session)[:12]

    def listen(self, listener: Listener) -> None:
        """Have ``listener`` told, on the writing thread, which tables a committed write changed."""
        self._listeners.append(listener)

    def when_closing(self, act: Callable[[], None]) -> None:
        """Have ``act`` called before the vault closes (stop what still reads it); it may be called twice."""
        self._closing.append(act)

    def when_closed(self, act: Callable[[], None]) -> None:
        """Have ``act`` called once the file is let go (let the lock go)."""
        self._after.append(act)

    def now(self) -> datetime:
        """This moment, by the clock the vault was opened with."""
        return self.clock.now()

    def checkpoint(self) -> None:
        """Bring the write-ahead log into the main file and empty it."""
        with self._engine.connect() as connection:
            driver = connection.connection.driver_connection
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()  # type: ignore[union-attr]

    def close(self) -> None:
        """Write what is pending, checkpoint, and let go of the file, even where the first two fail. Safe to call twice."""
        try:
            self._write_views(wait=PATIENCE)
        finally:
            self._let_go(in_order=True)

    def abandon(self) -> None:
        """Let go of a file found damaged, without writing to it what is pending. Safe to call twice."""
        self.damaged = True
        self._let_go(in_order=False)

    def hand_over(self, act: Callable[[], None]) -> None:
        """Do ``act`` while nobody writes, then let go of the file, which it has put another in the place of.

        Where ``act`` fails the vault stays open. Raises Busy or Closed, and what ``act`` raises.
        """
        self._write_views(wait=PATIENCE)
        if not self._pen.acquire(timeout=PATIENCE):
            raise Busy
        try:
            if self.closed:
                raise Closed
            act()
            self.closed = True  # before the pen is free: nothing may be written that the new file lacks
        finally:
            self._pen.release()
        self._let_go(in_order=False)

    def _let_go(self, *, in_order: bool) -> None:
        with ExitStack() as stack:
            stack.callback(self._shut, in_order)
            for act in reversed(self._closing):  # before the pen is taken: what is stopped here may be waiting for it
                stack.callback(act)

    def _shut(self, in_order: bool) -> None:
        with self._pen:  # a write that is committing finishes first
            if self._let_file_go:
                return
            self.closed = self._let_file_go = True
            try:
                if in_order:
                    self.checkpoint()
            except (DBAPIError, sqlcipher.DatabaseError):
                pass  # a reader is still there or the disk is full: the log stays beside the file and is read at the next opening
            finally:
                self._engine.dispose()
                for act in self._after:
                    act()

    def _write_views(self, wait: float = 0.0) -> None:
        if not self._views or self.closed:
            return
        try:
            with self.write("查阅", wait=wait):
                pass
        except Closed:
            return
        except (Busy, DiskFull, VaultMoved):
            timer = threading.Timer(1.0, self._write_views)
            timer.daemon = True
            timer.start()

    def _tell(self, kinds: frozenset[str]) -> None:
        if kinds:
            for listener in self._listeners:
                listener(kinds)
