"""The list of notes that wait: typed and never saved first, then the drafts to be signed, the most urgent first."""

from __future__ import annotations

from datetime import tzinfo

from app.rooms.notes import waiting
from app.rooms.notes.waiting import Unsaved, Waiting
from app.rooms.notes.wording import day, moment
from app.rooms.school import store as schools
from app.ui.cards import Card, EmptyState, button
from app.ui.language import label_of
from app.ui.page import Page, Route
from app.ui.tables import Table, TableRow
from app.vault.vault import Vault

PLACE = "drafts"
_SIGNS, _DUE = 3, 4
"""Columns whose words have a tone."""


class DraftsPage(Page):
    """Every draft, with the time until which it should be signed (72 h; the same day where a risk was seen)."""

    kinds = frozenset({"note", "student", "changed_deadline"})

    def __init__(self, vault: Vault) -> None:
        super().__init__(self.tr("未签的会谈记录"), scrolls=False)
        self._vault = vault
        self.route = Route(PLACE)
        self._routes: dict[int, Route] = {}
        empty = EmptyState(self.tr("没有未签的记录"), self.tr("写到一半或还没有签署的会谈记录会列在这里。"))
        headers = [self.tr("姓名"), self.tr("会谈"), self.tr("日期"), self.tr("标记"), self.tr("签署时限")]
        self.table = Table(self.tr("未签的会谈记录"), headers, empty, (150, 140, 150, 200))
        self.table.opened.connect(self._open)
        card = Card(flush=True)
        card.body.addWidget(self.table)
        self.body.addWidget(card, 1)
        self.snippets_button = self.add_action(button(self.tr("常用语")))
        self.snippets_button.clicked.connect(self._want_snippets)

    def reload(self) -> None:
        now = self._vault.now()
        with self._vault.read() as session:
            begun = waiting.unsaved(session)
            drafts = waiting.drafts(session, schools.terms(session).note_sign_hours, now)
        rows = [self._begun(note, now.tzinfo) for note in begun] + [self._draft(draft, now.tzinfo) for draft in drafts]
        self.table.show_rows(rows)
        self._routes = {-note.student_id: Route("note", None, note.student_id) for note in begun}
        self._routes |= {draft.note.id: Route("note", draft.note.id, draft.note.student_id) for draft in drafts}
        late = sum(draft.overdue for draft in drafts)
        counted = self.tr("{n} 份，其中 {late} 份已过时限") if late else self.tr("{n} 份，都在时限内")
        said = [counted.format(n=len(drafts), late=late)] if drafts else []
        if begun:
            said.append(self.tr("{n} 份写到一半、还没有保存").format(n=len(begun)))
        self.set_head(self.title, " · ".join(said))

    def _begun(self, note: Unsaved, zone: tzinfo | None) -> TableRow:
        typed = self.tr("{at} 输入，已加密暂存").format(at=moment(note.at, zone))
        cells = (note.student_name, self.tr("新记录"), "—", self.tr("还没有保存"), typed)
        return TableRow(-note.student_id, cells, {_SIGNS: "amber"})

    def _draft(self, draft: Waiting, zone: tzinfo | None) -> TableRow:
        note, flag = draft.note, draft.note.risk_flag
        signs = [self.tr("补录")] if note.late_entry else []
        tones = {}
        if flag is not None and flag.asks:
            signs.append(label_of(flag))
            tones[_SIGNS] = "red"
        due = self.tr("{at} 前").format(at=moment(draft.due, zone))
        if draft.overdue:
            due = self.tr("{due} · 已过时限").format(due=due)
            tones[_DUE] = "red"
        number = self.tr("第 {no} 次会谈").format(no=note.session_no)
        return TableRow(note.id, (draft.student_name, number, day(note.held_on), " · ".join(signs), due), tones)

    def _open(self, key: int) -> None:
        self.went.emit(self._routes[key])

    def _want_snippets(self) -> None:
        self.went.emit(Route("snippets"))
