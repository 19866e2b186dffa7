"""The reader of a signed note: what was signed, its amendments in place, what was done about a risk, and the memo beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence

from app.documents import issuing
from app.documents.record import Issued
from app.rooms.notes import store
from app.rooms.notes.letter import Contents, contents
from app.rooms.notes.page.amending import Amending
from app.rooms.notes.page.paper import SignedPaper
from app.rooms.notes.page.reading import FactsCard, IssuedCard, ReadingCard
from app.rooms.notes.page.standing import MemoBeside, RiskStanding
from app.rooms.notes.page.voiding import Voiding
from app.rooms.notes.record import TEXTS
from app.rooms.notes.wording import moment
from app.rooms.school.record import class_name
from app.ui.attached import AttachedCard
from app.ui.background import Background
from app.ui.cards import Card, Row, button, clear, text
from app.ui.keeper import Keeper
from app.ui.language import label_of
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.ui.signing_desk import SigningDesk
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
    issued = Signal(int)  # issued id: just signed, to be printed

    def __init__(
        self, vault: Vault, notice: Notice, keeper: Keeper, background: Background, signing: SigningDesk
    ) -> None:
        super().__init__(self.tr("会谈记录"))
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self._shown: Shown | None = None
        self._paper = SignedPaper(vault, notice, background, signing, self)
        self._paper.issued.connect(self._go_to_paper)
        self.attached = AttachedCard(vault, notice, background)
        self._build()
        self._build_head()

    def arrive(self, route: Route) -> None:
        if route.record_id is not None:
            self.open_note(route.record_id)

    def open_note(self, note_id: int) -> None:
        """Show a signed note; that it was opened is written into the trail. A form that was being typed in opens again."""
        self.leave()
        self._read(note_id)
        note = self._now.of.note
        self.route = Route(PLACE, note_id, note.student_id)
        self.memo.open(note_id, note.student_id, self._now.memo)
        self._show()
        self._resume()
        self._vault.record_view(note)

    def leave(self) -> None:
        """Called when the page is left: what is being typed stays kept."""
        self.amending.end()
        self.voiding.end()
        self.risk.settle_form.end()
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
        self._left, right = self.columns(3, 2)
        left = self._left
        self.voiding = Voiding(self._vault, self._notice, self._keeper, self)
        self.amending = Amending(self._vault, self._notice, self._keeper, self)
        self.facts = FactsCard()
        self.sections = {part: ReadingCard(part, title) for part, title in TEXTS.items()}
        left.addWidget(self.voiding.banner)
        left.addWidget(self.voiding.copy_button, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self.voiding.form, self.facts, self.amending.fact_form, *self.sections.values()):
            left.addWidget(widget)
        left.addStretch(1)
        self.risk = RiskStanding(self._vault, self._notice, self._keeper)
        self.seal = Card(self.tr("签署"))
        self._seal_words = text("", "secondary", wrap=True, selectable=True)
        self.seal.body.addWidget(self._seal_words)
        self.told = Card(self.tr("保密例外"), self.tr("告诉了谁、何时、依据"), flush=True)
        self.papers = IssuedCard()
        self.memo = MemoBeside(self._vault, self._notice, self._keeper)
        for beside in (self.risk, self.seal, self.told, self.papers, self.memo, self.attached):
            right.addWidget(beside)
        right.addStretch(1)
        for card in self.sections.values():
            card.amend_wanted.connect(self._begin_amend)
        self.facts.amend_button.clicked.connect(self.amending.begin_fact)
        self.amending.amended.connect(self.reload)
        self.voiding.voided.connect(self.reload)
        self.voiding.copied.connect(self._go_to_copy)
        self.papers.opened.connect(self.document_wanted)

    def _build_head(self) -> None:
        self.void_button = self.add_action(button(self.tr("作废"), danger=True))
        self.referral_button = self.add_action(button(self.tr("转介"), name=self.tr("写转介单")))
        self.print_button = self.add_action(button(self.tr("签发并打印"), primary=True))
        self.void_button.clicked.connect(self.voiding.begin)
        self.referral_button.clicked.connect(self._want_referral)
        self.print_button.clicked.connect(self._want_print)
        self.add_key(QKeySequence.StandardKey.Print, self.print_button)

    def _show(self) -> None:
        of = self._now.of
        note, zone, void = of.note, self._zone, of.voided is not None
        place = class_name(of.student.grade, of.student.class_no)
        state = self.tr("作废") if void else self.tr("已更正") if of.amendments else label_of(note.status)
        number = self.tr("第 {no} 次会谈").format(no=note.session_no)
        self.set_head(number, f"{of.student.name} · {place} · {of.case.case_no} · {state}")
        self.facts.show_note(note, of.amendments, void, zone)
        for part, card in self.sections.items():
            rows = [row for row in of.amendments if row.part == part]
            card.show_words(getattr(note, part), rows, TEXTS[part], zone)
            card.strike(void)
        self.amending.show_note(note, of.amendments)
        self.voiding.show_note(note, of.voided)
        self.offer(self.void_button, not void)
        self.risk.show_risk(note, of.risk, void)
        signed = moment(note.signed_at, zone) if note.signed_at else ""
        self._seal_words.setText(
            self.tr("{who} 于 {at} 签署\n内容校验 {code}").format(
                who=note.counsellor, at=signed, code=note.text_hash[:12]
            )
        )
        self._show_told()
        self.papers.show_papers(self._now.issued, zone)
        self._show_print()
        self.attached.show_for(note)

    def _show_told(self) -> None:
        rows = self._now.of.disclosures
        self.told.setVisible(bool(rows))
        clear(self.told.body)
        for row in rows:
            at = moment(row.at, self._zone)
            self.told.add_row(Row(row.to_whom, f"{at} · {label_of(row.basis)}\n{row.scope}"))

    def _show_print(self) -> None:
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

    def _resume(self) -> None:
        """What was being typed before the lock, or before she went elsewhere, stands open again."""
        self.risk.resume()
        if self._now.of.voided is None:
            self.voiding.resume()
            part = self.amending.begun()
            if part:
                self._begin_amend(part)
            elif part is not None:
                self.amending.begin_fact()

    def _begin_amend(self, part: str) -> None:
        form = self.amending.text_form
        self._left.removeWidget(form)
        self._left.insertWidget(self._left.indexOf(self.sections[part]) + 1, form)
        self.amending.begin_text(part)

    def _go_to_copy(self, note_id: int, student_id: int) -> None:
        self.went.emit(Route("note", note_id, student_id))

    def _want_print(self) -> None:
        paper = self._current_paper()
        if paper is not None:
            self.document_wanted.emit(paper.id)
        elif self._now.of.voided is None:
            self._paper.issue_note(self._now.of.note.id)

    def _go_to_paper(self, issued_id: int) -> None:
        self.document_wanted.emit(issued_id)
        self.issued.emit(issued_id)

    def _want_referral(self) -> None:
        self.referral_wanted.emit(self._now.of.note.student_id)
