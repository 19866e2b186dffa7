"""The jump box: a student, a class, a number or words of a record, found while typing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui.cards import key_cap
from app.ui.page import Route
from app.ui.theme import present, scaled
from app.vault.text import marked

Index = QModelIndex | QPersistentModelIndex
SHOWN = 9
ROW_HEIGHT = 40
WIDTH, LEAST_WIDTH = 330, 160
LIST_WIDTH = 420


@dataclass(frozen=True)
class Found:
    """One thing found, and where it leads."""

    title: str
    detail: str
    route: Route


Find = Callable[[str], list[Found]]


class JumpBox(QLineEdit):
    """Shows what ``find`` gives for the words typed; the arrow keys choose, Enter goes there, Esc gives up."""

    chosen = Signal(object)  # a Route

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(self.tr("搜姓名、拼音、学号、记录内容"))
        self.setAccessibleName(self.tr("搜索"))
        self.setToolTip(self.tr("搜索 (Ctrl+K)"))
        self.setMinimumWidth(LEAST_WIDTH)
        self.setMaximumWidth(WIDTH)
        self._find: Find | None = None
        self._model = _FoundModel(self)
        self.list = QListView()
        self.list.setObjectName("found")
        self.list.setAccessibleName(self.tr("找到的"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_FoundLine(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(self._go)
        self.list.hide()
        self._key = key_cap("Ctrl K")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 10, 0)
        line.addStretch(1)
        line.addWidget(self._key)
        self.textChanged.connect(self._look)

    def serve(self, find: Find | None) -> None:
        """Set where to look; None while the vault is locked."""
        self._find = find
        self.clear()
        self.close_list()

    def found(self) -> list[Found]:
        """What the list shows now."""
        return list(self._model.found)

    def close_list(self) -> None:
        self.list.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go(self.list.currentIndex())
        elif key == Qt.Key.Key_Escape:
            self.clear()
            self.close_list()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.text().strip():
            self._place()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.close_list()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._key.setVisible(self._has_room_for_key())

    def _look(self, words: str) -> None:
        words = words.strip()
        self._key.setVisible(self._has_room_for_key())
        self._model.show(self._find(words) if words and self._find is not None else [], searched=bool(words))
        if not words:
            self.close_list()
            return
        self.list.setCurrentIndex(self._model.index(0))
        self._place()

    def _has_room_for_key(self) -> bool:
        words = self.fontMetrics().horizontalAdvance(self.placeholderText())
        return not self.text() and self.width() > words + self._key.sizeHint().width() + 40

    def _step(self, by: int) -> None:
        count = len(self._model.found)
        if count:
            self._place()
            self.list.setCurrentIndex(self._model.index((self.list.currentIndex().row() + by) % count))

    def _place(self) -> None:
        """Lay the list under the box, inside the window: hiding the window hides it too."""
        window = self.window()
        if not self.isVisible() or window is self:
            return
        if self.list.parentWidget() is not window:
            self.list.setParent(window)
        width = min(max(self.width(), LIST_WIDTH), window.width())
        rows = min(SHOWN, max(1, len(self._model.found)))
        corner = self.mapTo(window, QPoint(self.width(), self.height() + 4))
        self.list.setGeometry(max(0, corner.x() - width), corner.y(), width, rows * scaled(ROW_HEIGHT) + 10)
        self.list.show()
        self.list.raise_()

    def _go(self, index: QModelIndex) -> None:
        if not index.isValid() or not self._model.found:
            return
        route = self._model.found[index.row()].route
        self.clear()
        self.close_list()
        self.chosen.emit(route)


class _FoundModel(QAbstractListModel):
    """The found things, or one line that says how else to look."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.found: list[Found] = []
        self._searched = False

    def show(self, found: list[Found], *, searched: bool) -> None:
        self.beginResetModel()
        self.found = [replace(one, title=marked(one.title), detail=marked(one.detail)) for one in found]
        self._searched = searched
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.found) or int(self._searched)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) if self.found else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if not self.found:
            return self.tr("没有找到。可以试试姓名首字母、班级(8.3)或学号。")
        found = self.found[index.row()]
        return f"{found.title} {found.detail}" if role == Qt.ItemDataRole.AccessibleTextRole else found.title

    def detail(self, row: int) -> str:
        """What stands in grey behind the title."""
        return self.found[row].detail if self.found else ""


class _FoundLine(QStyledItemDelegate):
    """Draws a found thing: its title strong, what it is in grey. Drawn, because widgets would cost a keystroke's time."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(option.rect.width(), scaled(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, _FoundModel):
            return
        tokens, view = present(), self.parent()
        rect, state = option.rect, option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if model.found and state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent_soft))
            painter.drawRoundedRect(rect, 6, 6)
        font = QFont(view.font() if isinstance(view, QWidget) else painter.font())
        line = rect.adjusted(12, 0, -12, 0)
        font.setBold(bool(model.found))
        painter.setFont(font)
        painter.setPen(QColor(tokens.ink if model.found else tokens.ink2))
        title = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, title)
        line.setLeft(line.left() + painter.fontMetrics().horizontalAdvance(title) + 10)
        font.setBold(False)
        font.setPixelSize(font.pixelSize() - 1)
        painter.setFont(font)
        painter.setPen(QColor(tokens.ink2))
        detail = painter.fontMetrics().elidedText(model.detail(index.row()), Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, detail)
        painter.restore()


class ListCloser(QObject):
    """Closes the list when the window under it changes its size, loses the counsellor or hides."""

    def __init__(self, box: JumpBox, window: QWidget) -> None:
        super().__init__(window)
        self._box = box
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.WindowDeactivate, QEvent.Type.Hide):
            self._box.close_list()
        return super().eventFilter(watched, event)
