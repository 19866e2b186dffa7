"""Vanished: the vault's folder was deleted, renamed or replaced while it was open: says so at once, and has a copy made elsewhere."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from app.errors import Problem
from app.ui.background import Background, Job, Progress, Working
from app.ui.backing_up import BackingUp
from app.ui.choosing import choose_folder
from app.ui.keeper import Keeper
from app.ui.language import sentence_of
from app.ui.notice import Notice
from app.ui.window import Window
from app.vault import backup
from app.vault.backupfile import Container
from app.vault.backupplaces import second_place
from app.vault.standing import VaultMoved
from app.vault.vault import Vault

LOOK_MS = 2000
AGAIN = 30
"""Looks until she is asked again, when she has put it off."""


class Vanished(QObject):
    """Looks every two seconds. What is typed is kept on the screen and in the memory meanwhile; a copy holds it too."""

    def __init__(
        self, vault: Vault, window: Window, notice: Notice, keeper: Keeper, background: Background, backing: BackingUp
    ) -> None:
        super().__init__(window)
        self._vault, self._window, self._notice = vault, window, notice
        self._keeper, self._background, self._backing = keeper, background, backing
        self._gone = self._copied = False
        self._looks = 0
        """Since she was asked."""
        self._job: Job | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """The vault is open."""
        self.look()
        self._timer.start(LOOK_MS)

    def stop(self) -> None:
        """The vault is being locked."""
        self._timer.stop()

    def tell(self, problem: Problem) -> None:
        """What is typed could not be written down: if it is for that, ask, else say why."""
        if isinstance(problem, VaultMoved):
            self.look()
        else:
            self._notice.tell(problem)

    def look(self) -> None:
        """Ask when the file is gone, again each minute until there is a copy; say when it is back."""
        before, self._gone = self._gone, self._vault.standing.look()
        self._looks += 1
        put_off = self._looks >= AGAIN and not self._copied and QApplication.activeModalWidget() is None
        if self._gone and (not before or put_off):
            self._ask()
        elif before and not self._gone:
            self._copied = False
            self._notice.toast(self.tr("档案文件夹回到了原处，可以接着保存。"))

    def _ask(self) -> None:
        self._looks = 0
        sentence = sentence_of(VaultMoved())  # a page that could not save says the same: it is told once
        detail = self.tr(
            "文件夹 {folder} 被删除、改名或换掉了。写的内容都还在，请不要锁定或退出静室。"
            "把文件夹放回原处就能接着保存；放不回去，请马上另存一份副本：里面有到现在为止的全部内容。"
        ).format(folder=self._vault.folder)
        second = self._backing.second()
        if second is not None and second.is_dir():
            place = second_place(second, self._vault.vault_id)
            detail += self.tr("副本会存到第二备份位置 {place}。").format(place=place)
            self._notice.ask(sentence, detail, self.tr("另存副本"), partial(self._copy_to, place))
        else:
            self._notice.ask(sentence, detail, self.tr("选择存放副本的文件夹"), self._choose)

    def _choose(self) -> None:
        choose_folder(self._window, self.tr("副本存到哪里"), Path.home(), self._copy_to)

    def _copy_to(self, place: Path) -> None:
        with self._vault.adrift():  # what is being typed goes into the file that is copied
            self._keeper.flush()
        self._job = self._background.run(partial(_copy, self._vault, place), self._done, self._failed, self._ask)
        Working(self._window, self._job, self.tr("正在另存副本…")).open()

    def _done(self, container: Container) -> None:
        self._copied = True
        self._notice.say(
            self.tr("副本已存好，并且打开核对过。"),
            self.tr(
                "它在 {path}。现在可以锁定静室，在解锁的窗口里选「从备份恢复」，用它恢复档案。"
                "恢复之前请不要再写新的内容，它们不会在这份副本里。"
            ).format(path=container.path),
        )

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        self._notice.ask(
            self.tr("副本没有存成。"),
            self.tr("请换一个文件夹再试，例如插上 U 盘。写的内容还在，请不要退出静室。"),
            self.tr("选择存放副本的文件夹"),
            self._choose,
        )


def _copy(vault: Vault, place: Path, progress: Progress) -> Container:
    return backup.rescue(vault, place, progress)
