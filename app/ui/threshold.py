"""The threshold: from the start or a lock to the open vault: unlock, recovery code and new password, or the first run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.clock import Clock
from app.errors import Problem
from app.ui import door_jobs
from app.ui.background import Background
from app.ui.frame import Frame
from app.ui.notice import Notice, install_bug_door
from app.ui.settings_file import SettingsFile
from app.ui.unlock import Door
from app.vault import places
from app.vault.files import is_vault

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.ui.first_run import FirstRun, Setup
    from app.ui.restoring_door import RestoringDoor
    from app.vault.keys import Password
    from app.vault.recovery import RecoveryCode
    from app.vault.vault import Vault


class VaultGone(Problem):
    """No vault is where the last one was; ``unwritten``: what was typed before the lock waits for it in the memory."""

    def __init__(self, folder: Path, *, unwritten: bool = False) -> None:
        if unwritten:
            super().__init__(
                "找不到档案文件夹（{folder}），还有没有保存的内容只留在静室的内存里。",
                "请不要退出静室或关机。请把文件夹放回原处再试一次；放不回去，请点「从备份恢复」，用另存的副本恢复。"
                "打开档案以后，内容会自动写好。",
                folder=str(folder),
            )
        else:
            super().__init__(
                "找不到上次的档案。档案文件夹：{folder}",
                "如果档案在移动硬盘或另一个磁盘上，请接好后再试一次；也可以选择档案现在所在的文件夹，或者从备份恢复。"
                "请不要删除任何文件。",
                folder=str(folder),
            )


class Threshold(QObject):
    """Emits ``opened(vault)``. ``register`` writes the first names into a new vault, ``names`` tells those of an open one.

    SQLAlchemy and the cipher are imported only after the door has been shown.
    """

    opened = Signal(object)
    damaged = Signal(object)
    refused = Signal(object)  # a Problem: the vault was not opened, and the door says why
    print_code_wanted = Signal(object)
    closing = Signal(object)  # the QCloseEvent of the door or the first run
    locked = Signal()  # the vault that was open here is closed again
    keyed = Signal()  # on the opening thread: the key has been derived

    def __init__(
        self,
        settings: SettingsFile,
        clock: Clock,
        parent: QObject,
        register: Callable[[Setup, Session], None],
        names: Callable[[Session], tuple[str, ...]],
        load: Callable[[], None],
    ) -> None:
        """``load`` imports every kind of record, which a backup is checked by."""
        super().__init__(parent)
        self._load = load
        self._restoring: RestoringDoor | None = None
        self._settings, self._clock, self._register, self._names = settings, clock, register, names
        self._background = Background(self)
        self.door: Door | None = None
        self.first_run: FirstRun | None = None
        self.frame: Frame | None = None
        """Where the window stood before the lock, for the door to stand there."""
        self._vault: Vault | None = None
        """Open, but not yet inside: a new password is still to come, or the window is being made."""
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self.lock)

    def folder(self) -> Path:
        """Where the vault lies, as the settings say."""
        return Path(self._settings.now.folder) if self._settings.now.folder else places.default_folder()

    def is_there(self) -> bool:
        """Whether anything of a vault lies in that folder."""
        return is_vault(self.folder())

    def window(self) -> QWidget | None:
        """The window that stands on the threshold now."""
        windows = (self.first_run, self.door)
        return next(
            (window for window in windows if window is not None and window.isVisible()), self.first_run or self.door
        )

    def show(self) -> None:
        """Show the door; the first run only where no vault was ever opened: one that is not there is no reason for a new one."""
        if self.is_there():
            self._show_door()
        elif self._settings.now.folder:
            self._refuse(VaultGone(self.folder()))
        elif self._settings.lost:
            self._refuse(
                Problem(
                    "静室的设置文件坏了，不知道档案在哪个文件夹。",
                    "档案没有动过。请点「选择别的文件夹」，选里面有 vault.db 的那个；从来没有建立过档案，请点「建立新的档案」。",
                )
            )
        else:
            self._show_first_run()

    def _refuse(self, problem: Problem) -> None:
        self.show_trouble(problem)
        self.refused.emit(problem)

    def show_trouble(self, problem: Problem) -> None:
        """The vault had to be closed: say why, at the door."""
        self._show_door()
        self._tell_trouble(problem)

    def lock(self) -> None:
        """Ctrl+L or too long a wait while a new password is asked for: the vault is closed again."""
        if self._vault is not None:
            self._forget_vault()
            self.locked.emit()

    def leave(self) -> None:
        """The window is open: what was typed here is forgotten."""
        self._vault = None
        self._patience.stop()
        if self.door is not None:
            self.door.opened()
            self.door.hide()
        self._drop_first_run()

    def stop(self) -> None:
        """The program ends, or begins again."""
        self._background.stop_all()
        self._forget_vault()

    def _forget_vault(self) -> None:
        self._patience.stop()
        self._background.stop_all()
        self._close_backup()
        vault, self._vault = self._vault, None
        if vault is not None:
            vault.close()

    def _close_backup(self) -> None:
        """She has turned to something else than restoring."""
        if self._restoring is not None:
            self._restoring.close()

    def _drop_first_run(self) -> None:
        if self.first_run is not None:
            self.first_run.hide()
            self.first_run.deleteLater()
            self.first_run = None

    # The door

    def _show_door(self) -> None:
        self._close_backup()
        if self.door is None:
            self.door = Door()
            self.door.resize(self._settings.now.width, self._settings.now.height)
            self.door.password_given.connect(self._open_by_password)
            self.door.code_given.connect(self._open_by_code)
            self.door.new_password_given.connect(self._renew)
            self.door.other_folder_wanted.connect(self._choose_folder)
            self.door.new_vault_wanted.connect(self._show_first_run)
            self.door.restore_wanted.connect(self._show_restore)
            self.door.again_wanted.connect(self.show)
            self.door.lock_wanted.connect(self.lock)
            self.door.closing.connect(self.closing)
        install_bug_door(Notice(self.door))
        self._drop_first_run()
        self.door.set_foot(self.tr("档案只存在这台电脑上，并已加密"))
        self.door.show_password()
        if self.frame is not None and not self.door.isVisible():
            self.frame.put(self.door)
        self.door.show()
        QTimer.singleShot(20, self._show_outside)  # the key file's code is imported once the door is seen
        self.door.raise_()
        self.door.activateWindow()

    def _show_outside(self) -> None:
        """What stands outside the encryption: the names, if she left them there, and the last verified backup."""
        from app.ui.backup_words import reminder, restorable
        from app.vault.keycopies import read_copies

        door, foot = self._the_door(), self.tr("档案只存在这台电脑上，并已加密")
        door.set_names("", "")
        try:
            content = read_copies(self.folder())[0].content
        except Problem:
            return  # told when she opens it
        door.set_names(content.school, content.room)
        if content.backup is None:
            door.set_foot(foot)
            return
        now, carried = self._clock.now(), self._settings.now.second_at.get(content.vault_id)
        at = datetime.fromisoformat(carried) if carried else None
        late = reminder(at, now, chosen=bool(self._settings.now.second))
        door.set_foot(restorable(datetime.fromisoformat(content.backup.at), content.backup.counts, now), late)

    def _open_by_password(self, typed: str) -> None:
        from app.vault.keys import Password

        self._open(Password(typed))

    def _open_by_code(self, typed: str) -> None:
        from app.vault.recovery import read_code

        try:
            code = read_code(typed)
        except Problem as problem:
            self._the_door().show_mistake(problem)
            return
        self._open(code)

    def _open(self, secret: Password | RecoveryCode, not_opened: Callable[[Exception], None] | None = None) -> None:
        from app.vault.keys import Password

        self._forget_vault()
        job = partial(door_jobs.opened, self.folder(), secret, self._clock, self.damaged.emit, self.keyed.emit)
        self._the_door().show_busy()
        done = self._enter if isinstance(secret, Password) else self._ask_new_password
        self._background.run(job, done, not_opened or self._not_opened)

    def _enter(self, vault: Vault) -> None:
        self._vault = vault
        self.opened.emit(vault)

    def _not_opened(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        from app.vault.oldkeys import why_wrong
        from app.vault.opening import WrongPassword, WrongRecoveryCode

        if isinstance(error, WrongPassword | WrongRecoveryCode):
            self._the_door().show_wrong(why_wrong(self.folder(), error))
        else:
            self._tell_trouble(error)
        self.refused.emit(error)

    def _tell_trouble(self, problem: Problem) -> None:
        """Say what kept the vault shut, and name the newest good backup where the files are the matter."""
        from app.vault.keycopies import KeyFileDamaged, KeyFileMissing
        from app.vault.oldkeys import KeyFileOlder
        from app.vault.proving import VaultDamaged, VaultMissing

        of_files = VaultGone | VaultDamaged | VaultMissing | KeyFileDamaged | KeyFileMissing | KeyFileOlder
        newest = self._the_restoring().newest(self.folder()) if isinstance(problem, of_files) else None
        self._the_door().show_trouble(problem, newest)

    # Restoring

    def _show_restore(self) -> None:
        self._forget_vault()
        self._show_door()
        self._the_restoring().show(self.folder())

    def _the_restoring(self) -> RestoringDoor:
        if self._restoring is None:
            from app.ui.restoring_door import RestoringDoor

            self._restoring = RestoringDoor(self._the_door(), self._settings, self._clock, self._background, self._load)
            self._restoring.restored.connect(self._open_restored)
            self._restoring.left.connect(self.show)
        return self._restoring

    def _open_restored(self, folder: Path, secret: Password | RecoveryCode) -> None:
        self._settings.change(folder=str(folder))
        self._open(secret, self._restored_not_opened)

    def _restored_not_opened(self, error: Exception) -> None:
        """The keys were changed since that backup, and the present ones stayed: what has opened the backup does not open the vault."""
        from app.vault.opening import WrongPassword, WrongRecoveryCode

        if not isinstance(error, WrongPassword | WrongRecoveryCode):
            self._not_opened(error)
            return
        self._show_door()
        self._the_door().show_mistake(
            Problem(
                "档案已经恢复好了，还没有打开。", "请用现在的口令（备份以后换过的那个）打开，也可以用现在的恢复码。"
            )
        )
        self.refused.emit(error)

    def _ask_new_password(self, vault: Vault) -> None:
        self._vault = vault
        self._patience.start(self._settings.now.lock_minutes * 60_000)
        self._the_door().show_new_password()

    def _renew(self, typed: str) -> None:
        if self._vault is not None:
            self._the_door().show_busy()
            job = partial(door_jobs.renewed, self._vault, typed, self._names)
            self._background.run(job, self._enter, self._not_renewed)

    def _not_renewed(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        self._the_door().show_mistake(error)

    def _the_door(self) -> Door:
        if self.door is None:
            raise RuntimeError("the door has not been shown")
        return self.door

    # The first run, and another vault

    def _show_first_run(self) -> None:
        self._close_backup()
        if self.first_run is None:
            from app.ui.first_run import FirstRun

            self.first_run = FirstRun(returns=self.door is not None)
            self.first_run.setup_given.connect(self._make)
            self.first_run.open_existing_wanted.connect(self._choose_folder)
            self.first_run.return_wanted.connect(self.show)
            self.first_run.restore_wanted.connect(self._show_restore)
            self.first_run.print_code_wanted.connect(self.print_code_wanted)
            self.first_run.closing.connect(self.closing)
            install_bug_door(Notice(self.first_run))
        self.first_run.show()
        if self.door is not None:
            self.door.hide()

    def _make(self, setup: Setup) -> None:
        job = partial(door_jobs.made, setup, self._clock, self._register)
        self._background.run(job, self._made, self._not_made)

    def _made(self, vault: Vault) -> None:
        self._settings.change(folder=str(vault.folder))
        self._enter(vault)

    def _not_made(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        if self.first_run is not None:
            self.first_run.show_problem(error)

    def _choose_folder(self) -> None:
        from app.ui.choosing import choose_folder

        window = self.window()
        if window is not None:
            choose_folder(window, self.tr("选择档案所在的文件夹"), self.folder(), self._chosen)

    def _chosen(self, folder: Path) -> None:
        if is_vault(folder):
            self._settings.change(folder=str(folder))
            self._show_door()
            return
        problem = Problem("这个文件夹里没有静室的档案。", "请选择里面有 vault.db 和 vault.keys 的文件夹。")
        if self.first_run is not None:
            self.first_run.show_problem(problem)
        else:
            self._the_door().show_trouble(problem)
