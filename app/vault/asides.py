"""Asides: the vaults that restores have set aside whole. To go back to one it is made into a backup, and restored like any other."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.clock import Clock, StandingClock
from app.errors import Problem
from app.vault import keycopies
from app.vault.backup import rescue
from app.vault.backupcheck import scratch, stop_with, told_as_backup
from app.vault.backupfile import CHUNK, Container, Work
from app.vault.backupplaces import sealed
from app.vault.engine import open_engine
from app.vault.files import ASIDES, DATABASE, KEYS, as_problem, create_private, make_private_folder
from app.vault.keycopies import Copy
from app.vault.keys import MasterKey
from app.vault.proving import VaultMissing, prove
from app.vault.thinning import Order
from app.vault.vault import Vault

_LOG = f"{DATABASE}-wal"


@dataclass(frozen=True)
class Aside:
    """A folder with a database and a key file that can be read; the database was not looked into yet."""

    path: Path
    keys: Copy
    size: int
    """Bytes of the database."""

    @property
    def order(self) -> Order:
        """Its place among the backups of the vault (backupfile.Container.order)."""
        content = self.keys.content
        return content.generation, content.anchor.count if content.anchor else 0, 0.0, self.path.name

    def is_sealed_by(self, master: MasterKey) -> bool:
        """Whether its key file was written under this master key."""
        return keycopies.is_sealed_by(self.keys, master)


def asides(folder: Path) -> list[Aside]:
    """Those beside a vault; what cannot be read is left out."""
    found = []
    for path in folder.glob(f"{ASIDES}*"):
        with suppress(Problem):
            found.append(aside_at(path))
    return found


def aside_at(path: Path) -> Aside:
    """The one in a folder. Raises VaultMissing, KeyFileMissing, KeyFileDamaged or KeyFileNewer."""
    if not (path / DATABASE).is_file():
        raise VaultMissing
    return Aside(path, keycopies.read_copies(path)[0], (path / DATABASE).stat().st_size)


def as_backup(aside: Aside | Container, master: MasterKey, place: Path, clock: Clock, work: Work) -> Container:
    """A proved backup of it in a folder, dated when it was last written to; where one was made of it before, that one.

    What is a backup already is given back as it is. The aside itself is not touched.

    Raises BackupDamaged, NewerBackup, NoRoom, NotWritable, or what ``work`` raises to stop.
    """
    if isinstance(aside, Container):
        return aside
    content = aside.keys.content
    key = master.subkey(f"db/{content.epoch}")
    try:
        make_private_folder(place)
        with told_as_backup(work), scratch(place) as folder:
            for name in (DATABASE, _LOG):
                if (aside.path / name).exists():
                    _copy(aside.path / name, folder / name, work)
            shutil.copyfile(aside.keys.path, folder / KEYS)
            proof = prove(folder, key, content.salt, content.vault_id, None)
            engine = open_engine(folder / DATABASE, key, content.salt)
            stop_with(engine, work)
            try:
                return _backed_up(Vault(folder, master, engine, proof.schema, clock), place, work)
            finally:
                engine.dispose()
    except OSError as error:
        raise as_problem(error, aside.path.name) from error


def _backed_up(vault: Vault, place: Path, work: Work) -> Container:
    with vault.read() as session:
        last, head = vault.trail.last_event(session), vault.trail.head(session)
    made = next((one for one in sealed(place, vault.master) if one.manifest.head == head), None)
    if last is not None:
        vault.clock = StandingClock(last.astimezone(vault.now().tzinfo))
    return made or rescue(vault, place, work)


def _copy(source: Path, target: Path, work: Work) -> None:
    create_private(target)
    with source.open("rb") as read, target.open("r+b") as written:
        while piece := read.read(CHUNK):
            written.write(piece)
            work.step(read.tell(), read.tell() + CHUNK)
