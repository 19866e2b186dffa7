"""Damaged files: a bit in every page, every byte of the key file, pages swapped, cut off, of another vault or of another day."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from app.clock import StandingClock
from app.errors import Problem
from app.vault import checking, keycopies
from app.vault.backup import BACKUPS, back_up
from app.vault.backupfile import BackupDamaged
from app.vault.files import BALLAST, DATABASE, KEYS, KEYS_B, LOCK
from app.vault.keycopies import KeyFileDamaged
from app.vault.opening import VaultDamaged, open_vault
from app.vault.proving import PAGE
from app.vault.recovery import new_code
from app.vault.vault import Vault
from tests.lab import deeds
from tests.lab.deeds import NOW, password
from tests.lab.trial import Outcome, user_data
from tests.lab.truth import page_checks_end

T = TypeVar("T")

SALT = 16
"""The first bytes of the file: SQLCipher keeps a salt there, which the vault keeps in the key file and never reads here."""
OFFSETS = 3
SWAPS = 60
CUTS = 60
LEFT_OUT = ("typing", "sqlite_sequence")
"""What is in no trail: unsaved text and the counters of row numbers; beside the search index, which is left out as well."""
NOTICED = (
    "old page: told at the opening",
    "old page: told by the check and by the backup",
    "old page: told by nobody; it is of the search index, a counter or unsaved text, and every record is as it was",
)
MENDED = 40
"""Damaged copies of the key file with which the vault is opened in full; for every other byte the reading alone is tried."""


def run(share: float, seed: int, folder: Path) -> Outcome:
    """Damage one vault in every way; ``share`` of the places, 1 for all of them."""
    outcome = Outcome("damaged files", "100 % noticed at open, never a new empty vault, the newest good backup named")
    with user_data(folder / "user-data"):
        lab = _Lab(outcome, random.Random(seed), share, folder)
        for ways in (lab.bits, lab.salt, lab.swapped, lab.cuts, lab.foreign):
            for what, spoil in ways():
                lab.spoilt(what, spoil)
        lab.key_files()
        lab.old_pages()
    return outcome


def _rows(vault: Vault) -> dict[str, list[tuple[object, ...]]]:
    """Every table that is not the search index, row by row."""
    listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%' ORDER BY name"
    with vault.read() as session:
        ask = session.connection().exec_driver_sql
        return {name: [tuple(row) for row in ask(f"SELECT * FROM {name} ORDER BY 1")] for (name,) in ask(listed).all()}


class _Lab:
    """The vault as it was closed, an earlier state of it, another vault, and the trials on copies of it."""

    def __init__(self, outcome: Outcome, dice: random.Random, share: float, folder: Path) -> None:
        self._outcome, self._dice, self._share = outcome, dice, share
        self._good, self._here, self._other = folder / "good", folder / "here", folder / "other"
        for place in (self._good, self._other):
            deeds.found(place, new_code())
        self._live(self._good, ["sign", "import", "type", "sign", "import", "draft"], 1)
        self._earlier = (self._good / DATABASE).read_bytes()
        self._live(self._good, ["draft", "sign", "type", "import", "sign", "backup"], 7)
        self._database = (self._good / DATABASE).read_bytes()
        shutil.copytree(self._good, self._here)
        vault = open_vault(self._here, password(0), StandingClock(NOW))
        self._rows = {table: rows for table, rows in _rows(vault).items() if table not in LEFT_OUT}
        vault.close()
        self._rows["trail"].pop()  # the row of this opening
        self._outcome.met["pages of the database"] = len(self._database) // PAGE

    def _live(self, folder: Path, what: list[str], first: int) -> None:
        deeds.live(folder, password(0), len, what, first)

    # what is spoilt

    def bits(self) -> Iterator[tuple[str, Callable[[bytearray], None]]]:
        """One bit in every page, at several places of it."""
        for page in self._some(range(len(self._database) // PAGE)):
            for _ in range(OFFSETS):
                at = page * PAGE + self._dice.randrange(SALT if page == 0 else 0, PAGE)
                yield "one bit changed", self._flip(at)

    def salt(self) -> Iterator[tuple[str, Callable[[bytearray], None]]]:
        """The bytes that nobody reads."""
        for at in self._some(range(SALT)):
            yield "one bit of the unused salt changed", self._flip(at)

    def swapped(self) -> Iterator[tuple[str, Callable[[bytearray], None]]]:
        """Two pages change places."""
        pages = range(len(self._database) // PAGE)
        for _ in self._some(range(SWAPS)):
            one, other = sorted(self._dice.sample(pages, 2))

            def swap(data: bytearray, one: int = one * PAGE, other: int = other * PAGE) -> None:
                data[one : one + PAGE], data[other : other + PAGE] = data[other : other + PAGE], data[one : one + PAGE]

            yield "two pages swapped", swap

    def cuts(self) -> Iterator[tuple[str, Callable[[bytearray], None]]]:
        """Cut off: at nothing, at whole pages, anywhere."""
        pages = len(self._database) // PAGE
        sizes = [
            0,
            1,
            100,
            PAGE - 1,
            PAGE,
            PAGE + 1,
            *(self._dice.randrange(1, pages) * PAGE for _ in range(CUTS // 2)),
        ]
        sizes += [self._dice.randrange(len(self._database)) for _ in range(CUTS // 2)]
        for size in self._some(sizes):

            def cut(data: bytearray, size: int = size) -> None:
                del data[size:]

            yield "cut off", cut

    def foreign(self) -> Iterator[tuple[str, Callable[[bytearray], None]]]:
        """A database that is another's, or none."""
        others = {
            "another vault's database": (self._other / DATABASE).read_bytes(),
            "zeros": bytes(len(self._database)),
            "noise": self._dice.randbytes(len(self._database)),
            "a plain database": b"SQLite format 3\0" + self._database[16:],
            "the key file under the database's name": (self._good / KEYS).read_bytes(),
        }
        for what, content in others.items():

            def replace(data: bytearray, content: bytes = content) -> None:
                data[:] = content

            yield what, replace

    # what the program makes of it

    def spoilt(self, what: str, spoil: Callable[[bytearray], None]) -> None:
        """Spoil the database of a fresh copy and open it: the damage is told, and every file is as it was."""
        data = bytearray(self._database)
        spoil(data)
        self._lay_out(data)
        before = self._files()
        problem, closed = self._told()
        faults = []
        if what.startswith("one bit of the unused salt"):
            faults = [f"{what}: {type(problem).__name__}"] if problem else []
        elif data == self._database:
            faults = [f"{what}: nothing was spoilt"]
        elif problem is None:
            faults.append(f"{what}: not noticed")
        else:
            if not isinstance(problem, VaultDamaged):
                faults.append(f"{what}: told as {type(problem).__name__}")
            elif f"{NOW:%Y-%m-%d}" not in problem.next_step:
                faults.append(f"{what}: the newest good backup is not named")
            if not closed and self._files() != before:
                faults.append(f"{what}: files were changed, made or deleted")
        self._note(what, faults)

    def key_files(self) -> None:
        """Every byte of the key file: in one copy the other serves; in both it is told, before anything is derived."""
        good = (self._good / KEYS).read_bytes()
        said = keycopies.read_copies(self._good)[0].content
        opened = set(self._dice.sample(range(len(good)), round(MENDED * self._share) or 1))
        self._lay_out(self._database)
        for at in self._some(range(len(good))):
            bad = bytearray(good)
            bad[at] ^= 1 << self._dice.randrange(8)
            for both in (False, True):
                (self._here / KEYS).write_bytes(bad)
                (self._here / KEYS_B).write_bytes(bad if both else good)
                self._note(
                    f"byte of the key file, {'both copies' if both else 'one copy'}", self._read_keys(said, both)
                )
            if at in opened:
                self._mended(bad)
        shutil.rmtree(self._here)
        self._other_keys()

    def _read_keys(self, said: object, both: bool) -> list[str]:
        try:
            read = keycopies.read_copies(self._here)[0].content
        except KeyFileDamaged:
            return [] if both else ["a good copy is not used"]
        return [] if read == said else ["a changed key file is believed"]

    def _mended(self, bad: bytes) -> None:
        """Opened with one bad copy, both are good again."""
        self._lay_out(self._database)
        (self._here / KEYS).write_bytes(bad)
        problem, _ = self._told()
        alike = (self._here / KEYS).read_bytes() == (self._here / KEYS_B).read_bytes()
        self._note("key file mended at the opening", [] if problem is None and alike else ["one copy is not mended"])

    def _other_keys(self) -> None:
        self._lay_out(self._database)
        for name in (KEYS, KEYS_B):
            shutil.copy(self._other / name, self._here / name)
        before = self._files()
        problem, _ = self._told()
        faults = [] if isinstance(problem, VaultDamaged) and self._files() == before else [f"{problem!r}"]
        self._note("another vault's key file", faults)

    def old_pages(self) -> None:
        """Each page that has changed since an earlier day is put back as it was: the check and the next backup notice."""
        pages = [at for at in range(0, len(self._earlier), PAGE) if self._page(at) != self._earlier[at : at + PAGE]]
        for at in self._some(pages):
            data = bytearray(self._database)
            data[at : at + PAGE] = self._earlier[at : at + PAGE]
            self._lay_out(data)
            found = self._found_by_checking()
            self._outcome.met[found] += 1
            faults = [] if found in NOTICED else [f"page {at // PAGE} of another day: {found}"]
            self._note("an old page put back", faults)

    def _found_by_checking(self) -> str:
        """Who notices: the opening, else the check and the backup."""
        told: list[VaultDamaged] = []
        try:
            vault = open_vault(self._here, password(0), StandingClock(NOW), damaged=told.append)
        except VaultDamaged:
            return NOTICED[0]
        page_checks_end()
        if told:
            return NOTICED[0]
        try:
            checked = any(finding.faults for finding in checking.check(vault))
            if checked != self._is_backed_up(vault):
                return NOTICED[1] if checked else self._untouched(vault)
        finally:
            with suppress(Problem):
                vault.close()
        return "the check and the backup do not agree"

    def _untouched(self, vault: Vault) -> str:
        """Nobody noticed: then no record and no row of the trail may be other than it was."""
        now = _rows(vault)
        differ = sorted(table for table, rows in self._rows.items() if now[table][: len(rows)] != rows)
        return NOTICED[2] if not differ else f"not noticed in {', '.join(differ)}"

    def _is_backed_up(self, vault: Vault) -> bool:
        try:
            back_up(vault)
        except BackupDamaged:
            return False
        return True

    def _told(self) -> tuple[Problem | None, bool]:
        """What opening and the page checks after it tell, and whether the vault was open for a moment."""
        told: list[VaultDamaged] = []
        try:
            vault = open_vault(self._here, password(0), StandingClock(NOW), damaged=told.append)
        except Problem as problem:
            return problem, False
        page_checks_end()
        vault.close()
        return (told[0] if told else None), True

    def _lay_out(self, data: bytes) -> None:
        shutil.rmtree(self._here, ignore_errors=True)
        shutil.copytree(self._good, self._here, ignore=shutil.ignore_patterns(DATABASE, BALLAST))
        (self._here / DATABASE).write_bytes(data)

    def _files(self) -> dict[str, str]:
        return {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in self._here.iterdir()
            if path.name not in (LOCK, BACKUPS)
        }

    def _page(self, at: int) -> bytes:
        return self._database[at : at + PAGE]

    def _flip(self, at: int) -> Callable[[bytearray], None]:
        bit = 1 << self._dice.randrange(8)

        def flip(data: bytearray) -> None:
            data[at] ^= bit

        return flip

    def _some(self, all_of_them: Iterable[T]) -> list[T]:
        found = list(all_of_them)
        return found if self._share >= 1 else self._dice.sample(found, max(1, round(len(found) * self._share)))

    def _note(self, what: str, faults: list[str]) -> None:
        self._outcome.met[what] += 1
        self._outcome.note(self._outcome.tried, faults)
