"""The sidebar: the places with their counts, whose room it is, the lock and the cover at its foot."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QTime, QTimer, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.ui.cards import badge, text
from app.ui.head import HeadButton
from app.ui.icons import pixmap
from app.ui.page import in_order
from app.ui.theme import present, scaled

WIDTH = 196
ICON, ICON_ROOM = 18, 24


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


class Side(QFrame):
    """The left side of the window."""

    wanted = Signal(str)  # a place
    lock_wanted = Signal()
    cover_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("side")
        self.entries: dict[str, Entry] = {}
        self._place = ""
        column = QVBoxLayout(self)
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
        self._lock = self._make_lock()
        foot.addWidget(self._lock, 1)
        self._cover = HeadButton("eye-off", self.tr("遮屏"), self.tr("遮屏：马上换成一张课程表 (F9)"))
        self._cover.clicked.connect(self.cover_wanted)
        foot.addWidget(self._cover)
        column.addLayout(foot)
        self.fit()
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._show_time)
        self._clock.start(10_000)
        self._show_time()

    def set_names(self, school: str, room: str) -> None:
        """The school and the room under the program's name."""
        self._school.setText(" · ".join(filter(None, (school, room))))

    def add_entry(self, place: str, label: str, icon_name: str, *, at_foot: bool = False) -> Entry:
        """A line, in the order of the calls; at the foot stands 设置."""
        entry = Entry(place, label, icon_name)
        entry.clicked.connect(self._choose)
        (self._foot if at_foot else self._places).addWidget(entry)
        self.entries[place] = entry
        return entry

    def mark(self, place: str) -> None:
        """Mark where the counsellor is."""
        self._place = place
        self._mark_place()

    def line(self) -> list[QWidget]:
        """What Tab goes through, as the eye does."""
        columns = (in_order(self._places), in_order(self._foot))
        return [one for column in columns for one in column if isinstance(one, QWidget)] + [self._lock, self._cover]

    def fit(self) -> None:
        """As wide as the counsellor's text size asks for."""
        self.setFixedWidth(scaled(WIDTH))

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
        lock.clicked.connect(self.lock_wanted)
        return lock

    def _choose(self) -> None:
        entry = self.sender()
        self._mark_place()
        if isinstance(entry, Entry):
            self.wanted.emit(entry.place)

    def _mark_place(self) -> None:
        """A click alone does not change where she is."""
        for place, entry in self.entries.items():
            entry.setChecked(place == self._place)

    def _show_time(self) -> None:
        self._time.setText(QTime.currentTime().toString("HH:mm"))
