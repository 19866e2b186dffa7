"""Pages: makes each page of a window when it is first wanted, goes from one to another and back, and makes them anew for another look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication
from sqlalchemy.exc import NoResultFound

from app.house.way import Way
from app.ui.page import Page, Route
from app.ui.spot import Spot

if TYPE_CHECKING:
    from app.house.room import Desk
    from app.house.screen import Screen
    from app.house.telling import Rooms

FIRST_PLACE = "today"
"""The first page, and the first line of the sidebar."""
RENEW_MS = 50
"""After a change of the look the pages are made anew so much later, or tried again where something still needs them."""


class Pages(QObject):
    """The pages of one window, and the way she has taken through them."""

    def __init__(self, desk: Desk, rooms: Rooms, screen: Screen, way: Way) -> None:
        """``way`` is where she was before the lock; another vault's way is not gone on with."""
        super().__init__(desk.window)
        self._desk, self._rooms, self._screen = desk, rooms, screen
        self.way = way if way.vault_id == desk.vault.vault_id else Way(desk.vault.vault_id)
        self._made: dict[str, Page] = {}
        self._turns = 0
        self._renewing = QTimer(self)
        self._renewing.timeout.connect(self._renew)
        desk.window.wanted.connect(self.go_to)
        desk.window.back_wanted.connect(self.go_back)
        desk.window.jump.chosen.connect(self.go)

    def begin(self) -> None:
        """Open the page she was on before the lock if the record is there, or the first."""
        if self.way.here is None or not self._opens(self.way.here):
            self.way.here = None
            self.go(Route(FIRST_PLACE))

    def go(self, route: Route) -> None:
        """Open a page at a record; the one she leaves is what she can go back to."""
        self.note_where()
        if not self.may_go(route):
            return
        self.way.step(route)
        self._open(route)

    def go_back(self) -> None:
        """Open the page before this one; one whose record has been destroyed since is passed over."""
        while self.way.behind:
            if self._opens(self.way.behind.pop()):
                return
        self._open(Route(FIRST_PLACE))

    def go_to(self, place: str) -> None:
        """Open the first page of a line of the sidebar."""
        self.go(Route(place))

    def may_go(self, route: Route) -> bool:
        """Whether she may go there now; where 会谈模式 keeps her from it, it says so."""
        allowed = self._screen.allows(route, self._about(route))
        if not allowed:
            self._desk.notice.toast(self.tr("会谈模式中只打开这位学生的档案；请先结束会谈模式。"))
        return allowed

    def _opens(self, route: Route) -> bool:
        """Open it; False if the record is not in the vault any more."""
        try:
            if not self._screen.allows(route, self._about(route)):
                return False
            self.way.here = route
            self._open(route)
        except NoResultFound:
            return False
        return True

    def _open(self, route: Route) -> None:
        desk = self._desk
        room = self._rooms.of(route.place)
        before = desk.window.page()
        page = self._made.get(route.place)
        if page is None:
            page = self._made[route.place] = room.pages[route.place](desk)
            page.went.connect(self.go)
        if before is not None and before is not page:
            before.leave()
        page.came_from = self.way.last()
        self._turns += 1
        turn = self._turns
        page.arrive(route)
        if turn != self._turns:  # the page passed it on to another: a signed note to its reader
            return
        desk.window.show_page(page, room.place if route.place == room.place else room.under or room.place)
        self.way.here = page.route or route
        desk.window.set_back(bool(self.way.behind))

    def _about(self, route: Route) -> int | None:
        """The student a page is about."""
        with self._desk.vault.read() as session:
            return self._rooms.about(session, route)

    def note_where(self) -> None:
        """A page may have gone on by itself since: a new record it saved has an id now."""
        page = self._desk.window.page()
        if page is not None:
            self.way.here = page.route

    def note_change(self, kinds: frozenset[str]) -> None:
        """Records of these kinds have changed."""
        for page in list(self._made.values()):  # one that reloads may have another made
            page.note_change(kinds)

    def read_again(self) -> None:
        """Other names may be read than before, or another day has begun: every list is read again."""
        for page in list(self._made.values()):
            page.note_change(page.kinds)

    def renew(self) -> None:
        """Make every page anew, as soon as nothing needs it as it is."""
        self._renewing.start(RENEW_MS)

    def stop(self) -> None:
        """Make none anew any more."""
        self._renewing.stop()

    def forget(self) -> None:
        """The window has let its pages go."""
        self._made.clear()

    def _renew(self) -> None:
        """Icons in fields and widths of words are made with their page: all are made anew, with what is being typed in them."""
        desk, before = self._desk, self._desk.window.page()
        open_above = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if desk.background.is_busy() or open_above is not None or before is None or before.route is None:
            return  # a job answers the page that began it, a dialog too; the timer comes again
        self._renewing.stop()
        route, spot = before.route, Spot.of(before)
        if not desk.keeper.flush():
            return  # the disk is full: the fields have what is being typed, and stay
        desk.window.pages.hide()  # or each page taken out would show, and read, the next
        for place, page in list(self._made.items()):
            if not page.is_irreplaceable():
                page.leave()
                desk.window.take_out(page)
                del self._made[place]
        self._open(route)
        desk.window.pages.show()
        spot.put(self._made[route.place])
