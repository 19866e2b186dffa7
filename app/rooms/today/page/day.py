"""今日: today's appointments, notes to be signed, what is due, who may be forgotten: all computed, nothing entered by hand."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from itertools import chain

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout
from sqlalchemy.orm import Session

from app.documents.paper import Drawn
from app.errors import Problem
from app.rooms.school import store as schools
from app.rooms.school.calendar import Calendar
from app.rooms.school.planned import Planned
from app.rooms.school.record import Heading
from app.rooms.students import store as students
from app.rooms.today import store
from app.rooms.today.page.cards import DueCard, LinesCard, PlannedCard
from app.rooms.today.page.listing import place_of
from app.rooms.today.page.paper import DueOf, PlannedOf, one_page
from app.rooms.today.page.putting_off import PuttingOff
from app.rooms.today.page.rows import DueRow, LineRow, Told, told
from app.rooms.today.store import Day
from app.rooms.today.wording import long_day
from app.ui import masking
from app.ui.background import Background, Working
from app.ui.cards import EmptyState, button
from app.ui.forms import bring_into_sight
from app.ui.keeper import Keeper
from app.ui.language import label_of
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.ui.printing import Printer
from app.vault.vault import Vault

PLACE = "today"
SEEN = {Heading.WRITING: 5, Heading.DEADLINE: 6, Heading.FADING: 5}
"""Lines seen at once under each heading."""
_LATER_SEEN = 3
_LOOK_MS = 30_000
_AHEAD = timedelta(days=14)
"""How far a day without appointments looks for the next one."""
_AHEAD_MS = 60
"""And when: the page is seen before."""


class TodayPage(Page):
    """What the counsellor sees each morning; the house hands over what every room says is due and planned."""

    settle_wanted = Signal(object)  # a Due, to be opened where it is settled
    begin_wanted = Signal(object)  # a Planned: somebody has come
    open_wanted = Signal(object)
    note_wanted = Signal()  # a note, for whom the house asks

    def __init__(
        self,
        vault: Vault,
        notice: Notice,
        keeper: Keeper,
        background: Background,
        printer: Printer,
        *,
        due: DueOf,
        planned: PlannedOf,
        week: str,
        kinds: frozenset[str],
    ) -> None:
        """``week`` is the place where the week is planned, empty where no room plans; ``kinds`` is what changes the day."""
        super().__init__(self.tr("今日"))
        self._vault, self._notice, self._background, self._printer = vault, notice, background, printer
        self._due, self._planned, self._week = due, planned, week
        self.kinds = kinds
        self.route = Route(PLACE)
        self._seen: list[Planned] = []
        self._without = self.tr("今天没有预约")
        """What a day without appointments says."""
        self._putting_off_from: int | None = None
        """The place of the line the form was opened from, to come back to."""
        self.putting_off = PuttingOff(vault, notice, keeper)
        self.putting_off.given_up.connect(self._come_back)
        self.body.addWidget(self.putting_off)
        self.nobody = EmptyState(
            self.tr("还没有学生"),
            self.tr("先导入学校的班级名单。之后每天的预约、未签的记录和到期的事，都会自动列在这里。"),
            self.tr("导入名单"),
        )
        self.nobody.wanted.connect(self._want_roster)
        self.body.addWidget(self.nobody, 1)
        self._build()
        self.print_button = self.add_action(button(self.tr("打印一页备用")))
        self.print_button.setToolTip(self.tr("今天和本周的安排印在一张 A4 上，电脑不能用的那天照着做"))
        self.print_button.clicked.connect(self._print)
        self.note_button = self.add_action(button(self.tr("+ 新记录"), primary=True))
        self.note_button.setToolTip("Ctrl+N")
        self.note_button.clicked.connect(self.note_wanted)
        self._looking = QTimer(self)
        self._looking.timeout.connect(self._look)
        self._looking_ahead = QTimer(self)
        self._looking_ahead.setSingleShot(True)
        self._looking_ahead.timeout.connect(self._look_ahead)

    def _build(self) -> None:
        left, right = self.columns(5, 4)
        self.planned = PlannedCard(self.tr("今天的预约"), "")
        self.planned.begin_wanted.connect(self.begin_wanted)
        self.planned.open_wanted.connect(self.open_wanted)
        week = self.planned.add_action(button(self.tr("看整周"), quiet=True))
        week.clicked.connect(self._want_week)
        nothing = {Heading.DEADLINE: self.tr("今天没有到期的事")}
        self.under = {one: DueCard(label_of(one), nothing.get(one, ""), place_of(one)) for one in Heading}
        self.later = DueCard(self.tr("已推后"), "", place_of(None))
        self._place(left, self.planned, self.under[Heading.WRITING], self.later)
        self._place(right, self.under[Heading.DEADLINE], self.under[Heading.FADING])
        for card in self._due_cards():
            card.all_wanted.connect(self._want_all)
            card.settle_wanted.connect(self.settle_wanted)
            card.put_off_wanted.connect(self._begin_putting_off)
            card.back_wanted.connect(self.putting_off.bring_back)

    def _place(self, column: QVBoxLayout, *cards: LinesCard) -> None:
        for card in cards:
            column.addWidget(card)
            card.stepped.connect(self._step)
        column.addStretch(1)

    def _due_cards(self) -> list[DueCard]:
        return [*self.under.values(), self.later]

    # The day

    def arrive(self, route: Route) -> None:
        super().arrive(route)
        self._resume()

    def leave(self) -> None:
        """What is being typed stays kept."""
        self.putting_off.end()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._looking.start(_LOOK_MS)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._looking.stop()

    def _look(self) -> None:
        """An appointment's time may have come or gone by: the lines say so without being asked."""
        with self._vault.read() as session:
            planned = self._planned_now(session)
        if planned != self._seen:
            self.reload()

    def _planned_now(self, session: Session) -> list[Planned]:
        today = self._vault.clock.today()
        return self._planned(session, today, today, self._vault.now())

    def reload(self) -> None:
        today = self._vault.clock.today()
        with self._vault.read() as session:
            empty = students.count(session) == 0
            day = store.sort_out(session, self._due(session, today), today)
            self._seen = self._planned_now(session)
            calendar = schools.calendar(session)
            shown = [*chain.from_iterable(day.under[h][:seen] for h, seen in SEEN.items())]
            people = store.people(session, [*shown, *(due for due, _ in day.later[:_LATER_SEEN])])
        stood = self._stands_at()
        if stood is None and self.putting_off.isHidden():
            stood, self._putting_off_from = self._putting_off_from, None
        stood_on = None if stood is None else next(iter(self._rows()[stood : stood + 1]), None)
        self._show_head(calendar, today)
        self.planned.show_planned(self._seen, self._without)
        if not self._seen:
            self._looking_ahead.start(_AHEAD_MS)
        self._show_hours(calendar, today)
        self.planned.setVisible(bool(self._week) and not empty)
        for heading, card in self.under.items():
            lines = [told(due, people.get(due.student_id or 0), today) for due in day.under[heading][: SEEN[heading]]]
            card.show_lines(lines, len(day.under[heading]))
            card.setHidden(empty or (heading is not Heading.DEADLINE and not lines))
        later = [told(due, people.get(due.student_id or 0), today, snooze) for due, snooze in day.later[:_LATER_SEEN]]
        self.later.show_lines(later, len(day.later))
        self.later.setHidden(not later)
        self._say_hints(day)
        self.nobody.setVisible(empty)
        self.offer(self.print_button, not empty and masking.student() is None)
        self.offer(self.note_button, not empty)
        if stood_on not in self._rows():
            self._stand_at(stood)

    def _show_head(self, calendar: Calendar, today: date) -> None:
        week = calendar.week_of(today)
        self.set_head(self.title, " · ".join(filter(None, (long_day(today), week.label if week else ""))))

    def _look_ahead(self) -> None:
        """A day without appointments says when the next is, of those still to come."""
        if self._vault.closed or self._seen:
            return
        today = self._vault.clock.today()
        with self._vault.read() as session:
            coming = self._planned(session, today, today + _AHEAD, self._vault.now())
        following = min((one.begins_at() for one in coming if one.expected), default=None)
        self._without = self.tr("今天没有预约")
        if following is not None:
            said = self.tr("今天没有预约；下一个在{day} {time:%H:%M}")
            self._without = said.format(day=long_day(following.date()), time=following)
        self.planned.show_planned([], self._without)

    def _show_hours(self, calendar: Calendar, today: date) -> None:
        spans = ",".join(f"{span.start:%H:%M}–{span.end:%H:%M}" for span in calendar.open_spans(today))
        hint = [self.tr("{count} 个").format(count=len(self._seen))] if self._seen else []
        if spans:
            hint.append(self.tr("开放时段 {spans}").format(spans=spans))
        self.planned.set_hint(" · ".join(hint))

    def _say_hints(self, day: Day) -> None:
        counts = {one: sum(store.is_overdue(due, day.today) for due in dues) for one, dues in day.under.items()}
        writing, due = day.under[Heading.WRITING], day.under[Heading.DEADLINE]
        words = [self.tr("{count} 份").format(count=len(writing))]
        if counts[Heading.WRITING]:
            words.append(self.tr("{late} 份已过时限").format(late=counts[Heading.WRITING]))
        self.under[Heading.WRITING].set_hint("，".join(words))
        late = self.tr("{late} 件逾期").format(late=f"{counts[Heading.DEADLINE]:,}") if counts[Heading.DEADLINE] else ""
        self.under[Heading.DEADLINE].set_hint(late or (self.tr("按制度自动算出") if due else ""))
        fading = self.tr("{count} 人").format(count=len({one.student_id for one in day.under[Heading.FADING]}))
        self.under[Heading.FADING].set_hint(fading)

    # Putting off

    def _begin_putting_off(self, line: Told) -> None:
        rows = self._rows()
        self._putting_off_from = next((at for at, row in enumerate(rows) if getattr(row, "told", None) is line), None)
        self.putting_off.begin_for(line)

    def _come_back(self) -> None:
        """Given up: the cursor stands on the line again."""
        self._stand_at(self._putting_off_from)
        self._putting_off_from = None

    def _resume(self) -> None:
        """Open the form again for the thing a reason was being typed for."""
        lines = [row.told for card in self._due_cards() for row in card.rows if isinstance(row, DueRow)]
        said = self.putting_off.waiting(lines)
        if said is not None:
            self.putting_off.begin_for(said)

    # On paper

    def _print(self) -> None:
        act = partial(one_page, self._vault, self._due, self._planned)
        job = self._background.run(act, self._drawn, self._not_drawn)
        Working(self.window(), job, self.tr("正在排版……")).open()

    def _drawn(self, drawn: Drawn) -> None:
        self._printer.print(drawn.pdf, store.TITLE, log=partial(store.log, self._vault))

    def _not_drawn(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        self._notice.tell(error)

    # Going

    def _want_all(self, place: str) -> None:
        self.went.emit(Route(place))

    def _want_week(self) -> None:
        self.went.emit(Route(self._week))

    def _want_roster(self) -> None:
        self.went.emit(Route("roster"))

    # By keyboard

    def _rows(self) -> list[LineRow]:
        cards: list[LinesCard] = [self.planned, self.under[Heading.WRITING], self.later]
        cards += [self.under[Heading.DEADLINE], self.under[Heading.FADING]]
        return [row for card in cards if not card.isHidden() for row in card.rows]

    def _stands_at(self) -> int | None:
        """The place of the line that has the cursor."""
        there = QApplication.focusWidget()
        if there is None:
            return None
        return next((at for at, row in enumerate(self._rows()) if row is there or row.isAncestorOf(there)), None)

    def _stand_at(self, at: int | None) -> None:
        """Have the cursor on the line at this place, where the one it was on is gone."""
        rows = self._rows()
        if at is not None and rows:
            rows[min(at, len(rows) - 1)].setFocus()

    def _step(self, by: int) -> None:
        rows, at = self._rows(), self._stands_at()
        if at is not None and 0 <= at + by < len(rows):
            rows[at + by].setFocus()
            bring_into_sight(rows[at + by])
