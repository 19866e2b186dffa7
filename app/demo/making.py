"""Makes the demo vault: a made-up school for training, pictures and benchmarks, through the same stores the window uses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.clock import Clock
from app.demo.cast import Cast
from app.demo.papers import fill_consents, fill_referrals, write_samples
from app.demo.school import fill_calendar, make_vault
from app.demo.students import fill_students
from app.demo.talks import fill_notes
from app.demo.week import fill_week
from app.rooms.students import roster, store
from app.rooms.students.classlist import reading
from app.rooms.students.classlist.sheets import Workbook
from app.vault.files import BALLAST, DATABASE, KEYS, KEYS_B, LOCK
from app.vault.vault import Vault


@dataclass(frozen=True)
class Made:
    """What the demo vault holds, as the command's JSON line says it."""

    folder: Path
    password: str
    recovery_code: str
    students: int
    notes: int
    referrals: int
    appointments: int
    rosters: list[dict[str, Any]] = field(default_factory=list)
    samples: list[str] = field(default_factory=list)
    """The kinds of documents of which a sample was written."""

    def line(self) -> str:
        """One JSON line."""
        return json.dumps({**self.__dict__, "folder": str(self.folder)}, ensure_ascii=False)


def make(folder: Path, rosters: Sequence[Path], more: int, note_count: int, seed: int, samples: Path | None) -> Made:
    """Make the demo vault in a folder; on a failure nothing of it stays. ``more`` students are made up beside those of the
    rosters. Raises Problem."""
    cast, clock = Cast.of(seed), Clock()
    books = [reading.read(path) for path in rosters]
    if samples is not None:
        samples.mkdir(parents=True, exist_ok=True)
    stood = folder.exists()
    vault, password, code = make_vault(folder, cast, clock)
    try:
        today = clock.today()
        reports = [_take(vault, book) for book in books]
        fill_calendar(vault, today)
        fill_students(vault, cast, more, today)
        written = fill_notes(vault, cast, note_count, today)
        fill_consents(vault, cast, today)
        booked = fill_week(vault, cast)
        referrals = fill_referrals(vault, cast, today, password)
        kinds = write_samples(vault, samples) if samples is not None else []
        with vault.read() as session:
            count = store.count(session)
        vault.close()
    except BaseException:
        vault.close()
        _take_away(folder, whole=not stood)
        raise
    return Made(folder, password, code.written, count, written, referrals, booked, reports, kinds)


def _take_away(folder: Path, *, whole: bool) -> None:
    """Remove the files of a vault that was just made there, and the folder where it was made for it."""
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", KEYS, KEYS_B, BALLAST, LOCK):
        (folder / name).unlink(missing_ok=True)
    if whole:
        with suppress(OSError):  # something else was put there meanwhile
            folder.rmdir()


def _take(vault: Vault, book: Workbook) -> dict[str, Any]:
    shown = roster.look(vault, book)
    return roster.report(shown, roster.take(vault, shown))
