"""The import of a class list: choose or drop a file, see what it would do, take it in one go, undo it as a whole."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QStackedWidget

from app.errors import Problem
from app.rooms.students import remembered, roster
from app.rooms.students.classlist.columns import Mapping
from app.rooms.students.classlist.handing_back import problem_sheet
from app.rooms.students.page.roster_faces import DoneFace, WaitingFace
from app.rooms.students.page.roster_kept import KeptCard
from app.rooms.students.page.roster_preview import PreviewFace
from app.rooms.students.roster import Preview, Taken, TakenBack
from app.ui.background import Background, Job, Progress, Working
from app.ui.cards import button
from app.ui.choosing import choose_file
from app.ui.exporting import Exporter, write_whole
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.vault import outgoing
from app.vault.outgoing import ForWhom
from app.vault.trail import Act
from app.vault.vault import Vault

PLACE = "roster"


class RosterPage(Page):
    """Three faces: waiting for a file, the preview, and what the import did."""

    def __init__(
        self, vault: Vault, notice: Notice, background: Background, before: Callable[[Progress], None] | None = None
    ) -> None:
        """``before`` is done on the import's own thread before anything is changed: a backup."""
        super().__init__(self.tr("导入名单"), scrolls=False)
        self._vault, self._notice, self._background, self._before = vault, notice, background, before
        self._exporter = Exporter(self, notice, vault)
        self.route = Route(PLACE)
        self._job: Job | None = None
        self._shown: Preview | None = None
        self._outdated = False
        """Whether the columns were corrected while the list was being read."""
        self._taken: Taken | None = None
        self.setAcceptDrops(True)
        self._drop = self.add_action(button(self.tr("取消"), name=self.tr("不导入这份名单")))
        self._other = self.add_action(button(self.tr("换一个文件")))
        self._import = self.add_action(button(self.tr("导入"), primary=True))
        self._drop.clicked.connect(self._give_up)
        self._other.clicked.connect(self.choose)
        self._import.clicked.connect(self._take)
        self._faces = QStackedWidget()
        self._kept = KeptCard(vault, notice)
        self._waiting, self._preview, self._done = WaitingFace(self._kept), PreviewFace(), DoneFace()
        self._waiting.pressed.connect(self._press)
        self._waiting.undo_wanted.connect(self._undo_last)
        self._preview.corrected.connect(self._correct)
        self._preview.named.connect(self._remember)
        self._preview.export_wanted.connect(self.export_problems)
        self._preview.ticked.connect(self._count)
        self._done.list_wanted.connect(self._want_list)
        self._done.undo_wanted.connect(self._undo_last)
        self._done.export_wanted.connect(self.export_problems)
        for face in (self._waiting, self._preview, self._done):
            self._faces.addWidget(face)
        self.body.addWidget(self._faces, 1)
        self._wait()

    def arrive(self, route: Route) -> None:
        """What the import before did has been read; its undo is offered beside the next file."""
        self.route = route
        if self._taken is not None and self._job is None:
            self._wait()

    def is_irreplaceable(self) -> bool:
        return self._shown is not None

    # --- waiting for a file

    def _wait(self) -> None:
        """Offer to choose a file, and to undo the import before."""
        self._shown = self._taken = None
        with self._vault.read() as session:
            batch = roster.last(session)
        self._batch_id = batch.id if batch is not None else 0
        self._waiting.wait(batch.at.astimezone(self._vault.now().tzinfo) if batch is not None else None)
        self._kept.reload()
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

    def _show_file(self, shown: Preview) -> None:
        self._job = self._taken = None
        self._shown = shown
        self._preview.show_file(shown)
        self._face(1)
        self._count()

    def _show_corrected(self, shown: Preview) -> None:
        self._job = None
        if self._outdated:
            self._correct()
            return
        self._shown = shown
        self._preview.show_corrected(shown)
        self._count()

    def _count(self) -> None:
        """Say in the head how much is about to be taken."""
        n = len(self._preview.chosen)
        self._import.setEnabled(n > 0 and self._job is None)
        self._import.setText(self.tr("导入 {n} 人").format(n=f"{n:,}") if n else self.tr("导入"))
        self._import.setAccessibleName(self.tr("导入"))

    def _correct(self) -> None:
        """Read by what the boxes say; while the list is still being read by what they said before, as soon as that is done."""
        self._outdated = self._job is not None
        if self._shown is not None and self._job is None:
            self._run(partial(_look, self._vault, self._shown, self._preview.mapping), self._show_corrected)
            self._count()

    def _remember(self, name: str) -> None:
        try:
            remembered.remember(self._vault, name, self._preview.mapping)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._notice.toast(self.tr("已记住「{name}」的对应。").format(name=name.strip()))

    # --- taking, and what came of it

    def _take(self) -> None:
        if self._shown is None or self._job is not None or not self._preview.chosen:
            return
        take = partial(_take, self._vault, self._shown, frozenset(self._preview.chosen))
        job = self._run(partial(_first, self._before, take) if self._before else take, self._took)
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
        """Ask for whom the problem rows are and where to save them."""
        if self._shown is not None and self._shown.problems:
            name = self.tr("{file}-需要核对的行").format(file=Path(self._shown.file).stem)
            self._exporter.ask(self.tr("问题行"), name, self._write_problems, protects=False, ending=".xlsx")

    def _write_problems(self, path: Path, _password: str, answer: ForWhom) -> None:
        if self._shown is None:
            return
        try:
            with self._vault.write("导出名册问题行") as session:  # in the trail before names are on the disk
                outgoing.send(self._vault, session, Act.EXPORT, self.tr("名册问题行"), answer)
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

    def _give_up(self) -> None:
        """Put the list away without taking it."""
        if self._job is None:
            self._wait()

    def _gave_up(self) -> None:
        """Go back to where the job began."""
        self._job, self._outdated = None, False
        self._count()
        if self._taken is not None:
            self._face(2)
        elif self._shown is not None:
            self._face(1)
        else:
            self._wait()

    def _face(self, at: int) -> None:
        self._faces.setCurrentIndex(at)
        self.offer(self._drop, at == 1)
        self.offer(self._import, at == 1)
        self.offer(self._other, at != 0)
        self.set_head(self.title, self._shown.file if self._shown is not None and at else "")


def _read(vault: Vault, path: Path, progress: Progress) -> Preview:
    return roster.preview(vault, path, step=progress.step)


def _look(vault: Vault, shown: Preview, mapping: Mapping, progress: Progress) -> Preview:
    progress.step(0, 0)
    return roster.look(vault, shown.book, mapping)


def _first(before: Callable[[Progress], None], take: Callable[[Progress], Taken], progress: Progress) -> Taken:
    before(progress)
    return take(progress)


def _take(vault: Vault, shown: Preview, chosen: frozenset[str], progress: Progress) -> Taken:
    return roster.take(vault, shown, chosen, progress.step, progress.commit_begins)


def _undo(vault: Vault, batch_id: int, progress: Progress) -> TakenBack:
    progress.commit_begins()
    return roster.take_back(vault, batch_id)
