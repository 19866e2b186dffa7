"""The threshold: from the start or a lock to the open vault: unlock, recovery code and new password, or the first run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.clock import Clock
from app.errors import Problem
from app.ui.background import Background, Progress
from app.ui.first_run import FirstRun, Setup
from app.ui.settings_file import SettingsFile
from app.ui.unlock import Door
from app.vault import places
from app.vault.files import DATABASE, KEYS
from app.vault.keycopies import read_copies

if TYPE_CHECKING:
    from app.vault.keys import Password
    from app.vault.recovery import RecoveryCode
    from app.vault.vault import Vault


class Threshold(QObject):
    """Emits ``opened(vault, setup)``; ``setup`` is None unless the vault has just been made.

    SQLAlchemy and the cipher are imported only after the door has been shown.
    """

    opened = Signal(object, object)
    damaged = Signal(object)
    print_code_wanted = Signal(object)
    keyed = Signal()  # on the opening thread: the key has been derived

    def __init__(self, settings: SettingsFile, clock: Clock, parent: QObject) -> None:
        super().__init__(parent)
        self._settings, self._clock = settings, clock
        self._background = Background(self)
        self.door: Door | None = None
        self.first_run: FirstRun | None = None
        self._vault: Vault | None = None
        self._setup: Setup | None = None

    def folder(self) -> Path:
        """Where the vault lies, as the settings say."""
        return Path(self._settings.now.folder) if self._settings.now.folder else places.default_folder()

    def window(self) -> QWidget | None:
        """The window that stands on the threshold now."""
        return self.first_run or self.door

    def show(self) -> None:
        """Show the door of the vault there is, or the first run."""
        if any((self.folder() / name).exists() for name in (DATABASE, KEYS)):
            self._show_door()
        else:
            self._show_first_run()

    def leave(self) -> None:
        """The window is open: what was typed here is forgotten."""
        if self.door is not None:
            self.door.opened()
            self.door.hide()
        if self.first_run is not None:
            self.first_run.hide()
            self.first_run.deleteLater()
            self.first_run = None

    def stop(self) -> None:
        """The program ends."""
        self._background.stop_all()
        if self._vault is not None:
            self._vault.close()

    # The door

    def _show_door(self) -> None:
        if self.door is None:
            self.door = Door()
            self.door.password_given.connect(self._open_by_password)
            self.door.code_given.connect(self._open_by_code)
            self.door.new_password_given.connect(self._renew)
            self.door.other_folder_wanted.connect(self._choose_folder)
        self.door.set_names(*self._names())
        self.door.set_foot(self.tr("档案只存在这台电脑上,并已加密"))
        self.door.show_password()
        self.door.show()
        self.door.raise_()
        self.door.activateWindow()

    def _names(self) -> tuple[str, str]:
        """The names that stand outside the encryption, if she left them there."""
        try:
            content = read_copies(self.folder())[0].content
        except Problem:
            return "", ""
        return content.school, content.room

    def _open_by_password(self, typed: str) -> None:
        from app.vault.keys import Password

        self._open(Password(typed))

    def _open_by_code(self, typed: str) -> None:
        from app.vault.recovery import read_code

        try:
            code = read_code(typed)
        except Problem as problem:
            self._the_door().show_problem(problem, wrong=False)
            return
        self._open(code)

    def _open(self, secret: Password | RecoveryCode) -> None:
        from app.vault.keys import Password

        folder, clock, report, keyed = self.folder(), self._clock, self.damaged.emit, self.keyed.emit
        renewing = not isinstance(secret, Password)

        def work(_progress: Progress) -> Vault:
            from app.vault.opening import open_vault

            return open_vault(folder, secret, clock, damaged=report, keyed=keyed)

        self._the_door().show_busy()
        self._background.run(work, self._ask_new_password if renewing else self._enter, self._not_opened)

    def _enter(self, vault: Vault) -> None:
        setup, self._setup, self._vault = self._setup, None, None
        self.opened.emit(vault, setup)

    def _not_opened(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        from app.vault.opening import WrongPassword, WrongRecoveryCode

        self._the_door().show_problem(error, wrong=isinstance(error, WrongPassword | WrongRecoveryCode))

    def _ask_new_password(self, vault: Vault) -> None:
        self._vault = vault
        self._the_door().show_new_password()

    def _renew(self, typed: str) -> None:
        vault = self._vault
        if vault is None:
            return

        def work(_progress: Progress) -> Vault:
            from app.vault.opening import renew_password

            renew_password(vault, typed)
            return vault

        self._background.run(work, self._enter, self._not_renewed)

    def _not_renewed(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        self._the_door().show_password_problem(error)

    def _the_door(self) -> Door:
        if self.door is None:
            raise RuntimeError("the door has not been shown")
        return self.door

    # The first run, and another vault

    def _show_first_run(self) -> None:
        if self.first_run is None:
            self.first_run = FirstRun()
            self.first_run.setup_given.connect(self._make)
            self.first_run.open_existing_wanted.connect(self._choose_folder)
            self.first_run.print_code_wanted.connect(self.print_code_wanted)
        self.first_run.show()

    def _make(self, setup: Setup) -> None:
        clock = self._clock
        self._setup = setup

        def work(_progress: Progress) -> Any:
            from app.vault.opening import create_vault

            names = (setup.school, setup.room) if setup.names_outside else ("", "")
            vault, _ = create_vault(
                setup.folder, school=names[0], room=names[1], password=setup.password, clock=clock, code=setup.code
            )
            return vault

        self._background.run(work, self._made, self._not_made)

    def _made(self, vault: Vault) -> None:
        self._settings.change(folder=str(vault.folder))
        self._enter(vault)

    def _not_made(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        if self.first_run is not None:
            self.first_run.show_problem(error)

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("选择档案所在的文件夹"), str(self.folder()))
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._chosen)
        dialog.open()

    def _chosen(self, folder: str) -> None:
        if not (Path(folder) / DATABASE).exists() and not (Path(folder) / KEYS).exists():
            problem = Problem("这个文件夹里没有静室的档案。", "请选择里面有 vault.db 和 vault.keys 的文件夹。")
            if self.first_run is not None and self.first_run.isVisible():
                self.first_run.show_problem(problem)
            else:
                self._the_door().show_problem(problem, wrong=False)
            return
        self._settings.change(folder=folder)
        if self.first_run is not None:
            self.first_run.hide()
            self.first_run.deleteLater()
            self.first_run = None
        QTimer.singleShot(0, self._show_door)
