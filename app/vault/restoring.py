"""Restoring: a backup is looked into, compared and prepared; then it takes the vault's place, which is kept aside, never deleted."""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.errors import Problem
from app.vault import keycopies, keyevents
from app.vault.backup import local_place
from app.vault.backupcheck import counts, open_backup, refuse, scratch
from app.vault.backupfile import BackupDamaged, Container, OtherVault, Unwatched, Work, unpack
from app.vault.backupplaces import SILENCE
from app.vault.files import (
    ASIDES,
    DATABASE,
    KEYS,
    KEYS_B,
    RESTORED,
    as_problem,
    make_private_folder,
    patiently,
    sync_folder,
)
from app.vault.keycopies import Copy
from app.vault.keyfile import Anchor, KeyFile
from app.vault.keys import MasterKey, Password, WrongKey
from app.vault.locking import VaultLock
from app.vault.oldkeys import brings_old_keys, in_backups
from app.vault.proving import VaultDamaged, prove
from app.vault.reaching import reach
from app.vault.recovery import RecoveryCode, RecoveryCodeMistyped, read_code
from app.vault.trail import Act, Link
from app.vault.vault import Vault

ASIDE = "aside"
"""The file in it that names where the old one goes."""
PASSED, FAILED = "恢复演练：通过", "恢复演练：没有通过"
WHAT = "从备份恢复"
_LOGS = (f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}-journal")
_WRITTEN = (Act.NEW.value, Act.CHANGED.value)


class WrongSecret(Problem):
    """Neither the backup's key file nor the present one is opened by what was typed."""

    def __init__(self) -> None:
        super().__init__(
            "这份备份没有打开：口令或恢复码不对。", "备份用做备份那一天的口令打开；恢复码一直有效，除非后来换过恢复码。"
        )


@dataclass(frozen=True)
class Side:
    """What a vault holds, for the comparison: by table, how many are in use and when the newest was written."""

    counts: dict[str, int]
    newest: dict[str, datetime]


@dataclass(frozen=True)
class Drilled:
    """When the last drill was, and whether the backup would have served."""

    at: datetime
    passed: bool


class Opened:
    """A backup that was unpacked, proved and opened for looking inside; close it, and nothing of it stays on the disk."""

    def __init__(self, container: Container, master: MasterKey, place: Path, clock: Clock, work: Work) -> None:
        self.container, self.master = container, master
        self._open = ExitStack()
        try:
            make_private_folder(place)
            self.folder = self._open.enter_context(scratch(place))
            refuse(container, master)
            reach(SILENCE, partial(unpack, container, self.folder), work)
            self.vault = open_backup(container, master, self.folder, clock, work)
            self._open.callback(self.vault.close)
        except OSError as error:
            self._open.close()
            raise as_problem(error, place.name) from error
        except BaseException:
            self._open.close()
            raise

    def __enter__(self) -> Opened:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let it go. Safe to call twice."""
        self._open.close()


class Sealed(Protocol):
    """A backup, or a vault that was set aside."""

    @property
    def keys(self) -> Copy: ...
    def is_sealed_by(self, master: MasterKey) -> bool: ...


def unlocked(backup: Sealed, secret: Password | RecoveryCode, folder: Path) -> MasterKey:
    """The backup's master key, by its own key file or, where the keys are still the same, by the one in ``folder``.

    One or two derivations of 0.5 to 1 s. Raises WrongSecret, BackupDamaged or NotEnoughMemory.
    """
    for content in (backup.keys.content, *keycopies.contents(folder)):
        if content.vault_id != backup.keys.content.vault_id:
            continue
        with suppress(WrongKey):
            master = content.open_slot(secret)
            if backup.is_sealed_by(master):
                return master
            if content is backup.keys.content:
                raise BackupDamaged("清单的封印不对")
    raise WrongSecret


def secret_of(typed: str) -> Password | RecoveryCode:
    """What was typed into a field that takes either: a recovery code where it reads as one, else a password."""
    try:
        return read_code(typed)
    except RecoveryCodeMistyped:
        return Password(typed)


def refuse_other(backup: Sealed, folder: Path) -> None:
    """Raises OtherVault where another vault lies in the folder than the one backed up."""
    if any(content.vault_id != backup.keys.content.vault_id for content in keycopies.contents(folder)):
        raise OtherVault


def side(vault: Vault) -> Side:
    """One side of the comparison."""
    with vault.read() as session:
        held = counts(session)
        rows = session.execute(select(Link.kind, func.max(Link.at)).where(Link.act.in_(_WRITTEN)).group_by(Link.kind))
        newest = {kind: datetime.fromisoformat(at) for kind, at in rows if kind in held}
    return Side(held, newest)


def stage(opened: Opened, folder: Path) -> Path:
    """Have the opened backup ready to take the vault's place, with its row in the trail; from here on it will (``finish``).

    Gives the folder where the present vault will lie. The key file stays the present one where the keys are the same, so
    that today's password goes on. Raises OtherVault, NoRoom, NotWritable or FileHeld; then nothing has changed.
    """
    refuse_other(opened.container, folder)
    aside = aside_for(folder, opened.vault.now())
    prepare(opened, folder, aside.name if _lies_in(folder) else "")
    try:
        (opened.folder / ASIDE).write_text(aside.name, encoding="utf-8")
        for name in (DATABASE, ASIDE):
            _make_durable(opened.folder / name)
        sync_folder(opened.folder)
        patiently(lambda: os.replace(opened.folder, folder / RESTORED), RESTORED)
        sync_folder(folder)
    except OSError as error:
        raise as_problem(error, RESTORED) from error
    return aside


def prepare(opened: Opened, folder: Path, aside: str = "") -> None:
    """Write the restore into the backup's trail and close it, as one file with its two key files beside it.

    ``aside`` is the name of the folder that the present vault goes to.
    """
    vault = opened.vault
    kept = f"，原来的档案保留在「{aside}」" if aside else ""
    with vault.read() as session:
        vault.trail.session_no = vault.trail.last_session(session) + 1
    if brings_old_keys(opened.container, folder):
        with vault.write(keyevents.OLD_KEYS) as session:
            vault.record_own(session, Act.KEYS)
    with vault.write(f"{WHAT}（{opened.container.manifest.made_at:%Y-%m-%d %H:%M} 的备份）{kept}") as session:
        vault.record_own(session, Act.RESTORE)
    with vault.read() as session:
        anchor = Anchor(
            vault.trail.head(session), vault.trail.length(session), vault.now().isoformat(timespec="seconds")
        )
    vault.close()
    for name in _LOGS:
        (opened.folder / name).unlink(missing_ok=True)
    content = _keys_for(opened, folder)
    keycopies.write_copies(opened.folder, replace(content, anchor=anchor), opened.master)


def drill(vault: Vault, container: Container, work: Work | None = None) -> None:
    """Everything a restore does but the exchange; how it went is written into the trail. Raises as ``Opened`` and ``stage`` do."""
    try:
        with Opened(container, vault.master, local_place(vault.folder), vault.clock, work or Unwatched()) as opened:
            prepare(opened, vault.folder)
            content = keycopies.sealed_by(keycopies.read_copies(opened.folder), vault.master)
            key = vault.master.subkey(f"db/{content.epoch}")
            prove(opened.folder, key, content.salt, vault.vault_id, None)
    except (BackupDamaged, VaultDamaged):
        _record_drill(vault, FAILED)
        raise
    _record_drill(vault, PASSED)


def last_drill(session: Session) -> Drilled | None:
    """The newest drill in the trail."""
    newest = select(Link.at, Link.what).where(Link.act == Act.DRILL.value).order_by(Link.seq.desc()).limit(1)
    row = session.execute(newest).first()
    return Drilled(datetime.fromisoformat(row.at), row.what == PASSED) if row else None


def _record_drill(vault: Vault, what: str) -> None:
    with vault.write(what) as session:
        vault.record_own(session, Act.DRILL)


def just_restored(session: Session) -> str:
    """At the first opening after a restore: what was restored, in the trail's words, and where the old vault lies; else empty."""
    opened = session.scalar(select(func.max(Link.seq)).where(Link.act == Act.OPEN.value)) or 0
    before = session.execute(select(Link.act, Link.what).where(Link.seq == opened - 1)).first()
    if before is None or before.act != Act.RESTORE.value or not before.what.startswith(WHAT):
        return ""
    return f"{before.what}。"


def is_staged(folder: Path) -> bool:
    """Whether a restored vault waits to take its place."""
    return (folder / RESTORED).is_dir()


def finish(folder: Path) -> Path | None:
    """Bring a staged restore to its end, whichever step it was interrupted at; gives the folder where the old vault lies now.

    The vault is not open. Raises AlreadyOpen, FileHeld, NoRoom or NotWritable; then the next opening goes on with it.
    """
    if not is_staged(folder):
        return None
    lock = VaultLock(folder)
    lock.take()
    try:
        return _exchange(folder)
    except OSError as error:
        raise as_problem(error, RESTORED) from error
    finally:
        lock.let_go()


def _exchange(folder: Path) -> Path | None:
    """Each file of the old vault goes aside just before its successor takes its name; every step can be taken twice."""
    staged = folder / RESTORED
    note = staged / ASIDE
    aside = folder / note.read_text(encoding="utf-8") if note.exists() else None
    for name in (DATABASE, KEYS, KEYS_B):
        if aside is None or not (staged / name).exists():
            continue
        for old in (*(_LOGS if name == DATABASE else ()), name):
            if (folder / old).exists():
                aside.mkdir(mode=0o700, exist_ok=True)
                _move(folder / old, aside / old)
        _move(staged / name, folder / name)
        sync_folder(folder)
    for stranger in staged.iterdir() if aside is not None else ():
        if stranger != note:  # what an antivirus or a file manager has put there must not keep her out
            stranger.unlink()
    note.unlink(missing_ok=True)
    staged.rmdir()
    sync_folder(folder)
    return aside if aside is not None and aside.exists() else None


def _move(source: Path, target: Path) -> None:
    patiently(lambda: os.replace(source, target), target.name)


def _keys_for(opened: Opened, folder: Path) -> KeyFile:
    """The later of the present key file and the backup's, where both are of one key and salt, so that today's password goes on; else
    the backup's. Its generation is above all there are.
    """
    own = opened.container.keys.content
    chosen, known = own, [own, *in_backups(folder, own.vault_id)]
    with suppress(Problem):
        for copy in keycopies.read_copies(folder):
            known.append(copy.content)
            same = (copy.content.epoch, copy.content.salt) == (own.epoch, own.salt)
            later = copy.content.generation > chosen.generation
            if same and later and copy.content.vault_id == own.vault_id and keycopies.is_sealed_by(copy, opened.master):
                chosen = copy.content
    return replace(chosen, generation=1 + max(content.generation for content in known))


def _lies_in(folder: Path) -> bool:
    return any((folder / name).exists() for name in (DATABASE, KEYS, KEYS_B))


def aside_for(folder: Path, now: datetime) -> Path:
    """A folder that is not there yet, for what is taken out of the vault's."""
    number, aside = 2, folder / f"{ASIDES}{now:%Y-%m-%d-%H%M}"
    free = aside
    while free.exists():
        free, number = aside.with_name(f"{aside.name}-{number}"), number + 1
    return free


def _make_durable(path: Path) -> None:
    handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
