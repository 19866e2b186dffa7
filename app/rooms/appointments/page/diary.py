"""「日程」: the room's time as week, month and list, with what stands beside it; Acts and Deeds do what is done here."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.rooms.appointments import overview, store, waiting
from app.rooms.appointments.page.acts import Acts
from app.rooms.appointments.page.axis import minute, moment
from app.rooms.appointments.page.deeds import Deeds
from app.rooms.appointments.page.form import AppointmentForm, Wanted
from app.rooms.appointments.page.panel import AppointmentPanel
from app.rooms.appointments.page.papers import PaperCard, Papers
from app.rooms.appointments.page.side import OpeningCard, WaitingCard
from app.rooms.appointments.page.views import Views
from app.rooms.appointments.record import AppointmentValues
from app.rooms.appointments.rules.free import Free
from app.rooms.school import store as schools
from app.rooms.school.calendar import Calendar, monday_of
from app.ui.cards import button
from app.ui.keeper import Keeper
from app.ui.notice import Notice
from app.ui.page import Page, Route, UprightArea
from app.ui.theme import scaled
from app.vault.vault import Vault

PLACE = "appointments"
KEPT, WAITING = "appointment/", "waiting/"
"""How the keys begin under which what is typed here is kept."""
SIDE_WIDTH = 300
NOON = time(12, 0)


class AppointmentsPage(Page):
    """Week, month or list at the left; at the right what was chosen, or who waits."""

    kinds = frozenset(
        {"appointment", "attendee", "waiting", "student", "school_term", "special_day", "bell_slot", "bell_timetable",
         "opening_hours", "class_hours", "school", "loaded_year"}
    )  # fmt: skip
    sheet_wanted = Signal(object, str, object)  # PDF, name without a student's, log (ui/printing.py)

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        super().__init__(self.tr("日程"), scrolls=False)
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self.route = Route(PLACE)
        self._calendar = Calendar()
        self._chosen: int | None = None
        self._editing: int | None = None
        self._waiting: int | None = None
        """Who on the list the new appointment is for."""
        self.deeds = Deeds(vault, notice, self)
        self.papers = Papers(vault, notice, self)
        self.acts = Acts(vault, self.deeds, self.papers, self)
        self._build()
        self._connect()

    # Where she is

    def arrive(self, route: Route) -> None:
        self.route = Route(PLACE)
        if route.record_id is not None:
            self.show_one(route.record_id)
            return
        self.refresh()
        self._take_up()

    def _take_up(self) -> None:
        """What was being typed when she was here last is open again."""
        if self._keeper.kept(WAITING):
            self.waiting_card.begin()
        for key in self._keeper.kept(KEPT) if self.form.isHidden() else ():
            if self._open_again(key.removeprefix(KEPT).split("/")):
                break

    def _open_again(self, of: list[str]) -> bool:
        """A form by the end of its key: new, new/who waits, an appointment, an appointment/cancel. False where it is gone."""
        if of[0] == "new":
            self._waiting = int(of[1]) if len(of) > 1 else None
            self._begin(self._values(self._vault.clock.today(), None, None))
            return True
        with self._vault.read() as session:
            there = store.find(session, int(of[0]))
        if there is None:
            return False
        self.show_one(there.id)
        if len(of) == 1:
            self._edit(there.id)
        else:
            self.panel.begin(of[1])
        return True

    def leave(self) -> None:
        self.form.end_typing()
        self.panel.end_forms()
        self.waiting_card.form.end()

    def reload(self) -> None:
        with self._vault.read() as session:
            self._calendar = schools.calendar(session)
        self.waiting_card.reload()
        self._reload_views()

    def _reload_views(self) -> None:
        """The days that are looked at, by the calendar read last."""
        with self._vault.read() as session:
            week = self.views.reload(session, self._calendar, self._vault.now(), self._chosen)
        self.set_head(self.title, self.views.context(week))
        self.papers.monday = self.views.monday
        self.opening.show_week(week)
        self._show_chosen()

    def show_one(self, appointment_id: int) -> None:
        """Go to the week of an appointment and show it at the side."""
        with self._vault.read() as session:
            self.views.monday = monday_of(store.get(session, appointment_id).day)
        self._chosen = appointment_id
        self.refresh()
        self.views.take_focus()

    # Building

    def _build(self) -> None:
        self.views = Views(self._vault.clock.today())
        self.grid = self.views.grid
        self.panel = AppointmentPanel(self._keeper)
        self.form = AppointmentForm(self._vault, self._keeper)
        self.waiting_card = WaitingCard(self._vault, self._notice, self._keeper)
        self.opening = OpeningCard()
        self.paper_card = PaperCard()
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for made in (self.panel, self.form, self.waiting_card, self.opening, self.paper_card):
            column.addWidget(made)
        column.addStretch(1)
        area = UprightArea(side)
        area.setFixedWidth(scaled(SIDE_WIDTH))
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(self.views, 1)
        line.addWidget(area)
        self.body.addLayout(line, 1)
        self.panel.hide()
        self.form.hide()
        self.today_button = self.add_action(button(self.tr("本周"), name=self.tr("回到本周")))
        self.view_button = self.add_action(button(self.tr("周 · 月 · 列表"), name=self.tr("换一种看法")))
        self.new_button = self.add_action(button(self.tr("+ 预约"), primary=True))

    def _connect(self) -> None:
        self.grid.wanted.connect(self._want)
        self.grid.opened.connect(self._open)
        self.grid.moved.connect(self.deeds.move)
        self.grid.discarded.connect(self.deeds.discard)
        self.views.turned.connect(self._turned)
        self.views.listing.opened.connect(self._open)
        for view in (self.grid, self.views.listing):
            view.entered.connect(self._enter)
        self.today_button.clicked.connect(self._go_to_today)
        self.view_button.clicked.connect(self._offer_views)
        self.new_button.clicked.connect(self._want_new)
        self.form.wanted.connect(self._save)
        self.form.refused.connect(self._notice.tell)
        self.form.given_up.connect(self._close_form)
        self.panel.acted.connect(self.acts.do)
        self.panel.cancel_wanted.connect(self.deeds.cancel)
        self.panel.reschedule_wanted.connect(self.deeds.reschedule)
        self.acts.went.connect(self.went)
        self.acts.again_wanted.connect(self._begin)
        self.acts.edit_wanted.connect(self._edit)
        self.acts.show_wanted.connect(self.show_one)
        self.acts.closed.connect(self._close)
        self.waiting_card.offered.connect(self._arrange)
        self.paper_card.wanted.connect(self.papers.ask)
        self.papers.sheet_wanted.connect(self.sheet_wanted)
        self.deeds.done.connect(self._done)
        self.deeds.settled.connect(self.panel.settle)
        self.deeds.clashed.connect(self.form.ask_reason)
        self.deeds.undone.connect(self.reload)

    # Making

    def _want_new(self) -> None:
        self._waiting = None
        self._begin(self._next_free(max(self.views.monday, self._vault.clock.today())))

    def _want(self, day: date, start: time | None, end: time | None) -> None:
        self._waiting = None
        self._begin(self._values(day, start, end))

    def _next_free(self, day: date) -> AppointmentValues:
        """The next free time from a day on, where there is one soon."""
        now = self._vault.now()
        since = now if day == now.date() else datetime.combine(day, time(0), now.tzinfo)
        with self._vault.read() as session:
            offers = waiting.offers(session, (), since)
        if not offers:
            return self._values(day, None, None)
        return self._values(offers[0].day, offers[0].start, offers[0].end)

    def _values(self, day: date, start: time | None, end: time | None) -> AppointmentValues:
        """A session from there on; not longer than the period it was begun in."""
        begin = start or NOON
        last = moment(minute(begin) + self._calendar.session)
        return AppointmentValues(day=day, start=begin, end=min(last, end) if end else last)

    def _begin(self, values: AppointmentValues) -> None:
        self._editing = None
        key = f"{KEPT}new" if self._waiting is None else f"{KEPT}new/{self._waiting}"
        self.form.begin(key, values, self._calendar, is_new=True)
        self._show_side(self.form)

    def _edit(self, appointment_id: int) -> None:
        with self._vault.read() as session:
            values = store.values_of(store.one(session, appointment_id))
        self._editing = appointment_id
        self.form.begin(f"{KEPT}{appointment_id}", values, self._calendar, is_new=False)
        self._show_side(self.form)

    def _save(self, wanted: Wanted) -> None:
        if self._editing is None:
            self.deeds.enter(wanted, self._waiting)
        else:
            self.deeds.change(self._editing, wanted.values)

    def _done(self, appointment_id: int) -> None:
        """Something was saved: show it; the form it came from is settled."""
        if not self.form.isHidden():
            self.form.settle()
            self.form.hide()
        self._waiting = None
        self.show_one(appointment_id)

    def _close_form(self) -> None:
        self.form.hide()
        self._waiting = None
        self.reload()
        self.views.take_focus()

    # The side

    def _open(self, appointment_id: int) -> None:
        if not self.form.isHidden():
            self.form.end_typing()
            self.form.hide()
        self._chosen = appointment_id
        self._show_chosen()

    def _enter(self, appointment_id: int) -> None:
        """By the keyboard: what can be done with it is next; Esc leads back."""
        self._open(appointment_id)
        self.panel.take_focus()

    def _show_chosen(self) -> None:
        if not self.form.isHidden():
            return
        if self._chosen is None:
            self._show_side(None)
            return
        with self._vault.read() as session:
            one = store.one(session, self._chosen)
            missed = max((store.absences(session, own) for own, _, _ in one.students), default=0)
            is_noted = bool(one.students) and len(overview.noted(session, one)) == len(one.students)
        if one.appointment.deleted_at is not None:
            self._chosen = None
            self._show_side(None)
            return
        self.panel.show_one(one, missed, self._vault.now(), is_noted=is_noted)
        self._show_side(self.panel)

    def _show_side(self, shown: QWidget | None) -> None:
        for one in (self.panel, self.form):
            one.setVisible(one is shown)
        for beside in (self.waiting_card, self.opening, self.paper_card):
            beside.setVisible(shown is not self.form)

    def _close(self) -> None:
        self._chosen = None
        self.reload()
        self.views.take_focus()

    # Going on

    def _turned(self) -> None:
        """Other days, or another view: what was chosen stays where it was."""
        if self.form.isHidden():
            self._chosen = None
        self._reload_views()

    def _offer_views(self) -> None:
        menu = QMenu(self.view_button)
        for words, view in (
            (self.tr("周"), self.views.week_view),
            (self.tr("月"), self.views.month_view),
            (self.tr("列表"), self.views.listing),
        ):
            menu.addAction(words).triggered.connect(partial(self.views.show_view, view))
        menu.popup(self.view_button.mapToGlobal(self.view_button.rect().bottomLeft()))

    def _go_to_today(self) -> None:
        self.views.show_week_of(self._vault.clock.today())

    def _arrange(self, waiting_id: int, free: Free) -> None:
        """A free time for somebody on the list: the form says it all once more."""
        with self._vault.read() as session:
            values = waiting.values_for(waiting.get(session, waiting_id), free)
        self._waiting = waiting_id
        self.views.monday = monday_of(free.day)
        self.reload()
        self._begin(values)
