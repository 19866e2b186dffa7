"""Where backups lie: beside the vault and at one chosen second place (a stick, a share); listing, carrying over, thinning."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import Problem
from app.vault import backup, places, thinning
from app.vault.backup import free_name, local_place
from app.vault.backupfile import CHUNK, ENDING, SYNCED, Container, Manifest, Unwatched, Work, compare, read
from app.vault.files import NoRoom, as_problem, create_private, make_private_folder, patiently, sync_folder
from app.vault.keys import MasterKey
from app.vault.reaching import Silent, reach
from app.vault.thinning import Order
from app.vault.vault import Vault

if TYPE_CHECKING:
    from app.vault.asides import Aside

SILENCE = 120.0
"""Seconds without a step after which the second place is given up for this time."""
_SECOND = "静室备份-"


class PlaceRefused(Problem):
    """Backups are not put there."""


@dataclass(frozen=True)
class Found:
    """A file that is named like a backup: what it says of itself, or why it is of no use; or a vault that was set aside."""

    path: Path
    container: Container | None
    problem: Problem | None = None
    aside: Aside | None = None

    @property
    def backup(self) -> Container | Aside | None:
        """What can be looked into."""
        return self.container or self.aside

    def is_of_another(self, own: Collection[str]) -> bool:
        """Whether it is of another vault than those of these ids; never where no id is known."""
        return self.backup is not None and bool(own) and self.backup.keys.content.vault_id not in own

    @property
    def manifest(self) -> Manifest | None:
        return self.container.manifest if self.container is not None else None


@dataclass(frozen=True)
class Outcome:
    """What one round of backing up did."""

    made: Manifest | None = None
    """The new backup; None where nothing had changed."""
    carried: int = 0
    """How many were copied to the second place."""
    carried_at: datetime | None = None
    """When the newest copy that is verified at the second place was made; None without one."""
    elsewhere: bool = False
    """Whether that place is on another device than the vault."""
    absent: bool = False
    """The second place is not connected; what it lacks is copied when it is."""
    trouble: Problem | None = None
    """What kept the second place from being written; the local backup is not touched by that."""


def second_place(chosen: Path, vault_id: str) -> Path:
    """The folder of this vault's backups at the chosen place: several vaults may share a stick."""
    return chosen / f"{_SECOND}{vault_id[:8]}"


def second_places(chosen: Path) -> list[Path]:
    """The folders of every vault's backups at the chosen place; none while it is absent."""
    return sorted(chosen.glob(f"{_SECOND}*")) if chosen.is_dir() else []


def judge_second(chosen: Path, vault_folder: Path) -> str:
    """Whether the chosen place is on another device than the vault: empty if so, else a sentence that says it is not.

    Raises PlaceRefused for a place that cannot be written, lies in the vault's folder, or is kept by a synchronising program.
    """
    if not chosen.is_dir() or not os.access(chosen, os.W_OK | os.X_OK):
        raise PlaceRefused("这个位置不能写入。", "请插好 U 盘或连上共享盘，选一个您能保存文件的文件夹。")
    if chosen.resolve().is_relative_to(vault_folder.resolve()):
        raise PlaceRefused("这个位置就在档案文件夹里。", "请选另一个设备上的文件夹，例如 U 盘。")
    if kept_by := places.synced_by(chosen):
        raise PlaceRefused(
            "这个文件夹由网盘或同步软件管理（{name}），备份会被传到网上。", "请选 U 盘或学校的共享盘。", name=kept_by
        )
    return "" if is_elsewhere(chosen, vault_folder) else "这个位置和档案在同一块磁盘上：磁盘坏了，两份都会没有。"


def is_elsewhere(place: Path, vault_folder: Path) -> bool:
    """Whether a folder lies on another device than the vault; False where the system does not tell."""
    with suppress(OSError):
        return place.stat().st_dev != vault_folder.stat().st_dev
    return False


def listed(place: Path) -> list[Found]:
    """Everything in a folder that is named like a backup, the newest first, what cannot be read last. Looks at the outside only."""
    found = []
    try:
        paths = [path for path in place.iterdir() if path.name.endswith(ENDING)]
    except OSError:
        return []
    for path in paths:
        try:
            found.append(Found(path, read(path)))
        except Problem as problem:
            found.append(Found(path, None, problem))
    return sorted(found, key=newest_first, reverse=True)


def merged(places: Iterable[tuple[str, list[Found]]], kept: Iterable[Aside]) -> list[tuple[Found, list[str]]]:
    """Every backup once of what is listed in some places, with their names, and the vaults set aside, the newest first."""
    found: dict[str, tuple[Found, list[str]]] = {str(one.path): (Found(one.path, None, aside=one), []) for one in kept}
    for name, there in places:
        for one in there:
            key = one.container.mac if one.container is not None else str(one.path)
            found.setdefault(key, (one, []))[1].append(name)
    return sorted(found.values(), key=_place_of, reverse=True)


def sealed(place: Path, master: MasterKey) -> list[Container]:
    """The backups of this vault in a folder, under the present master key, the newest first."""
    containers = [found.container for found in listed(place) if found.container is not None]
    return [one for one in containers if one.manifest.vault_id == master.vault_id and one.is_sealed_by(master)]


def under_old_keys(place: Path, vault_id: str, epoch: int) -> list[Path]:
    """This vault's backups of an earlier epoch than the present keys': after 「有人看到了我的口令」 they are to be destroyed.

    Not all under other keys: after a restore to before such a change the newest backups are of a later epoch.
    """
    contents = [(found.path, found.container.keys.content) for found in listed(place) if found.container is not None]
    return [path for path, content in contents if content.vault_id == vault_id and content.epoch < epoch]


def back_up_if_due(
    vault: Vault, chosen: Path | None, carried_at: datetime | None, work: Work | None = None, *, anyway: bool = False
) -> Outcome:
    """One round: make a backup if anything has changed, bring the second place up to date, thin both.

    ``carried_at`` is when the newest copy known to be at the second place was made. A second place that does not answer keeps
    neither the backup here nor a stop waiting. Raises as ``backup.back_up``.
    """
    watched = work or Unwatched()
    here = sealed(local_place(vault.folder), vault.master)
    made, silent = None, None
    if anyway or backup.is_due(vault, here[0].manifest if here else None):
        there: list[Container] = []
        if chosen is not None:
            try:
                there = reach(SILENCE, partial(_there, chosen, vault), watched)
            except Silent as problem:
                silent = problem
        if here or there:
            backup.lead(vault, max(here[:1] + there[:1], key=_order))
        container = backup.back_up(vault, watched)
        made, here = container.manifest, [container, *here]
    else:
        backup.tell_outside(vault, here[0].manifest)
    outcome = Outcome(made, carried_at=carried_at, trouble=silent)
    if chosen is not None and silent is None:
        try:
            outcome = reach(SILENCE, partial(_carry, vault, here, chosen, outcome), watched)
        except Silent as problem:
            outcome = replace(outcome, trouble=problem)
    _thin(here, _waiting(here, outcome.carried_at) if chosen is not None else [])
    return outcome


def _there(chosen: Path, vault: Vault, _work: Work) -> list[Container]:
    return sealed(second_place(chosen, vault.vault_id), vault.master)


def _waiting(here: list[Container], carried_at: datetime | None) -> list[Container]:
    """The newest that is known to be at the second place, and what was made since; all of them where it is not known."""
    carried = max((one.order for one in here if one.manifest.made_at == carried_at), default=None)
    return [one for one in here if carried is None or one.order >= carried]


def _carry(vault: Vault, here: list[Container], chosen: Path, before: Outcome, work: Work) -> Outcome:
    if not chosen.is_dir():
        return replace(before, absent=True)
    place, done = second_place(chosen, vault.vault_id), 0
    try:
        make_private_folder(place)
        there = sealed(place, vault.master)
        local = {one.order: one for one in here}
        for order in thinning.to_carry(_days(here), [one.order for one in there]):
            there.append(_copied(local[order], place, work))
            done += 1
        _thin(there, [])
    except OSError as error:
        return replace(before, carried=done, trouble=as_problem(error, place.name))
    except Problem as problem:
        return replace(before, carried=done, trouble=problem)
    newest = max(there, key=_order).manifest.made_at if there else before.carried_at
    return replace(before, carried=done, carried_at=newest, elsewhere=is_elsewhere(chosen, vault.folder))


def _copied(container: Container, place: Path, work: Work) -> Container:
    """Copy a backup to the second place, read it there again and compare it; it has its name only then."""
    size = container.path.stat().st_size
    if shutil.disk_usage(place).free < size + (1 << 20):
        raise NoRoom((size >> 20) + 1)
    for left in place.glob("*.tmp"):  # an earlier copy that was broken off
        left.unlink()
    beside = place / f"{container.path.name}.tmp"
    try:
        create_private(beside)
        with container.path.open("rb") as source, beside.open("r+b") as file:
            done = 0
            while piece := source.read(CHUNK):
                done += file.write(piece)
                work.step(done, size)
                if done % SYNCED == 0:  # all at once at the end would look like a stick that does not answer
                    file.flush()
                    os.fsync(file.fileno())
            file.flush()
            os.fsync(file.fileno())
        arrived = read(beside)
        compare(arrived, work)
        target = free_name(place / container.path.name)
        patiently(lambda: os.replace(beside, target), target.name)
        with suppress(OSError):  # a share may not know it
            sync_folder(place)
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return read(target)


def _thin(containers: Iterable[Container], waiting: Iterable[Container]) -> None:
    """Delete what the rules leave no place for; a file that cannot be deleted now is so next time.

    The newest of each schema stays: it is the vault as it was before a migration.
    """
    known = list(containers)
    of_schema = {one.manifest.schema: one.order for one in sorted(known, key=_order)}
    surplus = thinning.surplus(_days(known), {one.order for one in waiting}) - set(of_schema.values())
    for one in known:
        if one.order in surplus:
            with suppress(OSError):
                one.path.unlink()


def _days(containers: Iterable[Container]) -> dict[Order, date]:
    return {one.order: one.manifest.made_at.date() for one in containers}


def _order(container: Container) -> Order:
    return container.order


def newest_first(found: Found) -> tuple[bool, Order, str]:
    """The order of a list of backups, reversed: by when they were made in the order of things, not of the clock; what is of no use last."""
    backup = found.backup
    return backup is not None, backup.order if backup is not None else (0, 0, 0.0, ""), found.path.name


def _place_of(merged: tuple[Found, list[str]]) -> tuple[bool, Order, str]:
    return newest_first(merged[0])
