"""The marker scan: a whole working day in the real program, under a recorder; then nothing of it may be read anywhere in plain."""

from __future__ import annotations

import json
import random
import resource
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from app.clock import Clock
from app.rooms.school.record import School
from app.ui.settings_file import SettingsFile
from app.vault.files import BALLAST, KEYS
from app.vault.keys import Password
from app.vault.opening import create_vault, open_vault
from app.vault.vault import Vault
from tests.cups import NoQueue, PrintQueue, own_queue
from tests.documents.reading import bare, words_of
from tests.journeys.conftest import FOLDERS
from tests.journeys.driven.program import Program
from tests.journeys.traces import Marks
from tests.lab import workday, writelog
from tests.lab.deeds import CHEAP
from tests.lab.leaks import CALLS, Search, recorded
from tests.lab.trial import Outcome, user_data
from tests.lab.workday import HOURS, MARKERS, TAKEN

PRINTING = Path("/var/log/cups")
"""Where the printing system writes its own logs."""
IN_PLAIN = {"school": (f"{KEYS}*", "备份-*.jsbak*", "made")}
"""What may stand in plain, and where (design.md §5): in the key file, and in its copy in a backup, finished or being made."""


def run(count: int, seed: int, folder: Path) -> Outcome:
    """The whole day for all the markers; else, in a vault that is there, as many hours as bring ``count``. Each marker is one trial."""
    outcome = Outcome("marker scan of a working day", "0 hits outside what was taken out on purpose")
    whole = count >= len(MARKERS)
    day = Day(folder.resolve(), random.Random(seed), outcome, deeply=whole)
    names = list(HOURS) if whole else _hours(count)
    kinds = [kind for name in names for kind in HOURS[name].brings] + ["crash"] * whole
    try:
        if not whole:
            day.found()
        with _queue(outcome) if whole else nullcontext() as queue:
            day.live(names, queue)
            if whole:
                day.crash()
            day.examine(kinds, {kind for name in names for kind in HOURS[name].takes_out}, queue)
    finally:
        day.end()
    return outcome


def _hours(count: int) -> list[str]:
    names: list[str] = []
    for name in list(HOURS)[1:]:
        if sum(len(HOURS[chosen].brings) for chosen in names) < count:
            names.append(name)
    return names


@contextmanager
def _queue(outcome: Outcome) -> Iterator[PrintQueue | None]:
    try:
        with own_queue() as queue:
            yield queue
    except NoQueue as reason:
        outcome.skipped.append(f"the print: {reason}")
        yield None


class Day:
    """A PC of its own, the program on it, and the search for what both left."""

    def __init__(self, folder: Path, dice: random.Random, outcome: Outcome, *, deeply: bool) -> None:
        """``deeply``: the ballast's 16 MB of random bytes too."""
        self._deeply = deeply
        self._folder, self._pc, self._outcome = folder, folder / "pc", outcome
        self._home = self._pc / "home"
        self._taken = self._home / TAKEN
        self.words = workday.markers(dice)
        self._printer = ""
        self._logs: list[Path] = []
        self._program: Program | None = None
        self._kept: list[Path] = []
        for place in (*(self._pc / name for name in FOLDERS.values()), self._taken, self._home / workday.CARRIED):
            place.mkdir(parents=True, exist_ok=True)
        for name, content in workday.files(self.words).items():
            path = self._home / workday.CARRIED / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)

    def found(self) -> None:
        """A vault with a cheap derivation, which the program opens at once."""
        self.words["password"] = workday.letters(random.Random(0))
        with user_data(self._pc / FOLDERS["XDG_DATA_HOME"]):
            vault, code = create_vault(
                self._home / workday.VAULT,
                school=self.words["school"],
                room="",
                password=self.words["password"],
                clock=Clock(),
                kdf=CHEAP,
            )
            with vault.write("登记学校") as session:
                session.add(School(name=self.words["school"], room_name="", counsellor=self.words["counsellor"]))
            vault.close()
        self.words["code"] = code.written
        settings = self._pc / FOLDERS["XDG_CONFIG_HOME"] / "Jingshi/settings.json"
        SettingsFile(settings).change(folder=str(self._home / workday.VAULT))

    def live(self, names: list[str], queue: PrintQueue | None) -> None:
        """From the program's start to its end."""
        self._printer = queue.name if queue is not None else ""
        self._start("day")
        if "first_run" not in names:
            self._do("unlock")
        for name in names:
            made = self._do(name)
            if name == "first_run":
                self.words["password"], self.words["code"] = made
            if HOURS[name].then_locks:
                self._keep()
                self._running().lock()
                self._keep()
                self._outcome.met["locks"] += 1
                if name != "meeting":
                    self._do("unlock")
        self._keep()
        with suppress(AssertionError):  # it may be gone before it answers
            self._do("quitting")
        code = self._running().process.wait(60)
        if code:
            raise RuntimeError(f"the program ended with {code}")

    def crash(self) -> None:
        """The program dies of a fault of its own in the middle of a note, where the system writes core files."""
        if Path("/proc/sys/kernel/core_pattern").read_text().startswith("|"):
            self._outcome.skipped.append("a core file: this system hands them to a program of its own")
        before = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
        try:
            self._start("crash")
            self._do("unlock")
            with suppress(AssertionError):  # it does not answer any more
                self._do("crashing")
        finally:
            resource.setrlimit(resource.RLIMIT_CORE, before)
        code = self._running().process.wait(60)
        if code != -signal.SIGSEGV:
            raise RuntimeError(f"the program ended with {code} instead of a crash")
        self._outcome.met["crashes"] += 1

    def end(self) -> None:
        if self._program is not None:
            self._program.end()

    # What was left

    def examine(self, kinds: list[str], taken_out: set[str], queue: PrintQueue | None) -> None:
        """Look everywhere, and say of each marker where it could be read; ``taken_out`` must be in the exports."""
        self._keep()
        search = Search(self.words, IN_PLAIN)
        faults = self._of_the_recording(search)
        for kept in self._kept:
            self._through(search, kept)
        if queue is not None:
            search.content("the print queue", queue.told_of_jobs() if queue.wait_for(1) else b"")
            for log in PRINTING.iterdir():
                search.content(str(log), log.read_bytes())
        self._outcome.met["MB looked through"] += search.read >> 20
        faults += [f"lies open: {where}" for where in sorted(search.open)]
        kept, out = self._in_the_vault(), self._taken_out()
        for number, kind in enumerate(kinds):
            marker, told = MARKERS[kind], sorted(search.met[kind])
            if marker.kept and kind not in kept:
                told.append("was never in the vault: the scan proves nothing")
            if kind in taken_out and kind not in out:
                told.append("is not in what was taken out on purpose: the scan sees nothing")
            self._outcome.met["markers found in the vault"] += kind in kept
            self._outcome.met["markers found in what was taken out on purpose"] += kind in out
            self._outcome.note(number, [f"{marker.what}: {fault}" for fault in told])
        self._outcome.failures += faults

    def _of_the_recording(self, search: Search) -> list[str]:
        """What was written to files that are gone, or that lie elsewhere; what children were called with."""
        faults = []
        for log in self._logs:
            told = recorded(log)
            for path, content in told.written.items():
                name = Path(path).name
                if not path.startswith(f"{self._taken}/") and (self._deeply or not name.startswith(BALLAST)):
                    search.content(f"written to {path}", bytes(content), name)
            for path in told.named:
                if not path.startswith(f"{self._taken}/"):
                    search.name(path)
            for command in told.commands:
                search.name(command.decode(errors="replace"))
            faults += [f"written outside the PC's own folders: {path}" for path in told.outside([self._pc])]
            faults += [f"written unseen: {path}" for path in told.mapped if not path.endswith("-shm")]
            if not any(path.endswith("vault.db-wal") for path in told.written):
                faults.append("the recorder saw nothing")
            self._outcome.met["files recorded"] += len(told.named)
            self._outcome.met["MB recorded"] += sum(map(len, told.written.values())) >> 20
        return faults

    def _through(self, search: Search, kept: Path) -> None:
        for path in sorted(kept.rglob("*")):
            where = str(path.relative_to(kept))
            search.name(where)
            if path.is_file() and (self._deeply or not path.name.startswith(BALLAST)):
                search.content(where, path.read_bytes(), path.name)
                self._outcome.met["files looked through"] += 1

    def _in_the_vault(self) -> set[str]:
        """Which markers its records hold."""
        copy = self._folder / "opened"
        shutil.copytree(self._home / workday.VAULT, copy)
        with user_data(self._folder / "user-data"):
            vault = open_vault(copy, Password(self.words["password"]), Clock())
            try:
                held = _rows(vault)
            finally:
                vault.close()
        return self._among(held)

    def _taken_out(self) -> set[str]:
        """Which markers can be read in the exports, as another program reads them."""
        held = set[str]()
        for path in self._taken.iterdir():
            content = path.read_bytes()
            held |= self._among(content) | self._among(path.name.encode())
            if content.startswith(b"%PDF-") and b"/Encrypt" not in content:
                held |= self._among(bare("".join(words_of(content, as_drawn=True))).encode())
        return held

    def _among(self, held: bytes) -> set[str]:
        kinds = {word: kind for kind, word in self.words.items()}
        return {kinds[found.word] for found in Marks(kinds).found(held)}

    # The program

    def _start(self, name: str) -> None:
        before: list[str] = []
        if writelog.can_record():
            self._logs.append(self._folder / f"{name}.log")
            before = [*writelog.recorder(self._logs[-1], CALLS), "-D"]
        elif not self._logs:
            self._outcome.skipped.append(
                "files that came and went: strace is missing or may not look at a process here"
            )
        own = {variable: str(self._pc / place) for variable, place in FOLDERS.items()}
        self._program = Program(self._pc, own | {"PYTHONDONTWRITEBYTECODE": "1"}, before)

    def _running(self) -> Program:
        assert self._program is not None
        return self._program

    def _do(self, name: str) -> Any:
        """One hour, in the program."""
        given = json.dumps([self.words, str(self._home), self._printer])
        act = f"value = workday.{name}(workday.At(hands, house, *workday.given({given!r})))"
        return self._running().do(f"from tests.lab import workday\n{act}")

    def _keep(self) -> None:
        """Keep what lies on the PC now, but for what she brought and what she took out."""
        copy = self._folder / f"kept-{len(self._kept)}"
        shutil.copytree(self._pc, copy, ignore=_left_out, symlinks=True, copy_function=_copied)
        self._kept.append(copy)


def _left_out(folder: str, names: list[str]) -> list[str]:
    """What is hers, and sockets, which hold nothing."""
    return [name for name in names if name in (TAKEN, workday.CARRIED) or Path(folder, name).is_socket()]


def _copied(source: str, to: str) -> None:
    """What goes while it is being copied is told by the recorder."""
    with suppress(FileNotFoundError):
        shutil.copy2(source, to)


def _rows(vault: Vault) -> bytes:
    """Everything its tables hold."""
    held = []
    with vault.read() as session:
        connection = session.connection()
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        for table in tables:
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"'):
                held += [cell if isinstance(cell, bytes) else str(cell).encode() for cell in row]
    return b"\n".join(held)
