"""What a process wrote, made durable, renamed and took away, in its order: recorded by strace, read back as events."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CALLS = (
    "openat,open,creat,close,lseek,write,writev,pwrite64,pwritev,ftruncate,truncate,fallocate,fsync,fdatasync,rename,renameat,"
    "renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,copy_file_range,sendfile,link,linkat,symlink,symlinkat"
)
UNMODELLED = (
    "writev",
    "pwritev",
    "truncate",
    "fallocate",
    "copy_file_range",
    "sendfile",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
)
"""Ways to change a file that the program does not use; met, the recording is refused."""


@dataclass(frozen=True)
class Event:
    """One thing that happened: ``what`` is make, write, cut, sync, move, drop, folder, unfolder or said."""

    what: str
    path: Path
    to: Path = Path()
    at: int = 0
    data: bytes = b""


def can_record() -> bool:
    """Whether strace is here and may look at a child process."""
    strace = shutil.which("strace")
    return (
        strace is not None and subprocess.run([strace, "-e", "trace=none", "true"], capture_output=True).returncode == 0
    )


def recorder(log: Path, calls: str = CALLS) -> list[str]:
    """What to put before a command line, to have written down what its process and every child of it do to files."""
    return ["strace", "-f", "-y", "-xx", "-s", "100000000", "-o", str(log), "--seccomp-bpf", "-e", f"trace={calls}"]


def record(command: Sequence[str], log: Path) -> None:
    """Run a program to its end and write down what it did to files. Raises CalledProcessError where it fails."""
    subprocess.run([*recorder(log), *command], check=True, capture_output=True)


@dataclass(frozen=True)
class Call:
    """One call that went through, as strace tells it."""

    name: str
    arguments: str
    result: str
    gave: int

    @property
    def files(self) -> list[tuple[str, str]]:
        """The open files it names: number and path."""
        return [(number, _text(path)) for number, path in _FILE.findall(self.arguments)]

    @property
    def strings(self) -> list[bytes]:
        """Its strings, whole."""
        return [_bytes(found) for found in _HEX.findall(self.arguments)]

    @property
    def opened(self) -> str:
        """The path of the file it opened; empty where it opened none."""
        match = _FILE.search(self.result)
        return _text(match[2]) if match else ""


def calls(log: Path) -> Iterator[Call]:
    """Every call of a log that went through, in its order; one that another thread's came between is told in two lines."""
    half: dict[str, str] = {}
    with log.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            match = _LINE.match(line)
            if match is None:
                continue
            thread, told = match.groups()
            if told.endswith("<unfinished ...>"):
                half[thread] = told.removesuffix("<unfinished ...>")
                continue
            if told.startswith("<... "):
                told = half.pop(thread, "") + told.split("resumed>", 1)[1]
            call = _CALL.match(told)
            if call is not None and int(call[4]) >= 0:
                yield Call(call[1], call[2], call[3], int(call[4]))


def events(log: Path, root: Path, voice: Path, there: Iterable[Path]) -> list[Event]:
    """The events under ``root``, where the files ``there`` lay before, and each line written to ``voice``."""
    return _Reading(root, voice, there).all(log)


_LINE = re.compile(r"(\d+)\s+(.*)")
_CALL = re.compile(r"(\w+)\((.*)\)\s+= ((-?\d+).*)")
_HEX = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FILE = re.compile(r"(-?\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2})*)>")


class _Reading:
    """Goes through a log line by line; knows where each open file stands."""

    def __init__(self, root: Path, voice: Path, there: Iterable[Path]) -> None:
        self._root, self._voice = str(root), str(voice)
        self._place: dict[str, int] = {}
        self._found: list[Event] = []
        self._there = {str(path) for path in there}

    def all(self, log: Path) -> list[Event]:
        for call in calls(log):
            self._read(call)
        return self._found

    def _read(self, call: Call) -> None:
        if call.name in UNMODELLED:
            paths = [path.encode() for _, path in call.files]
            if any(self._root.encode() in told for told in paths + call.strings):
                raise ValueError(f"a call that is not modelled: {call.name}")
        elif call.name in ("openat", "open", "creat"):
            self._open(call)
        elif call.name in ("lseek", "write", "pwrite64", "ftruncate", "fsync", "fdatasync"):
            self._on_file(call.name, call.files[0], call.strings, call.arguments, call.gave)
        elif call.name != "close":
            self._on_names(call.name, call.files, call.strings, call.arguments)

    def _open(self, call: Call) -> None:
        path, arguments = call.opened, call.arguments
        if not path.startswith(self._root):
            return
        self._place[f"{call.gave}"] = 0
        if "O_CREAT" in arguments and path not in self._there:
            self._there.add(path)
            self._found.append(Event("make", Path(path)))
        elif "O_TRUNC" in arguments:
            self._found.append(Event("cut", Path(path)))

    def _on_file(self, call: str, file: tuple[str, str], strings: list[bytes], arguments: str, gave: int) -> None:
        number, path = file
        if path == self._voice and call == "write":
            self._found += [Event("said", Path(), data=line) for line in strings[0].splitlines()]
        if not path.startswith(self._root) or path.endswith("-shm"):
            return
        where = Path(path)
        if call == "lseek":
            self._place[number] = gave
        elif call == "write":
            at = self._place.get(number, 0)
            self._found.append(Event("write", where, at=at, data=strings[0][:gave]))
            self._place[number] = at + gave
        elif call == "pwrite64":
            self._found.append(Event("write", where, at=int(arguments.rsplit(",", 1)[1]), data=strings[0][:gave]))
        elif call == "ftruncate":
            self._found.append(Event("cut", where, at=int(arguments.rsplit(",", 1)[1])))
        else:
            self._found.append(Event("sync", where))

    def _on_names(self, call: str, files: list[tuple[str, str]], strings: list[bytes], arguments: str) -> None:
        folders = [Path(path) for _, path in files]
        names = [Path(string.decode()) for string in strings]
        paths = [(folder / name) for folder, name in zip(folders, names, strict=False)] if folders else names
        if not any(str(path).startswith(self._root) for path in paths):
            return
        if call.startswith("rename"):
            self._there.discard(str(paths[0]))
            self._there.add(str(paths[1]))
            self._found.append(Event("move", paths[0], to=paths[1]))
        elif call.startswith("mkdir"):
            self._found.append(Event("folder", paths[0]))
        elif call == "rmdir" or "AT_REMOVEDIR" in arguments:
            self._found.append(Event("unfolder", paths[0]))
        else:
            self._there.discard(str(paths[0]))
            self._found.append(Event("drop", paths[0]))


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


def _text(escaped: str) -> str:
    return _bytes(escaped).decode(errors="replace").removesuffix(" (deleted)")
