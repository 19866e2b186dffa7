"""What encryption costs: the same queries and commits on the vault and on a plain copy of it, in turn, in one run."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher

from app.vault import keycopies
from app.vault.engine import PRAGMAS, connect
from app.vault.files import DATABASE
from app.vault.keys import Password

READS = (
    "SELECT * FROM student ORDER BY grade, class_no, student_no",
    "SELECT * FROM note WHERE student_id = 1 + abs(random()) % 5000",
    "SELECT id, held_on, status FROM note ORDER BY held_on DESC LIMIT 200",
    "SELECT count(*) FROM note WHERE subjective LIKE '%凌晨%'",
    "SELECT rowid FROM search WHERE search MATCH '\"睡 不\"' ORDER BY rowid DESC LIMIT 50",
)
"""What the pages ask: the list, one file, the newest, a look through all text, the search."""
READ_ROUNDS, COMMIT_ROUNDS = 7, 60
COMMITS = 10
Figure = tuple[str, float, float, str]


def encryption(folder: Path, password: str) -> list[Figure]:
    """Reads (warm, the sum of what the pages ask) and commits of one note each, encrypted against plain."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=folder.parent)))
        sealed, plain = _both(folder, password, place)
        stack.enter_context(closing(sealed))
        stack.enter_context(closing(plain))
        reads = _in_turn(READ_ROUNDS, lambda: _read(sealed), lambda: _read(plain))
        commits = _in_turn(COMMIT_ROUNDS, lambda: _commit(sealed), lambda: _commit(plain))
    return [
        ("encrypted against plain SQLite, reads", reads, 1.3, "x"),
        ("encrypted against plain SQLite, commits", commits, 1.6, "x"),
    ]


def _both(folder: Path, password: str, place: Path) -> tuple[sqlcipher.Connection, sqlcipher.Connection]:
    """The vault's copy under its key, and the same tables in the plain, by the same library with the same settings."""
    content = keycopies.read_copies(folder)[0].content
    master = content.open_slot(Password(password))
    shutil.copy(folder / DATABASE, place / DATABASE)
    sealed = connect(place / DATABASE, master.subkey(f"db/{content.epoch}"), content.salt)
    (place / "plain.db").touch()
    sealed.execute("ATTACH DATABASE ? AS plain KEY ''", (str(place / "plain.db"),))
    sealed.execute("SELECT sqlcipher_export('plain')").fetchall()
    sealed.execute("DETACH DATABASE plain")
    plain = sqlcipher.connect(str(place / "plain.db"), isolation_level=None)
    plain.execute("PRAGMA journal_mode=WAL").fetchone()
    for pragma in PRAGMAS:
        plain.execute(f"PRAGMA {pragma}")
    return sealed, plain


def _in_turn(rounds: int, sealed: Callable[[], object], plain: Callable[[], object]) -> float:
    """How many times longer the first takes; both are run in turn, so that a busy machine slows both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 1):
        for act, times in zip((sealed, plain), taken, strict=True):
            began = time.perf_counter()
            act()
            times.append(time.perf_counter() - began)
    return statistics.median(taken[0][1:]) / statistics.median(taken[1][1:])  # the first round warms both


def _read(connection: sqlcipher.Connection) -> None:
    for query in READS:
        for _ in range(20 if "random()" in query else 1):
            connection.execute(query).fetchall()


def _commit(connection: sqlcipher.Connection) -> None:
    for number in range(COMMITS):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "INSERT OR REPLACE INTO typing (form, content, at) VALUES (?, ?, ?)",
            (f"bench/{number}", "字" * 800, "2026"),
        )
        connection.execute("COMMIT")
