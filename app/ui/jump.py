"""The jump box: a student, a class, a number or words of a record, found while typing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QListWidget, QListWidgetItem, QWidget

from app.ui.cards import text
from app.ui.page import Route

SHOWN = 9
ROW_HEIGHT = 44


@dataclass(frozen=True)
class Found:
    """One thing found, and where it leads."""

    title: str
    detail: str
    route: Route


Find = Callable[[str], list[Found]]


class JumpBox(QLineEdit):
    """Shows what ``find`` gives for the words typed; Enter goes to the chosen one."""

    chosen = Signal(object)  # a Route

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(self.tr("搜姓名、拼音、学号、记录内容"))
        self.setAccessibleName(self.tr("搜索"))
        self.setToolTip(self.tr("搜索 (Ctrl+K)"))
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(200)
        self.setMaximumWidth(340)
        self._find: Find | None = None
        self.list = QListWidget()
        self.list.setObjectName("found")
        self.list.setAccessibleName(self.tr("找到的"))
        self.list.setWindowFlags(Qt.WindowType.ToolTip)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(self._go)
        self._found: list[Found] = []
        self.textChanged.connect(self._look)

    def serve(self, find: Find | None) -> None:
        """Set where to look; None while the vault is locked."""
        self._find = find
        self.clear()
        self.close_list()

    def found(self) -> list[Found]:
        """What the list shows now."""
        return list(self._found)

    def close_list(self) -> None:
        self.list.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.list.isVisible():
            step = 1 if key == Qt.Key.Key_Down else -1
            self.list.setCurrentRow((self.list.currentRow() + step) % max(1, self.list.count()))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go(self.list.currentItem())
        elif key == Qt.Key.Key_Escape:
            self.clear()
            self.close_list()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: object) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.close_list()

    def _look(self, words: str) -> None:
        words = words.strip()
        self._found = self._find(words) if words and self._find is not None else []
        self.list.clear()
        for found in self._found:
            item = QListWidgetItem(self.list)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{found.title} {found.detail}")
            self.list.setItemWidget(item, _line(found))
            item.setSizeHint(self.list.itemWidget(item).sizeHint())
        if not words:
            self.close_list()
            return
        if not self._found:
            item = QListWidgetItem(self.tr("没有找到。可以试试姓名首字母、班级(8.3)或学号。"), self.list)
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        else:
            self.list.setCurrentRow(0)
        self._place()

    def _place(self) -> None:
        width = max(self.width(), 420)
        height = sum(self.list.sizeHintForRow(row) for row in range(min(SHOWN, self.list.count()))) + 4
        corner = self.mapToGlobal(QPoint(self.width() - width, self.height() + 4))
        self.list.setGeometry(corner.x(), corner.y(), width, height)
        if self.isVisible():
            self.list.show()

    def _go(self, item: QListWidgetItem | None) -> None:
        if item is None or not self._found:
            return
        route = self._found[self.list.row(item)].route
        self.clear()
        self.close_list()
        self.chosen.emit(route)


class _JumpLine(QFrame):
    """A found thing: its title, and what it is in grey."""

    def __init__(self, found: Found) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 8, 12, 8)
        line.addWidget(text(found.title, "strong"))
        detail: QLabel = text(found.detail, "secondary")
        line.addWidget(detail, 1)
        self.setMinimumHeight(ROW_HEIGHT - 4)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def _line(found: Found) -> QWidget:
    return _JumpLine(found)


class FocusKey(QObject):
    """Ctrl+K from anywhere in the window puts the cursor into the jump box."""

    def __init__(self, box: JumpBox, window: QWidget) -> None:
        super().__init__(window)
        self._box = box
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.WindowDeactivate, QEvent.Type.Hide):
            self._box.close_list()
        return super().eventFilter(watched, event)
