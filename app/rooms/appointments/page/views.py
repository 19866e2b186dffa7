"""The three ways of looking at the room's time: week, month, list; and which days are looked at."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget
from sqlalchemy.orm import Session

from app.rooms.appointments import store
from app.rooms.appointments.page.grid import WeekGrid
from app.rooms.appointments.page.listing import COMING, UNREGISTERED, AppointmentList
from app.rooms.appointments.page.month import MonthGrid
from app.rooms.appointments.page.week import WeekShown, month_of, week_of
from app.rooms.appointments.record import Booked
from app.rooms.school.calendar import Calendar, monday_of
from app.rooms.school.names import school_year
from app.ui.cards import Card
from app.ui.page import UprightArea

FAR = date(9999, 12, 31)


class Views(QStackedWidget):
    """Shows one of the three; the page reads it anew when the days or the view change."""

    turned = Signal()

    def __init__(self, today: date) -> None:
        super().__init__()
        self.monday = monday_of(today)
        self.grid, self.month, self.listing = WeekGrid(), MonthGrid(), AppointmentList()
        self.week_view, self.month_view = _card(self.grid), _card(self.month)
        for view in (self.week_view, self.month_view, self.listing):
            self.addWidget(view)
        self.grid.turned.connect(self._turn)
        self.month.turned.connect(self._turn_month)
        self.month.chosen.connect(self.show_week_of)
        self.listing.narrowed.connect(self.turned)

    def reload(self, session: Session, calendar: Calendar, now: datetime, chosen: int | None) -> WeekShown:
        """Fill the view in front; gives the week, which the cards beside tell of in any view."""
        week = week_of(session, calendar, self.monday, now)
        if self.currentWidget() is self.month_view:
            month = self._middle.replace(day=1)
            self.month.show_month(month, calendar, month_of(session, month, now), now.date())
        elif self.currentWidget() is self.listing:
            self.listing.show_list(self._listed(session, now), now)
        else:
            self.grid.show_week(week.columns, week.slots, week.shown)
            self.grid.choose(chosen)
        return week

    def context(self, week: WeekShown) -> str:
        """What is looked at, for the head of the page."""
        if self.currentWidget() is self.listing:
            return ""
        return f"{self._middle:%Y-%m}" if self.currentWidget() is self.month_view else week.context

    def show_view(self, view: QWidget) -> None:
        """Look at the same days in another way."""
        self.setCurrentWidget(view)
        self.turned.emit()

    def show_week_of(self, day: date) -> None:
        """The week a day lies in."""
        self.monday = monday_of(day)
        self.show_view(self.week_view)

    def take_focus(self) -> None:
        """The keys go to the view in front again."""
        inside = ((self.week_view, self.grid), (self.month_view, self.month), (self.listing, self.listing.table.view))
        for view, keys in inside:
            if view is self.currentWidget():
                keys.setFocus()

    @property
    def _middle(self) -> date:
        """The day that says which month a week belongs to: its Thursday."""
        return self.monday + timedelta(days=3)

    def _turn(self, weeks: int) -> None:
        self.monday += timedelta(weeks=weeks)
        self.turned.emit()

    def _turn_month(self, months: int) -> None:
        month = self._middle.month - 1 + months
        first = date(self._middle.year + month // 12, month % 12 + 1, 1)
        self.monday = monday_of(first + timedelta(days=6))
        self.turned.emit()

    def _listed(self, session: Session, now: datetime) -> list[Booked]:
        if self.listing.wanted() == UNREGISTERED:
            return store.unregistered(session, now)
        if self.listing.wanted() == COMING:
            return store.booked(session, now.date(), FAR)
        return store.booked(session, date(school_year(now.date()), 8, 1), now.date())[::-1]


def _card(view: QWidget) -> Card:
    """A view that scrolls up and down in a card of its own."""
    card = Card(flush=True)
    card.body.addWidget(UprightArea(view))
    return card
