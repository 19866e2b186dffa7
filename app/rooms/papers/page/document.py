"""One issued document: its pages, what it is, whether it is still what was signed; print, export, void."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.documents import issuing
from app.documents.signing import SigningSession
from app.documents.verifying import Verdict, verify
from app.errors import Problem
from app.rooms.papers import store
from app.rooms.papers.page.beside import AboutCard, HandledCard, VerdictCard
from app.rooms.papers.store import Paper, PaperKind
from app.ui.background import Background, Progress
from app.ui.cards import button, text
from app.ui.exporting import Exporter, write_whole
from app.ui.fields import LineField
from app.ui.inline import InlineForm
from app.ui.keeper import Keeper
from app.ui.language import sentence_of, told
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.ui.preview import PaperView, Sheet
from app.ui.printing import Printer
from app.ui.signing_desk import SigningDesk
from app.vault.outgoing import ForWhom
from app.vault.trail import Act
from app.vault.vault import Vault

PLACE = "document"
_BESIDE_WIDTH = 392


class DocumentPage(Page):
    """An issued document is never changed here: it is looked at, printed, exported, voided."""

    record_wanted = Signal(str, int, int)  # table name, record id, student id: what it was made from

    kinds = frozenset({"issued", "issued_copy", "voided", "student"})

    def __init__(
        self,
        vault: Vault,
        notice: Notice,
        keeper: Keeper,
        background: Background,
        signing: SigningDesk,
        printer: Printer,
    ) -> None:
        super().__init__(self.tr("文书"), scrolls=False)
        self._vault, self._notice, self._keeper, self._background = vault, notice, keeper, background
        self._signing, self._printer = signing, printer
        self._exporter = Exporter(self, notice, vault)
        self._shown: Paper | None = None
        self._pdf = b""
        self.void_button = self.add_action(button(self.tr("作废"), danger=True))
        self.export_button = self.add_action(button(self.tr("导出")))
        self.print_button = self.add_action(button(self.tr("打印"), primary=True))
        self.void_button.clicked.connect(self._begin_void)
        self.export_button.clicked.connect(self._ask_export)
        self.print_button.clicked.connect(self._ask_print)
        self.add_key(QKeySequence.StandardKey.Print, self.print_button)
        self._build()

    def arrive(self, route: Route) -> None:
        """Open an issued document, by its id."""
        if route.record_id is None:
            raise ValueError("a document page shows one document")
        self.void_form.end()
        self._read(route.record_id)
        self.route = Route(PLACE, route.record_id, self._now.issued.student_id)
        self._vault.record_view(self._now.issued)
        self._open_pdf()
        self._show()
        if self._now.voided is None and self._keeper.kept(self._void_key()):
            self._begin_void()

    def leave(self) -> None:
        """The page is left: the paper is let go of, a reason being typed stays kept."""
        self.void_form.end()
        self.view.release()
        self._pdf = b""

    def reload(self) -> None:
        if self._shown is not None:
            self._read(self._shown.issued.id)
            self._show()
            self._check()

    @property
    def _now(self) -> Paper:
        if self._shown is None:
            raise LookupError("no document is open")
        return self._shown

    def _read(self, issued_id: int) -> None:
        with self._vault.read() as session:
            self._shown = store.paper(session, issued_id)

    # The screen

    def _build(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(16)
        self.view = PaperView()
        line.addWidget(self.view, 1)
        beside = QWidget()
        column = QVBoxLayout(beside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(16)
        self.banner = text("", "error", wrap=True)
        self.void_form = InlineForm(
            self._keeper,
            self.tr("作废这份文书"),
            self.tr(
                "作废后仍可阅读，加删除线；编号不再使用，也不再计入统计。不能撤销。已经发出去的纸件请收回或通知对方。"
            ),
            self.tr("确认作废"),
            {"reason": LineField(self.tr("作废原因"), placeholder=self.tr("例如：写在了同名同学的档案里"))},
        )
        self.void_form.wanted.connect(self._void)
        self.verdict = VerdictCard()
        self.about = AboutCard()
        self.about.student_wanted.connect(self._open_student)
        self.about.record_wanted.connect(self._open_record)
        self.handled = HandledCard()
        for card in (self.banner, self.void_form, self.verdict, self.about, self.handled):
            column.addWidget(card)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(beside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFixedWidth(_BESIDE_WIDTH)
        area.setAccessibleName(self.tr("关于这份文书"))
        line.addWidget(area)
        self.body.addLayout(line, 1)

    def _open_pdf(self) -> None:
        self.view.release()  # another document starts at its first page
        try:
            with self._vault.read() as session:
                self._pdf = issuing.pdf_of(session, self._now.issued.id)
        except Problem as problem:
            self._pdf = b""
            self.view.say(sentence_of(problem))
            self.verdict.show_problem(problem)
            return
        self.view.show_pdf(self._pdf, self._sheets())
        self._check()

    def _show(self) -> None:
        now, zone = self._now, self._vault.now().tzinfo
        self.set_head(now.issued.ref_no, " · ".join(filter(None, (store.kind_name(now.issued), now.student))))
        self.banner.setVisible(now.voided is not None)
        if now.voided is not None:
            at = f"{now.voided.at.astimezone(zone):%Y-%m-%d %H:%M}"
            self.banner.setText(self.tr("已于 {at} 作废：{reason}").format(at=at, reason=now.voided.reason))
        self.about.show_paper(now, zone)
        self.handled.show_paper(now, zone)
        self.offer(self.void_button, now.voided is None)
        for act in (self.print_button, self.export_button):
            act.setEnabled(bool(self._pdf))

    def _sheets(self) -> list[Sheet]:
        return [Sheet(str(s["name"]), int(s["first"]), int(s["last"])) for s in self._now.issued.sheets]

    def _check(self) -> None:
        """Verify the stored bytes, as anybody with the file and the vault's list of issuers would."""
        if self._pdf:
            self.verdict.wait()
            self._background.run(partial(_judge, self._vault, self._pdf), self._judged, self._failed)

    def _judged(self, verdict: Verdict) -> None:
        if self._shown is not None and verdict.sha256 == self._shown.issued.sha256:
            self.verdict.show_verdict(verdict, self._vault.now().tzinfo)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        self._notice.tell(error)

    # What she does with it

    def _ask_print(self) -> None:
        issued = self._now.issued
        self._printer.print(self._pdf, issued.ref_no, self._sheets(), partial(self._log, issued.id, Act.PRINT))

    def _ask_export(self) -> None:
        issued = self._now.issued
        name = f"{issued.ref_no} {store.kind_name(issued)}"
        self._exporter.ask(issued.ref_no, name, partial(self._export, issued.id), inside=self._inside())

    def _inside(self) -> str:
        """What the file of a referral holds beyond the letter's ticked items."""
        if self._now.issued.kind != PaperKind.REFERRAL.value:
            return ""
        return self.tr(
            "导出的是整份文件：转介函、回执和存根。存根上有出生日期、学号和监护人电话，信里没有勾选的也在其中。"
            "一个签名管整份文件，不能只导出其中几页；要交给医院或家长，请打印需要的那一联。"
        )

    def _export(self, issued_id: int, path: Path, password: str, answer: ForWhom) -> None:
        if password:
            protected = partial(self._export_protected, issued_id, path, password, answer)
            self._signing.ask(self.tr("带口令的副本"), protected)
            return
        try:
            self._log(issued_id, Act.EXPORT, answer)
            write_whole(path, self._pdf)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._exported(path)

    def _export_protected(
        self, issued_id: int, path: Path, password: str, answer: ForWhom, signing: SigningSession
    ) -> None:
        act = partial(_make_protected, self._vault, issued_id, path, password, answer, signing)
        self._background.run(act, self._exported, self._failed)

    def _exported(self, path: Path) -> None:
        self._notice.toast(self.tr("已导出「{name}」。它在加密档案之外，请妥善保管。").format(name=path.name))
        self.reload()

    def _log(self, issued_id: int, act: Act, answer: ForWhom) -> None:
        store.log(self._vault, issued_id, act, answer)
        self._read(issued_id)
        self._show()

    def _begin_void(self) -> None:
        self.void_form.begin(self._void_key(), self._now.issued.student_id, {"reason": ""})

    def _void_key(self) -> str:
        return f"issued/{self._now.issued.id}/void"

    def _void(self, values: dict[str, str]) -> None:
        try:
            store.void(self._vault, self._now.issued.id, values["reason"])
        except Problem as problem:
            self.void_form.form.show_errors({"reason": told(problem)})
            return
        self.void_form.settle()
        self.reload()

    def _open_student(self) -> None:
        student_id = self._now.issued.student_id
        self.went.emit(Route("student", student_id, student_id))

    def _open_record(self) -> None:
        issued = self._now.issued
        self.record_wanted.emit(issued.about_kind, issued.about_id, issued.student_id)


def _judge(vault: Vault, pdf: bytes, _progress: Progress) -> Verdict:
    with vault.read() as session:
        known = issuing.issuers(session)
    return verify(pdf, known)


def _make_protected(
    vault: Vault,
    issued_id: int,
    path: Path,
    password: str,
    answer: ForWhom,
    signing: SigningSession,
    progress: Progress,
) -> Path:
    progress.commit_begins()
    with vault.write("导出带口令的副本") as session:
        issued = store.paper(session, issued_id).issued
        pdf = issuing.protected_copy(vault, session, signing, issued, password, answer)
    write_whole(path, pdf)
    return path
