"""Everything under one heading of Today, or all that was put off, as one list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from sqlalchemy.orm import Session

from app.rooms.school.record import Due, Heading
from app.rooms.today import store
from app.rooms.today.page.putting_off import PuttingOff
from app.rooms.today.page.rows import Told, told
from app.rooms.today.wording import day_words
from app.ui.cards import Card, EmptyState, button
from app.ui.keeper import Keeper
from app.ui.language import label_of
from app.ui.masking import hidden, shown
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.ui.tables import Table, TableRow
from app.vault.vault import Vault

_TONES = {"late": "red", "soon": "amber"}


def place_of(heading: Heading | None) -> str:
    """Where everything under a heading is listed; None is what was put off."""
    return f"today.{heading.value if heading else 'later'}"


class DueListPage(Page):
    """The list; Enter opens a line where it is settled."""

    settle_wanted = Signal(object)  # a Due

    def __init__(
        self,
        heading: Heading | None,
        vault: Vault,
        notice: Notice,
        keeper: Keeper,
        *,
        due: Callable[[Session, date], list[Due]],
        kinds: frozenset[str],
    ) -> None:
        super().__init__(label_of(heading) if heading else self.tr("已推后"), scrolls=False)
        self._heading, self._vault, self._notice, self._due = heading, vault, notice, due
        self.kinds = kinds
        self.route = Route(place_of(heading))
        self._told: list[Told] = []
        self.putting_off = PuttingOff(vault, notice, keeper)
        self.body.addWidget(self.putting_off)
        headers = [self.tr("期限"), self.tr("姓名"), self.tr("班级"), self.tr("事项"), self.tr("说明")]
        if heading is Heading.FADING:
            headers[0] = self.tr("从哪天起")
        if heading is None:
            headers = [self.tr("回来的日子"), *headers[1:4], self.tr("推后的原因")]
        self.table = Table(self.title, headers, EmptyState(self.tr("这里没有事要做")), (120, 120, 110, 220))
        self.table.make_sortable()
        self.table.opened.connect(self._open)
        card = Card(flush=True)
        card.body.addWidget(self.table)
        self.body.addWidget(card, 1)
        self.second = self.add_action(button(self.tr("推后") if heading else self.tr("取消推后")))
        self.second.clicked.connect(self._act)
        self.first = self.add_action(button(self.tr("去处理"), primary=True))
        self.first.clicked.connect(self._settle)

    def leave(self) -> None:
        """What is being typed stays kept."""
        self.putting_off.end()

    def reload(self) -> None:
        today = self._vault.clock.today()
        with self._vault.read() as session:
            day = store.sort_out(session, self._due(session, today), today)
            listed = day.later if self._heading is None else [(due, None) for due in day.under[self._heading]]
            people = store.people(session, (due for due, _ in listed))
        self._told = [told(due, people.get(due.student_id or 0), today, snooze) for due, snooze in listed]
        places = {own_id: (person.name, person.place) for own_id, person in people.items()}
        self.table.show_rows([self._row(at, line, places, today) for at, line in enumerate(self._told)])
        self.set_head(self.title, self.tr("{count} 件").format(count=f"{len(self._told):,}"))
        for offered in (self.second, self.first):
            self.offer(offered, bool(self._told))

    def _row(self, at: int, line: Told, places: dict[int, tuple[str, str]], today: date) -> TableRow:
        due = line.due
        name, place = places.get(due.student_id or 0, ("", ""))
        detail = line.snooze.reason if line.snooze else due.detail
        if hidden(due.student_id):
            detail = ""
        on = line.snooze.until if line.snooze else due.due
        lead = day_words(on, today) if line.snooze else line.lead
        cells = (lead, shown(name, due.student_id), place, due.title, detail)
        tones = {0: _TONES[line.role]} if line.role in _TONES else None
        return TableRow(at, cells, tones, (on, *cells[1:]))

    def _open(self, at: int) -> None:
        self.settle_wanted.emit(self._told[at].due)

    def _chosen(self) -> Told | None:
        """The line that is selected; without one it is said that one is wanted."""
        at = self.table.current()
        if at is None:
            self._notice.toast(self.tr("先在名单里选中一件。"))
            return None
        return self._told[at]

    def _settle(self) -> None:
        if (line := self._chosen()) is not None:
            self.settle_wanted.emit(line.due)

    def _act(self) -> None:
        line = self._chosen()
        if line is None:
            return
        if line.snooze is None:
            self.putting_off.begin_for(line)
        else:
            self.putting_off.bring_back(line.snooze)
