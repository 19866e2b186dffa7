"""The window: sidebar, head with title, search and actions, the page in the middle, the lock line at the foot."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QEvent, QSize, Qt, QTime, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeySequence, QPainter, QPixmap, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.ui.cards import ElidedLabel, badge, text
from app.ui.cards import button as plain_button
from app.ui.icons import icon, pixmap
from app.ui.jump import JumpBox, ListCloser
from app.ui.letting_go import let_go
from app.ui.page import WITHHELD, Page, in_order
from app.ui.theme import present, scaled

SIDE_WIDTH = 196
ICON, ICON_ROOM = 18, 24
HEAD_HEIGHT = 60
KEYED = 9
"""So many lines of the sidebar have a key."""
SMALLEST = (900, 520)
"""Fits a screen of 1920 × 1080 at 200 %."""


class Entry(QPushButton):
    """One line of the sidebar, with a count at its right end."""

    def __init__(self, place: str, label: str, icon_name: str) -> None:
        super().__init__(label)
        self.place, self._icon_name = place, icon_name
        self.setProperty("side", True)
        self.setCheckable(True)
        self.setAccessibleName(label)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 10, 0)
        line.addStretch(1)
        self._badge = badge()
        self._badge.hide()
        line.addWidget(self._badge)
        self.setIconSize(QSize(ICON_ROOM, ICON))
        self.toggled.connect(self._tint)
        self._tint()

    def set_count(self, count: int) -> None:
        """How many things wait there; none is shown for 0."""
        self._badge.setText(str(count))
        self._badge.setVisible(count > 0)
        self.setAccessibleDescription(self.tr("{count} 项").format(count=count) if count else "")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()

    def _tint(self) -> None:
        self.setIcon(_with_gap(self._icon_name, present().accent if self.isChecked() else present().ink2))


def _with_gap(name: str, colour: str) -> QIcon:
    """The icon with room at its right: the style sheet knows no distance between an icon and its words."""
    drawn = pixmap(name, colour)
    wider = QPixmap(drawn.width() * ICON_ROOM // ICON, drawn.height())
    wider.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wider)
    painter.drawPixmap(0, 0, drawn)
    painter.end()
    return QIcon(wider)


class HeadButton(QPushButton):
    """A small button of the head that shows an icon only."""

    def __init__(self, icon_name: str, name: str, tip: str) -> None:
        super().__init__()
        self._icon_name = icon_name
        self.setObjectName("headButton")
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setIconSize(QSize(ICON, ICON))
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.EnabledChange):
            self._tint()

    def _tint(self) -> None:
        self.setIcon(icon(self._icon_name, present().ink2 if self.isEnabled() else present().line))


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
        whole.addWidget(self._make_side())
        right = QVBoxLayout()
        right.setSpacing(0)
        whole.addLayout(right, 1)
        right.addWidget(self._make_head())
        self.pages = QStackedWidget()
        right.addWidget(self.pages, 1)
        self._entries: dict[str, Entry] = {}
        self._place = ""
        self._shortcut("Ctrl+K", self._search)
        self._shortcut("Ctrl+N", self.note_wanted.emit)
        self._shortcut("Alt+Left", self._go_back)
        self._shortcut("F8", self._turn_talk)
        ListCloser(self.jump, self)
        self._fit()
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._show_time)
        self._clock.start(10_000)
        self._show_time()

    def set_names(self, school: str, room: str) -> None:
        """The school and the room under the program's name."""
        self._school.setText(" · ".join(filter(None, (school, room))))

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
        entry = Entry(place, label, icon_name)
        entry.clicked.connect(self._choose)
        (self._foot if at_foot else self._places).addWidget(entry)
        self._entries[place] = entry
        if len(self._entries) <= KEYED:
            keys = f"Ctrl+{len(self._entries)}"
            self._shortcut(keys, entry.click)
            entry.setToolTip(keys)
        return entry

    def set_count(self, place: str, count: int) -> None:
        """How many things are overdue at a line of the sidebar."""
        self._entries[place].set_count(count)

    def show_page(self, page: Page, place: str) -> None:
        """Bring a page to the front, its title and actions into the head, its line of the sidebar marked."""
        if self.pages.indexOf(page) < 0:
            self.pages.addWidget(page)
            page.head_changed.connect(self._show_head)
        self.pages.setCurrentWidget(page)
        self._place = place
        self._mark_place()
        self._show_head()
        focused = self.focusWidget()
        if focused is None or not page.isAncestorOf(focused):
            page.setFocus()

    def set_back(self, on: bool) -> None:
        """Whether there is a page to go back to."""
        self._back.setEnabled(on)

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
            self._fit()

    def _fit(self) -> None:
        """Side and head in the counsellor's text size."""
        self._side.setFixedWidth(scaled(SIDE_WIDTH))
        self._head.setFixedHeight(scaled(HEAD_HEIGHT))

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

    def _make_side(self) -> QFrame:
        side = QFrame()
        side.setObjectName("side")
        self._side = side
        column = QVBoxLayout(side)
        column.setContentsMargins(12, 20, 12, 18)
        column.setSpacing(2)
        names = QVBoxLayout()
        names.setContentsMargins(10, 0, 10, 10)
        names.setSpacing(4)
        names.addWidget(text(self.tr("静室"), "name"))
        self._school = text("", "hint", wrap=True)
        names.addWidget(self._school)
        column.addLayout(names)
        self._places = QVBoxLayout()
        self._places.setSpacing(2)
        column.addLayout(self._places)
        column.addStretch(1)
        self._foot = QVBoxLayout()
        self._foot.setSpacing(2)
        column.addLayout(self._foot)
        column.addSpacing(6)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addWidget(self._make_lock(), 1)
        self._cover = HeadButton("eye-off", self.tr("遮屏"), self.tr("遮屏：马上换成一张课程表 (F9)"))
        self._cover.clicked.connect(self.cover_wanted)
        foot.addWidget(self._cover)
        column.addLayout(foot)
        return side

    def _make_lock(self) -> QPushButton:
        lock = QPushButton(self.tr("锁定"))
        lock.setAccessibleName(self.tr("锁定"))
        lock.setToolTip(self.tr("锁定 (Ctrl+L)"))
        lock.setCursor(Qt.CursorShape.PointingHandCursor)
        line = QHBoxLayout(lock)
        line.setContentsMargins(0, 0, 12, 0)
        line.addStretch(1)
        self._time = text("", "secondary")
        line.addWidget(self._time)
        lock.setObjectName("lock")
        self._lock = lock
        lock.clicked.connect(self.lock_wanted)
        return lock

    def _make_head(self) -> QFrame:
        head = QFrame()
        head.setObjectName("head")
        self._head = head
        line = QHBoxLayout(head)
        line.setContentsMargins(14, 0, 26, 0)
        line.setSpacing(10)
        self._title = ElidedLabel("", "title")
        self._context = ElidedLabel("", "context")
        self.jump = JumpBox()
        self._back = HeadButton("chevron-left", self.tr("返回"), self.tr("返回 (Alt+←)"))
        self._back.clicked.connect(self.back_wanted)
        self._back.setEnabled(False)
        self._file = HeadButton("user", self.tr("这位学生的档案"), self.tr("打开这位学生的档案"))
        self._file.clicked.connect(self.student_wanted)
        self._file.hide()
        self._beside = HeadButton(
            "users", self.tr("会谈模式"), self.tr("会谈模式：学生坐在身边时，只显示这位学生的姓名 (F8)")
        )
        self._beside.clicked.connect(self.talk_wanted)
        self._beside.hide()
        line.addWidget(self._back)
        line.addWidget(self._title)
        line.addWidget(self._file)
        line.addWidget(self._beside)
        line.addWidget(self._context, 1)
        line.addWidget(self.jump, 1)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(10)
        line.addLayout(self._actions)
        return head

    def _show_head(self) -> None:
        page = self.page()
        self._title.setText(page.title if page else "")
        self._context.setText(page.context if page else "")
        route = page.route if page else None
        self._file.setVisible(route is not None and route.student_id is not None and route.place != "student")
        self._beside.setVisible(page is not None and page.student_id() is not None and self._talk.isHidden())
        while (item := self._actions.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.setParent(None)
        actions = page.head_actions if page else []
        for button in actions:
            self._actions.addWidget(button)
            button.setVisible(not button.property(WITHHELD))
        self._set_tab_order(actions)

    def _set_tab_order(self, actions: list[QPushButton]) -> None:
        """Tab goes as the eye does: sidebar, lock, search, actions, then the page."""
        line: list[QWidget] = [entry for column in (self._places, self._foot) for entry in _widgets(column)]
        line += [self._lock, self._cover, self._back, self._file, self._beside, self.jump, *actions]
        for before, after in pairwise(line):
            QWidget.setTabOrder(before, after)

    def _choose(self) -> None:
        entry = self.sender()
        self._mark_place()
        if isinstance(entry, Entry):
            self.wanted.emit(entry.place)

    def _mark_place(self) -> None:
        """Mark where the counsellor is, which a click alone does not change."""
        for place, entry in self._entries.items():
            entry.setChecked(place == self._place)

    def _go_back(self) -> None:
        if self._back.isEnabled():
            self.back_wanted.emit()

    def _turn_talk(self) -> None:
        (self.talk_wanted if self._talk.isHidden() else self.talk_over).emit()

    def _search(self) -> None:
        self.jump.setFocus()
        self.jump.selectAll()

    def _show_time(self) -> None:
        self._time.setText(QTime.currentTime().toString("HH:mm"))

    def _shortcut(self, keys: str, slot: Callable[[], None]) -> None:
        QShortcut(QKeySequence(keys), self).activated.connect(slot)


def _widgets(layout: QVBoxLayout) -> list[QWidget]:
    return [one for one in in_order(layout) if isinstance(one, QWidget)]
