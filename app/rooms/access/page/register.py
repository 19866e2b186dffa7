"""「查阅登记」: who saw, printed, exported what and when; printed as 查阅登记表, and checked against the trail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout

from app.documents.keeping import own_words
from app.documents.paper import Drawn, Foot, draw
from app.errors import Problem
from app.rooms.access import letter, store
from app.rooms.access.letter import Contents
from app.rooms.access.page.checking import ChainDialog
from app.rooms.access.page.choosing import StudentDialog, StudentField
from app.rooms.access.page.paged import PagedRows, SharedTable
from app.rooms.access.store import Access, AccessFilter, Deed, Naming
from app.rooms.school import store as schools
from app.ui.background import Background, Progress, Working
from app.ui.cards import Card, EmptyState, button
from app.ui.exporting import Exporter, write_whole
from app.ui.fields import ChoiceField, DateField
from app.ui.language import label_of
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.ui.printing import Printer
from app.ui.tables import TableRow
from app.vault.outgoing import ForWhom
from app.vault.trail import Act
from app.vault.vault import Vault

PLACE = "access"
_WIDTHS, _SHARES = (148, 92, 152), (0.42, 0.29, 0.29)


class TooMany(Problem):
    """More rows than one printed register takes."""

    def __init__(self, count: int) -> None:
        super().__init__(
            "这个范围有 {count} 条，一份登记表最多 {most} 条。",
            "请缩小起止日期，或选一位学生，分几份打印。",
            count=f"{count:,}",
            most=f"{letter.MOST_ROWS:,}",
        )


class AccessPage(Page):
    """The register, newest first; nothing of it can be changed, and reading it opens nothing."""

    kinds = frozenset({"student", "outgoing"})

    def __init__(self, vault: Vault, notice: Notice, background: Background, printer: Printer, naming: Naming) -> None:
        super().__init__(self.tr("查阅登记"), scrolls=False)
        self._vault, self._notice, self._background, self._printer = vault, notice, background, printer
        self._naming = naming
        self._exporter = Exporter(self, notice, vault)
        self._wanted = AccessFilter()
        self.route = Route(PLACE)
        self.check_button = self.add_action(button(self.tr("核对留痕")))
        self.export_button = self.add_action(button(self.tr("导出"), name=self.tr("导出登记表")))
        self.print_button = self.add_action(button(self.tr("打印"), primary=True, name=self.tr("打印登记表")))
        self.check_button.clicked.connect(self._ask_check)
        self.export_button.clicked.connect(self._export)
        self.print_button.clicked.connect(self._print)
        self.body.addLayout(self._make_filter())
        self.body.addWidget(self._make_table(), 1)

    def reload(self) -> None:
        wanted = self._read_filter()
        if wanted is None:
            return
        self._wanted = wanted
        with self._vault.read() as session:
            count = store.count(session, wanted, self._zone)
        if wanted != AccessFilter():
            self.nothing.words_label.setText(self.tr("没有符合条件的登记"))
            self.nothing.detail_label.setText(self.tr("请换一位学生，或放宽操作和日期。"))
        self.table.show_rows(self._rows(None))
        self.set_head(self.tr("查阅登记"), self.tr("{count} 条").format(count=f"{count:,}"))
        for act in (self.print_button, self.export_button):
            act.setEnabled(count > 0)

    def show_student(self, student_id: int) -> None:
        """Narrow the register to a student."""
        with self._vault.read() as session:
            name = store.student_names(session, [student_id]).get(student_id, store.destroyed(student_id))
        self.student.show_student(student_id, name)
        self.reload()

    def _make_filter(self) -> QHBoxLayout:
        self.student = StudentField(self.tr("学生"))
        self.deed = ChoiceField(self.tr("操作"), Deed, empty=self.tr("查阅、打印和导出"))
        self.first, self.last = DateField(self.tr("起始日期")), DateField(self.tr("截止日期"))
        line = QHBoxLayout()
        line.setSpacing(12)
        for field, share in ((self.student, 3), (self.deed, 2), (self.first, 2), (self.last, 2)):
            line.addWidget(field, share)
            field.changed.connect(self.reload)
        line.addStretch(1)
        self.student.wanted.connect(self._ask_student)
        return line

    def _make_table(self) -> Card:
        self.nothing = EmptyState(
            self.tr("还没有登记"),
            self.tr("打开学生档案、记录和文书，打印、导出，都会自动登记在这里：什么时候、哪位学生、交给谁、做什么用。"),
        )
        headers = [
            self.tr("时间"), self.tr("操作"), self.tr("学生"), self.tr("材料"), self.tr("收件人"), self.tr("用途")
        ]  # fmt: skip
        model = PagedRows(headers, self._rows)
        self.table = SharedTable(self.tr("查阅登记"), headers, self.nothing, model, _WIDTHS, _SHARES)
        card = Card(flush=True)
        card.body.addWidget(self.table)
        return card

    @property
    def _zone(self) -> tzinfo | None:
        return self._vault.now().tzinfo

    def _read_filter(self) -> AccessFilter | None:
        """What the fields say; None while a day in them is none, which the field says itself when it is left."""
        try:
            first, last = self.first.day(), self.last.day()
        except Problem:
            return None
        return AccessFilter(self.student.chosen, self.deed.choice(), first, last)

    def _rows(self, before: int | None) -> list[TableRow]:
        with self._vault.read() as session:
            found = store.rows(session, self._wanted, self._naming, self._zone, before=before)
        return [self._row(access) for access in found]

    def _row(self, access: Access) -> TableRow:
        to_whom, purpose = (access.answer.to_whom, access.answer.purpose) if access.answer else ("", "")
        at = f"{access.at.astimezone(self._zone):%Y-%m-%d %H:%M}"
        return TableRow(
            access.seq, (at, label_of(access.deed), access.student, access.what, to_whom, purpose), tones={0: "ink2"}
        )

    def _ask_student(self) -> None:
        dialog = StudentDialog(self.window(), self._vault)
        dialog.chosen.connect(self.show_student)
        dialog.open()

    def _ask_check(self) -> None:
        ChainDialog(self.window(), self._vault, self._background).open()

    # On paper

    def _print(self) -> None:
        self._draw(self._drawn_to_print)

    def _export(self) -> None:
        self._draw(self._drawn_to_export)

    def _draw(self, on_drawn: Callable[[int | None, Drawn], None]) -> None:
        act = partial(_draw, self._vault, self._wanted, self._naming)
        job = self._background.run(act, partial(on_drawn, self._wanted.student_id), self._failed)
        Working(self.window(), job, self.tr("正在生成登记表……")).open()

    def _drawn_to_print(self, student_id: int | None, drawn: Drawn) -> None:
        self._printer.print(drawn.pdf, store.TITLE, log=partial(self._log, Act.PRINT, student_id))

    def _drawn_to_export(self, student_id: int | None, drawn: Drawn) -> None:
        written = partial(self._write, student_id, drawn.pdf)
        self._exporter.ask(store.TITLE, store.TITLE, written, protects=False)

    def _write(self, student_id: int | None, pdf: bytes, path: Path, _password: str, answer: ForWhom) -> None:
        try:
            self._log(Act.EXPORT, student_id, answer)
            write_whole(path, pdf)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._notice.toast(self.tr("已导出「{name}」。它在加密档案之外，请妥善保管。").format(name=path.name))

    def _log(self, act: Act, student_id: int | None, answer: ForWhom) -> None:
        store.log(self._vault, act, student_id, answer)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        self._notice.tell(error)


def _draw(vault: Vault, wanted: AccessFilter, naming: Naming, _progress: Progress) -> Drawn:
    zone = vault.now().tzinfo
    with vault.read() as session:
        count = store.count(session, wanted, zone)
        if count > letter.MOST_ROWS:
            raise TooMany(count)
        names = store.student_names(session, [wanted.student_id]) if wanted.student_id is not None else {}
        of = Contents(
            wanted=wanted,
            rows=store.on_paper(session, wanted, naming, zone, letter.MOST_ROWS),
            student=""
            if wanted.student_id is None
            else names.get(wanted.student_id, store.destroyed(wanted.student_id)),
            school=schools.school(session),
            head=vault.head(session),
            on=vault.clock.today(),
            zone=zone,
            own_words=own_words(session, letter.KIND),
        )
    return draw(letter.document(of), Foot(trail_head=of.head))
