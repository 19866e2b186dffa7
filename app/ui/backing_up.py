"""Backing up in the background: after the unlock, when she has been idle, before an import, and when she quits; a lock breaks it off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.errors import Problem
from app.ui.background import Background, Job, Progress
from app.ui.settings_file import SettingsFile
from app.vault.backupfile import BackupDamaged
from app.vault.backupplaces import Outcome, back_up_if_due
from app.vault.standing import VaultMoved
from app.vault.vault import Busy, Closed, Vault

AFTER_UNLOCK_MS = 15_000
"""So long after the unlock the first look is taken: she is at work by then, and the page checks are over."""
IDLE_SECONDS = 120
LOOK_MS = 10_000
"""How often it is looked whether she is idle."""


class VaultDoubtful(Problem):
    """The backup's checks found that the vault itself is not what it should be."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            "备份没有做成：检查发现档案里有对不上的地方（{reason}）。",
            "以前的备份都在。请不要删除任何文件，在「设置 → 备份与恢复」里打开最近的一份备份，与现在对照。",
            reason=reason,
        )


class BackingUp(QObject):
    """One backup at a time, each only if something has changed since the last. Nothing of it asks her anything."""

    began = Signal()
    ended = Signal()
    """Made, not needed, failed or broken off: ``outcome`` and ``trouble`` say."""
    failed = Signal(object)
    """A Problem, told once for each kind of trouble between an unlock and the lock; a vanished folder is told by vanished.py."""

    def __init__(self, vault: Vault, settings: SettingsFile, idle: Callable[[], float], parent: QObject) -> None:
        """``idle`` tells for how many seconds nobody has touched the PC."""
        super().__init__(parent)
        self._vault, self._settings, self._idle = vault, settings, idle
        self._background = Background(self)
        self._job: Job | None = None
        self._then: Callable[[], None] | None = None
        self._again = False
        self._was_idle = False
        self._told: set[type[Problem]] = set()
        self.outcome: Outcome | None = None
        """What the last round did; None before the first, and where it failed."""
        self.trouble: Problem | None = None
        """Why the last round made no backup."""
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    @property
    def running(self) -> bool:
        return self._job is not None

    def start(self) -> None:
        """The vault is open: take up what is due a little later, and watch for idle times."""
        QTimer.singleShot(AFTER_UNLOCK_MS, self, self.run)
        self._timer.start(LOOK_MS)

    def look(self) -> None:
        """Back up once in each idle time."""
        idle = self._idle() >= IDLE_SECONDS
        if idle and not self._was_idle:
            self.run()
        self._was_idle = idle

    def run(self) -> None:
        """Back up if anything has changed, and bring the second place up to date."""
        self._start(anyway=False)

    def run_now(self) -> None:
        """As ``run``, also where nothing has changed: she asked for it."""
        self._start(anyway=True)

    def run_then(self, act: Callable[[], None]) -> None:
        """Back up if anything has changed, then do ``act``, whatever became of it; what is running is waited for."""
        self._then, self._again = act, self.running
        self.run()

    def stop(self) -> None:
        """The lock: break it off, and wait until nothing of it is left."""
        self._timer.stop()
        self._then = None
        self._background.stop_all()
        self._job = None

    def forget_then(self) -> None:
        """What was to be done after the backup is not to be done any more."""
        self._then = None

    def before(self, progress: Progress) -> None:
        """On a job's own thread: a backup before it changes much (an import). Raises a Problem, then nothing is to be changed."""
        back_up_if_due(self._vault, None, None, progress)

    def second(self) -> Path | None:
        """The second place she chose."""
        return Path(self._settings.now.second) if self._settings.now.second else None

    def carried_at(self) -> datetime | None:
        """When the newest copy verified at the second place was made."""
        at = self._settings.now.second_at.get(self._vault.vault_id)
        return datetime.fromisoformat(at) if at else None

    def _start(self, *, anyway: bool) -> None:
        if self._job is not None or self._vault.closed:
            return
        work = partial(_back_up, self._vault, self.second(), self.carried_at(), anyway)
        self._job = self._background.run(work, self._done, self._failed, self._broken_off)
        self.began.emit()

    def _done(self, outcome: Outcome) -> None:
        self.outcome, self.trouble = outcome, None
        if outcome.carried_at is not None and outcome.elsewhere:
            at = outcome.carried_at.isoformat(timespec="seconds")
            self._settings.change(second_at={**self._settings.now.second_at, self._vault.vault_id: at})
        self._end()

    def _failed(self, error: Exception) -> None:
        self._job = None
        if not isinstance(error, Problem):
            self._end()
            raise error
        trouble = VaultDoubtful(error.reason) if isinstance(error, BackupDamaged) else error
        self.outcome, self.trouble = None, trouble
        self._end()
        if type(trouble) not in self._told and not isinstance(trouble, Busy | Closed | VaultMoved):
            self._told.add(type(trouble))
            self.failed.emit(trouble)

    def _broken_off(self) -> None:
        self._end()

    def _end(self) -> None:
        self._job = None
        if self._again:  # what ran began before the last change
            self._again = False
            self.run()
            return
        then, self._then = self._then, None
        self.ended.emit()
        if then is not None:
            then()


def _back_up(
    vault: Vault, second: Path | None, carried_at: datetime | None, anyway: bool, progress: Progress
) -> Outcome:
    return back_up_if_due(vault, second, carried_at, progress, anyway=anyway)
