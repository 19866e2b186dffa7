"""备份与恢复: what can be had back, where it lies, a look inside, restoring, the drill."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.errors import Problem
from app.rooms.settings.page.backup_look import LookFace, StudentOfBackup
from app.rooms.settings.page.backup_secret import SecretDialog
from app.rooms.students import store as students
from app.rooms.students.record import Student
from app.ui.background import Background, Progress, Working
from app.ui.backing_up import BackingUp
from app.ui.backup_words import held, reminder, restorable, size, when
from app.ui.cards import Card, Row, button, clear, tag, text
from app.ui.choosing import choose_file, choose_folder
from app.ui.language import sentence_of, told, translated
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.ui.settings_file import SettingsFile
from app.vault import backupplaces, keycopies, restoring, restoring_student
from app.vault.backup import local_place
from app.vault.backupfile import ENDING, Container, read
from app.vault.backupplaces import Found
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
        self._found: list[tuple[Found, list[str]]] = []
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
        for face in (self._list_face(), self.look):
            self.faces.addWidget(face)
        backing.began.connect(self._show_state)
        backing.ended.connect(self.reload)
        vault.when_closing(self._let_go)

    def arrive(self, route: Route) -> None:
        self._close_look()
        super().arrive(route)

    def leave(self) -> None:
        self._let_go()

    def reload(self) -> None:
        self._show_list()
        self._show_state()
        self._show_second()
        self._show_drill()

    # The list

    def _list_face(self) -> QWidget:
        face = QWidget()
        column = QVBoxLayout(face)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        self.state = text("", "strong", wrap=True)
        self.state.setAccessibleName(self.tr("备份的状态"))
        self.trouble = text("", "warning", wrap=True)
        self.trouble.setAccessibleName(self.tr("备份遇到的问题"))
        state = Card(self.tr("现在"), self.tr("每天第一次打开、空闲两分钟、导入前和退出时自动备份；没有变化就不做"))
        state.body.addWidget(self.state)
        state.body.addWidget(self.trouble)
        self._list = Card(self.tr("可以恢复到"), self.tr("近 7 天、5 周、12 个月各留一份"), flush=True)
        for card in (state, self._second_card(), self._drill_card(), self._list):
            column.addWidget(card)
        column.addStretch(1)
        return face

    def _show_list(self) -> None:
        clear(self._list.body)
        self._found = _merged(self._places())
        now = self._vault.now()
        for at, (found, places) in enumerate(self._found):
            manifest = found.manifest
            if manifest is None or found.problem is not None:
                row = Row(found.path.name, sentence_of(found.problem) if found.problem else "")
                row.add(tag(self.tr("不能用"), "red"))
            else:
                moment = when(manifest.made_at, now)
                row = Row(moment, f"{held(manifest.counts)} · {size(manifest.parts['vault.db'].size)}")
                for place in places:
                    row.add(tag(place, "plain"))
                look = button(self.tr("查看"), name=self.tr("查看 {when} 的备份").format(when=moment))
                look.setProperty("backup", at)
                look.clicked.connect(self._look_at)
                row.add(look)
            self._list.add_row(row)
        if not self._found:
            self._list.add_row(Row(self.tr("还没有备份"), self.tr("点「立即备份」，或者等到空闲两分钟。")))

    def _places(self) -> list[tuple[str, Path]]:
        places = [(self.tr("本机"), local_place(self._vault.folder))]
        second = self._backing.second()
        if second is not None:
            places.append((self.tr("第二位置"), backupplaces.second_place(second, self._vault.vault_id)))
        return places

    def _show_state(self) -> None:
        verified = keycopies.sealed_by(keycopies.read_copies(self._vault.folder), self._vault.master).backup
        newest = next((found.manifest for found, _ in self._found if found.manifest is not None), None)
        if self._backing.running:
            self.state.setText(self.tr("正在备份，可以照常使用…"))
        elif newest is not None and verified is not None:
            self.state.setText(restorable(newest.made_at, newest.counts, self._vault.now()))
        else:
            self.state.setText(self.tr("还没有备份。"))
        self.now_button.setEnabled(not self._backing.running)
        trouble = self._backing.trouble or (self._backing.outcome.trouble if self._backing.outcome else None)
        self.trouble.setText(told(trouble) if trouble is not None else "")
        self.trouble.setVisible(trouble is not None)

    # The second place

    def _second_card(self) -> Card:
        card = Card(self.tr("第二位置"), self.tr("U 盘或学校的共享盘，电脑坏了还有一份"), flush=True)
        self._second = Row("", "")
        self._second.detail_label.setAccessibleName(self.tr("第二位置的状态"))
        self.choose_second, self.drop_second = button(self.tr("选择位置")), button(self.tr("不再使用"))
        self.choose_second.clicked.connect(self._choose_second)
        self.drop_second.clicked.connect(self._drop_second)
        for made in (self.choose_second, self.drop_second):
            self._second.add(made)
        card.add_row(self._second)
        return card

    def _show_second(self) -> None:
        second, outcome, now = self._backing.second(), self._backing.outcome, self._vault.now()
        self.drop_second.setVisible(second is not None)
        if second is None:
            self._second.title_label.setText(self.tr("没有选择"))
            self._second.detail_label.setText(self.tr("备份都在这台电脑上：电脑坏了或丢了，备份也会一起没有。"))
            return
        self._second.title_label.setText(str(second))
        if not second.is_dir():
            said = self.tr("现在没有连上，不影响使用；连上以后会自动补齐。")
        elif not backupplaces.is_elsewhere(second, self._vault.folder):
            said = self.tr("这个位置和档案在同一块磁盘上：磁盘坏了，两份都会没有。")
        elif outcome is not None and outcome.carried_at is not None:
            said = self.tr("最新一份：{when}，逐字节核对过。").format(when=when(outcome.carried_at, now))
        else:
            said = ""
        late = reminder(self._backing.carried_at(), now, chosen=True)
        self._second.detail_label.setText(" ".join(filter(None, (said, late))))

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

    def _drill_card(self) -> Card:
        card = Card(self.tr("恢复演练"), self.tr("做完恢复的每一步，只差替换；每学期做一次"), flush=True)
        self._drill = Row("", "")
        self._drill.detail_label.setAccessibleName(self.tr("上次演练的结果"))
        go = button(self.tr("开始演练"))
        go.clicked.connect(self._start_drill)
        self._drill.add(go)
        card.add_row(self._drill)
        said = self.tr("备份在别的电脑上用做备份那一天的口令打开，恢复码一直可以；换过口令后，旧备份仍认旧口令。")
        card.add_row(Row(self.tr("口令"), said))
        return card

    def _show_drill(self) -> None:
        with self._vault.read() as session:
            last = restoring.last_drill(session)
        self._drill.title_label.setText(self.tr("上次演练"))
        if last is None:
            self._drill.detail_label.setText(self.tr("还没有做过。"))
            return
        result = self.tr("通过") if last.passed else self.tr("没有通过，请立即备份后再试")
        self._drill.detail_label.setText(f"{when(last.at, self._vault.now())} · {result}")

    def _start_drill(self) -> None:
        own = [f.container for f, _ in self._found if f.container and f.container.is_sealed_by(self._vault.master)]
        if not own:
            self._notice.say(self.tr("还没有备份可以演练。"), self.tr("请先点「立即备份」。"))
            return
        self._work(partial(_drill, self._vault, own[0]), self._drilled, self.tr("正在演练恢复…"))

    def _drilled(self, _result: object) -> None:
        self.reload()
        self._notice.say(self.tr("演练通过：最新的备份可以恢复。"), self.tr("结果已写入留痕。现在的档案没有动。"))

    # Looking inside

    def _look_at(self) -> None:
        found, _ = self._found[int(self._sender().property("backup"))]
        if found.container is not None:
            self._look_into(found.container)

    def _choose_file(self) -> None:
        kinds = [self.tr("静室备份 (*{ending})").format(ending=ENDING)]
        choose_file(self.window(), self.tr("选择备份文件"), Path.home(), kinds, self._look_into_file)

    def _look_into_file(self, path: Path) -> None:
        try:
            self._look_into(read(path))
        except Problem as problem:
            self._notice.tell(problem)

    def _look_into(self, container: Container) -> None:
        try:
            restoring.refuse_other(container, self._vault.folder)
        except Problem as problem:
            self._notice.tell(problem)
            return
        if container.is_sealed_by(self._vault.master):
            self._open(container, self._vault.master)
            return
        asked = SecretDialog(self.window())
        asked.given.connect(partial(self._unlock, container, asked))
        asked.open()

    def _unlock(self, container: Container, asked: SecretDialog, secret: object) -> None:
        def unlock(_progress: Progress) -> MasterKey:
            return restoring.unlocked(container, secret, self._vault.folder)  # type: ignore[arg-type]

        def right(master: MasterKey) -> None:
            asked.accept()
            self._open(container, master)

        def wrong(error: Exception) -> None:
            if not isinstance(error, Problem):
                raise error
            asked.show_problem(error)

        self._background.run(unlock, right, wrong)

    def _open(self, container: Container, master: MasterKey) -> None:
        self._let_go()
        self._work(partial(_look, self._vault, container, master), self._show_inside, self.tr("正在打开并检查备份…"))

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
            self._notice.ask(
                self.tr("恢复到 {when} 的备份？").format(when=when(manifest.made_at, self._vault.now())),
                self.tr(
                    "备份之后写的内容不在其中（{held}）。现在的档案会整份保留在档案文件夹里，不会删除。"
                    "恢复后程序会锁定，请重新打开。"
                ).format(held=held(manifest.counts)),
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

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        self.reload()
        self._notice.tell(error)

    def _sender(self) -> QPushButton:
        sender = self.sender()
        if not isinstance(sender, QPushButton):
            raise TypeError("not a button")
        return sender


def _merged(places: list[tuple[str, Path]]) -> list[tuple[Found, list[str]]]:
    """Every backup once, with the places where it lies, the newest first."""
    merged: dict[str, tuple[Found, list[str]]] = {}
    for name, place in places:
        for found in backupplaces.listed(place):
            key = found.container.mac if found.container is not None else str(found.path)
            merged.setdefault(key, (found, []))[1].append(name)
    return sorted(merged.values(), key=_newest, reverse=True)


def _newest(one: tuple[Found, list[str]]) -> float:
    manifest = one[0].manifest
    return manifest.made_at.timestamp() if manifest is not None else 0.0


def _drill(vault: Vault, container: Container, progress: Progress) -> None:
    restoring.drill(vault, container, progress)


def _look(vault: Vault, container: Container, master: MasterKey, progress: Progress) -> tuple[Opened, Side, Side]:
    opened = Opened(container, master, local_place(vault.folder), vault.clock, progress)
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
