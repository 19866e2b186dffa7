"""The list of notes that wait for a signature, the most urgent first."""

from __future__ import annotations

from app.rooms.notes import store
from app.rooms.notes.store import Unsaved, Waiting
from app.rooms.notes.wording import day, moment
from app.rooms.school.record import DeadlineTerms
from app.ui.cards import Card, EmptyState, Row, clear, tag
from app.ui.language import label_of
from app.ui.page import Page, Route
from app.vault.vault import Vault

PLACE = "drafts"


class DraftsPage(Page):
    """Every draft, with the time until which it should be signed (72 h; the same day where a risk was seen)."""

    kinds = frozenset({"note", "student"})

    def __init__(self, vault: Vault, terms: DeadlineTerms | None = None) -> None:
        super().__init__(self.tr("未签的会谈记录"))
        self._vault, self._terms = vault, terms or DeadlineTerms()
        self.route = Route(PLACE)
        self.late = Card(self.tr("已过时限"), flush=True)
        self.rest = Card(self.tr("待签"), flush=True)
        self.begun = Card(self.tr("写到一半、还没有保存"), self.tr("内容已加密暂存，打开后接着写"), flush=True)
        self.empty = EmptyState(self.tr("没有未签的记录"), self.tr("写到一半或还没有签署的会谈记录会列在这里。"))
        for widget in (self.begun, self.late, self.rest, self.empty):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.reload()

    def arrive(self, route: Route) -> None:
        self.reload()

    def reload(self) -> None:
        with self._vault.read() as session:
            waiting = store.drafts(session, self._terms.note_sign_hours, self._vault.now())
            begun = store.unsaved(session)
        late = [draft for draft in waiting if draft.overdue]
        self._show(self.late, late, "red")
        self._show(self.rest, [draft for draft in waiting if not draft.overdue], "amber")
        self._show_begun(begun)
        self.empty.setVisible(not waiting and not begun)
        self.set_head(
            self.title,
            self.tr("{n} 份，其中 {late} 份已过时限").format(n=len(waiting), late=len(late)) if waiting else "",
        )

    def _show(self, card: Card, waiting: list[Waiting], tone: str) -> None:
        clear(card.body)
        card.setVisible(bool(waiting))
        for draft in waiting:
            note = draft.note
            number = self.tr("第 {no} 次会谈").format(no=note.session_no)
            row = Row(draft.student_name, f"{number} · {day(note.held_on)}")
            if note.late_entry:
                row.add(tag(self.tr("补录")))
            if note.risk_flag is not None and note.risk_flag.asks:
                row.add(tag(label_of(note.risk_flag), "red"))
            at = moment(draft.due, self._vault.now().tzinfo)
            row.add(tag(self.tr("{at} 前签").format(at=at), tone))
            row.make_clickable(self.tr("打开{name}的草稿，{no}").format(name=draft.student_name, no=number))
            row.setProperty("note", note.id)
            row.setProperty("student", note.student_id)
            row.chosen.connect(self._open)
            card.add_row(row)

    def _show_begun(self, begun: list[Unsaved]) -> None:
        clear(self.begun.body)
        self.begun.setVisible(bool(begun))
        for note in begun:
            at = moment(note.at, self._vault.now().tzinfo)
            row = Row(note.student_name, self.tr("{at} 输入").format(at=at))
            row.make_clickable(self.tr("接着写{name}的会谈记录").format(name=note.student_name))
            row.setProperty("student", note.student_id)
            row.chosen.connect(self._go_on)
            self.begun.add_row(row)

    def _go_on(self) -> None:
        row = self.sender()
        if isinstance(row, Row):
            self.went.emit(Route("note", None, int(row.property("student"))))

    def _open(self) -> None:
        row = self.sender()
        if isinstance(row, Row):
            self.went.emit(Route("note", int(row.property("note")), int(row.property("student"))))
