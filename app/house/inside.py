"""Inside: the window on an open vault: makes the pages, goes from one to another, and hands over what the rooms tell each other."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy.exc import NoResultFound

from app.errors import Problem
from app.house.coming import Coming
from app.house.finding import Finder
from app.house.greeting import Greeting
from app.house.midnight import Midnight
from app.house.pages import FIRST_PLACE, Pages
from app.house.room import Desk
from app.house.rooms import rooms
from app.house.screen import Screen
from app.house.telling import Rooms
from app.house.way import Way
from app.rooms.school import store as schools
from app.ui import masking, theme
from app.ui.background import Background
from app.ui.backing_up import BackingUp
from app.ui.capture import Capture
from app.ui.changes import Changes
from app.ui.countdown import Countdown
from app.ui.finding import PersonDialog
from app.ui.frame import Frame
from app.ui.keeper import Keeper
from app.ui.leaving import Leaving
from app.ui.letting_go import let_go
from app.ui.locking import LockWatch, all_of, drop_dialogs, hide_all
from app.ui.notice import Notice, install_bug_door
from app.ui.page import Route
from app.ui.printing import Log, Printer
from app.ui.signing_desk import SigningDesk
from app.ui.vanished import Vanished
from app.ui.window import Window

if TYPE_CHECKING:
    from app.rooms.school.planned import Planned
    from app.rooms.school.record import Due
    from app.rooms.students.record import Line
    from app.ui.settings_file import SettingsFile
    from app.vault.vault import Vault

COUNT_MS = 400
"""The counts of the sidebar follow a change so much later."""


class Inside(QObject):
    """The program between an unlock and the lock that follows it."""

    lock_wanted = Signal()
    closing = Signal(object)  # the QCloseEvent of the window
    day_changed = Signal()  # what is planned may be another now, or who may be named

    def __init__(
        self, application: QApplication, vault: Vault, settings: SettingsFile, way: Way, typed: bytes, capture: Capture
    ) -> None:
        """``way`` is where she was before the lock, ``typed`` what could not be written down then, sealed."""
        super().__init__(application)
        self.application, self.settings = application, settings
        self.rooms = Rooms(rooms())
        self.coming = Coming(vault, self.rooms)
        self.unwritten = b""
        """After the lock: what was typed and could not be written down, sealed under the vault's key."""
        self.frame: Frame | None = None
        """After the lock: where the window stood."""
        self._watch = LockWatch(application, settings.now.lock_minutes)
        self._watch.idle.connect(self.lock_wanted)
        self._watch.pressed.connect(self.lock_wanted)
        self._capture = capture
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.timeout.connect(self._count)
        self._midnight = Midnight(vault.clock, self)
        self._midnight.turned.connect(self._turn_day)
        self._finder = Finder(vault, self.rooms.found, self.rooms.route_of)
        self.desk = self._lay_desk(vault)
        self._vanished = self._watch_files()
        self.desk.keeper.failed.connect(self._vanished.tell)
        self._screen = Screen(application, self.desk)
        self._screen.lock_wanted.connect(self.lock_wanted)
        self._screen.talk_changed.connect(self._talk_changed)
        self._watch.covered.connect(self._screen.cover)
        self.pages = Pages(self.desk, self.rooms, self._screen, way)
        if typed:
            self.desk.keeper.take_over(typed)

    def open(self) -> None:
        """Show the window, at the page she was on before the lock if this is still the same vault and the record is there."""
        window = self.desk.window
        self.show_names()
        if self.pages.way.beside is not None:
            self._screen.talk(self.pages.way.beside)
        self.pages.begin()
        window.show()
        window.raise_()
        window.activateWindow()
        self._watch.start()
        Leaving(window).left.connect(self.lock_wanted)
        self.desk.backing.start()
        self._vanished.start()
        greeting = Greeting(self.desk)
        greeting.keys_wanted.connect(self._go_to_keys)
        greeting.say()
        self._counting.start(COUNT_MS)

    # What one page asks of another

    def open_record(self, kind: str, record_id: int, student_id: int | None) -> None:
        """Open a record where its room shows it: a line of the timeline, something due, a search hit, what a paper was made from."""
        try:
            with self.desk.vault.read() as session:
                route = self.rooms.route_of(session, kind, record_id, student_id)
        except NoResultFound:
            words = self.tr("它已从回收站里销毁，打不开了；由它签发的文书仍然保留。")
            self.desk.notice.say(self.tr("这条记录已经销毁。"), words)
            return
        if route is not None:
            self.pages.go(route)

    def settle(self, due: Due) -> None:
        """Open where something that is due is settled."""
        if due.act:
            new = Route(due.act, None, due.student_id, due.record_id)
            self.pages.go(new if due.anew else Route(due.act, due.record_id, due.student_id))
        else:
            self.open_record(due.kind, due.record_id, due.student_id)

    def begin_planned(self, planned: Planned) -> None:
        """Somebody has come to an appointment: to the note of the talk."""
        if not self.pages.may_go(Route("note", None, planned.student_id)):
            return
        try:
            student_id = self.rooms.begin(self.desk.vault, planned)
        except Problem as problem:
            self.desk.notice.tell(problem)
            return
        if student_id is not None:
            self.pages.go(Route("note", None, student_id, planned.record_id))

    def open_planned(self, planned: Planned) -> None:
        """Open an appointment where its room shows it."""
        self.open_record(planned.kind, planned.record_id, planned.student_id)

    def refer(self, student_id: int) -> None:
        """Start a referral for a student."""
        self.pages.go(Route("referral", None, student_id))

    def open_case(self, student_id: int) -> None:
        """Open a case for a student."""
        self.pages.go(Route("case", None, student_id))

    def show_case(self, case_id: int) -> None:
        """Show a case."""
        self.pages.go(Route("case", case_id))

    def write_note(self, student_id: int) -> None:
        """Start a note for a student."""
        self.pages.go(Route("note", None, student_id))

    def open_line(self, line: Line, student_id: int) -> None:
        """Open what a line of the timeline speaks of."""
        self.open_record(line.kind, line.record_id, student_id)

    def open_student(self) -> None:
        """The file of the student the page is about."""
        page = self.desk.window.page()
        if page is not None and page.route is not None and page.route.student_id is not None:
            self.pages.go(Route("student", page.route.student_id, page.route.student_id))

    def begin_note(self) -> None:
        """Ctrl+N: a new note for the student in front, else for the one beside the screen, else for whom she names."""
        page = self.desk.window.page()
        student_id = (page.student_id() if page is not None else None) or masking.student()
        if student_id is None:
            dialog = PersonDialog(self.desk.window, self.tr("给哪位学生写会谈记录？"), self._finder.people)
            dialog.chosen.connect(self.write_note)
            dialog.open()
        elif page is not None and page.route != Route("note", None, student_id):
            self.write_note(student_id)

    def begin_talk(self) -> None:
        """F8: 会谈模式 with the student in front, in that student's file."""
        page = self.desk.window.page()
        student_id = page.student_id() if page is not None else None
        if page is None or student_id is None:
            self.desk.notice.toast(self.tr("先打开一位学生的档案，再按 F8 进入会谈模式。"))
            return
        self._screen.talk(student_id)
        if page.route is None or page.route.student_id != student_id:
            self.pages.go(Route("student", student_id, student_id))

    def _talk_changed(self) -> None:
        """Other names may be read than before: what lies behind is passed over, and every list is read again."""
        self.pages.way.beside = masking.student()
        self.desk.window.jump.clear()
        self.pages.read_again()
        self.day_changed.emit()

    def open_document(self, issued_id: int) -> None:
        """Show an issued document."""
        self.pages.go(Route("document", issued_id))

    def offer_print(self, _issued_id: int) -> None:
        """Just issued, and to be printed: press the document's own 打印 once its page is seen."""
        QTimer.singleShot(0, self, self._press_print)

    def _press_print(self) -> None:
        page = self.desk.window.page()
        if page is not None and page.route is not None and page.route.place == "document":
            for action in page.head_actions:
                if action.property("primary"):
                    action.click()

    def print_sheet(self, pdf: bytes, name: str, log: Log) -> None:
        """Print a sheet that is not numbered: a draft, a consent to be signed; ``log`` is the page's."""
        self.desk.printer.print(pdf, name, log=log)

    def dress_again(self) -> None:
        """The look or the lock's minutes were changed in the settings."""
        now = self.settings.now
        self._watch.minutes = now.lock_minutes
        if theme.change(self.application, theme.of(now.theme), now.text_size):
            self.pages.renew()

    def show_names(self) -> None:
        """Whose window it is, at the head of the sidebar."""
        vault, window = self.desk.vault, self.desk.window
        with vault.read() as session:
            school = schools.school(session)
        window.set_names(school.short_name or school.name, school.room_name)
        window.set_demo(school.demo)

    def show_day(self) -> bool:
        """Go to today's appointments; behind the cover, or under a dialog that is to be answered first, nothing moves: False."""
        free = self.front() is self.desk.window and QApplication.activeModalWidget() is None
        if free:
            self.pages.go_to(FIRST_PLACE)
        return free

    def front(self) -> QWidget:
        """What stands before her: the cover, or the window."""
        return self._screen.front()

    # Locking

    def lock(self) -> None:
        """Hide every window, then ``leave``. Asks nothing."""
        self.pages.note_where()
        all_of(
            self.desk.keeper.hold,  # a window that hides makes the input method drop its uncommitted text
            partial(hide_all, self.application),
            self.leave,
        )

    def leave(self) -> None:
        """Keep what is being typed, stop the jobs, close the vault, and let every page go."""
        desk = self.desk
        all_of(
            self._watch.stop,
            self._vanished.stop,
            self._counting.stop,
            self._midnight.stop,
            self.pages.stop,
            self._screen.leave,
            desk.background.stop_all,
            desk.backing.stop,
            desk.printer.close_all,
            desk.keeper.flush,
            self._keep_unwritten,
            desk.notice.close_all,
            partial(drop_dialogs, self.application),
            desk.signing.close,
            self._keep_frame,
            desk.window.empty,
            self.pages.forget,
            self._finder.forget_students,
            desk.vault.close,
            desk.window.hide,
            partial(let_go, desk.window),
            self.deleteLater,
        )

    def _keep_unwritten(self) -> None:
        self.unwritten = self.desk.keeper.wrapped()

    def _keep_frame(self) -> None:
        self.frame = Frame.of(self.desk.window)
        self.settings.change(width=self.frame.width, height=self.frame.height)

    # The desk

    def _lay_desk(self, vault: Vault) -> Desk:
        window = Window()
        window.resize(self.settings.now.width, self.settings.now.height)
        notice = Notice(window)
        install_bug_door(notice)
        background = Background(window)
        keeper = Keeper(vault, window)
        signing = SigningDesk(window, notice, background, self._open_signing)
        printer = Printer(window, notice, vault)
        for room in self.rooms.in_sight(FIRST_PLACE):
            if room.label and room.place in room.pages:
                window.add_entry(room.place, room.label, room.icon, at_foot=room.at_foot)
        window.lock_wanted.connect(self.lock_wanted)
        window.student_wanted.connect(self.open_student)
        window.note_wanted.connect(self.begin_note)
        window.talk_wanted.connect(self.begin_talk)
        self._watch.counted.connect(Countdown(window).show_left)
        window.closing.connect(self.closing)
        window.jump.serve(self._finder.find)
        Changes(vault, window).changed.connect(self._changed)
        backing = BackingUp(vault, self.settings, self._watch.seconds, window)
        backing.failed.connect(notice.tell)
        own = (self.settings, self, self.rooms, backing, self._capture)
        return Desk(vault, notice, keeper, background, signing, printer, window, *own)

    def _watch_files(self) -> Vanished:
        desk = self.desk
        return Vanished(desk.vault, desk.window, desk.notice, desk.keeper, desk.background, desk.backing)

    def _open_signing(self, password: str, clock_confirmed: bool) -> object:
        from app.documents.certificates import ClockDoubted, Holder
        from app.documents.signing import open_signing
        from app.ui.signing_desk import Doubted

        vault = self.desk.vault
        with vault.read() as session:
            school = schools.school(session)
        holder = Holder(school.counsellor, school.name, school.short_name or school.name)
        try:
            return open_signing(vault, password, holder, clock_confirmed=clock_confirmed)
        except ClockDoubted as doubt:
            raise Doubted(doubt) from None

    def _go_to_keys(self) -> None:
        self.pages.go(Route("settings.keys"))

    def _changed(self, kinds: frozenset[str]) -> None:
        if self.desk.vault.closed:
            return  # it was on its way when the lock came
        if "student" in kinds:
            self._finder.forget_students()
        self.pages.note_change(kinds)
        if self.coming.note_change(kinds):
            self.day_changed.emit()
        self._counting.start(COUNT_MS)

    def _turn_day(self) -> None:
        """Another day has begun: what is due and what is planned is another, on every page and in the sidebar."""
        self.pages.read_again()
        self.day_changed.emit()
        self._counting.start(COUNT_MS)

    def _count(self) -> None:
        """The number of overdue things at each line of the sidebar."""
        now = self.desk.vault.now()
        with self.desk.vault.read() as session:
            terms = schools.terms(session)
            for room in self.rooms:
                if room.late:
                    self.desk.window.set_count(room.place, room.late(session, terms, now))
