"""Power cuts: a recorded write log is cut at random events, and the disk does as it likes with what was not yet made durable."""

from __future__ import annotations

import copy
import math
import random
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from app.vault.files import DATABASE
from app.vault.recovery import RecoveryCode, new_code
from tests.lab import deeds, writelog
from tests.lab.disk import Disk, Inode
from tests.lab.trial import Outcome, user_data
from tests.lab.truth import Ledger, examine, founded_or_free
from tests.lab.writelog import Event

DEEPLY = 10
DAYS = 6
"""Recordings of ordinary work; each is cut again and again."""
SHARES = {"day": 0.7, "restore": 0.1, "rotate": 0.1, "found": 0.1}


class RecorderWrong(Exception):
    """The log, replayed in full, is not the folder it was recorded from: what it says of a cut would mean nothing."""


@dataclass(frozen=True)
class Recording:
    """A write log, what lay there before it, and what had been acknowledged by then."""

    root: Path
    before: Disk
    events: list[Event]
    ledger: Ledger


def run(count: int, seed: int, folder: Path) -> Outcome:
    """Examine ``count`` images at least."""
    outcome = Outcome("power cuts", "0 unreadable, 0 acknowledged commits lost")
    if not writelog.can_record():
        outcome.skipped.append("strace is missing or may not look at a process here")
        return outcome
    dice = random.Random(seed)
    for number, (kind, images) in enumerate(_plan(count)):
        root = (folder / f"{kind}-{number}").resolve()
        recording = recorded(kind, root, dice)
        outcome.met[f"recorded events: {kind}"] += len(recording.events)
        for image, ledger, at in cut(recording, dice, images):
            examine_image(outcome, image, ledger, kind, at, root)
    return outcome


def _plan(count: int) -> Iterator[tuple[str, int]]:
    days = min(DAYS, 1 + count // 100)
    for kind, share in SHARES.items():
        for _ in range(days if kind == "day" else 1):
            yield kind, math.ceil(count * share / (days if kind == "day" else 1))


def recorded(kind: str, root: Path, dice: random.Random, deeds_in_a_day: int = 45) -> Recording:
    """Have a process do its deeds under a recorder, and see that the log tells all it did to the disk."""
    code = new_code()
    ledger = Ledger(code=code.characters, founded=kind != "found")
    folder, voice, log = root / "王 老师 🏫", root.with_name(f"{root.name}.said"), root.with_name(f"{root.name}.log")
    root.mkdir()
    voice.touch()
    with user_data(root / "user-data"):
        if kind == "found":
            command = ["found", str(folder), str(voice), code.characters]
        else:
            deeds.found(folder, RecoveryCode(code.characters))
            own = ["sign", "import", "backup", "sign", "draft", kind, "sign"]
            work = deeds.ordinary(dice, deeds_in_a_day) if kind == "day" else own
            command = ["live", str(folder), str(voice), deeds.password(0).text, "1", *work]
        before = _disk(root)
        writelog.record([sys.executable, "-m", "tests.lab.deeds", *command], log)
    found = writelog.events(log, root, voice, set(before.names))
    log.unlink()
    _compare(before, found, root)
    shutil.rmtree(root)  # the images take its place: an anchor is of one folder
    return Recording(root, before, found, ledger)


def cut(
    recording: Recording, dice: random.Random, images: int
) -> Iterator[tuple[dict[Path, bytes | None], Ledger, int]]:
    """Images of the disk, each with what the vault had acknowledged by then."""
    disk, ledger = copy.deepcopy(recording.before), copy.deepcopy(recording.ledger)
    cuts = sorted(dice.randrange(1, len(recording.events) + 1) for _ in range(images))
    done = 0
    for at in cuts:
        for event in recording.events[done:at]:
            if event.what == "said":
                ledger.hear(event.data.decode())
            disk.take(event)
        done = at
        found = {path.relative_to(recording.root): content for path, content in disk.after_cut(dice).items()}
        yield found, copy.deepcopy(ledger), at


def without_syncs(recording: Recording) -> Recording:
    """The same work by a program that makes nothing durable: the lab must find it out."""
    return replace(recording, events=[event for event in recording.events if event.what != "sync"])


def examine_image(
    outcome: Outcome, image: dict[Path, bytes | None], ledger: Ledger, kind: str, at: int, place: Path
) -> None:
    """Lay an image out at ``place`` and see what the program makes of it."""
    place.mkdir()
    for path, content in image.items():
        if content is None:
            (place / path).mkdir(parents=True, exist_ok=True)
        else:
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_bytes(content)
    (folder,) = [path for path in place.iterdir() if path.name != "user-data"] or [place / "王 老师 🏫"]
    log = folder / f"{DATABASE}-wal"
    outcome.met[f"images: {kind}"] += 1
    outcome.met["with a write-ahead log"] += log.exists() and log.stat().st_size > 0
    outcome.met["in the middle of a deed"] += ledger.begun is not None
    with user_data(place / "user-data"):
        deeply = outcome.tried % DEEPLY == 0
        faults = examine(folder, ledger, deeply=deeply) if ledger.founded else founded_or_free(folder, ledger)
    outcome.note(outcome.tried, [f"{kind}, cut at event {at}: {fault}" for fault in faults])
    shutil.rmtree(place)


def _disk(root: Path) -> Disk:
    """What lies there now, all of it durable."""
    disk = Disk(root)
    for path in sorted(root.rglob("*")):
        if path.is_dir():
            disk.folders.add(path)
        else:
            disk.names[path] = Inode(bytearray(path.read_bytes()))
    disk.settle()
    return disk


def _compare(before: Disk, found: Iterable[Event], root: Path) -> None:
    disk = copy.deepcopy(before)
    for event in found:
        disk.take(event)
    disk.settle()
    said = {path: bytes(inode.durable) for path, inode in disk.names.items()}
    there = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    if said != there or disk.folders != {path for path in root.rglob("*") if path.is_dir()}:
        differ = sorted(path.name for path in said.keys() | there.keys() if said.get(path) != there.get(path))
        raise RecorderWrong(", ".join(differ) or "folders")
