"""备份与恢复: what can be had back, where it lies, a look inside, restoring, the drill."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from app.errors import Problem
from app.rooms.settings.page.backup_list import ListFace, look_at_second
from app.rooms.settings.page.backup_look import LookFace, StudentOfBackup
from app.rooms.settings.page.backup_secret import SecretDialog
from app.rooms.students import store as students
from app.rooms.students.record import Student
from app.ui.background import Background, Progress, Working
from app.ui.backing_up import BackingUp
from app.ui.backup_words import held, old_keys, when
from app.ui.cards import button
from app.ui.choosing import choose_file, choose_folder
from app.ui.language import translated
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.ui.settings_file import SettingsFile
from app.vault import backupplaces, oldkeys, restoring, restoring_student
from app.vault.asides import Aside, as_backup
from app.vault.backup import local_place
from app.vault.backupfile import ENDING, Container, read
from app.vault.keys import MasterKey
from app.vault.record import Record
from app.vault.restoring import Opened, Side
from app.vault.restoring_student import Missing
from app.vault.vault import Vault

PLACE = "settings.backup"


class BackupPage(Page):
    """Two faces: the list with the state of things, and the look inside one backup.

    ``kinds`` are Chinese words by table. Emits ``restored`` once the restored vault is staged: the vault is to be locked then, and
    the next opening exchanges them.
    """

    restored = Signal()

    def __init__(
        self,
        vault: Vault,
        notice: Notice,
        background: Background,
        settings: SettingsFile,
        backing: BackingUp,
        kinds: Mapping[str, str],
    ) -> None:
        super().__init__(self.tr("备份与恢复"), self.tr("设置"))
        self._vault, self._notice, self._background = vault, notice, background
        self._settings, self._backing = settings, backing
        self._kinds = {**kinds, "note": self.tr("会谈记录")}
        self._opened: Opened | None = None
        self._student_id = 0
        self.now_button = self.add_action(button(self.tr("立即备份"), primary=True))
        self.file_button = self.add_action(button(self.tr("打开备份文件")))
        self.now_button.clicked.connect(backing.run_now)
        self.file_button.clicked.connect(self._choose_file)
        self.faces = QStackedWidget()
        self.body.addWidget(self.faces, 1)
        self.look = LookFace(self._kinds)
        self.look.restore_wanted.connect(self._ask_restore)
        self.look.student_wanted.connect(self._choose_student)
        self.look.closed.connect(self._close_look)
        self.list = ListFace(vault, backing)
        self.list.look_wanted.connect(self._look_into)
        self.list.second_wanted.connect(self._choose_second)
        self.list.second_dropped.connect(self._drop_second)
        self.list.drill_wanted.connect(self._start_drill)
        for face in (self.list, self.look):
            self.faces.addWidget(face)
        backing.began.connect(self._show_running)
        backing.ended.connect(self.reload)
        vault.when_closing(self._let_go)

    def arrive(self, route: Route) -> None:
        self._close_look()
        super().arrive(route)

    def leave(self) -> None:
        self._let_go()

    def reload(self) -> None:
        self.list.show_all()
        self._show_running()
        second = self._backing.second()
        if second is not None:
            look = partial(look_at_second, second, self._vault.vault_id, self._vault.folder)
            self._background.run(look, self.list.show_seen, self._raise)

    def _show_running(self) -> None:
        self.list.show_state()
        self.now_button.setEnabled(not self._backing.running)

    # The second place

    def _choose_second(self) -> None:
        choose_folder(self.window(), self.tr("选择存放备份的位置"), Path.home(), self._use_second)

    def _use_second(self, chosen: Path) -> None:
        try:
            doubt = backupplaces.judge_second(chosen, self._vault.folder)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._settings.change(second=str(chosen))
        if doubt:
            self._notice.toast(translated(doubt, {}))
        self._backing.run()
        self.reload()

    def _drop_second(self) -> None:
        self._settings.change(second="")
        self.reload()

    # The drill

    def _start_drill(self) -> None:
        newest = self.list.newest()
        if newest is None:
            self._notice.say(self.tr("还没有备份可以演练。"), self.tr("请先点「立即备份」。"))
            return
        self._work(partial(_drill, self._vault, newest), self._drilled, self.tr("正在演练恢复…"))

    def _drilled(self, _result: object) -> None:
        self.reload()
        self._notice.say(self.tr("演练通过：最新的备份可以恢复。"), self.tr("结果已写入留痕。现在的档案没有动。"))

    # Looking inside

    def _choose_file(self) -> None:
        kinds = [self.tr("静室备份 (*{ending})").format(ending=ENDING)]
        choose_file(self.window(), self.tr("选择备份文件"), Path.home(), kinds, self._look_into_file)

    def _look_into_file(self, path: Path) -> None:
        try:
            self._look_into(read(path))
        except Problem as problem:
            self._notice.tell(problem)

    def _look_into(self, backup: Container | Aside) -> None:
        try:
            restoring.refuse_other(backup, self._vault.folder)
        except Problem as problem:
            self._notice.tell(problem)
            return
        if backup.is_sealed_by(self._vault.master):
            self._open(backup, self._vault.master)
            return
        asked = SecretDialog(self.window())
        asked.given.connect(partial(self._unlock, backup, asked))
        asked.open()

    def _unlock(self, backup: Container | Aside, asked: SecretDialog, secret: object) -> None:
        def unlock(_progress: Progress) -> MasterKey:
            return restoring.unlocked(backup, secret, self._vault.folder)  # type: ignore[arg-type]

        def right(master: MasterKey) -> None:
            asked.accept()
            self._open(backup, master)

        def wrong(error: Exception) -> None:
            if not isinstance(error, Problem):
                raise error
            asked.show_problem(error)

        self._background.run(unlock, right, wrong)

    def _open(self, backup: Container | Aside, master: MasterKey) -> None:
        self._let_go()
        self._work(partial(_look, self._vault, backup, master), self._show_inside, self.tr("正在打开并检查备份…"))

    def _show_inside(self, looked: tuple[Opened, Side, Side]) -> None:
        self._opened, there, here = looked
        made_at = self._opened.container.manifest.made_at
        self.look.show_sides(there, here, self._vault.now())
        self._show_face(1, self.tr("{when} 的备份").format(when=when(made_at, self._vault.now())))

    def _close_look(self) -> None:
        self._let_go()
        self._show_face(0, self.tr("备份与恢复"))

    def _show_face(self, at: int, title: str) -> None:
        self.faces.setCurrentIndex(at)
        self.set_head(title, self.tr("设置"))
        for action in (self.now_button, self.file_button):
            self.offer(action, at == 0)

    def _let_go(self) -> None:
        """Close the backup that is open; nothing of it stays on the disk. Also called as the vault closes."""
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()

    # Restoring

    def _ask_restore(self) -> None:
        if self._opened is not None:
            manifest = self._opened.container.manifest
            warned = old_keys() if oldkeys.brings_old_keys(self._opened.container, self._vault.folder) else ""
            self._notice.ask(
                self.tr("恢复到 {when} 的备份？").format(when=when(manifest.made_at, self._vault.now())),
                self.tr(
                    "备份之后写的内容不在其中（{held}）。现在的档案会整份保留，连同还没有保存的内容，以后可以在这一页换回来。"
                    "恢复后程序会锁定，请重新打开。"
                ).format(held=held(manifest.counts))
                + warned,
                self.tr("恢复"),
                self._restore,
            )

    def _restore(self) -> None:
        opened = self._opened
        if opened is not None:
            self._work(partial(_stage, opened, self._vault.folder), self._staged, self.tr("正在恢复…"))

    def _staged(self, _aside: Path) -> None:
        self.restored.emit()

    def _choose_student(self) -> None:
        if self._opened is not None:
            asked = StudentOfBackup(self.window(), self._opened)
            asked.chosen.connect(self._look_for)
            asked.open()

    def _look_for(self, student_id: int) -> None:
        opened, self._student_id = self._opened, student_id
        if opened is not None:
            self._work(partial(_missing, self._vault, opened, student_id), self._ask_bring, self.tr("正在对照…"))

    def _ask_bring(self, lacking: Missing) -> None:
        said = self._in_words({kind: len(moments) for kind, moments in lacking.by_kind.items()})
        detail = self.tr("会加回：{said}。现有的内容一概不动。").format(said=said)
        if lacking.destroyed_at is not None:
            gone = self.tr("这份档案曾在 {when} 销毁，理由：{reason}。取回会写入留痕。")
            detail += gone.format(when=when(lacking.destroyed_at, self._vault.now()), reason=lacking.reason)
        word = self.tr("取回") if lacking.destroyed_at is not None else ""
        self._notice.ask(self.tr("取回这位学生缺少的内容？"), detail, self.tr("取回"), self._bring, word=word)

    def _bring(self) -> None:
        opened = self._opened
        if opened is not None:
            self._work(partial(_bring_back, self._vault, opened, self._student_id), self._brought, self.tr("正在取回…"))

    def _brought(self, result: tuple[int, dict[str, int]]) -> None:
        student_id, counted = result
        self._student_id = student_id
        self._notice.say(
            self.tr("已从备份取回：{said}。").format(said=self._in_words(counted)),
            self.tr("每一条都写入了留痕，可以在学生档案里查看。"),
        )
        self._notice.toast(self.tr("取回完成。"), self.tr("打开档案"), self._open_student)

    def _open_student(self) -> None:
        self.went.emit(Route("student", self._student_id, self._student_id))

    def _in_words(self, counted: Mapping[str, int]) -> str:
        return "、".join(f"{self._kinds.get(kind, kind)} {count:,}" for kind, count in counted.items())

    # Small

    def _work(self, act: Callable[[Progress], object], on_done: Callable[..., None], words: str) -> None:
        Working(self.window(), self._background.run(act, on_done, self._failed), words).open()

    def _raise(self, error: Exception) -> None:
        raise error

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        if self._opened is not None and self._opened.vault.closed:
            self._close_look()  # it was being prepared
        self.reload()
        self._notice.tell(error)


def _drill(vault: Vault, container: Container, progress: Progress) -> None:
    restoring.drill(vault, container, progress)


def _look(vault: Vault, backup: Container | Aside, master: MasterKey, progress: Progress) -> tuple[Opened, Side, Side]:
    place = local_place(vault.folder)
    container = as_backup(backup, master, place, vault.clock, progress)
    opened = Opened(container, master, place, vault.clock, progress)
    try:
        sides = restoring.side(opened.vault), restoring.side(vault)
        progress.step(1, 1)
    except BaseException:
        opened.close()
        raise
    return opened, *sides


def _stage(opened: Opened, folder: Path, progress: Progress) -> Path:
    progress.commit_begins()
    return restoring.stage(opened, folder)


def _missing(vault: Vault, opened: Opened, student_id: int, _progress: Progress) -> Missing:
    return restoring_student.missing(vault, opened, student_id)


def _bring_back(vault: Vault, opened: Opened, student_id: int, progress: Progress) -> tuple[int, dict[str, int]]:
    progress.commit_begins()
    return restoring_student.bring_back(vault, opened, student_id, _check)


def _check(session: object, record: Record) -> None:
    """A number that is another student's by now."""
    if isinstance(record, Student):
        students.check(session, record)  # type: ignore[arg-type]
