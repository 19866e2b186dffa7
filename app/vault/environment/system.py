"""System: the one place where the reads ask the operating system; the tests answer in its stead."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from app.vault.environment.answer import Unanswered

COMMAND_SECONDS = 5.0
_PR_GET_DUMPABLE = 3


class System:
    """This PC, read only."""

    def __init__(self, root: Path = Path("/")) -> None:
        """``root`` is where the system's own files are looked for."""
        self._root = root

    def text(self, path: str) -> str:
        """A small file of the system's. Raises OSError."""
        return (self._root / path.lstrip("/")).read_text(encoding="utf-8", errors="replace")

    def names(self, path: str) -> list[str]:
        """What lies in a folder of the system's; empty where there is none."""
        try:
            return sorted(os.listdir(self._root / path.lstrip("/")))
        except OSError:
            return []

    def run(self, *command: str) -> str:
        """What a command prints. Raises Unanswered where it is not there, fails or takes too long."""
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=COMMAND_SECONDS,
                env={**os.environ, "LC_ALL": "C"},
                creationflags=flags,
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            raise Unanswered from None
        return done.stdout.decode(errors="replace")

    def device(self, path: Path) -> str:
        """The name in /sys/class/block of the block device a file lies on. Raises Unanswered where that is none."""
        number = os.stat(path).st_dev
        try:
            return Path(os.readlink(self._root / f"sys/dev/block/{os.major(number)}:{os.minor(number)}")).name
        except OSError:
            raise Unanswered from None

    def is_dumpable(self) -> bool:
        """Whether Linux would write this process's memory down if it crashed."""
        if sys.platform != "linux":
            raise Unanswered
        import ctypes

        return bool(ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0))

    def user(self) -> int:
        """The number of the account; 0 is the administrator's. Raises Unanswered on Windows."""
        if sys.platform == "win32":
            raise Unanswered
        return os.getuid()

    def variable(self, name: str) -> str:
        """One of the account's variables; empty where it is not set."""
        return os.environ.get(name, "")

    def processes(self) -> Iterator[str]:
        """The short names (at most 15 letters) of the programs that run, on Linux."""
        for name in self.names("/proc"):
            if name.isdecimal():
                try:
                    yield self.text(f"/proc/{name}/comm").strip()
                except OSError:  # it has ended meanwhile
                    continue

    def registry(self, key: str, name: str) -> int | str | None:
        """A value of the Windows registry; None where there is none. Raises Unanswered elsewhere."""
        if sys.platform == "win32":
            with suppress(FileNotFoundError), _opened(key) as opened:
                value = winreg.QueryValueEx(opened, name)[0]
                return value if isinstance(value, int | str) else None
            return None
        raise Unanswered

    def keys(self, key: str) -> list[str]:
        """The keys under one of the Windows registry's; empty where there is none. Raises Unanswered elsewhere."""
        if sys.platform == "win32":
            with suppress(FileNotFoundError), _opened(key) as opened:
                return [winreg.EnumKey(opened, at) for at in range(winreg.QueryInfoKey(opened)[0])]
            return []
        raise Unanswered


if sys.platform == "win32":
    import winreg

    def _opened(key: str) -> winreg.HKEYType:
        """A key by its whole name, as a 64-bit program sees it."""
        hive, _, path = key.partition("\\")
        root = winreg.HKEY_CURRENT_USER if hive == "HKCU" else winreg.HKEY_LOCAL_MACHINE
        return winreg.OpenKey(root, path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY)
