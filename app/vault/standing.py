"""Standing: whether the vault's files stand where they were opened, and the key file as it was last seen there."""

from __future__ import annotations

import os
from pathlib import Path

from app.errors import Problem
from app.vault import keycopies
from app.vault.files import DATABASE, KEYS
from app.vault.keyfile import KeyFile
from app.vault.keys import MasterKey


class VaultMoved(Problem):
    """The folder was removed, renamed or replaced while the vault was open: what is written now would be lost. Nothing was."""

    def __init__(self) -> None:
        super().__init__(
            "档案文件夹不在原来的位置了，写的内容存不进去。",
            "它们还在屏幕上，请不要锁定或退出静室。把文件夹放回原处就能接着保存；放不回去，请另存一份副本。",
        )


class Standing:
    """The system lets an open file be deleted or renamed and goes on taking what is written to it; so the path is looked at."""

    def __init__(self, folder: Path, master: MasterKey) -> None:
        self._database, self._keys, self._master = folder / DATABASE, folder / KEYS, master
        self._opened = _identity(self._database)
        self._seen: os.stat_result | None = None
        self._content: KeyFile | None = None

    def is_gone(self) -> bool:
        """Whether another file, or none, is at the path of the one that was opened. Takes microseconds."""
        return self._opened is not None and _identity(self._database) != self._opened

    def look(self) -> bool:
        """``is_gone``; while it is not, the key file is remembered as it stands."""
        if self.is_gone():
            return True
        try:
            now = self._keys.stat()
        except OSError:
            return False
        if self._seen is None or (now.st_mtime_ns, now.st_ino) != (self._seen.st_mtime_ns, self._seen.st_ino):
            self._content, self._seen = keycopies.current(self._keys.parent, self._master), now
        return False

    def key_file(self) -> KeyFile:
        """The key file as it stands or, where it is gone, as it was last seen. Raises as ``keycopies.current``."""
        try:
            return keycopies.current(self._keys.parent, self._master)
        except Problem:
            if self._content is None or not self.is_gone():
                raise
            return self._content


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
