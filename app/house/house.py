"""The house: makes the pages, goes from one to another, finds, and locks."""

from __future__ import annotations

import threading
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from app.clock import Clock
from app.errors import Problem
from app.house.room import Beside, Desk, FactsOf, LinesOf, Room
from app.ui import theme
from app.ui.background import Background, collector_resting
from app.ui.language import translated
from app.ui.letting_go import let_go
from app.ui.locking import LockWatch, all_of, drop_dialogs, hide_all
from app.ui.notice import Notice, install_bug_door
from app.ui.page import Page, Route
from app.ui.settings_file import SettingsFile
from app.ui.threshold import Threshold

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent
    from sqlalchemy.orm import Session

    from app.rooms.school.record import DeadlineTerms, Due
    from app.rooms.students.jumping import JumpIndex
    from app.rooms.students.record import Line
    from app.ui.first_run import Setup
    from app.ui.jump import Found
    from app.vault.recovery import RecoveryCode
    from app.vault.vault import Vault

FIRST_PLACE = "students"
"""The first page, until the Today page exists."""
COUNT_MS = 400
"""The counts of the sidebar follow a change so much later."""
STEPS_BACK = 50
"""How many pages she can go back."""
HITS = 8
"""How many records the jump box shows below the students."""


class House(QObject):
    """The program while it runs."""

    entered = Signal()

    def __init__(self, application: QApplication, settings: SettingsFile, clock: Clock) -> None:
        super().__init__(application)
        self.application, self.settings, self.clock = application, settings, clock
        self.threshold = Threshold(settings, clock, self, _register, _names)
        self.threshold.opened.connect(self._enter)
        self.threshold.print_code_wanted.connect(self._print_code)
        self.threshold.closing.connect(self._end)
        self.threshold.damaged.connect(self._close_damaged, Qt.ConnectionType.QueuedConnection)
        self.rooms: list[Room] = []
        self.desk: Desk | None = None
        self._pages: dict[str, Page] = {}
        self._here: Route | None = None
        self._behind: list[Route] = []
        self._vault_id = ""
        self._turns = 0
        self._unwritten: dict[str, bytes] = {}
        """By vault: what was typed and could not be written down before the lock, sealed under the vault's key."""
        self._jump: JumpIndex | None = None
        self._watch = LockWatch(application, settings.now.lock_minutes)
        self._watch.idle.connect(self.lock)
        self._watch.pressed.connect(self.lock)
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.timeout.connect(self._count)
        application.aboutToQuit.connect(self.close)

    def start(self) -> None:
        """Show the door or the first run; the rooms are loaded while she types."""
        self.threshold.show()
        QTimer.singleShot(50, self._load_ahead)

    def come_forward(self) -> None:
        """The program was started a second time: show the window there is."""
        window = self.desk.window if self.desk else self.threshold.window()
        if window is not None:
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
            window.show()
            window.raise_()
            window.activateWindow()

    # Inside

    def go(self, route: Route) -> None:
        """Open a page at a record; the one she leaves is what she can go back to."""
        self._note_where()
        if self._behind and self._behind[-1] == route:
            self._behind.pop()  # she went back by the page's own button
        elif self._here is not None and self._here != route and not _read_after_writing(self._here, route):
            self._behind = [*self._behind, self._here][-STEPS_BACK:]
        self._open(route)

    def go_back(self) -> None:
        """Open the page before this one; one whose record has been destroyed since is passed over."""
        while self._behind:
            if self._opens(self._behind.pop()):
                return
        self._open(Route(FIRST_PLACE))

    def _opens(self, route: Route) -> bool:
        """Open it; False if the record is not in the vault any more."""
        from sqlalchemy.exc import NoResultFound

        self._here = route
        try:
            self._open(route)
        except NoResultFound:
            return False
        return True

    def _open(self, route: Route) -> None:
        desk = self._desk()
        room = self._room_of(route.place)
        before = desk.window.page()
        page = self._pages.get(route.place)
        if page is None:
            page = self._pages[route.place] = room.pages[route.place](desk)
            page.went.connect(self.go)
        if before is not None and before is not page:
            before.leave()
        page.came_from = self._behind[-1] if self._behind else None
        self._turns += 1
        turn = self._turns
        page.arrive(route)
        if turn != self._turns:  # the page passed it on to another: a signed note to its reader
            return
        desk.window.show_page(page, room.place if route.place == room.place else room.under or room.place)
        self._here = page.route or route
        desk.window.set_back(bool(self._behind))

    def go_to(self, place: str) -> None:
        """Open the first page of a line of the sidebar."""
        self.go(Route(place))

    def open_record(self, kind: str, record_id: int, student_id: int | None) -> None:
        """Open a record where its room shows it: a line of the timeline, something due, a search hit."""
        with self._desk().vault.read() as session:
            route = self._route_of(session, kind, record_id, student_id)
        if route is not None:
            self.go(route)

    def line_sources(self) -> list[tuple[str, LinesOf]]:
        """Every room's lines of the timeline, with the word they are filtered by."""
        return [(room.word, room.lines) for room in reversed(self.rooms) if room.lines]

    def fact_sources(self) -> list[FactsOf]:
        """Every room's facts of a student, the top floor first."""
        return [room.facts for room in reversed(self.rooms) if room.facts]

    def cards_beside(self, desk: Desk) -> list[Beside]:
        """The cards that rooms put into a student's file."""
        return [room.card(desk) for room in self.rooms if room.card]

    def open_line(self, line: Line, student_id: int) -> None:
        """Open what a line of the timeline speaks of."""
        self.open_record(line.kind, line.record_id, student_id)

    def found(self, session: Session, kind: str, record_id: int) -> tuple[str, str] | None:
        """A record of any room as a title and an excerpt; None for one no room tells of."""
        told = (room.found(session, kind, record_id) for room in self.rooms if room.found)
        return next((one for one in told if one is not None), None)

    def due(self, session: Session, terms: DeadlineTerms, today: date) -> list[Due]:
        """Everything that is due, from every room, the earliest first."""
        told = [due for room in self.rooms if room.due for due in room.due(session, terms, today)]
        return sorted(told, key=_due_day)

    def forget(self, session: Session, student_id: int) -> None:
        """Delete all the rooms keep about a student, from the top floor down: the file is being destroyed."""
        for room in reversed(self.rooms):
            if room.forget is not None:
                room.forget(session, student_id)

    def kinds_named(self) -> dict[str, str]:
        """Chinese words for every table whose records may lie in the bin."""
        return {table: words for room in self.rooms for table, words in room.kinds.items()}

    # What one page asks of another

    def refer(self, student_id: int) -> None:
        """Start a referral for a student."""
        self.go(Route("referral", None, student_id))

    def open_case(self, student_id: int) -> None:
        """Open a case for a student."""
        self.go(Route("case", None, student_id))

    def show_case(self, case_id: int) -> None:
        """Show a case."""
        self.go(Route("case", case_id))

    def write_note(self, student_id: int) -> None:
        """Start a note for a student."""
        self.go(Route("note", None, student_id))

    def open_student(self) -> None:
        """The file of the student the page is about."""
        page = self._desk().window.page()
        if page is not None and page.route is not None and page.route.student_id is not None:
            self.go(Route("student", page.route.student_id, page.route.student_id))

    def begin_note(self) -> None:
        """Ctrl+N: a new note for the student in front, or say how to come to one."""
        desk = self._desk()
        page = desk.window.page()
        student_id = page.student_id() if page is not None else None
        if student_id is None:
            desk.notice.toast(self.tr("先打开一位学生的档案，再按 Ctrl+N 写会谈记录。"))
        elif page is not None and page.route != Route("note", None, student_id):
            self.write_note(student_id)

    def open_document(self, issued_id: int) -> None:
        """Show an issued document."""
        self.go(Route("document", issued_id))

    def offer_print(self, _issued_id: int) -> None:
        """Just issued, and to be printed: press the document's own 打印 once its page is seen."""
        QTimer.singleShot(0, self._press_print)

    def _press_print(self) -> None:
        page = self.desk.window.page() if self.desk else None
        if page is not None and page.route is not None and page.route.place == "document":
            for action in page.head_actions:
                if action.property("primary"):
                    action.click()

    def print_sheet(self, pdf: bytes, name: str) -> None:
        """Print a sheet that is not numbered and that its page has logged: a draft, a consent to be signed."""
        self._desk().printer.print(pdf, name)

    def dress_again(self) -> None:
        """The look or the lock's minutes were changed in the settings."""
        now = self.settings.now
        theme.apply(self.application, theme.of(now.theme), now.text_size)
        self._watch.minutes = now.lock_minutes

    # Locking

    def lock(self) -> None:
        """Hide every window, keep what is being typed, stop the jobs, close the vault, show the door. Asks nothing."""
        if self.desk is None:
            return
        self._note_where()
        desk, self.desk = self.desk, None
        all_of(
            desk.keeper.hold,  # a window that hides makes the input method drop its uncommitted text
            partial(hide_all, self.application),
            partial(self._leave, desk),
            self.threshold.show,
            self._say_unwritten,
        )

    def close(self) -> None:
        """The end: as a lock, without the door."""
        desk, self.desk = self.desk, None
        if desk is not None:
            self._leave(desk)
        self.threshold.stop()

    def _leave(self, desk: Desk) -> None:
        all_of(
            self._watch.stop,
            desk.background.stop_all,
            desk.printer.close_all,
            desk.keeper.flush,
            partial(self._keep_unwritten, desk),
            desk.notice.close_all,
            partial(drop_dialogs, self.application),
            desk.signing.close,
            partial(self.settings.change, width=desk.window.width(), height=desk.window.height()),
            desk.window.empty,
            self._pages.clear,
            self._drop_jump,
            desk.vault.close,
            desk.window.hide,
            partial(let_go, desk.window),
        )

    def _keep_unwritten(self, desk: Desk) -> None:
        if wrapped := desk.keeper.wrapped():
            self._unwritten[desk.vault.vault_id] = wrapped

    def _say_unwritten(self) -> None:
        if self._unwritten:
            self.threshold.show_trouble(_unwritten())

    def _end(self, event: QCloseEvent) -> None:
        """A window was closed: end, unless what was typed would be lost with it; then ask."""
        if self.desk is not None:
            self.desk.background.stop_all()
            written = self.desk.keeper.flush()
        else:
            written = not self._unwritten
        if written:
            self.application.quit()
            return
        event.ignore()
        window = self.desk.window if self.desk is not None else self.threshold.window()
        if window is not None:
            problem = _unwritten()
            sentence, detail = (translated(words, {}) for words in (problem.sentence_template, problem.next_template))
            Notice(window).ask(sentence, detail, self.tr("仍然退出"), self._end_now, word=self.tr("退出"))

    def _end_now(self) -> None:
        self.application.exit()

    def _note_where(self) -> None:
        """A page may have gone on by itself since: a new record it saved has an id now."""
        page = self.desk.window.page() if self.desk is not None else None
        if page is not None:
            self._here = page.route

    def _drop_jump(self) -> None:
        self._jump = None

    def _close_damaged(self, problem: Problem) -> None:
        """The page checks found damage: the vault is closed already; say so at the door."""
        self.lock()
        self.threshold.show_trouble(problem)

    # Entering

    def _enter(self, vault: Vault) -> None:
        try:
            self._go_inside(vault)
        except Exception:
            if not vault.damaged:
                raise
            # the page checks have just closed it: ``damaged`` is on its way and tells why

    def _go_inside(self, vault: Vault) -> None:
        from app.rooms.school import store as schools
        from app.ui.changes import Changes

        self._load_rooms()
        with vault.read() as session:
            school = schools.school(session)
        self.desk = self._lay_desk(vault)
        if wrapped := self._unwritten.pop(vault.vault_id, b""):
            self.desk.keeper.take_over(wrapped)
        window = self.desk.window
        window.set_names(school.short_name or school.name, school.room_name)
        window.set_demo(school.demo)
        window.jump.serve(self.find)
        changes = Changes(vault, window)
        changes.changed.connect(self._changed)
        self.threshold.leave()
        self._open_where_she_was(vault.vault_id)
        window.show()
        window.raise_()
        window.activateWindow()
        self._watch.minutes = self.settings.now.lock_minutes
        self._watch.start()
        self._say_after_opening(vault)
        self._counting.start(COUNT_MS)
        self.entered.emit()

    def _open_where_she_was(self, vault_id: str) -> None:
        """The page of before the lock, if this is still the same vault and the record is there."""
        if vault_id != self._vault_id:
            self._vault_id, self._here, self._behind = vault_id, None, []
        if self._here is None or not self._opens(self._here):
            self._here = None
            self.go(Route(FIRST_PLACE))

    def _count(self) -> None:
        """The number of overdue things at each line of the sidebar."""
        if self.desk is None:
            return
        from app.rooms.school.record import DeadlineTerms

        terms, now = DeadlineTerms(), self.clock.now()
        with self.desk.vault.read() as session:
            for room in self.rooms:
                if room.late:
                    self.desk.window.set_count(room.place, room.late(session, terms, now))

    def _lay_desk(self, vault: Vault) -> Desk:
        from app.ui.keeper import Keeper
        from app.ui.printing import Printer
        from app.ui.signing_desk import SigningDesk
        from app.ui.window import Window

        window = Window()
        window.resize(self.settings.now.width, self.settings.now.height)
        notice = Notice(window)
        install_bug_door(notice)
        background = Background(window)
        keeper = Keeper(vault, window)
        keeper.failed.connect(notice.tell)
        signing = SigningDesk(window, notice, background, self._open_signing)
        printer = Printer(window, notice)
        for room in self.rooms:
            if room.label and room.place in room.pages:
                window.add_entry(room.place, room.label, room.icon, at_foot=room.at_foot)
        window.wanted.connect(self.go_to)
        window.lock_wanted.connect(self.lock)
        window.back_wanted.connect(self.go_back)
        window.student_wanted.connect(self.open_student)
        window.note_wanted.connect(self.begin_note)
        window.closing.connect(self._end)
        window.jump.chosen.connect(self.go)
        return Desk(vault, notice, keeper, background, signing, printer, window, self.settings, self)

    def _say_after_opening(self, vault: Vault) -> None:
        from app.vault import typing

        desk = self._desk()
        if vault.behind:
            desk.notice.say(
                self.tr("这份档案比上次打开时旧。"),
                self.tr("可能有人放回了旧的备份。记录可以照常使用，请核对最近几天的内容是否都在。"),
            )
        with vault.read() as session:
            kept = typing.everything(session)
        elsewhere = [typed for typed in kept if not desk.keeper.has_open(typed.form)]
        if elsewhere:
            words = self.tr("还有 {count} 处没有保存的内容，再打开写的地方就会恢复。")
            desk.notice.toast(words.format(count=len(elsewhere)))

    def _open_signing(self, password: str, clock_confirmed: bool) -> object:
        from app.documents.certificates import ClockDoubted, Holder
        from app.documents.signing import open_signing
        from app.rooms.school import store as schools
        from app.ui.signing_desk import Doubted

        vault = self._desk().vault
        with vault.read() as session:
            school = schools.school(session)
        holder = Holder(school.counsellor, school.name, school.short_name or school.name)
        try:
            return open_signing(vault, password, holder, clock_confirmed=clock_confirmed)
        except ClockDoubted as doubt:
            raise Doubted(doubt) from None

    def _load_ahead(self) -> None:
        """Import what the window needs on a thread of its own, so that no keystroke waits."""
        threading.Thread(target=_import_inside, daemon=True).start()

    def _load_rooms(self) -> None:
        if not self.rooms:
            from app.house.rooms import rooms

            self.rooms = rooms()

    # Finding

    def find(self, words: str) -> list[Found]:
        """Students first, then records whose words fit, newest first."""
        from app.rooms.students import store as students
        from app.ui.jump import Found

        with self._desk().vault.read() as session:
            if self._jump is None:
                self._jump = students.jump_index(session)
            people = [
                Found(match.entry.name, match.place, Route("student", match.entry.student_id, match.entry.student_id))
                for match in self._jump.find(words)
            ]
            return people + self._records(session, words)

    def _records(self, session: Session, words: str) -> list[Found]:
        from app.rooms.students.record import Student
        from app.ui.jump import Found

        found = []
        for hit in self._desk().vault.search(session, words, HITS):
            student = session.get(Student, hit.student) if hit.student else None
            if student is not None and student.deleted_at is not None:
                continue
            told = self.found(session, hit.kind, hit.record)
            route = self._route_of(session, hit.kind, hit.record, hit.student)
            if told is not None and route is not None:
                found.append(Found(student.name if student else told[0], " · ".join(told if student else told[1:]), route))
        return found

    # Small

    def _print_code(self, code: RecoveryCode) -> None:
        """Print the recovery kit from the first run; there is no vault yet, so nothing is recorded."""
        from app.documents.paper import Foot, draw
        from app.rooms.settings.letter import recovery_kit
        from app.ui.printing import Printer

        window = self.threshold.window()
        if window is not None:
            kit = draw(recovery_kit(code, self.clock.today()), Foot())
            Printer(window, Notice(window)).print(kit.pdf, self.tr("静室恢复码"))

    def _route_of(self, session: Session, kind: str, record_id: int, student_id: int | None) -> Route | None:
        routes = (room.opens(session, kind, record_id, student_id) for room in self.rooms if room.opens)
        return next((route for route in routes if route is not None), None)

    def _room_of(self, place: str) -> Room:
        return next(room for room in self.rooms if place in room.pages)

    def _changed(self, kinds: frozenset[str]) -> None:
        if "student" in kinds:
            self._jump = None
        for page in self._pages.values():
            page.note_change(kinds)
        self._counting.start(COUNT_MS)

    def _desk(self) -> Desk:
        if self.desk is None:
            raise RuntimeError("the vault is locked")
        return self.desk


def _import_inside() -> None:
    with collector_resting():  # this thread too would destroy widgets nobody holds any more
        from app.house import rooms
        from app.ui import changes, keeper, printing, signing_desk, window
        from app.vault import opening

        rooms.rooms()
        del changes, keeper, printing, signing_desk, window, opening


def _read_after_writing(here: Route, route: Route) -> bool:
    """A note that is signed, a letter that is issued: the page it was written on is none to go back to."""
    return route.place == f"{here.place}.read" and route.record_id == here.record_id


def _register(setup: Setup, session: Session) -> None:
    from app.rooms.school.record import School

    session.add(School(name=setup.school, room_name=setup.room, counsellor=setup.counsellor))


def _names(session: Session) -> tuple[str, ...]:
    from app.rooms.school import store as schools

    return schools.names(session)


def _unwritten() -> Problem:
    return Problem(
        "还有没有保存的内容没能写进档案，只留在静室的内存里。",
        "请不要退出静室或关机。请在磁盘上腾出至少 50 MB 空间，再打开档案，内容会自动写好。",
    )


def _due_day(due: Due) -> date:
    return due.due
