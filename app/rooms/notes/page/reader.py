"""The reader of a signed note: what was signed, its amendments in place, what was done about a risk, and the memo beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from app.documents import issuing
from app.documents.record import Issued
from app.errors import Problem
from app.rooms.notes import store
from app.rooms.notes.letter import Contents, contents
from app.rooms.notes.page.copying import CopyDialog
from app.rooms.notes.page.paper import SignedPaper
from app.rooms.notes.page.picks import PickField
from app.rooms.notes.page.reading import AmendmentNote, Pairs, ReadingCard, strike
from app.rooms.notes.page.standing import MemoBeside, RiskStanding
from app.rooms.notes.record import AMENDABLE, TEXTS, Amendment
from app.rooms.notes.wording import day, hours, moment, shown
from app.rooms.school.record import class_name
from app.ui.attached import AttachedCard
from app.ui.background import Background
from app.ui.cards import Card, Row, button, clear, text
from app.ui.fields import LineField, TextField
from app.ui.inline import InlineForm
from app.ui.keeper import Keeper
from app.ui.language import label_of
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.ui.signing_desk import SigningDesk
from app.vault import typing
from app.vault.vault import Vault

PLACE = "note.read"


@dataclass(frozen=True)
class Shown:
    """Everything the reader shows, as it stands in the vault."""

    of: Contents
    memo: str
    issued: list[Issued]


class NoteReader(Page):
    """One signed note. It is never changed here: it is amended, voided, printed, or its risk is settled."""

    kinds = frozenset({"note", "note_amendment", "risk_answer", "voided", "issued", "note_memo"})
    referral_wanted = Signal(int)  # student id
    document_wanted = Signal(int)  # issued id

    def __init__(
        self, vault: Vault, notice: Notice, keeper: Keeper, background: Background, signing: SigningDesk
    ) -> None:
        super().__init__(self.tr("会谈记录"))
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self._shown: Shown | None = None
        self._paper = SignedPaper(vault, notice, background, signing, self)
        self._paper.issued.connect(self.document_wanted)
        self.attached = AttachedCard(vault, notice, background)
        self._build()
        self.void_button = self.add_action(button(self.tr("作废"), danger=True))
        self.referral_button = self.add_action(button(self.tr("转介"), name=self.tr("写转介单")))
        self.print_button = self.add_action(button(self.tr("签发并打印"), primary=True))
        self.void_button.clicked.connect(self._begin_void)
        self.referral_button.clicked.connect(self._want_referral)
        self.print_button.clicked.connect(self._want_print)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Print), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._want_print)
        self.print_button.setToolTip("Ctrl+P")

    def arrive(self, route: Route) -> None:
        if route.record_id is not None:
            self.open_note(route.record_id)

    def open_note(self, note_id: int) -> None:
        """Show a signed note; that it was opened is written into the trail."""
        self.leave()
        self._read(note_id)
        note = self._now.of.note
        self.route = Route(PLACE, note_id, note.student_id)
        self.memo.open(note_id, note.student_id, self._now.memo)
        self._show()
        self._vault.record_view(note)

    def leave(self) -> None:
        """Called when the page is left: what is being typed stays kept."""
        for form in (self.amend_text, self.amend_fact, self.void_form, self.risk.settle_form):
            form.end()
        self.memo.close_form()

    def reload(self) -> None:
        if self._shown is not None:
            self._read(self._shown.of.note.id)
            self._show()

    @property
    def _now(self) -> Shown:
        if self._shown is None:
            raise LookupError("no note is open")
        return self._shown

    @property
    def _zone(self) -> tzinfo | None:
        return self._vault.now().tzinfo

    def _read(self, note_id: int) -> None:
        with self._vault.read() as session:
            of = contents(session, note_id)
            self._shown = Shown(of, store.memo(session, note_id), issuing.about(session, of.note))

    # The screen

    def _build(self) -> None:
        left, right = self.columns(3, 2)
        self._left = left
        self.banner = text("", "error", wrap=True)
        self.copy_button = button(self.tr("把文字复制到另一份档案的新草稿"))
        self.copy_button.clicked.connect(self._begin_copy)
        self.void_form = InlineForm(
            self._keeper,
            self.tr("作废这份记录"),
            self.tr("作废后仍可阅读，文字加删除线，不再计入次数和统计，编号不再使用。不能撤销。"),
            self.tr("作废"),
            {"reason": LineField(self.tr("作废原因"), placeholder=self.tr("例如：写在了同名同学的档案里"))},
        )
        self.void_form.wanted.connect(self._void)
        left.addWidget(self.banner)
        left.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignLeft)
        left.addWidget(self.void_form)
        self._build_facts(left)
        self.sections: dict[str, ReadingCard] = {}
        for part, title in TEXTS.items():
            card = ReadingCard(part, title)
            card.amend_wanted.connect(self._begin_amend)
            self.sections[part] = card
            left.addWidget(card)
        self._build_amending()
        left.addStretch(1)
        self.risk = RiskStanding(self._vault, self._notice, self._keeper)
        self.seal = Card(self.tr("签署"))
        self._seal_words = text("", "secondary", wrap=True, selectable=True)
        self.seal.body.addWidget(self._seal_words)
        self.told = Card(self.tr("保密例外"), self.tr("告诉了谁、何时、依据"), flush=True)
        self.papers = Card(self.tr("已签发的纸件"), flush=True)
        self.memo = MemoBeside(self._vault, self._notice, self._keeper)
        for beside in (self.risk, self.seal, self.told, self.papers, self.memo, self.attached):
            right.addWidget(beside)
        right.addStretch(1)

    def _build_facts(self, left: QVBoxLayout) -> None:
        self.facts = Card(self.tr("会谈"))
        self.amend_facts = self.facts.add_action(button(self.tr("更正"), quiet=True, name=self.tr("更正会谈信息")))
        self.amend_facts.clicked.connect(self._begin_amend_fact)
        self.pairs = Pairs(self._fact_labels())
        self.facts.body.addLayout(self.pairs)
        self._fact_amendments = QVBoxLayout()
        self.facts.body.addLayout(self._fact_amendments)
        left.addWidget(self.facts)

    def _fact_labels(self) -> dict[str, str]:
        return {
            "held_on": self.tr("日期"),
            "hours": self.tr("起止"),
            "mode": self.tr("方式"),
            "place": self.tr("地点"),
            "attendees": self.tr("在场人员"),
            "counsellor": self.tr("辅导老师"),
            "mood_score": self.tr("情绪自评"),
            "next_date": self.tr("下次日期"),
        }

    def _build_amending(self) -> None:
        explanation = self.tr("原文会保留，更正写在它下面，注明时间和原因，之后不能再改。")
        self.amend_text = InlineForm(
            self._keeper,
            self.tr("更正"),
            explanation,
            self.tr("保存更正"),
            {"after": TextField(self.tr("更正为")), "reason": LineField(self.tr("更正原因"))},
        )
        facts = [(part, label) for part, label in AMENDABLE.items() if part not in TEXTS]
        self.amend_fact = InlineForm(
            self._keeper,
            self.tr("更正会谈信息"),
            explanation,
            self.tr("保存更正"),
            {
                "part": PickField(self.tr("更正哪一项"), facts),
                "after": LineField(self.tr("更正为")),
                "reason": LineField(self.tr("更正原因")),
            },
        )
        self.amend_text.wanted.connect(self._amend_text)
        self.amend_fact.wanted.connect(self._amend_fact)
        self._left.insertWidget(self._left.indexOf(self.facts) + 1, self.amend_fact)

    def _show(self) -> None:
        of = self._now.of
        note, zone = of.note, self._zone
        place = class_name(of.student.grade, of.student.class_no)
        state = self.tr("作废") if of.voided else self.tr("已更正") if of.amendments else label_of(note.status)
        number = self.tr("第 {no} 次会谈").format(no=note.session_no)
        self.set_head(number, f"{of.student.name} · {place} · {of.case.case_no} · {state}")
        self._show_facts()
        for part, card in self.sections.items():
            rows = [row for row in of.amendments if row.part == part]
            card.show_words(getattr(note, part), rows, TEXTS[part], zone)
            card.strike(of.voided is not None)
        self.banner.setVisible(of.voided is not None)
        self.copy_button.setVisible(of.voided is not None)
        if of.voided is not None:
            self.banner.setText(
                self.tr("已于 {at} 作废：{reason}").format(at=moment(of.voided.at, zone), reason=of.voided.reason)
            )
        self.offer(self.void_button, of.voided is None)
        self.amend_facts.setVisible(of.voided is None)
        self.risk.show_risk(note, of.risk, of.voided is not None)
        signed = moment(note.signed_at, zone) if note.signed_at else ""
        self._seal_words.setText(
            self.tr("{who} 于 {at} 签署\n内容校验 {code}").format(
                who=note.counsellor, at=signed, code=note.text_hash[:12]
            )
        )
        self._show_told()
        self._show_papers()
        self.attached.show_for(note)

    def _show_facts(self) -> None:
        of, values = self._now.of, self.pairs.values
        note = of.note
        minutes = self.tr("{n} 分钟").format(n=note.minutes) if note.minutes is not None else ""
        told = {name: shown(getattr(note, name)) for name in values if name != "hours"}
        told["mode"] = label_of(note.mode)
        told["hours"] = f"{hours(note.start, note.end)} {minutes}".strip()
        told["mood_score"] = f"{note.mood_score} / 10" if note.mood_score is not None else ""
        for name, label in values.items():
            label.setText(told[name] or "—")
            strike(label, of.voided is not None)
        entered = self.tr("补录，录入日期 {day}").format(day=day(note.entered_on))
        self.facts.set_hint(entered if note.late_entry else "")
        clear(self._fact_amendments)
        for row in self._fact_rows():
            self._fact_amendments.addWidget(AmendmentNote(row, AMENDABLE[row.part], self._zone))

    def _fact_rows(self) -> list[Amendment]:
        return [row for row in self._now.of.amendments if row.part not in TEXTS]

    def _show_told(self) -> None:
        rows = self._now.of.disclosures
        self.told.setVisible(bool(rows))
        clear(self.told.body)
        for row in rows:
            at = moment(row.at, self._zone)
            self.told.add_row(Row(row.to_whom, f"{at} · {label_of(row.basis)}\n{row.scope}"))

    def _show_papers(self) -> None:
        self.papers.setVisible(bool(self._now.issued))
        clear(self.papers.body)
        for issued in self._now.issued:
            row = Row(issued.ref_no, moment(issued.issued_at, self._zone))
            row.make_clickable(self.tr("打开 {no}").format(no=issued.ref_no))
            row.setProperty("issued", issued.id)
            row.chosen.connect(self._open_paper)
            self.papers.add_row(row)
        current = self._current_paper()
        self.print_button.setText(self.tr("签发并打印") if current is None else self.tr("打开纸件"))
        self.print_button.setAccessibleName(self.print_button.text())
        self.offer(self.print_button, current is not None or self._now.of.voided is None)

    def _current_paper(self) -> Issued | None:
        """The newest paper, if it says everything: after an amendment the note is issued anew."""
        newest, amended = next(iter(self._now.issued), None), self._now.of.amendments
        if newest is None or (self._now.of.voided is None and amended and amended[-1].at > newest.issued_at):
            return None
        return newest

    # Acts

    def _begin_amend(self, part: str) -> None:
        note = self._now.of.note
        self.amend_fact.end()
        self._left.insertWidget(self._left.indexOf(self.sections[part]) + 1, self.amend_text)
        now = store.as_amended(note, self._now.of.amendments)[part]
        self._part = part
        self.amend_text.begin(f"note/{note.id}/amend/{part}", note.student_id, {"after": now, "reason": ""})

    def _begin_amend_fact(self) -> None:
        note = self._now.of.note
        self.amend_text.end()
        empty = {"part": "", "after": "", "reason": ""}
        self.amend_fact.begin(f"note/{note.id}/amend", note.student_id, empty)

    def _amend_text(self, values: dict[str, str]) -> None:
        self._amend(self.amend_text, self._part, values)

    def _amend_fact(self, values: dict[str, str]) -> None:
        if not values["part"]:
            self._notice.tell(Problem("没有选更正哪一项。", "请先选一项，再写更正后的内容。"))
            return
        self._amend(self.amend_fact, values["part"], values)

    def _amend(self, form: InlineForm, part: str, values: dict[str, str]) -> None:
        note_id = self._now.of.note.id
        try:
            with self._vault.write("更正会谈记录") as session:
                store.amend(session, note_id, part, values["after"], values["reason"], self._vault.now())
                typing.drop(session, form.form.key)
        except Problem as problem:
            self._notice.tell(problem)
            return
        form.settle()
        self.reload()

    def _begin_void(self) -> None:
        note = self._now.of.note
        self.void_form.begin(f"note/{note.id}/void", note.student_id, {"reason": ""})

    def _void(self, values: dict[str, str]) -> None:
        try:
            with self._vault.write("作废会谈记录") as session:
                store.void(session, self._now.of.note.id, values["reason"], self._vault.now())
                typing.drop(session, self.void_form.form.key)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self.void_form.settle()
        self.reload()

    def _begin_copy(self) -> None:
        dialog = CopyDialog(self.window(), self._vault)
        dialog.chosen.connect(self._copy)
        dialog.open()

    def _copy(self, case_id: int) -> None:
        try:
            with self._vault.write("复制会谈文字") as session:
                copy = store.copy_to_draft(session, self._now.of.note.id, case_id, self._vault.clock.today())
        except Problem as problem:
            self._notice.tell(problem)
            return
        self.went.emit(Route("note", copy.id, copy.student_id))

    def _want_print(self) -> None:
        paper = self._current_paper()
        if paper is not None:
            self.document_wanted.emit(paper.id)
        elif self._now.of.voided is None:
            self._paper.issue_note(self._now.of.note.id)

    def _want_referral(self) -> None:
        self.referral_wanted.emit(self._now.of.note.student_id)

    def _open_paper(self) -> None:
        row = self.sender()
        if isinstance(row, Row):
            self.document_wanted.emit(int(row.property("issued")))
