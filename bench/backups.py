"""What a backup costs: of a vault of 300 MB, against a plain copy of its file and the same checks of that copy; and a restore drill."""

from __future__ import annotations

import os
import secrets
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import app.house.rooms  # noqa: F401 - every kind of record
from app.clock import Clock
from app.rooms.students.record import Student
from app.vault import attachments, backup
from app.vault.backup import local_place, make
from app.vault.backupfile import Container, Unwatched
from app.vault.files import DATABASE
from app.vault.opening import Password, open_vault
from app.vault.restoring import drill
from app.vault.vault import Vault
from bench.timing import Figure

WANTED = 300 << 20
SCAN = 2 << 20
"""Bytes of one attached scan, of which there are as many as the vault lacks."""
RUNS = 3


def backups(folder: Path, password: str) -> list[Figure]:
    """Back the vault up as it is, filled up with scans to 300 MB."""
    with tempfile.TemporaryDirectory() as beside:
        copy = Path(beside) / "vault"
        shutil.copytree(folder, copy)
        vault = open_vault(copy, Password(password), Clock())
        try:
            _fill(vault)
            time.sleep(5)  # the page checks end
            return _measured(vault)
        finally:
            vault.close()


def _fill(vault: Vault) -> None:
    while (vault.folder / DATABASE).stat().st_size < WANTED:
        with vault.write("测速") as session:
            student = session.query(Student).first()
            assert student is not None
            for _ in range(4):
                attachments.add(session, student, "扫描.png", b"\x89PNG\r\n\x1a\n" + secrets.token_bytes(SCAN))
        vault.checkpoint()


def _measured(vault: Vault) -> list[Figure]:
    whole, plain, checking = [], [], []
    for _ in range(RUNS):
        checks = _Checks()
        started = time.perf_counter()
        container = make(vault, Unwatched())
        whole.append(time.perf_counter() - started)
        checking.append(checks.end())
        container.path.unlink()
        plain.append(_plain_copy(vault))
    took, copied, checked = (statistics.median(runs) for runs in (whole, plain, checking))
    size = (vault.folder / DATABASE).stat().st_size >> 20
    container = make(vault, Unwatched())
    started = time.perf_counter()
    drill(vault, container)
    drilled = time.perf_counter() - started
    return [
        (f"backup of {size} MB, checked and named", took, 1.5 * (copied + checked), "s"),
        ("  against a plain copy and the same checks", took / (copied + checked), 1.5, "x"),
        ("restore drill: all of a restore but the exchange, per 200 MB", drilled * 200 / size, 60.0, "s"),
    ]


class _Checks:
    """How long the checks of the copy take within a backup."""

    def __init__(self) -> None:
        self._real, self._seconds = backup.open_backup, 0.0
        backup.open_backup = self._opened  # type: ignore[assignment]

    def _opened(self, container: Container, *more: object) -> Vault:
        started = time.perf_counter()
        opened = self._real(container, *more)  # type: ignore[arg-type]
        self._seconds += time.perf_counter() - started
        return opened

    def end(self) -> float:
        backup.open_backup = self._real
        return self._seconds


def _plain_copy(vault: Vault) -> float:
    """Seconds to copy the file and have it on the disk."""
    vault.checkpoint()
    to = local_place(vault.folder) / "plain"
    started = time.perf_counter()
    shutil.copyfile(vault.folder / DATABASE, to)
    with to.open("r+b") as file:
        os.fsync(file.fileno())
    taken = time.perf_counter() - started
    to.unlink()
    return taken
