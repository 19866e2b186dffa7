"""The recovery code alone: it opens the vault and its backups on another PC, and what is miscopied is refused before a file is touched."""

from __future__ import annotations

import random
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.clock import StandingClock
from app.errors import Problem
from app.vault.backup import back_up
from app.vault.backupfile import Unwatched, read
from app.vault.files import DATABASE, KEYS, KEYS_B
from app.vault.keys import calibrated
from app.vault.opening import create_vault, open_vault
from app.vault.recovery import ALPHABET, LENGTH, RecoveryCode, RecoveryCodeMistyped, read_code
from app.vault.restoring import Opened, unlocked
from tests.lab import deeds
from tests.lab.deeds import NOW, password
from tests.lab.trial import Outcome, user_data

REAL = 100
"""Every so many vaults one has the derivation that this PC would really take (0.5 to 1 s)."""


def run(count: int, seed: int, folder: Path) -> Outcome:
    """Found ``count`` vaults, each with a code of its own."""
    outcome = Outcome(
        "recovery code", "the code alone opens vault and backups; every typo and swap is refused, no file touched"
    )
    dice = random.Random(seed)
    for number in range(count):
        place = folder / f"{number}"
        outcome.note(number, _one(outcome, place, dice, real=number % REAL == 0))
        shutil.rmtree(place)
    return outcome


def _one(outcome: Outcome, folder: Path, dice: random.Random, *, real: bool) -> list[str]:
    here, there = folder / "a", folder / "另一台电脑 🏫"
    with user_data(folder / "user-data"):
        kdf = calibrated() if real else deeds.CHEAP.fresh()
        vault, code = create_vault(
            here, school="", room="", password=password(0).text, clock=StandingClock(NOW), kdf=kdf
        )
        for _ in range(dice.randrange(1, 5)):
            vault.begin_session()
        backup = back_up(vault).path
        with vault.read() as session:
            rows = vault.trail.length(session)
        vault.close()
    outcome.met["with the real derivation"] += real
    faults = _typos(outcome, code)
    there.mkdir()
    for name in (DATABASE, KEYS, KEYS_B):
        shutil.copy(here / name, there / name)
    with user_data(folder / "another-user-data"):
        written = read_code(f" {code.written.lower()} ")
        faults += _opens(outcome, there, written, rows)
        faults += _backup_opens(outcome, backup, written, folder / "nothing here")
    return faults


def _opens(outcome: Outcome, folder: Path, code: RecoveryCode, rows: int) -> list[str]:
    try:
        vault = open_vault(folder, code, StandingClock(NOW))
    except Problem as problem:
        return [f"the vault does not open: {type(problem).__name__}"]
    with vault.read() as session:
        there = vault.trail.length(session)
    vault.close()
    outcome.met["vaults opened by the code"] += 1
    return [] if there == rows + 1 else [f"{there} rows of the trail instead of {rows + 1}"]


def _backup_opens(outcome: Outcome, path: Path, code: RecoveryCode, nowhere: Path) -> list[str]:
    container = read(path)
    try:
        master = unlocked(container, code, nowhere)
        Opened(container, master, nowhere, StandingClock(NOW), Unwatched()).close()
    except Problem as problem:
        return [f"the backup does not open: {type(problem).__name__}"]
    outcome.met["backups opened by the code"] += 1
    return []


def _typos(outcome: Outcome, code: RecoveryCode) -> list[str]:
    """Every single wrong character and every swap of neighbours."""
    right, accepted = code.characters, 0
    miscopied = [
        right[:at] + other + right[at + 1 :] for at in range(LENGTH) for other in ALPHABET if other != right[at]
    ]
    swapped = [right[:at] + right[at + 1] + right[at] + right[at + 2 :] for at in range(LENGTH - 1)]
    wrong = [*miscopied, *(typed for typed in swapped if typed != right)]
    with _watched() as opened:
        for typed in wrong:
            try:
                read_code(typed)
            except RecoveryCodeMistyped:
                continue
            accepted += 1
    outcome.met["typos and swaps refused"] += len(wrong) - accepted
    faults = [f"{accepted} typos accepted"] if accepted else []
    return [*faults, *(f"a file was opened for a typo: {Path(path).name}" for path in opened)]


_watching: list[list[str]] = []
_hooked: list[bool] = []


@contextmanager
def _watched() -> Iterator[list[str]]:
    """Every file that is opened meanwhile. An audit hook stays for good, so there is one, and it listens only here."""
    if not _hooked:
        sys.addaudithook(_note)
        _hooked.append(True)
    opened: list[str] = []
    _watching.append(opened)
    try:
        yield opened
    finally:
        _watching.pop()


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _watching:
        _watching[-1].append(str(arguments[0]))
