"""One process at a time: an operating-system lock on a file beside the vault, taken at unlock, let go at lock."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from app.errors import Problem
from app.vault.files import LOCK, as_problem


class AlreadyOpen(Problem):
    """Another process holds the vault."""

    def __init__(self) -> None:
        super().__init__(
            "这份档案已经在另一个静室窗口里打开了。", "请切换到那个窗口；如果看不到，请注销或重启电脑后再试。"
        )


class VaultLock:
    """Held from before the database is touched until the vault is closed; may be let go on another thread."""

    def __init__(self, folder: Path) -> None:
        self._lock = FileLock(folder / LOCK, timeout=0, mode=0o600, thread_local=False, fallback_to_soft=False)

    def take(self) -> None:
        """Take it. Raises AlreadyOpen at once if another holds it, NotWritable on a folder that cannot be written."""
        try:
            self._lock.acquire()
        except Timeout:
            raise AlreadyOpen from None
        except OSError as error:
            raise as_problem(error, LOCK) from error

    def let_go(self) -> None:
        """Let it go; harmless if it is not held."""
        self._lock.release()
