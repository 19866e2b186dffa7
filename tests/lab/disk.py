"""A disk that keeps what was made durable and does as it likes with the rest: replays a write log and gives what a power cut leaves."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

from tests.lab.writelog import Event

SECTOR = 512


@dataclass
class Inode:
    """One file's bytes: those on the disk for certain, and what came after its last fsync."""

    durable: bytearray = field(default_factory=bytearray)
    waiting: list[Event] = field(default_factory=list)

    def settle(self) -> None:
        """An fsync: everything is on the disk."""
        self.durable = self.now()
        self.waiting = []

    def now(self) -> bytearray:
        """As the running system sees it."""
        content = bytearray(self.durable)
        for event in self.waiting:
            _apply(content, event.what, event.at, event.data)
        return content

    def after_cut(self, dice: random.Random, fates: list[str]) -> bytes:
        """What is found after the power cut: each write since the last fsync is kept, dropped, torn or junk."""
        content = bytearray(self.durable)
        for event in self.waiting:
            fate = dice.choice(fates)
            if fate == "drop":
                continue
            if event.what == "cut" or fate == "keep":
                _apply(content, event.what, event.at, event.data)
            elif fate == "tear":
                _tear(content, event, dice)
            else:
                _apply(content, "write", event.at, dice.randbytes(len(event.data)))
        return bytes(content)


@dataclass
class Disk:
    """Names and files as the log has them so far. A folder's name changes are durable once the folder was synced."""

    root: Path
    names: dict[Path, Inode] = field(default_factory=dict)
    folders: set[Path] = field(default_factory=set)
    certain: dict[Path, Inode] = field(default_factory=dict)
    certain_folders: set[Path] = field(default_factory=set)
    waiting: list[tuple[Event, Inode | None]] = field(default_factory=list)

    def take(self, event: Event) -> None:
        """One event more."""
        inode = self.names.get(event.path)
        match event.what:
            case "write" | "cut" if inode is not None:
                inode.waiting.append(event)
            case "sync" if inode is not None:
                inode.settle()
            case "sync":
                self._sync_folder(event.path)
            case "make":
                made = Inode()
                self._change(event, made)
            case "move" | "drop" | "folder" | "unfolder":
                self._change(event, inode)

    def settle(self) -> None:
        """Everything so far is on the disk: as after a quiet minute."""
        for inode in self.names.values():
            inode.settle()
        self.certain, self.certain_folders, self.waiting = dict(self.names), set(self.folders), []

    def after_cut(self, dice: random.Random) -> dict[Path, bytes | None]:
        """What is found at the next start; None stands for a folder."""
        fates = dice.choice(_MOODS)
        names, folders = dict(self.certain), set(self.certain_folders)
        if dice.random() < 0.5:  # a journal: name changes reach the disk in their order
            chosen = self.waiting[: dice.randint(0, len(self.waiting))]
        else:  # no journal: any of them
            chosen = [change for change in self.waiting if dice.random() < 0.5]
        for event, inode in chosen:
            _rename(names, folders, event, inode)
        found: dict[Path, bytes | None] = dict.fromkeys(sorted(folders))
        for path, inode in names.items():
            if path.parent == self.root or path.parent in folders:
                found[path] = inode.after_cut(dice, fates)
        return found

    def _change(self, event: Event, inode: Inode | None) -> None:
        if event.path.name.endswith("-shm"):
            return  # memory shared by processes: nothing of it outlives them
        if event.what == "unfolder":
            self._sync_folder(event.path)  # a later folder of this name is another one
        _rename(self.names, self.folders, event, inode)
        self.waiting.append((event, inode))

    def _sync_folder(self, folder: Path) -> None:
        """Every change of a name in this folder is durable, a move out of it or into it whole."""
        left = []
        for event, inode in self.waiting:
            if folder in (event.path.parent, event.to.parent):
                _rename(self.certain, self.certain_folders, event, inode)
                left = [one for one in left if one[1] is None or one[1] is not inode]  # its making is past as well
            else:
                left.append((event, inode))
        self.waiting = left


_MOODS = [
    ["keep", "drop"],
    ["keep", "drop", "tear", "junk"],
    ["keep", "keep", "keep", "tear"],
    ["drop", "drop", "drop", "tear"],
    ["keep", "junk"],
    ["keep"],
    ["drop"],
]


def _rename(names: dict[Path, Inode], folders: set[Path], event: Event, inode: Inode | None) -> None:
    if event.what == "folder":
        folders.add(event.path)
    elif event.what == "unfolder":
        folders.discard(event.path)
    elif event.what == "drop":
        names.pop(event.path, None)
    elif event.what == "make" and inode is not None:
        names[event.path] = inode
    elif inode is not None:
        names.pop(event.path, None)
        names[event.to] = inode
    else:  # a folder with what is in it
        folders.discard(event.path)
        folders.add(event.to)
        for path in [path for path in names if event.path in path.parents]:
            names[event.to / path.relative_to(event.path)] = names.pop(path)


def _apply(content: bytearray, what: str, at: int, data: bytes) -> None:
    if what == "cut":
        del content[at:]
        content.extend(bytes(at - len(content)))
        return
    if len(content) < at:
        content.extend(bytes(at - len(content)))
    content[at : at + len(data)] = data


def _tear(content: bytearray, event: Event, dice: random.Random) -> None:
    """Some sectors of one write arrive, or its first bytes alone."""
    if len(event.data) <= SECTOR or dice.random() < 0.3:
        _apply(content, "write", event.at, event.data[: dice.randrange(len(event.data) + 1)])
        return
    for start in range(0, len(event.data), SECTOR):
        if dice.random() < 0.5:
            _apply(content, "write", event.at + start, event.data[start : start + SECTOR])
