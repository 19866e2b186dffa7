"""Page: the base of every screen: its title, context line and actions stand in the window's head, its body below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.ui.theme import scaled

MARGIN = 26
NARROW = 760
"""Below this width columns stand one under the other and the margins shrink."""
NARROW_MARGIN = 16
WITHHELD = "withheld"
"""Property of a head's button that is not offered now."""
BAR = 10
"""Width of a scroll bar (theme.qss)."""


@dataclass(frozen=True)
class Route:
    """Where the counsellor is or wants to go: a room's page and, where it has one, the record on it."""

    place: str
    """``students``, ``student``, ``note`` … as the house knows it."""
    record_id: int | None = None
    student_id: int | None = None
    part: int | None = None
    """A record on that page to be brought into sight; the page has forgotten it once it stands there."""


class Page(QWidget):
    """One screen. Subclasses fill ``self.body`` and call ``add_action``; they speak in signals and reach for nobody.

    ``kinds`` are the table names whose changes call ``reload``; ``route`` is where the page stands now.
    """

    went = Signal(object)  # a Route the page wants the house to open
    head_changed = Signal()

    kinds: frozenset[str] = frozenset()

    def __init__(self, title: str, context: str = "", *, scrolls: bool = True) -> None:
        super().__init__()
        self.setObjectName("page")
        self.title, self.context = title, context
        self.head_actions: list[QPushButton] = []
        self.route: Route | None = None
        """Where she is; None once the record has gone to the bin, or the form is done with and none to go back to."""
        self.came_from: Route | None = None
        """Where the counsellor was before she came here."""
        self._stale = False
        self._lines: list[QBoxLayout] = []
        self._stops: list[QWidget] = []
        self.setAccessibleName(title)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        inside = QWidget()
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(MARGIN, 20, MARGIN, MARGIN)
        self.body.setSpacing(16)
        self._scrolling = _scrolling(inside) if scrolls else None
        if self._scrolling is not None:
            self._scrolling.verticalScrollBar().rangeChanged.connect(self._fit)
        inside.installEventFilter(self)
        shown = self._scrolling or inside
        shown.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(shown)
        outer.addWidget(shown)

    def add_action(self, button: QPushButton) -> QPushButton:
        """A button in the window's head; at most three, one of them primary."""
        self.head_actions.append(button)
        return button

    def add_key(self, keys: QKeySequence | QKeySequence.StandardKey, pressed: QPushButton) -> None:
        """Have keys press a button of the head while this page is in front; its tooltip names them."""
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(pressed.click)
        pressed.setToolTip(shortcut.key().toString(QKeySequence.SequenceFormat.NativeText))

    def offer(self, button: QPushButton, on: bool) -> None:
        """Show a button of the head, or leave it away; it has no place of its own while another page is in front."""
        button.setProperty(WITHHELD, not on)
        if button.parentWidget() is not None:
            button.setVisible(on)

    def set_head(self, title: str, context: str = "") -> None:
        """Change the title and the context line."""
        self.title, self.context = title, context
        self.setAccessibleName(title)
        self.head_changed.emit()

    def arrive(self, route: Route) -> None:
        """Show what the route names; the house calls it each time the counsellor comes here."""
        self.route = route
        self.refresh()

    def refresh(self) -> None:
        """Reload now, and not once more for what has changed until now."""
        self._stale = False
        self.reload()

    def student_id(self) -> int | None:
        """The student a new note would be about."""
        return self.route.student_id if self.route is not None else None

    def leave(self) -> None:
        """Another page comes to the front; what is unsaved stays kept."""

    def is_irreplaceable(self) -> bool:
        """Whether the page holds what is in no form and would be gone with it: a list that was read and not imported yet."""
        return False

    def reload(self) -> None:
        """Show what the vault holds now; called when a kind of ``kinds`` has changed."""

    def note_change(self, kinds: frozenset[str]) -> None:
        """Reload if a change concerns this page: now if it is seen, else when it is next shown."""
        if self.kinds & kinds:
            if self.isVisible():
                self.refresh()
            else:
                self._stale = True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._order_tabs()
        if self._stale:
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
            self._order_tabs()
        return super().eventFilter(watched, event)

    def _order_tabs(self) -> None:
        """Tab goes as the eye does, also through what was put in later."""
        stops = list(_stops(self.body))
        if stops != self._stops:
            self._stops = stops
            for before, after in pairwise(stops):
                QWidget.setTabOrder(before, after)

    def _fit(self) -> None:
        """Columns beside or under each other, as there is room; the scroll bar stands in the margin, so that cards keep their place."""
        narrow = self.width() < scaled(NARROW)
        side = NARROW_MARGIN if narrow else MARGIN
        bar = self._scrolling.verticalScrollBar() if self._scrolling is not None else None
        right = side - BAR if bar is not None and bar.maximum() > 0 else side
        self.body.setContentsMargins(side, 20, right, side)
        for line in self._lines:
            line.setDirection(_direction(narrow or _least(line) > self.width() - 2 * side))

    def columns(self, *stretches: int) -> list[QVBoxLayout]:
        """Put columns side by side into the body and give back their layouts; on a narrow page they stack."""
        line = QBoxLayout(_direction(self.width() < scaled(NARROW)))
        line.setSpacing(18)
        made = []
        for stretch in stretches:
            column = QVBoxLayout()
            column.setSpacing(16)
            line.addLayout(column, stretch)
            made.append(column)
        self._lines.append(line)
        self.body.addLayout(line, 1)
        return made


class UprightArea(QScrollArea):
    """A column that scrolls up and down only: never narrower than what stands in it."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def minimumSizeHint(self) -> QSize:
        inside = self.widget()
        width = inside.minimumSizeHint().width() + BAR if inside is not None else 0
        return QSize(width, super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def in_order(layout: QLayout) -> list[QWidget | QLayout]:
    """The widgets and layouts that stand in a layout, in its order.

    Found by ``indexOf``: of every item that ``itemAt`` hands out PySide keeps a wrapper by its address, takes it later for
    the widget that has come to lie there, and crashes.
    """
    owner = layout.parentWidget()
    widgets = (
        owner.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly) if owner is not None else []
    )
    inside: list[QWidget | QLayout] = [*widgets, *(one for one in layout.children() if isinstance(one, QLayout))]
    places = {layout.indexOf(one): one for one in inside}
    return [one for at, one in sorted(places.items()) if at >= 0]


def _stops(layout: QLayout) -> Iterator[QWidget]:
    """What Tab can stop at, in the order it stands on the screen."""
    for one in in_order(layout):
        yield from _stops(one) if isinstance(one, QLayout) else _stops_of(one)


def _stops_of(widget: QWidget) -> Iterator[QWidget]:
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield widget
    inside = widget.widget() if isinstance(widget, QScrollArea) else widget
    layout = inside.layout() if inside is not None and not isinstance(inside, QPushButton) else None
    if layout is not None:
        yield from _stops(layout)


def _least(line: QBoxLayout) -> int:
    """The width its columns need side by side."""
    columns = [column for column in line.children() if isinstance(column, QLayout)]
    return sum(column.minimumSize().width() for column in columns) + line.spacing() * (len(columns) - 1)


def _direction(narrow: bool) -> QBoxLayout.Direction:
    return QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight


def _scrolling(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
