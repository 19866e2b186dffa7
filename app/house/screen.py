"""Screen: what may be read on it just now: nothing behind the cover (F9), one student's name while that student sits beside it (F8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.errors import Problem
from app.rooms.students.record import Student
from app.ui import masking
from app.ui.background import Progress
from app.ui.cover import Covering
from app.vault import pin

if TYPE_CHECKING:
    from app.house.room import Desk
    from app.ui.page import Route

OPEN_PLACES = frozenset({"today", "students", "settings"})
"""What may be opened in 会谈模式 beside the student's own pages; names in it are masked."""


class Screen(QObject):
    """The cover and 会谈模式 of one window."""

    lock_wanted = Signal()
    talk_changed = Signal()  # other names may be read now than before

    def __init__(self, application: QApplication, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self._covering = Covering(application, desk.window)
        self._covering.asked.connect(self._answer)
        self._covering.lock_wanted.connect(self.lock_wanted)
        desk.window.cover_wanted.connect(self.cover)
        desk.window.talk_over.connect(self.end_talk)

    def cover(self) -> None:
        """Cover the screen, from any page and any dialog."""
        self._covering.cover()

    def front(self) -> QWidget:
        """What stands before her: the cover, or the window."""
        return self._covering.front()

    def leave(self) -> None:
        """The vault is being locked: no cover stays, and the next window begins with every name shown."""
        self._covering.drop()
        masking.only(None)

    # The way back from behind the cover

    def _answer(self, typed: str) -> None:
        vault = self._desk.vault
        with vault.read() as session:
            if pin.fits(session, typed):
                self._covering.uncover()
                return
        self._covering.set_busy(True)

        def work(_progress: Progress) -> bool:
            return vault.check_password(typed)

        self._desk.background.run(work, self._tried, self._not_tried)

    def _tried(self, right: bool) -> None:
        if right:
            self._covering.uncover()
        else:
            self._covering.refuse()

    def _not_tried(self, error: Exception) -> None:
        self._covering.cannot_tell()
        if not isinstance(error, Problem):
            raise error

    # 会谈模式

    def talk(self, student_id: int) -> None:
        """The student is in the room: no other name may be read from now on."""
        with self._desk.vault.read() as session:
            student = session.get(Student, student_id)
        if student is None:
            return  # destroyed since; nobody of that name is to be shown
        masking.only(student_id)
        self._desk.notice.drop_toast()  # it may name another
        self._desk.window.set_talk(self.tr("会谈模式：屏幕上只显示 {name} 的姓名").format(name=student.name))
        self.talk_changed.emit()

    def end_talk(self) -> None:
        """The student has left: every name may be read again."""
        masking.only(None)
        self._desk.window.set_talk("")
        self.talk_changed.emit()

    def allows(self, route: Route, about: int | None) -> bool:
        """Whether a page may be opened now; ``about`` is the student it is about."""
        return masking.student() is None or not masking.hidden(about) or route.place in OPEN_PLACES
