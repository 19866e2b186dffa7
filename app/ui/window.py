"""The window: sidebar, head with title, search and actions, the page in the middle, the lock line at the foot."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.ui.cards import button as plain_button
from app.ui.cards import text
from app.ui.head import Head
from app.ui.jump import ListCloser
from app.ui.letting_go import let_go
from app.ui.page import Page
from app.ui.sidebar import Entry, Side

KEYED = 9
"""So many lines of the sidebar have a key."""
SMALLEST = (900, 520)
"""Fits a screen of 1920 × 1080 at 200 %."""


class Window(QWidget):
    """The program's one window, while the vault is open. Its title carries no name (security.md T1)."""

    wanted = Signal(str)  # a place of the sidebar
    lock_wanted = Signal()
    cover_wanted = Signal()
    talk_wanted = Signal()  # 会谈模式 with the student this page is about
    talk_over = Signal()
    back_wanted = Signal()
    student_wanted = Signal()  # the file of the student this page is about
    note_wanted = Signal()  # a new note, for the student this page is about
    closing = Signal(object)  # the QCloseEvent, for whoever has a reason to ignore it

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle(self.tr("静室"))
        self.setMinimumSize(*SMALLEST)
        self.resize(1360, 860)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._banner = self._make_banner()
        outer.addWidget(self._banner)
        self._talk = self._make_talk()
        outer.addWidget(self._talk)
        whole = QHBoxLayout()
        whole.setSpacing(0)
        outer.addLayout(whole, 1)
        self._side = Side()
        self._side.wanted.connect(self.wanted)
        self._side.lock_wanted.connect(self.lock_wanted)
        self._side.cover_wanted.connect(self.cover_wanted)
        whole.addWidget(self._side)
        right = QVBoxLayout()
        right.setSpacing(0)
        whole.addLayout(right, 1)
        self._head = Head()
        self._head.back_wanted.connect(self.back_wanted)
        self._head.student_wanted.connect(self.student_wanted)
        self._head.talk_wanted.connect(self.talk_wanted)
        self.jump = self._head.jump
        right.addWidget(self._head)
        self.pages = QStackedWidget()
        right.addWidget(self.pages, 1)
        self._shortcut("Ctrl+K", self._search)
        self._shortcut("Ctrl+N", self.note_wanted.emit)
        self._shortcut("Alt+Left", self._go_back)
        self._shortcut("F8", self._turn_talk)
        ListCloser(self.jump, self)

    def set_names(self, school: str, room: str) -> None:
        """The school and the room under the program's name."""
        self._side.set_names(school, room)

    def set_demo(self, on: bool) -> None:
        """Say plainly that a demo vault is open."""
        self._banner.setVisible(on)

    def set_talk(self, words: str) -> None:
        """Say in a line above the pages whose name alone may be read; nothing takes it away."""
        self._talk_words.setText(words)
        self._talk.setVisible(bool(words))
        self._show_head()

    def add_entry(self, place: str, label: str, icon_name: str, *, at_foot: bool = False) -> Entry:
        """A line of the sidebar, in the order of the calls, the first by Ctrl+1 and so on; at the foot stands 设置."""
        entry = self._side.add_entry(place, label, icon_name, at_foot=at_foot)
        if len(self._side.entries) <= KEYED:
            keys = f"Ctrl+{len(self._side.entries)}"
            self._shortcut(keys, entry.click)
            entry.setToolTip(keys)
        return entry

    def set_count(self, place: str, count: int) -> None:
        """How many things are overdue at a line of the sidebar."""
        self._side.entries[place].set_count(count)

    def show_page(self, page: Page, place: str) -> None:
        """Bring a page to the front, its title and actions into the head, its line of the sidebar marked."""
        begins_at = None
        if self.pages.indexOf(page) < 0:
            begins_at = page.focusWidget()  # which it loses as it comes into the window
            self.pages.addWidget(page)
            page.head_changed.connect(self._show_head)
        self.pages.setCurrentWidget(page)
        self._side.mark(place)
        self._show_head()
        focused = self.focusWidget()
        if begins_at is not None:
            begins_at.setFocus()
        elif focused is None or not page.isAncestorOf(focused):
            page.setFocus()

    def set_back(self, on: bool) -> None:
        """Whether there is a page to go back to."""
        self._head.back.setEnabled(on)

    def page(self) -> Page | None:
        """The page in front."""
        page = self.pages.currentWidget()
        return page if isinstance(page, Page) else None

    def take_out(self, page: Page) -> None:
        """Take a page out of the window and delete it."""
        for button in page.head_actions:
            button.setParent(None)
            let_go(button)
        self.pages.removeWidget(page)
        let_go(page)

    def empty(self) -> None:
        """Take every page out and stop searching: the vault is being locked."""
        self.jump.serve(None)
        self.pages.hide()  # or each page taken out would show, and read, the next
        for at in reversed(range(self.pages.count())):
            page = self.pages.widget(at)
            if isinstance(page, Page):
                self.take_out(page)
        self._show_head()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self.isVisible():
            self._side.fit()
            self._head.fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closing.emit(event)

    def _make_banner(self) -> QFrame:
        banner = QFrame()
        banner.setObjectName("banner")
        line = QHBoxLayout(banner)
        line.setContentsMargins(16, 6, 16, 6)
        words = text(self.tr("演示档案：学校和人物都是虚构的，请不要在这里记录真实的学生。"))
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        line.addWidget(words)
        banner.hide()
        return banner

    def _make_talk(self) -> QFrame:
        frame = QFrame()
        frame.setObjectName("talk")
        line = QHBoxLayout(frame)
        line.setContentsMargins(16, 5, 16, 5)
        self._talk_words = text("", "strong")
        line.addStretch(1)
        line.addWidget(self._talk_words)
        over = plain_button(self.tr("结束会谈模式"), quiet=True)
        over.setToolTip(self.tr("结束会谈模式 (F8)"))
        over.clicked.connect(self.talk_over)
        line.addWidget(over)
        line.addStretch(1)
        frame.hide()
        return frame

    def _show_head(self) -> None:
        page = self.page()
        self._head.show_page(page, talking=not self._talk.isHidden())
        tabs = [*self._side.line(), *self._head.line(), *(page.head_actions if page else [])]
        for before, after in pairwise(tabs):  # Tab goes as the eye does: sidebar, lock, search, actions, then the page
            QWidget.setTabOrder(before, after)

    def _go_back(self) -> None:
        if self._head.back.isEnabled():
            self.back_wanted.emit()

    def _turn_talk(self) -> None:
        (self.talk_wanted if self._talk.isHidden() else self.talk_over).emit()

    def _search(self) -> None:
        self.jump.setFocus()
        self.jump.selectAll()

    def _shortcut(self, keys: str, slot: Callable[[], None]) -> None:
        QShortcut(QKeySequence(keys), self).activated.connect(slot)
