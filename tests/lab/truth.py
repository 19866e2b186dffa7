"""What must be true of a vault after any fault: everything acknowledged is there, what was under way is there wholly or not at all."""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import select

from app.clock import StandingClock
from app.errors import Problem
from app.rooms.notes.choices import NoteStatus
from app.rooms.notes.record import Note
from app.rooms.students.record import Guardian, Student
from app.vault import checking, keycopies, typing
from app.vault.backup import local_place
from app.vault.backupfile import Unwatched, compare
from app.vault.backupplaces import listed, sealed
from app.vault.files import KEYS, KEYS_B, is_stale
from app.vault.opening import WrongPassword, is_vault, open_vault
from app.vault.recovery import RecoveryCode
from app.vault.restoring import Opened
from app.vault.vault import Vault
from tests.lab.deeds import FORM, NOW, ROWS, found, password


@dataclass(frozen=True)
class State:
    """Everything the deeds have left in a vault, by their numbers."""

    draft: int = 0
    typed: int = 0
    signed: frozenset[int] = frozenset()
    imported: frozenset[int] = frozenset()

    def after(self, deed: str, number: int) -> State:
        """What it is when one deed more is done."""
        match deed:
            case "draft":
                return replace(self, draft=number)
            case "type":
                return replace(self, typed=number)
            case "sign":
                return replace(self, signed=self.signed | {number})
            case "import":
                return replace(self, imported=self.imported | {number})
            case _:
                return self


@dataclass
class Ledger:
    """What a vault has acknowledged, and the one deed it has begun and not acknowledged."""

    state: State = field(default_factory=State)
    password: int = 0
    code: str = ""
    backups: dict[str, State] = field(default_factory=dict)
    """What each acknowledged backup holds."""
    begun: tuple[str, int, str] | None = None
    founded: bool = True

    def hear(self, said: str) -> None:
        """Take in one line of what the process said."""
        match said.split():
            case ["begun", deed, number, code]:
                self.begun = (deed, int(number), code)
            case ["done", deed, number, code, *result]:
                self.settle(deed, int(number), code, result[0] if result else "")
            case ["founded"]:
                self.founded = True

    def settle(self, deed: str, number: int, code: str, result: str) -> None:
        """The deed is done for good."""
        self.begun = None
        if deed == "backup":
            self.backups = {**self.backups, result: self.state}
        elif deed == "restore":
            self.state = self.backups[result]
        elif deed in ("password", "rotate"):
            self.password = number
            self.code = code if deed == "rotate" else self.code
        self.state = self.state.after(deed, number)

    def possible(self) -> list[State]:
        """What the vault may hold now."""
        states = [self.state]
        if not self.founded:
            states.append(State(draft=-1))
        if self.begun is not None:
            states.append(self.state.after(*self.begun[:2]))
            if self.begun[0] == "restore":
                states += self.backups.values()
        return states

    def passwords(self) -> list[int]:
        """What may open it now, the likelier first."""
        if self.begun is not None and self.begun[0] in ("password", "rotate"):
            return [self.begun[1], self.password]
        return [self.password]


def examine(folder: Path, ledger: Ledger, *, deeply: bool = False) -> list[str]:
    """Every fault of the vault in the folder, measured against the ledger, which then knows what became of the deed under way.

    ``deeply`` opens the newest backup too, and the vault by its recovery code.
    """
    told: list[Problem] = []
    try:
        vault, number = _opened(folder, ledger, told)
    except Problem as problem:
        return [f"does not open: {type(problem).__name__}"]
    try:
        faults = _faults(vault, ledger, told)
        if deeply:
            faults += _newest_backup_opens(vault)
    finally:
        vault.close()
    faults += _files(folder)
    if ledger.begun is not None and number == ledger.begun[1]:
        ledger.password = number
        ledger.code = ledger.begun[2] if ledger.begun[0] == "rotate" else ledger.code
    if deeply and ledger.code:
        try:
            open_vault(folder, RecoveryCode(ledger.code), StandingClock(NOW)).close()
        except Problem as problem:
            faults.append(f"the code does not open it: {type(problem).__name__}")
    ledger.begun = None
    return faults


def founded_or_free(folder: Path, ledger: Ledger) -> list[str]:
    """A founding broken off has left a vault that opens, or a folder in which one can be founded now."""
    if not is_vault(folder):
        try:
            found(folder, RecoveryCode(ledger.code))
        except Problem as problem:
            return [f"cannot be founded again ({type(problem).__name__})"]
    return examine(folder, ledger)


def _opened(folder: Path, ledger: Ledger, told: list[Problem]) -> tuple[Vault, int]:
    *likely, last = ledger.passwords()
    for number in likely:
        try:
            return open_vault(folder, password(number), StandingClock(NOW), damaged=told.append), number
        except WrongPassword:
            continue
    return open_vault(folder, password(last), StandingClock(NOW), damaged=told.append), last


def page_checks_end() -> None:
    """Wait until the page checks that follow an opening are through."""
    for thread in threading.enumerate():
        if thread.name == "page-check":
            thread.join()


def _faults(vault: Vault, ledger: Ledger, told: list[Problem]) -> list[str]:
    page_checks_end()
    if told:
        return [f"closed by its page checks: {type(told[0]).__name__}"]
    faults = [
        f"{finding.check}: {', '.join(finding.faults[:3])}" for finding in checking.check(vault) if finding.faults
    ]
    if vault.behind is not None:
        faults.append(f"taken for an older file: {vault.behind.event}")
    state, halves = survey(vault)
    faults += halves
    if state in ledger.possible():
        ledger.state = state
    else:
        faults.append(f"holds {state} instead of {ledger.state}")
    return faults + _backups(vault, ledger)


def survey(vault: Vault) -> tuple[State, list[str]]:
    """What the vault holds, and what is in it by halves or twice."""
    with vault.read() as session:
        notes = session.execute(select(Note.status, Note.subjective)).all()
        numbers = session.scalars(select(Student.student_no).where(Student.student_no != "S0")).all()
        carers = session.scalars(select(Guardian.student_id)).all()
        kept = typing.typed(session, FORM)
    signed = Counter(int(words[2:]) for status, words in notes if status is NoteStatus.SIGNED)
    drafts = [int(words[2:]) for status, words in notes if status is NoteStatus.DRAFT]
    imported = Counter(int(number.split("-")[0]) for number in numbers)
    halves = [f"half an import: {number} has {rows} rows" for number, rows in imported.items() if rows != ROWS]
    halves += [f"note {number} {times} times" for number, times in signed.items() if times != 1]
    if len(set(carers)) != len(numbers):
        halves.append("an import without its guardians")
    typed = int(kept.content["subjective"]) if kept else 0
    return State(drafts[0] if drafts else -1, typed, frozenset(signed), frozenset(imported)), halves


def _backups(vault: Vault, ledger: Ledger) -> list[str]:
    """Every file that bears a backup's name is whole, and none that was acknowledged is missing."""
    faults, there = [], set()
    for file in listed(local_place(vault.folder)):
        there.add(file.path.name)
        if file.container is None:
            faults.append(f"half a backup: {file.path.name}")
            continue
        try:
            compare(file.container, Unwatched())
        except Problem as problem:
            faults.append(f"a backup is damaged: {type(problem).__name__}")
        ledger.backups.setdefault(file.path.name, ledger.state)  # named just before it could be acknowledged
    faults += [f"lost backup {name}" for name in ledger.backups if name not in there]
    return faults


def _newest_backup_opens(vault: Vault) -> list[str]:
    place = local_place(vault.folder)
    for container in sealed(place, vault.master)[:1]:
        try:
            Opened(container, vault.master, place, StandingClock(NOW), Unwatched()).close()
        except Problem as problem:
            return [f"the newest backup does not open: {type(problem).__name__}"]
    return []


def _files(folder: Path) -> list[str]:
    """After an orderly closing both copies of the key file are alike and nothing half written lies about."""
    faults = [f"left over: {path.name}" for path in folder.iterdir() if is_stale(path.name)]
    if (folder / KEYS).read_bytes() != (folder / KEYS_B).read_bytes():
        faults.append("the copies of the key file differ")
    keycopies.read_copies(folder)
    return faults


def empty_backups(folder: Path, ledger: Ledger) -> None:
    """Take the backups away, so that a vault can be lived in for long."""
    shutil.rmtree(local_place(folder), ignore_errors=True)
    ledger.backups = {}
