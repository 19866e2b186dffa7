"""The page checks that follow every opening: on a connection and a thread of their own, while reads and writes go on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher

from app.vault.engine import connect
from app.vault.proving import VaultDamaged, as_problem

CHECKS = ("cipher_integrity_check", "quick_check")

PATIENCE = 0.25
"""Seconds that closing the vault waits for a check to end; after that it ends by itself and tells nobody."""


class PageCheck:
    """Reads every page once; calls ``damaged`` on its own thread if one of them is not as it was written."""

    def __init__(self, path: Path, key: bytes, salt: bytes, damaged: Callable[[], None]) -> None:
        self._connection = connect(path, key, salt)
        self._connection.execute("PRAGMA cache_size=-2048")  # each page is read once
        self._damaged = damaged
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="page-check", daemon=True)

    def start(self) -> None:
        """Begin; whoever is to stop it has been told of it by now."""
        self._thread.start()

    def stop(self) -> None:
        """Break it off; a lock waits for it a moment only, for one of the checks cannot be interrupted (1 s for 200 MB)."""
        self._stopped.set()
        if threading.current_thread() is self._thread or not self._thread.is_alive():
            return
        with suppress(sqlcipher.ProgrammingError):  # it is through
            self._connection.interrupt()
        self._thread.join(PATIENCE)

    def _run(self) -> None:
        sound = True
        try:
            sound = all(self._is_sound(check) for check in CHECKS if not self._stopped.is_set())
        except sqlcipher.DatabaseError as error:
            sound = not isinstance(as_problem(error, None), VaultDamaged)  # a full disk or a break-off is no damage
        finally:
            self._connection.close()
        if not sound and not self._stopped.is_set():
            self._damaged()

    def _is_sound(self, check: str) -> bool:
        rows = self._connection.execute(f"PRAGMA {check}").fetchall()
        return all(row == ("ok",) for row in rows)
