"""Restoring at the door: the vault is damaged, or this PC has none yet. Looks into a backup, restores it, and has it opened."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.clock import Clock
from app.errors import Problem
from app.ui.background import Background, Progress
from app.ui.backup_words import held, keys_enough, old_keys, when
from app.ui.settings_file import SettingsFile
from app.ui.unlock import Door

if TYPE_CHECKING:
    from app.vault.backupfile import Work
    from app.vault.backupplaces import Found
    from app.vault.keys import Password
    from app.vault.recovery import RecoveryCode
    from app.vault.restoring import Opened


ANSWER_SECONDS = 2.0
"""So long the door waits for a second place."""


class RestoringDoor(QObject):
    """Everything the card asks for. ``load`` imports every kind of record: a backup is checked record by record."""

    restored = Signal(object, object)  # the folder, and the secret that has opened the backup
    left = Signal()

    def __init__(
        self, door: Door, settings: SettingsFile, clock: Clock, background: Background, load: Callable[[], None]
    ) -> None:
        super().__init__(door)
        self._door, self._settings, self._clock = door, settings, clock
        self._background, self._load = background, load
        self._folder = Path()
        self._opened: Opened | None = None
        self._secret: Password | RecoveryCode | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self.lock)
        door.lock_wanted.connect(self.lock)
        card = door.restore
        card.look_wanted.connect(self._look)
        card.restore_wanted.connect(self._restore)
        card.keys_wanted.connect(self._take_keys)
        card.file_wanted.connect(self._choose_file)
        card.folder_wanted.connect(self._choose_folder)
        card.back.connect(self._leave)

    def show(self, folder: Path) -> None:
        """Offer the backups beside the vault and at the second place."""
        self._folder = folder
        self.close()
        self._door.show_restore()
        self._show_backups(self.found(folder))

    def lock(self) -> None:
        """Ctrl+L or too long a wait while a backup stands open: it is closed again."""
        if self._opened is not None:
            self._leave()

    def close(self) -> None:
        """Let go of the backup that is open; nothing of it stays on the disk."""
        self._patience.stop()
        opened, self._opened = self._opened, None
        self._secret = None
        if opened is not None:
            opened.close()

    def newest(self, folder: Path) -> str:
        """The newest good backup by name, in a sentence; empty where there is none."""
        good = next((found for found in self.found(folder) if found.manifest is not None), None)
        if good is None or good.manifest is None:
            return ""
        made_at, now = when(good.manifest.made_at, self._clock.now()), held(good.manifest.counts)
        return self.tr("最新的备份：{name}（{when} · {held}）").format(name=good.path.name, when=made_at, held=now)

    def found(self, folder: Path) -> list[Found]:
        """Every backup in reach and the vaults set aside, the newest first; of this vault alone where its key file says which it is."""
        from app.vault import keycopies
        from app.vault.asides import asides
        from app.vault.backup import local_place
        from app.vault.backupfile import Unwatched
        from app.vault.backupplaces import listed, merged
        from app.vault.reaching import Silent, reach

        there: list[Found] = []
        if self._settings.now.second:
            with suppress(Silent, OSError):  # a share that does not answer; what is here is shown
                there = reach(ANSWER_SECONDS, partial(_listed_at, Path(self._settings.now.second)), Unwatched())
        own = {content.vault_id for content in keycopies.contents(folder)}
        everywhere = merged([("", listed(local_place(folder))), ("", there)], asides(folder))
        return [found for found, _ in everywhere if not found.is_of_another(own)]

    def _show_backups(self, found: list[Found]) -> None:
        from app.vault.files import is_vault

        self._door.restore.show_backups(found, self._folder, self._clock.now(), movable=not is_vault(self._folder))

    # Looking

    def _look(self, path: Path, typed: str) -> None:
        from app.vault.restoring import secret_of

        self.close()
        self._secret = secret_of(typed)
        self._door.show_busy()
        work = partial(_looked, path, self._secret, self._folder, self._clock, self._load)
        self._background.run(work, self._show_inside, self._not_opened)

    def _show_inside(self, looked: tuple[Opened, bool]) -> None:
        from app.vault.oldkeys import brings_old_keys

        self._opened, enough = looked
        self._patience.start(self._settings.now.lock_minutes * 60_000)
        container = self._opened.container
        said = self.tr("{when} 的备份可以恢复：{held}。每一条记录都与留痕核对过。").format(
            when=when(container.manifest.made_at, self._clock.now()), held=held(container.manifest.counts)
        )
        if enough:
            said += keys_enough()
        elif brings_old_keys(container, self._folder):
            said += old_keys()
        self._door.set_usable(True)
        self._door.restore.show_inside(said, keys_enough=enough)

    def _not_opened(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        from app.vault.restoring import WrongSecret

        if isinstance(error, WrongSecret):
            self._door.show_wrong(error)
        else:
            self._door.show_mistake(error)

    # Restoring

    def _restore(self) -> None:
        self._put_back(_restored)

    def _take_keys(self) -> None:
        self._put_back(_keys_taken)

    def _put_back(self, act: Callable[[Opened, Path, Progress], None]) -> None:
        opened = self._opened
        if opened is not None:
            self._patience.stop()
            self._door.show_busy()
            self._background.run(partial(act, opened, self._folder), self._done, self._not_restored)

    def _done(self, _none: None) -> None:
        secret, self._opened = self._secret, None
        self.restored.emit(self._folder, secret)

    def _not_restored(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        self.close()
        self._door.restore.show_choosing()
        self._door.show_mistake(error)

    def _choose_file(self) -> None:
        from app.ui.choosing import choose_file

        kinds = [self.tr("静室备份 (*.jsbak)")]
        choose_file(self._door, self.tr("选择备份文件"), Path.home(), kinds, self._use_file)

    def _use_file(self, path: Path) -> None:
        from app.vault.backupfile import read
        from app.vault.backupplaces import Found

        self.close()
        try:
            self._show_backups([Found(path, read(path))])
        except Problem as problem:
            self._door.show_mistake(problem)

    def _choose_folder(self) -> None:
        from app.ui.choosing import choose_folder

        choose_folder(self._door, self.tr("选择档案要放的文件夹"), self._folder.parent, self._use_folder)

    def _use_folder(self, folder: Path) -> None:
        from app.vault import places

        try:
            places.judge_new(folder)
        except Problem as problem:
            self._door.show_mistake(problem)
            return
        before, self._folder = self._folder, folder
        self._show_backups(self._door.restore.offered() or self.found(before))

    def _leave(self) -> None:
        self.close()
        self.left.emit()


def _listed_at(second: Path, _work: Work) -> list[Found]:
    from app.vault.backupplaces import listed, second_places

    return [found for place in second_places(second) for found in listed(place)]


def _looked(
    path: Path,
    secret: Password | RecoveryCode,
    folder: Path,
    clock: Clock,
    load: Callable[[], None],
    progress: Progress,
) -> tuple[Opened, bool]:
    from app.vault.asides import as_backup, aside_at
    from app.vault.backup import local_place
    from app.vault.backupfile import read
    from app.vault.restoring import Opened, refuse_other, unlocked
    from app.vault.restoring_keys import is_enough

    load()
    chosen, place = aside_at(path) if path.is_dir() else read(path), local_place(folder)
    refuse_other(chosen, folder)
    master = unlocked(chosen, secret, folder)
    opened = Opened(as_backup(chosen, master, place, clock, progress), master, place, clock, progress)
    if progress.stopped():
        opened.close()
    return opened, is_enough(opened, folder)


def _restored(opened: Opened, folder: Path, progress: Progress) -> None:
    from app.vault import places, restoring
    from app.vault.files import is_vault

    progress.commit_begins()
    if not is_vault(folder):
        places.judge_existing(folder)
    restoring.finish(folder)  # one that was begun inside and waits for the next opening
    restoring.stage(opened, folder)
    opened.close()
    restoring.finish(folder)


def _keys_taken(opened: Opened, folder: Path, progress: Progress) -> None:
    from app.vault.restoring_keys import bring_keys

    progress.commit_begins()
    bring_keys(opened, folder)
    opened.close()
