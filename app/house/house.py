"""The house: the program from its start to its end, at the door, inside, and locked between."""

from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.clock import Clock
from app.errors import Problem
from app.house.left import Left, words_of
from app.house.way import Way
from app.ui.capture import Capture
from app.ui.clipboard import CopiedWords
from app.ui.collecting import Collecting
from app.ui.frame import Frame
from app.ui.locking import all_of
from app.ui.notice import Notice, place_of
from app.ui.reminding import Reminding
from app.ui.settings_file import SettingsFile
from app.ui.threshold import Threshold, VaultGone

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent
    from sqlalchemy.orm import Session

    from app.house.inside import Inside
    from app.house.room import Desk
    from app.ui.first_run import Setup
    from app.ui.page import Route
    from app.vault.recovery import RecoveryCode
    from app.vault.vault import Vault


class House(QObject):
    """The program while it runs. What is inside is imported once the door has been shown."""

    entered = Signal()

    def __init__(
        self,
        application: QApplication,
        settings: SettingsFile,
        clock: Clock,
        restart: Callable[[bytes], None] | None = None,
    ) -> None:
        """``restart`` ends this process at a lock and hands the bytes to a new one, or raises OSError; without it she comes
        back in this one.
        """
        super().__init__(application)
        self.application, self.settings, self.clock = application, settings, clock
        self._restart = restart or self._stay
        self.threshold = Threshold(settings, clock, self, _register, _names, _import_kinds)
        self.threshold.opened.connect(self._enter)
        self.threshold.print_code_wanted.connect(self._print_code)
        self.threshold.closing.connect(self._end)
        self.threshold.locked.connect(self._begin_again)
        self.threshold.damaged.connect(self._close_damaged, Qt.ConnectionType.QueuedConnection)
        self.inside: Inside | None = None
        self.way = Way()
        """Where she was at the last lock."""
        self._unwritten: dict[str, bytes] = {}
        """By vault: what was typed and could not be written down before the lock, sealed under the vault's key."""
        self._copied, self._capture = CopiedWords(self), Capture(application, self)
        self._ending = False
        """The window was closed, and the last backup is being made."""
        self.reminding = Reminding(clock, self._window, self)
        self.reminding.wanted.connect(self._show_day)
        application.aboutToQuit.connect(self.close)
        Collecting(self)

    @property
    def desk(self) -> Desk | None:
        """What lies open on the desk; None while the vault is locked."""
        return self.inside.desk if self.inside is not None else None

    def start(self, left: Left | None = None) -> None:
        """Show the door or the first run; the rooms are loaded while she types. ``left`` is from before a lock."""
        if left is None:
            self.threshold.show()
        else:
            self._come_back(left)
        QTimer.singleShot(50, self._load_ahead)

    def come_forward(self) -> None:
        """The program was started a second time: show the window there is; if it was about to end, it does not."""
        self._ending = False
        if self.desk is not None:
            self.desk.backing.forget_then()
        window = self.inside.front() if self.inside is not None else self.threshold.window()
        if window is not None:
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
            window.show()
            window.raise_()
            window.activateWindow()

    def go(self, route: Route) -> None:
        """Open a page. Raises RuntimeError while the vault is locked."""
        if self.inside is None:
            raise RuntimeError("the vault is locked")
        self.inside.pages.go(route)

    def _window(self) -> QWidget | None:
        return self.desk.window if self.desk is not None else self.threshold.window()

    def _show_day(self) -> None:
        """She has pressed a reminder: the window with the day on it, which says it from here on, or the door."""
        self.come_forward()
        if self.inside is not None and self.inside.show_day():
            self.reminding.dismiss()

    # Locking

    def lock(self) -> None:
        """Hide every window, keep what is being typed, stop the jobs, close the vault, begin again at the door. Asks nothing.

        Where she has closed the program already and the last backup is still being made, it ends: the next unlock takes that up.
        """
        if self._ending:
            self.application.quit()
        elif self.inside is not None:
            self._begin_again()

    def close(self) -> None:
        """The end: as a lock, without the door."""
        inside, self.inside = self.inside, None
        try:
            all_of(self.reminding.stop, *((inside.leave,) if inside is not None else ()))
        finally:
            self.threshold.stop()
            self._copied.clear()

    def _begin_again(self, told: Problem | None = None, *, damaged: bool = False) -> None:
        """Close the vault, wherever it is open, and have a new process show the door, so that key and text leave the memory."""
        inside, self.inside = self.inside, None
        door, bug = self.threshold.door, ""
        frame = Frame.of(door) if door is not None and door.isVisible() else self.threshold.frame
        try:
            all_of(self.reminding.leave, *((inside.lock,) if inside is not None else ()))
        except Problem as problem:
            told = told or problem
        except Exception as error:  # shown at the door: this process has no time left to show it
            bug = place_of(error)
        if inside is not None:
            self.way, frame = inside.pages.way, inside.frame
            if inside.unwritten:
                self._unwritten[inside.desk.vault.vault_id] = inside.unwritten
        self.threshold.stop()
        self._copied.clear()
        self._capture.forbid()
        words = words_of(told) if told is not None else None
        known = self.reminding.known.to_come()
        left = Left(self.settings.now.folder, self.way, frame, self._unwritten, words, damaged, bug, known).to_bytes()
        try:
            self._restart(left)
        except OSError:
            self._stay(left)  # the vault is closed all the same

    def _stay(self, left: bytes) -> None:
        self._come_back(Left.from_bytes(left))

    def _come_back(self, left: Left) -> None:
        """Show the door as after a lock."""
        self.way, self._unwritten, self.reminding.known = left.way, left.unwritten, left.known
        if left.folder != self.settings.now.folder:
            self.settings.change(folder=left.folder)
        self.threshold.frame = left.frame
        self.threshold.show()
        problem = left.problem() or self._waiting()
        if problem is not None:
            self.threshold.show_trouble(problem)
        window = self.threshold.window()
        if left.bug and window is not None:
            Notice(window).tell_bug(left.bug)

    def _waiting(self) -> Problem | None:
        """What is told where something typed waits to be written down."""
        if not self._unwritten:
            return None
        return _unwritten() if self.threshold.is_there() else VaultGone(self.threshold.folder(), unwritten=True)

    def _end(self, event: QCloseEvent) -> None:
        """A window was closed: end, unless what was typed would be lost with it; then ask."""
        if self.desk is not None:
            self.desk.background.stop_all()
            written = self.desk.keeper.flush() and not self.desk.vault.standing.is_gone()
        else:
            written = not self._unwritten
        if written:
            self._end_after_backup(event)
            return
        event.ignore()
        self._ask_before_the_end()

    def _end_after_backup(self, event: QCloseEvent) -> None:
        """The window is gone at once; the program ends when the last backup is made, or could not be."""
        if self.desk is None:
            self.application.quit()
            return
        event.ignore()
        self._ending = True
        self.desk.window.hide()
        self.desk.backing.run_then(self.application.quit)

    def _ask_before_the_end(self) -> None:
        from app.ui.language import sentence_of, translated
        from app.vault.standing import VaultMoved

        window = self.desk.window if self.desk is not None else self.threshold.window()
        if window is not None:
            gone = self.desk is not None and self.desk.vault.standing.is_gone()
            problem = VaultMoved() if gone else _unwritten()
            detail = translated(problem.next_template, {})
            Notice(window).ask(sentence_of(problem), detail, self.tr("仍然退出"), self._end_now, word=self.tr("退出"))

    def _end_now(self) -> None:
        self.application.exit()

    def _close_damaged(self, problem: Problem) -> None:
        """The page checks found damage: the vault is closed already; say so at the door."""
        self._begin_again(problem, damaged=True)

    # Entering

    def _enter(self, vault: Vault) -> None:
        try:
            self._go_inside(vault)
        except Exception:
            if not vault.damaged:
                raise
            # the page checks have just closed it: ``damaged`` is on its way and tells why

    def _go_inside(self, vault: Vault) -> None:
        from app.house.inside import Inside

        typed = self._unwritten.pop(vault.vault_id, b"")
        self.inside = Inside(self.application, vault, self.settings, self.way, typed, self._capture)
        self.inside.lock_wanted.connect(self.lock)
        self.inside.closing.connect(self._end)
        if self.threshold.door is not None and self.threshold.door.isVisible():
            Frame.of(self.threshold.door).put(self.inside.desk.window)
        self.threshold.leave()
        self.inside.open()
        self.inside.day_changed.connect(self.reminding.look)
        self.reminding.enter(self.inside.coming)
        self.entered.emit()

    def _load_ahead(self) -> None:
        """What the door need not wait for: the watch over double clicks, and what the window needs, imported on another thread."""
        from app.ui.second_click import SecondClick

        SecondClick(self.application, self)
        threading.Thread(target=_import_inside, daemon=True).start()

    def _print_code(self, code: RecoveryCode) -> None:
        """Print the recovery kit from the first run; there is no vault yet, so nothing is recorded."""
        from app.documents.paper import Foot, draw
        from app.rooms.settings.letter import recovery_kit
        from app.ui.printing import Printer

        window = self.threshold.window()
        if window is not None:
            kit = draw(recovery_kit(code, self.clock.today()), Foot())
            Printer(window, Notice(window)).print(kit.pdf, self.tr("静室恢复码"))


def _import_inside() -> None:
    from app.house import inside, rooms
    from app.vault import opening

    del inside, rooms, opening
    if not gc.get_freeze_count():
        gc.freeze()  # what was loaded stays to the end: looking through it for garbage would take 40 ms of the first page


def _import_kinds() -> None:
    """Every kind of record; on a thread of its own, like everything imported ahead."""
    from app.house import rooms

    del rooms


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
