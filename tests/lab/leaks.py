"""What a program has left behind: every file there is, and by the recorder's log every byte, name and command line there was."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path

from tests.journeys.traces import Marks, is_open
from tests.lab import writelog

CALLS = f"{writelog.CALLS},mmap,execve,bind,mknod,mknodat,memfd_create"
WRITES = ("write", "pwrite64", "writev", "pwritev", "pwritev2")
NAMES = (
    "mkdir", "mkdirat", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat", "bind",
    "mknod", "mknodat", "truncate",
)  # fmt: skip
COPIES = ("sendfile", "copy_file_range", "splice")
"""Bytes that go from file to file without the recorder seeing them; the files themselves are looked through."""
NOWHERE = re.compile(r"/dev/(null|tty|pts/\d+|ptmx|urandom|random|full|zero)|/proc/self/.*|/proc/\d+/.*|/memfd:.*")
"""What is no place on a disk."""


@dataclass
class Recorded:
    """What a process tree did to files, wherever they lie and whether they are still there."""

    written: dict[str, bytearray] = field(default_factory=lambda: defaultdict(bytearray))
    """Everything ever written to a path, in its order."""
    named: set[str] = field(default_factory=set)
    """Every path that was made, opened to be written, renamed or removed."""
    commands: list[bytes] = field(default_factory=list)
    """The command line of each program that was started."""
    mapped: set[str] = field(default_factory=set)
    """Files that were written through memory, where a recorder sees nothing."""

    def outside(self, places: Collection[Path]) -> list[str]:
        """What was written or named elsewhere."""
        inside = tuple(f"{place}/" for place in places)
        return sorted(path for path in self.named if not path.startswith(inside) and NOWHERE.fullmatch(path) is None)


def recorded(log: Path) -> Recorded:
    """Read a log that was taken with CALLS."""
    told = Recorded()
    for call in writelog.calls(log):
        if call.name in WRITES:
            path = call.files[0][1]
            if path.startswith("/"):
                told.written[path] += b"".join(call.strings)
        elif call.name in ("openat", "open", "creat"):
            if call.name == "creat" or re.search(r"O_(WRONLY|RDWR|CREAT|TMPFILE)", call.arguments):
                told.named.add(call.opened)
        elif call.name in NAMES:
            told.named.update(_paths(call))
        elif call.name == "execve":
            told.commands.append(b" ".join(call.strings))
        elif call.name == "mmap" and "MAP_SHARED" in call.arguments and "PROT_WRITE" in call.arguments and call.files:
            told.mapped.add(call.files[0][1])
        elif call.name in COPIES:
            told.mapped.add(call.files[0][1] if call.name == "sendfile" else call.files[-1][1])
    told.named.discard("")
    return told


def _paths(call: writelog.Call) -> Iterator[str]:
    """The paths a call names, which may stand relative to an open folder."""
    folders = [path for _, path in call.files]
    for at, name in enumerate(string.decode(errors="replace") for string in call.strings):
        if call.name in ("symlink", "symlinkat") and at == 0:
            continue
        if name.startswith("/"):
            yield name
        elif folders:
            yield f"{folders[min(at, len(folders) - 1)]}/{name}"


class Search:
    """Looks for marker words, and for documents that lie open; remembers where each was met."""

    def __init__(self, words: Mapping[str, str], allowed: Mapping[str, Collection[str]]) -> None:
        """``words`` by what they mark; ``allowed`` says in files of which names one may stand."""
        self._kinds = {word: kind for kind, word in words.items() if word}
        self._marks, self._allowed = Marks(self._kinds), allowed
        self.met: dict[str, set[str]] = defaultdict(set)
        """By what is marked, the places where it could be read."""
        self.open: set[str] = set()
        """Documents and databases that anybody can open."""
        self.read = 0
        """Bytes looked through."""
        self._known: set[bytes] = set()

    def content(self, where: str, content: bytes, name: str = "") -> None:
        """Look through what a file holds, unless it is known; ``name`` is the file's, where something is allowed in it."""
        digest = sha256(content).digest()
        if digest in self._known:
            return
        self._known.add(digest)
        self.read += len(content)
        for word, form in self._marks.found(content):
            kind = self._kinds[word]
            if not any(fnmatch(name, allowed) for allowed in self._allowed.get(kind, ())):
                self.met[kind].add(f"{where} ({form})")
        self.open |= {f"{where}: {head}" for head in is_open(content)}

    def name(self, where: str) -> None:
        """Look at a path, a command line or a title."""
        for word, form in self._marks.found(where.encode()):
            self.met[self._kinds[word]].add(f"the name {where!r} ({form})")
