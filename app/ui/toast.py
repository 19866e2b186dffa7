"""Toast: quiet words at the foot of the window that go by themselves, with at most one button; they stand where they hide nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from app.ui.cards import button, text

TOAST_SECONDS = 6
GIVE_WAY_MS = 100
"""How soon it moves when she scrolls, or is taken to another page, and something comes to lie under it."""
FROM_FOOT, FROM_SIDE, STEP = 28, 28, 12
"""Pixels between the toast and the window's edges, and from one place that is tried to the next."""
_PRESSED = (QAbstractButton, QComboBox)
_WRITTEN = (QLineEdit, QPlainTextEdit, QAbstractItemView)


class Toast(QFrame):
    """A click anywhere on it sends it away."""

    left = Signal()

    def __init__(self, window: QWidget, words: str, action: str, on_action: Callable[[], None] | None) -> None:
        super().__init__(window)
        self._over = window
        self.setObjectName("toast")
        self.setAccessibleName(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(self.tr("点一下关闭"))
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 10, 12, 10)
        line.addWidget(text(words))
        if action and on_action is not None:
            undo = button(action)
            undo.clicked.connect(on_action)
            undo.clicked.connect(self.leave)
            line.addWidget(undo)
        self.adjustSize()
        self._place()
        window.installEventFilter(self)
        self.show()
        self.raise_()
        self._moving = QTimer(self)
        self._moving.timeout.connect(self._give_way)
        self._moving.start(GIVE_WAY_MS)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.leave)
        self._timer.start(TOAST_SECONDS * 1000)

    def leave(self) -> None:
        """Go, before the time is over too."""
        self._timer.stop()
        self._moving.stop()
        self.left.emit()
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.leave()

    def _give_way(self) -> None:
        if _hides(self.geometry(), self._rects(_PRESSED)):
            self._place()

    def _place(self) -> None:
        """As low as it hides nothing she presses or writes in; where that is nowhere, as low as it hides no button."""
        pressed, written = self._rects(_PRESSED), self._rects(_WRITTEN)
        spots = [QRect(spot, self.size()) for spot in self._spots()]
        free = next((spot for spot in spots if not _hides(spot, pressed + written)), None)
        free = free or next((spot for spot in spots if not _hides(spot, pressed)), spots[0])
        self.move(free.topLeft())

    def _spots(self) -> Iterator[QPoint]:
        """The places it may stand at, the best first: in the middle of the foot, then beside and above."""
        across, down = self._over.width() - self.width(), self._over.height() - self.height()
        for y in range(down - FROM_FOOT, min(down // 2, down - FROM_FOOT) - 1, -STEP):
            for x in (across // 2, across - FROM_SIDE, FROM_SIDE):
                yield QPoint(x, y)

    def _rects(self, kinds: tuple[type[QWidget], ...]) -> list[QRect]:
        """Where in the window such things can be seen."""
        inside = [w for kind in kinds for w in self._over.findChildren(kind) if w.isVisible()]
        return [_seen(w, self._over) for w in inside if not self.isAncestorOf(w)]


def _hides(spot: QRect, rects: list[QRect]) -> bool:
    return any(spot.intersects(rect) for rect in rects)


def _seen(widget: QWidget, window: QWidget) -> QRect:
    """What of a widget is not cut off by what it stands in, in the window's coordinates."""
    rect, at = widget.rect(), widget
    while at is not window and (around := at.parentWidget()) is not None:
        rect = rect.translated(at.pos()).intersected(around.rect())
        at = around
    return rect
