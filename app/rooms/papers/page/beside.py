"""The cards beside a document: whether it is still what was signed, what it is, and what was done with it."""

from __future__ import annotations

from datetime import tzinfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from app.documents.certificates import in_groups
from app.documents.verifying import Verdict
from app.errors import Problem
from app.rooms.papers import store
from app.rooms.papers.page.verdict import Facts, VerdictView
from app.rooms.papers.store import Paper
from app.ui.cards import Card, Row, button, clear, text
from app.ui.language import told
from app.vault.outgoing import ForWhom
from app.vault.trail import Act


class VerdictCard(Card):
    """What the check of the stored file says."""

    def __init__(self) -> None:
        super().__init__(self.tr("核验"))
        self.waiting = text(self.tr("正在核对签名……"), "secondary")
        self.problem = text("", "error", wrap=True)
        self.view = VerdictView()
        for part in (self.waiting, self.problem, self.view):
            self.body.addWidget(part)
        self._show_only(self.waiting)

    def wait(self) -> None:
        """The check is under way; an earlier answer stays until the new one."""
        if self.view.isHidden():
            self._show_only(self.waiting)

    def show_verdict(self, verdict: Verdict, zone: tzinfo | None) -> None:
        """What the check said."""
        self.view.show_verdict(verdict, zone, details=False)
        self._show_only(self.view)

    def show_problem(self, problem: Problem) -> None:
        """The file is not what was stored."""
        self.problem.setText(told(problem))
        self._show_only(self.problem)

    def _show_only(self, shown: object) -> None:
        for part in (self.waiting, self.problem, self.view):
            part.setVisible(part is shown)


class AboutCard(Card):
    """Number, kind, student, time, codes; the ways to the student and to what it was made from."""

    student_wanted = Signal()
    record_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(self.tr("签发"))
        self.facts = Facts()
        self.body.addLayout(self.facts)
        line = QHBoxLayout()
        self.student = button(self.tr("学生档案"), quiet=True, name=self.tr("打开学生档案"))
        self.record = button(self.tr("原记录"), quiet=True, name=self.tr("打开原记录"))
        self.student.clicked.connect(self.student_wanted)
        self.record.clicked.connect(self.record_wanted)
        line.addWidget(self.student)
        line.addWidget(self.record)
        line.addStretch(1)
        self.body.addLayout(line)

    def show_paper(self, paper: Paper, zone: tzinfo | None) -> None:
        """Show this document's facts."""
        issued = paper.issued
        self.facts.show_facts(
            [
                (self.tr("编号"), issued.ref_no),
                (self.tr("种类"), store.kind_name(issued)),
                (self.tr("学生"), paper.student or "—"),
                (self.tr("签发时间"), f"{issued.issued_at.astimezone(zone):%Y-%m-%d %H:%M}"),
                (self.tr("内容码"), issued.content_code),
                (self.tr("记录链"), issued.trail_head),
                (self.tr("证书指纹"), in_groups(issued.fingerprint)),
                (self.tr("SHA-256"), in_groups(issued.sha256)),
            ]
        )
        number = self.facts.values[self.tr("编号")]
        number.setStyleSheet("text-decoration: line-through;" if paper.voided is not None else "")
        self.student.setVisible(issued.student_id is not None)
        self.record.setVisible(issued.student_id is not None)


class HandledCard(Card):
    """Prints and exports as the trail has them, newest first, and the protected copies with their own digest."""

    def __init__(self) -> None:
        super().__init__(self.tr("打印与导出"), flush=True)

    def show_paper(self, paper: Paper, zone: tzinfo | None) -> None:
        """Show what was done with this document."""
        clear(self.body)
        # A protected copy is made, kept and logged in one write, at one moment.
        copies = {copy.made_at.replace(microsecond=0): copy for copy in paper.copies}
        words = {Act.PRINT: self.tr("打印"), Act.EXPORT: self.tr("导出")}
        for handled in paper.handled:
            copy = copies.pop(handled.at, None) if handled.act is Act.EXPORT else None
            at = f"{handled.at.astimezone(zone):%Y-%m-%d %H:%M}"
            said = self.tr("导出带口令的副本") if copy else words[handled.act]
            self.add_row(Row(said, " · ".join(filter(None, (at, _told(handled.answer))))))
            if copy is not None:
                self._add_hint(f"SHA-256 {in_groups(copy.sha256)}", top=0)
        if not paper.handled:
            self._add_hint(self.tr("还没有打印或导出过。"), top=12)

    def _add_hint(self, words: str, *, top: int) -> None:
        hint = text(words, "hint", wrap=True, selectable=True)
        hint.setContentsMargins(16, top, 16, 12)
        self.body.addWidget(hint)


def _told(answer: ForWhom | None) -> str:
    return "" if answer is None else f"{answer.to_whom} · {answer.purpose}"
