"""What a school PC does around the vault: a second window, a folder that cannot be written, a held file, a wrong clock, odd paths."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from unittest import mock

from app.clock import StandingClock
from app.errors import Problem
from app.rooms.students import store as students
from app.rooms.students.record import Student
from app.vault import checking, engine, files, keycopies, typing
from app.vault.backupplaces import back_up_if_due
from app.vault.files import DATABASE, KEYS, KEYS_B, LOCK, FileHeld, NotWritable
from app.vault.locking import AlreadyOpen
from app.vault.opening import open_vault
from app.vault.places import FolderRefused
from app.vault.recovery import new_code
from app.vault.renewing import change_password
from app.vault.vault import Busy
from tests.lab import deeds
from tests.lab.deeds import NOW, password
from tests.lab.trial import Outcome, user_data
from tests.lab.truth import Ledger, examine

SECONDS = (5.0, 60.0)
"""How long something else holds a file: the first is waited for, the second is told."""
PATHS = (
    "王 老师 🏫",
    "C# 100%20",
    "a?b&c=d#e",
    'it\'s "quoted"',
    "{0} %s $HOME",
    "/".join(["long" * 23] * 3),
)
YEARS = (0, -30, 30, 0)

_processes = multiprocessing.get_context("forkserver")


def run(share: float, seed: int, folder: Path) -> Outcome:
    """Each once; with a ``share`` below 1 the files are held for so much less."""
    outcome = Outcome("surroundings", "told in one sentence and nothing changed, or waited for; nothing lost")
    seconds = tuple(max(1.0, each * share) for each in SECONDS) if share >= 1 else (1.0, 7.0)
    with user_data(folder / "user-data"):
        good = folder / "good"
        deeds.found(good, new_code())
        deeds.live(good, password(0), len, ["sign", "import", "backup"], 1)
        for trial in (_second_instance, _read_only, _clock):
            _fresh(outcome, good, folder, trial.__name__[1:].replace("_", " "), trial)
        for held in seconds:
            what = f"held for {held:.0f} s" if share >= 1 else "held for a while"
            _fresh(outcome, good, folder, f"database {what}", lambda o, f, held=held: _database_held(f, held))  # type: ignore[misc]
            _fresh(outcome, good, folder, f"key file {what}", lambda o, f, held=held: _keys_held(o, f, held))  # type: ignore[misc]
        for path in PATHS if share >= 1 else PATHS[:2]:
            outcome.met["odd path"] += 1
            outcome.note(outcome.tried, [f"{path[:20]}: {fault}" for fault in _odd_path(folder / "paths" / path)])
        _fresh(outcome, good, folder, "path past what the system takes", _too_long)
    return outcome


def _too_long(_outcome: Outcome, folder: Path) -> list[str]:
    """No vault can be there: that is said, and nothing is left."""
    there = folder.joinpath(*["路" * 80] * 4)
    try:
        deeds.found(there, new_code())
    except Problem:
        return [path.name for path in there.rglob("*") if path.is_file() and path.name != LOCK]
    return ["it was founded"]


def _fresh(outcome: Outcome, good: Path, folder: Path, what: str, trial: Callable[[Outcome, Path], list[str]]) -> None:
    here = folder / "here"
    shutil.copytree(good, here)
    outcome.met[what] += 1
    with user_data(folder / f"user-data-{outcome.tried}"):  # somebody who has not seen the other copies go on
        outcome.note(outcome.tried, [f"{what}: {fault}" for fault in trial(outcome, here)])
    shutil.rmtree(here)


def _second_instance(_outcome: Outcome, folder: Path) -> list[str]:
    """Whoever comes second is told, and writes nothing."""
    with _held(folder):
        before, faults = _digests(folder), []
        for act, told in (
            (lambda: open_vault(folder, password(0), StandingClock(NOW)), AlreadyOpen),
            (lambda: deeds.found(folder, new_code()), FolderRefused),
        ):
            try:
                act()
                faults.append("a second one was let in")
            except told:
                pass
        if _digests(folder) != before:
            faults.append("the second one has written")
    return faults + examine(folder, _ledger())


def _read_only(outcome: Outcome, folder: Path) -> list[str]:
    """A folder, a stick or a disk that cannot be written."""
    with _unwritable(folder) as there:
        if there is None:
            outcome.skipped.append("a folder that not even root can write: mounting is not allowed here")
            return []
        before, faults = _digests(there), []
        try:
            open_vault(there, password(0), StandingClock(NOW))
            faults.append("it opened")
        except NotWritable:
            pass
        if _digests(there) != before:
            faults.append("files changed")
    return faults + examine(folder, _ledger())


def _clock(_outcome: Outcome, folder: Path) -> list[str]:
    """The PC's clock is thirty years behind, then ahead, then right again; each time something is written and backed up."""
    faults = []
    for number, years in enumerate(YEARS):
        moment = NOW + timedelta(days=round(365.25 * years), minutes=number)
        vault = open_vault(folder, password(0), StandingClock(moment))
        if vault.behind is not None:
            faults.append(f"{years} years: taken for an older file")
        with vault.write("登记学生") as session:
            students.add(session, Student(student_no=f"K{number}", name="程晓", grade=8, class_no=3))
        made = back_up_if_due(vault, None, None).made
        if made is None or not (folder / "备份" / made.name).exists():
            faults.append(f"{years} years: no backup, or thinned at once")
        faults += [f"{years} years: {finding.check}" for finding in checking.check(vault) if finding.faults]
        vault.close()
    with closing(open_vault(folder, password(0), StandingClock(NOW))) as vault, vault.read() as session:
        if students.count(session) != 1 + deeds.ROWS + len(YEARS):
            faults.append("a student is missing")
    return faults


def _database_held(folder: Path, seconds: float) -> list[str]:
    """Another program holds the database's write lock: what is typed is kept as soon as it lets go, however long that takes."""
    vault = open_vault(folder, password(0), StandingClock(NOW))
    held = threading.Event()
    other = threading.Thread(target=_hold_database, args=(folder, seconds - 0.5, held))
    other.start()
    held.wait()
    told = 0
    began = time.monotonic()
    while True:
        try:
            typing.keep(vault, deeds.FORM, {"subjective": "7"}, 1)
            break
        except Busy:
            told += 1
    waited = time.monotonic() - began
    other.join()
    vault.close()
    ledger = _ledger()
    ledger.settle("type", 7, "", "")
    faults = examine(folder, ledger)
    if seconds <= SECONDS[0] and told:
        faults.append("a short wait was told as a refusal")
    if seconds > SECONDS[0] + 1 and not told:
        faults.append(f"nothing was told for {waited:.0f} s")
    return faults


def _hold_database(folder: Path, seconds: float, held: threading.Event) -> None:
    content = keycopies.read_copies(folder)[0].content
    master = content.open_slot(password(0))
    with closing(engine.connect(folder / DATABASE, master.subkey("db/1"), content.salt)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        held.set()
        time.sleep(seconds)
        connection.execute("ROLLBACK")


def _keys_held(outcome: Outcome, folder: Path, seconds: float) -> list[str]:
    """The system refuses to replace the key file for a while, as Windows does under an antivirus: patience, then one sentence."""
    vault = open_vault(folder, password(0), StandingClock(NOW))
    kept = [folder / KEYS, folder / KEYS_B]
    if not _immutable(kept, True):
        vault.close()
        outcome.skipped.append("a key file that the system refuses to replace: chattr +i is not allowed here")
        return []
    letting_go = threading.Timer(seconds, _immutable, (kept, False))
    letting_go.start()
    faults, ledger = [], _ledger()
    try:
        with mock.patch.object(files.sys, "platform", "win32"):
            change_password(vault, password(0).text, password(8).text)
        ledger.password = 8
        if seconds > SECONDS[0] + 1:
            faults.append("it was waited for longer than anybody would")
    except FileHeld:
        if seconds <= SECONDS[0]:
            faults.append("a short wait was told as a refusal")
    finally:
        letting_go.cancel()
        letting_go.join()
        _immutable(kept, False)
    vault.close()
    return faults + examine(folder, ledger)


def _odd_path(folder: Path) -> list[str]:
    """Everything that names files, in a folder with such a name."""
    code, ledger = new_code(), Ledger()
    ledger.code = code.characters
    deeds.found(folder, code)
    work = ["sign", "import", "backup", "type", "restore", "sign", "password", "rotate", "backup", "reopen"]
    deeds.live(folder, password(0), ledger.hear, work, 1)
    return examine(folder, ledger, deeply=True)


def _ledger() -> Ledger:
    ledger = Ledger()
    for number, deed in enumerate(("sign", "import"), start=1):
        ledger.settle(deed, number, "", "")
    return ledger


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (LOCK, f"{DATABASE}-shm")
    }


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Another process has the vault open."""
    here, there = _processes.Pipe()
    process = _processes.Process(target=_hold, args=(folder, there))
    process.start()
    here.recv()
    try:
        yield
    finally:
        here.send("close")
        process.join()


def _hold(folder: Path, there: Connection) -> None:
    vault = open_vault(folder, password(0), StandingClock(NOW))
    there.send("open")
    there.recv()
    vault.close()


@contextmanager
def _unwritable(folder: Path) -> Iterator[Path | None]:
    """The folder, for reading alone: by its rights, or for root on a disk that is mounted so."""
    if os.geteuid() != 0:
        folder.chmod(0o500)
        try:
            yield folder
        finally:
            folder.chmod(0o700)
        return
    disk = folder.with_name("read-only")
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "none", str(disk)], capture_output=True).returncode:
        yield None
        return
    try:
        shutil.copytree(folder, disk / "vault")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        yield disk / "vault"
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def _immutable(paths: list[Path], on: bool) -> bool:
    try:
        done = subprocess.run(["chattr", "+i" if on else "-i", *map(str, paths)], capture_output=True)
    except OSError:
        return False
    return done.returncode == 0
