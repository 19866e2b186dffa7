"""The import of a class list: choose or drop a file, see what it would do, take it in one go, undo it as a whole."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.errors import Problem
from app.rooms.students import roster
from app.rooms.students.classlist.columns import Mapping
from app.rooms.students.classlist.handing_back import problem_sheet
from app.rooms.students.page.roster_columns import ColumnsPanel
from app.rooms.students.page.roster_faces import DoneFace, WaitingFace, column_of
from app.rooms.students.page.roster_groups import Group, TickRows, groups
from app.rooms.students.roster import Preview, Taken, TakenBack
from app.ui.background import Background, Job, Progress, Working
from app.ui.cards import Card, EmptyState, button, clear, restyle, text
from app.ui.choosing import choose_file, choose_save
from app.ui.exporting import safe_name, write_whole
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.ui.tables import Table
from app.vault.trail import Act
from app.vault.vault import Vault

PLACE = "roster"
_COLUMNS = "columns"


class RosterPage(Page):
    """Three faces: waiting for a file, the preview, and what the import did."""

    def __init__(self, vault: Vault, notice: Notice, background: Background) -> None:
        super().__init__(self.tr("导入名单"), scrolls=False)
        self._vault, self._notice, self._background = vault, notice, background
        self.route = Route(PLACE)
        self._job: Job | None = None
        self._shown: Preview | None = None
        self._wanted: Mapping | None = None
        self._taken: Taken | None = None
        self._groups: list[Group] = []
        self._chosen: set[str] = set()
        self._model: TickRows | None = None
        self.setAcceptDrops(True)
        self._other = self.add_action(button(self.tr("换一个文件")))
        self._import = self.add_action(button(self.tr("导入"), primary=True))
        self._other.clicked.connect(self.choose)
        self._import.clicked.connect(self._take)
        self._faces = QStackedWidget()
        self._waiting, self._done = WaitingFace(), DoneFace()
        self._waiting.pressed.connect(self._press)
        self._waiting.undo_wanted.connect(self._undo_last)
        self._done.list_wanted.connect(self._want_list)
        self._done.undo_wanted.connect(self._undo_last)
        self._done.export_wanted.connect(self.export_problems)
        for face in (self._waiting, self._preview_face(), self._done):
            self._faces.addWidget(face)
        self.body.addWidget(self._faces, 1)
        self._wait()

    def arrive(self, route: Route) -> None:
        """What the import before did has been read; its undo is offered beside the next file."""
        self.route = route
        if self._taken is not None and self._job is None:
            self._wait()

    # --- waiting for a file

    def _wait(self) -> None:
        """Offer to choose a file, and to undo the import before."""
        self._shown = self._taken = None
        with self._vault.read() as session:
            batch = roster.last(session)
        self._batch_id = batch.id if batch is not None else 0
        self._waiting.wait(batch.at if batch is not None else None)
        self._face(0)

    def _press(self) -> None:
        if self._job is not None:
            self._job.progress.stop()
        else:
            self.choose()

    def choose(self) -> None:
        """Ask for a file."""
        filters = [self.tr("班级名单 (*.xlsx *.xls *.ods *.csv *.tsv *.txt)"), self.tr("所有文件 (*)")]
        choose_file(self.window(), self.tr("选择班级名单"), Path.home(), filters, self.read_file)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        urls = event.mimeData().urls()
        if len(urls) == 1 and urls[0].isLocalFile() and self._job is None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.read_file(Path(event.mimeData().urls()[0].toLocalFile()))

    def read_file(self, path: Path) -> None:
        """Read a list and show what it would do."""
        if self._job is not None:
            return
        self._waiting.read(path.name)
        self._face(0)
        self._run(partial(_read, self._vault, path), self._show_file)

    # --- the preview

    def _preview_face(self) -> QWidget:
        face = QWidget()
        column = column_of(face)
        self._remarks = text("", "warning", wrap=True)
        column.addWidget(self._remarks)
        card = Card(flush=True)
        self._tabs = QTabBar()
        self._tabs.setAccessibleName(self.tr("名单的各部分"))
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.currentChanged.connect(self._show_tab)
        card.body.addWidget(self._tabs)
        line = QHBoxLayout()
        line.setContentsMargins(16, 6, 12, 6)
        self._hint = text("", "hint", wrap=True)
        self._hint.setMinimumHeight(30)
        self._all = button(self.tr("全选"), quiet=True)
        self._none = button(self.tr("全不选"), quiet=True)
        self._export = button(self.tr("导出问题行"), quiet=True)
        self._all.clicked.connect(self._tick_all)
        self._none.clicked.connect(self._tick_none)
        self._export.clicked.connect(self.export_problems)
        line.addWidget(self._hint, 1)
        for made in (self._all, self._none, self._export):
            line.addWidget(made)
        card.body.addLayout(line)
        self._holder = QVBoxLayout()
        card.body.addLayout(self._holder, 1)
        self.columns_panel = ColumnsPanel()
        self.columns_panel.corrected.connect(self._correct)
        self.columns_panel.named.connect(self._remember)
        card.body.addWidget(self.columns_panel, 1)
        column.addWidget(card, 1)
        return face

    def _show_file(self, shown: Preview) -> None:
        """Show the preview; a list that lacks a column begins with the columns."""
        self._show(shown, _COLUMNS if shown.missing else "")

    def _show_corrected(self, shown: Preview) -> None:
        self._job = None
        if self._wanted is not None:
            self._read_anew()
        else:
            self._show(shown, str(self._tabs.tabData(self._tabs.currentIndex())))

    def _show(self, shown: Preview, tab: str) -> None:
        self._job = self._taken = None
        self._shown = shown
        self._chosen = set(shown.usual())
        self._groups = [] if shown.missing else groups(shown)
        self._remarks.setText(self._remarks_in_words(shown))
        self._remarks.setVisible(bool(self._remarks.text()))
        self._remarks.setProperty("role", "warning" if shown.missing else "hint")
        restyle(self._remarks)
        self.columns_panel.show_preview(shown)
        self._fill_tabs(tab)
        self._face(1)
        self._count()

    def _remarks_in_words(self, shown: Preview) -> str:
        told = list(shown.remarks)
        if shown.missing:
            missing = "、".join(shown.missing)
            told.insert(0, self.tr("还不知道哪一列是{missing}。请在下面选好，选好后才能导入。").format(missing=missing))
        if shown.remembered:
            told.append(self.tr("按记住的「{name}」读取。").format(name=shown.remembered))
        return " ".join(told)

    def _fill_tabs(self, wanted: str) -> None:
        self._tabs.blockSignals(True)
        while self._tabs.count():
            self._tabs.removeTab(0)
        for group in self._groups:
            at = self._tabs.addTab(f"{group.label} {len(group.rows):,}")
            self._tabs.setTabData(at, group.key)
        self._tabs.setTabData(self._tabs.addTab(self.tr("列的对应")), _COLUMNS)
        keys = [self._tabs.tabData(at) for at in range(self._tabs.count())]
        filled = next((at for at, group in enumerate(self._groups) if group.rows), 0)
        self._tabs.setCurrentIndex(keys.index(wanted) if wanted in keys else filled)
        self._tabs.blockSignals(False)
        self._show_tab(self._tabs.currentIndex())

    def _show_tab(self, at: int) -> None:
        group = self._groups[at] if 0 <= at < len(self._groups) else None
        clear(self._holder)
        self._model = None
        self.columns_panel.setVisible(group is None)
        self._hint.setText(
            group.hint if group else self.tr("每一列是什么，程序先认了一遍；不对的请改，改后立刻重新读取。")
        )
        self._export.setVisible(group is not None and group.key == "problems")
        for made in (self._all, self._none):
            made.setVisible(group is not None and bool(group.numbers))
        if group is not None:
            table = self._table(group)
            self._holder.addWidget(table)
            table.show()  # a layout shows its new widgets a moment later; the keyboard may be there sooner

    def _table(self, group: Group) -> Table:
        empty = EmptyState(self.tr("没有新的学生"), self.tr("名单里的学号档案里都有了。"))
        self._model = TickRows(group.headers, group.numbers, self._chosen) if group.numbers else None
        table = Table(group.label, group.headers, empty, group.widths, self._model)
        table.show_rows(group.rows)
        if self._model is not None:
            self._model.ticked.connect(self._count)
            table.spaced.connect(self._model.toggle)
        return table

    def _tick_all(self) -> None:
        if self._model is not None:
            self._model.tick_all(True)

    def _tick_none(self) -> None:
        if self._model is not None:
            self._model.tick_all(False)

    def _count(self) -> None:
        """Say in the head how much is about to be taken."""
        if self._shown is None:
            return
        self._import.setEnabled(bool(self._chosen))
        self._import.setText(
            self.tr("导入 {n} 人").format(n=f"{len(self._chosen):,}") if self._chosen else self.tr("导入")
        )
        self._import.setAccessibleName(self.tr("导入"))

    def _correct(self, mapping: Mapping) -> None:
        """Read by this mapping; while the one before is still being read, as soon as that is done."""
        self._wanted = mapping
        if self._job is None:
            self._read_anew()

    def _read_anew(self) -> None:
        if self._shown is not None and self._wanted is not None:
            act = partial(_look, self._vault, self._shown, self._wanted)
            self._wanted = None
            self._import.setEnabled(False)
            self._run(act, self._show_corrected)

    def _remember(self, name: str) -> None:
        if self._shown is None:
            return
        try:
            roster.remember(self._vault, name, self.columns_panel.mapping)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._notice.toast(self.tr("已记住「{name}」的对应。").format(name=name.strip()))

    # --- taking, and what came of it

    def _take(self) -> None:
        if self._shown is None or self._job is not None or not self._chosen:
            return
        job = self._run(partial(_take, self._vault, self._shown, frozenset(self._chosen)), self._took)
        Working(self.window(), job, self.tr("正在导入…")).open()

    def _took(self, taken: Taken) -> None:
        self._job = None
        self._taken, self._batch_id = taken, taken.batch_id
        if self._shown is not None:
            self._done.show_taken(self._shown, taken)
        self._face(2)

    def _undo_last(self) -> None:
        if self._job is not None:
            return
        job = self._run(partial(_undo, self._vault, self._batch_id), self._undone)
        Working(self.window(), job, self.tr("正在撤销…")).open()

    def _undone(self, back: TakenBack) -> None:
        self._job = None
        self._wait()
        if not back.left:
            self._notice.toast(self.tr("已撤销这次导入。"))
            return
        names = "、".join(back.left[:12]) + (
            self.tr(" 等 {n} 人").format(n=len(back.left)) if len(back.left) > 12 else ""
        )
        self._notice.say(
            self.tr("已撤销这次导入，有 {n} 名学生的档案保留原样。").format(n=len(back.left)),
            self.tr("导入之后他们的档案又有了新内容：{names}。").format(names=names),
        )

    def export_problems(self) -> None:
        """Ask where to save the problem rows for the office."""
        if self._shown is not None and self._shown.problems:
            name = safe_name(self.tr("{file}-需要核对的行").format(file=Path(self._shown.file).stem)) + ".xlsx"
            choose_save(self.window(), self.tr("导出问题行"), Path.home(), name, self._save_problems)

    def _save_problems(self, path: Path) -> None:
        if self._shown is None:
            return
        if path.exists():
            self._notice.ask(
                self.tr("「{name}」已经在那里。").format(name=path.name),
                self.tr("要用这次的内容换掉它吗？"),
                self.tr("换掉"),
                partial(self._write_problems, path),
            )
        else:
            self._write_problems(path)

    def _write_problems(self, path: Path) -> None:
        if self._shown is None:
            return
        try:
            with self._vault.write("导出名册问题行") as session:  # in the trail before names are on the disk
                self._vault.record_own(session, Act.EXPORT)
            shown = self._shown
            write_whole(path, problem_sheet(shown.file, shown.layouts, shown.mapping, shown.problems))
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._notice.toast(
            self.tr("已导出 {n} 行。这份表格在档案之外，用完请删除。").format(n=len(self._shown.problems))
        )

    def _want_list(self) -> None:
        self.went.emit(Route("students"))

    # --- one job at a time

    def _run(self, act: Callable[[Progress], object], on_done: Callable[..., None]) -> Job:
        self._job = self._background.run(act, on_done, self._failed, self._gave_up)
        return self._job

    def _failed(self, error: Exception) -> None:
        self._gave_up()
        if not isinstance(error, Problem):
            raise error
        self._notice.tell(error)

    def _gave_up(self) -> None:
        """Go back to where the job began."""
        self._job = self._wanted = None
        self._count()
        if self._taken is not None:
            self._face(2)
        elif self._shown is not None:
            self._face(1)
        else:
            self._wait()

    def _face(self, at: int) -> None:
        self._faces.setCurrentIndex(at)
        self.offer(self._import, at == 1)
        self.offer(self._other, at != 0)
        self.set_head(self.title, self._shown.file if self._shown is not None and at else "")


def _read(vault: Vault, path: Path, progress: Progress) -> Preview:
    return roster.preview(vault, path, step=progress.step)


def _look(vault: Vault, shown: Preview, mapping: Mapping, progress: Progress) -> Preview:
    progress.step(0, 0)
    return roster.look(vault, shown.book, mapping)


def _take(vault: Vault, shown: Preview, chosen: frozenset[str], progress: Progress) -> Taken:
    return roster.take(vault, shown, chosen, progress.step, progress.commit_begins)


def _undo(vault: Vault, batch_id: int, progress: Progress) -> TakenBack:
    progress.commit_begins()
    return roster.take_back(vault, batch_id)
