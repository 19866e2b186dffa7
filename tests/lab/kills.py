"""kill -9 at random moments: a process writes through the real stores, says what it has committed, and dies; then the vault is examined."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from app.vault.files import DATABASE
from app.vault.keys import Password
from app.vault.recovery import RecoveryCode, new_code
from tests.lab import deeds
from tests.lab.trial import Outcome, user_data
from tests.lab.truth import Ledger, empty_backups, examine, founded_or_free

LIVES = 60
"""Kills one vault lives through before a new one takes its place: a larger file would only make the checks slower."""
DEEPLY = 5
"""Every so many trials the newest backup is opened as well, and the vault by its code."""
OWN_ACTS = ("restore", "rotate", "found")
SPREAD = 0.05
"""Seconds within which the kill follows the last word: a deed takes 5 to 80 ms."""
START = 0.2
"""The same for a kill before the first word: an opening takes 90 ms, founding a vault 400."""

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.lab.deeds"])


def run(count: int, seed: int, folder: Path) -> Outcome:
    """Kill ``count`` processes: four in five while ordinary work goes on, the rest during a restore, a change of keys, a founding."""
    outcome = Outcome("kill -9", "0 committed rows lost, 0 files that do not open, 0 half imports")
    dice = random.Random(seed)
    with user_data(folder / "user-data"):
        _ordinary(outcome, dice, count - 3 * (count // 15), folder)
        for act in OWN_ACTS:
            for _ in range(count // 15):
                _one_act(outcome, dice, act, folder / act)
    return outcome


def _ordinary(outcome: Outcome, dice: random.Random, count: int, folder: Path) -> None:
    first, place, ledger = 1, folder / "day", Ledger()
    for number in range(count):
        if number % LIVES == 0:
            place, ledger, first = folder / f"day-{number}", Ledger(code=new_code().characters), 1
            deeds.found(place, RecoveryCode(ledger.code))
        work = deeds.ordinary(dice, 40)
        heard = _killed(place, ledger, work, first, dice.randrange(12), dice)
        first += heard + 1
        faults = _judged(outcome, place, ledger, number)
        if faults or number % LIVES == LIVES - 1:
            shutil.rmtree(place)
        if faults:
            ledger = Ledger(code=ledger.code)
            deeds.found(place, RecoveryCode(ledger.code))
        elif len(ledger.backups) > 6:
            empty_backups(place, ledger)


def _one_act(outcome: Outcome, dice: random.Random, act: str, folder: Path) -> None:
    """One vault of its own, killed during one thing that takes long."""
    ledger = Ledger(code=new_code().characters)
    number = outcome.tried
    if act == "found":
        ledger.founded = False
        _begin_to_die(deeds.found, (folder, RecoveryCode(ledger.code)), dice.uniform(0.02, 0.6))
        outcome.met["during a founding"] += 1
        outcome.note(number, founded_or_free(folder, ledger))
    else:
        deeds.found(folder, RecoveryCode(ledger.code))
        before = ["sign", "import", "backup", "sign", "draft"]
        _killed(folder, ledger, [*before, act], 1, len(before) + 2, dice, spread=0.35)
        outcome.note(number, _examined(outcome, folder, ledger, deeply=True))
    shutil.rmtree(folder, ignore_errors=True)


def _judged(outcome: Outcome, folder: Path, ledger: Ledger, number: int) -> list[str]:
    faults = _examined(outcome, folder, ledger, deeply=number % DEEPLY == 0)
    outcome.note(number, faults)
    return faults


def _examined(outcome: Outcome, folder: Path, ledger: Ledger, *, deeply: bool) -> list[str]:
    outcome.met[f"during: {ledger.begun[0]}" if ledger.begun else "between two deeds, opening or closing"] += 1
    log = folder / f"{DATABASE}-wal"
    if log.exists() and log.stat().st_size:
        outcome.met["left a write-ahead log"] += 1
    return examine(folder, ledger, deeply=deeply)


def _killed(
    folder: Path,
    ledger: Ledger,
    work: Sequence[str],
    first: int,
    wait_for: int,
    dice: random.Random,
    *,
    spread: float = SPREAD,
) -> int:
    """Have a process live in the vault and kill it a moment after its ``wait_for``-th word; gives how many deeds it began."""
    hears, voice = _processes.Pipe(duplex=False)
    process = _processes.Process(target=_life, args=(folder, deeds.password(ledger.password), voice, list(work), first))
    process.start()
    voice.close()
    begun = words = 0
    while words < wait_for:
        try:
            begun += _heard(hears, ledger)
        except EOFError:
            break
        words += 1
    time.sleep(dice.uniform(0, spread if wait_for else START))
    process.kill()
    process.join()
    while True:  # what it said before it died
        try:
            begun += _heard(hears, ledger)
        except EOFError:
            break
    hears.close()
    return begun


def _heard(hears: Connection, ledger: Ledger) -> int:
    said = hears.recv_bytes().decode()
    ledger.hear(said)
    return said.startswith("begun")


def _life(folder: Path, opens_with: Password, voice: Connection, work: list[str], first: int) -> None:
    def say(words: str) -> None:
        voice.send_bytes(words.encode())

    deeds.live(folder, opens_with, say, work, first)


def _begin_to_die(act: object, arguments: tuple[object, ...], after: float) -> None:
    process = _processes.Process(target=act, args=arguments)  # type: ignore[arg-type]
    process.start()
    time.sleep(after)
    process.kill()
    process.join()
