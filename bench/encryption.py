"""What encryption costs: the same queries and the same saves on the vault and on a plain copy of it, in turn, in one run."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from unittest import mock

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import select

from app.clock import Clock
from app.rooms.notes import store as notes
from app.rooms.notes.record import Case, NoteValues
from app.vault import engine, keycopies, migrating
from app.vault.files import DATABASE
from app.vault.keys import MasterKey, Password
from app.vault.vault import Vault

PLAIN = "plain.db"
_KEYED = engine.connect
READS = (
    "SELECT * FROM student ORDER BY grade, class_no, student_no",
    "SELECT * FROM note WHERE student_id = 1 + abs(random()) % 5000",
    "SELECT id, held_on, status FROM note ORDER BY held_on DESC LIMIT 200",
    "SELECT count(*) FROM note WHERE subjective LIKE '%凌晨%'",
    "SELECT rowid FROM search WHERE search MATCH '\"睡 不\"' ORDER BY rowid DESC LIMIT 50",
)
"""What the pages ask: the list, one file, the newest, a look through all text, the search."""
READ_ROUNDS, SAVE_ROUNDS = 7, 60
Figure = tuple[str, float, float, str]


def encryption(folder: Path, password: str) -> list[Figure]:
    """Reads (warm, the sum of what the pages ask) and saves of a note through the writing door, encrypted against plain."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=folder.parent)))
        content = keycopies.read_copies(folder)[0].content
        master = content.open_slot(Password(password))
        key = master.subkey(f"db/{content.epoch}")
        _copy(folder, place, key, content.salt)
        stack.enter_context(mock.patch.object(engine, "connect", _connect))
        sealed, plain = (
            stack.enter_context(_vault(place / name, master, with_key, content.salt))
            for name, with_key in ((DATABASE, key), (PLAIN, b""))
        )
        reads = _in_turn(READ_ROUNDS, lambda: _read(sealed), lambda: _read(plain))
        drafts = [_draft(sealed), _draft(plain)]
        saves = _in_turn(SAVE_ROUNDS, lambda: _save(sealed, drafts[0]), lambda: _save(plain, drafts[1]))
    return [
        ("encrypted against plain SQLite, reads", reads, 1.3, "x"),
        ("encrypted against plain SQLite, saving a note", saves, 1.6, "x"),
    ]


def _copy(folder: Path, place: Path, key: bytes, salt: bytes) -> None:
    """The vault's database, and the same tables in the plain beside it."""
    shutil.copy(folder / DATABASE, place / DATABASE)
    (place / PLAIN).touch()
    with closing(engine.connect(place / DATABASE, key, salt)) as sealed:
        sealed.execute("ATTACH DATABASE ? AS plain KEY ''", (str(place / PLAIN),))
        sealed.execute("SELECT sqlcipher_export('plain')").fetchall()
        sealed.execute("DETACH DATABASE plain")


def _connect(path: Path, key: bytes, salt: bytes) -> sqlcipher.Connection:
    """As the program connects; without a key to the plain copy, by the same library with the same settings."""
    if key:
        return _KEYED(path, key, salt)
    connection = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL").fetchone()
    for pragma in engine.PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


@contextmanager
def _vault(path: Path, master: MasterKey, key: bytes, salt: bytes) -> Iterator[Vault]:
    opened = Vault(path.parent, master, engine.open_engine(path, key, salt), migrating.newest(), Clock())
    try:
        yield opened
    finally:
        opened.abandon()


def _in_turn(rounds: int, sealed: Callable[[], object], plain: Callable[[], object]) -> float:
    """How many times longer the first takes; both are run in turn, so that a busy machine slows both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 1):
        for act, times in zip((sealed, plain), taken, strict=True):
            began = time.perf_counter()
            act()
            times.append(time.perf_counter() - began)
    return statistics.median(taken[0][1:]) / statistics.median(taken[1][1:])  # the first round warms both


def _read(vault: Vault) -> None:
    with vault.read() as session:
        for query in READS:
            for _ in range(20 if "random()" in query else 1):
                session.connection().exec_driver_sql(query).fetchall()


def _draft(vault: Vault) -> int:
    today = vault.clock.today()
    with vault.write("测速") as session:
        of_open = select(Case.id).where(Case.closed_at.is_(None))
        case_id = session.scalars(of_open.order_by(Case.id.desc()).limit(1)).one()
        return notes.draft(session, case_id, NoteValues(held_on=today), today).id


def _save(vault: Vault, note_id: int) -> None:
    """What the editor's 存草稿 does: the note, its search entry and its link of the trail, in one commit."""
    with vault.write("保存会谈记录草稿") as session:
        values = NoteValues.of(notes.get(session, note_id))
        notes.save_draft(
            session, note_id, replace(values, subjective=f"{time.perf_counter()} " + "夜间入睡困难。" * 60)
        )
