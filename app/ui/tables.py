"""Tables of plain rows: a model over tuples and a view with 40-pixel rows, sorting, keyboard and an empty state."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont, QHelpEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStackedLayout,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.ui.cards import EmptyState
from app.ui.theme import present, scaled
from app.vault.text import marked

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 40
FIRST_ROWS = 40
"""So many rows say how wide the columns are before the table is seen."""
LAST_COLUMN = 96
"""Pixels the last column is never narrower than."""


@dataclass(frozen=True)
class TableRow:
    """One row: the id it stands for, the words of its cells, and the tone of a cell's words by column."""

    key: int
    cells: tuple[str, ...]
    tones: dict[int, str] | None = None
    sort_keys: tuple[Any, ...] | None = None
    """What the columns sort by where that is not their words."""
    struck: Container[int] = ()
    """The columns whose words are struck through: the record is void."""


class RowsModel(QAbstractTableModel):
    """Rows as they are handed in; sorting rearranges them in memory."""

    def __init__(self, headers: Sequence[str]) -> None:
        super().__init__()
        self._headers = list(headers)
        self.rows: list[TableRow] = []
        self._given: list[TableRow] = []
        self._by, self._order = -1, Qt.SortOrder.AscendingOrder

    def show(self, rows: list[TableRow]) -> None:
        """Show these rows instead, in the order chosen last."""
        self.beginResetModel()
        self._given = rows
        self.rows = self._ordered()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._headers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return marked(row.cells[index.column()])
        if role == Qt.ItemDataRole.ForegroundRole and row.tones and index.column() in row.tones:
            return QColor(getattr(present(), row.tones[index.column()]))
        return _struck() if role == Qt.ItemDataRole.FontRole and index.column() in row.struck else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; column -1 gives back the order the rows came in."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        keys = [self.rows[index.row()].key for index in before]
        self._by, self._order = column, order
        self.rows = self._ordered()
        places = {row.key: at for at, row in enumerate(self.rows)}
        after = [self.index(places[key], index.column()) for key, index in zip(keys, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _ordered(self) -> list[TableRow]:
        if self._by < 0:
            return self._given
        return sorted(self._given, key=self._sort_key, reverse=self._order is Qt.SortOrder.DescendingOrder)

    def _sort_key(self, row: TableRow) -> Any:
        return (row.sort_keys or row.cells)[self._by]


def _struck() -> QFont:
    """The view's own font, struck through."""
    font = QFont()
    font.setStrikeOut(True)
    return font


class Table(QWidget):
    """A table of rows, or the empty state where there are none. Emits ``opened(key)`` on Enter or double click."""

    opened = Signal(int)
    picked = Signal(int)
    spaced = Signal(int)  # Space on a row, by its place in the view

    def __init__(
        self,
        name: str,
        headers: Sequence[str],
        empty: EmptyState,
        widths: Sequence[int] = (),
        model: RowsModel | None = None,
    ) -> None:
        super().__init__()
        self.model = model or RowsModel(headers)
        self.view = _View()
        self.view.setAccessibleName(name)
        self.view.setModel(self.model)
        self.empty = empty
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.view)
        self._stack.addWidget(empty)
        self.view.horizontalHeader().setHighlightSections(False)
        self.view.set_widths([scaled(width) for width in widths])
        self.view.doubleClicked.connect(self._open)
        self.view.entered_on.connect(self._open)
        self.view.spaced_on.connect(self._space)
        self.view.selectionModel().currentRowChanged.connect(self._pick)

    def show_rows(self, rows: list[TableRow]) -> None:
        """Show these rows; the selected one stays selected if it is still there."""
        kept, before = self.current(), bool(self.model.rows)
        self.model.show(rows)
        if not before:
            self.view.fit()  # once there are words to fit to; later the columns stand still while she filters
        self._stack.setCurrentIndex(0 if rows else 1)
        if kept is not None:
            self.select(kept)

    def select(self, key: int) -> None:
        """Select the row of this key, if it is there."""
        for at, row in enumerate(self.model.rows):
            if row.key == key:
                self.view.selectRow(at)
                break

    def fit_height(self, most: int) -> None:
        """Be as tall as the rows, ``most`` of them at once: for a table on a page that scrolls as a whole."""
        seen = min(len(self.model.rows), most)
        head = self.view.horizontalHeader().sizeHint().height()
        self.setFixedHeight(head + seen * scaled(ROW_HEIGHT) + 2 if seen else self.empty.sizeHint().height())

    def make_sortable(self) -> None:
        """Let a click on a header sort by its column."""
        self.view.horizontalHeader().setSortIndicatorClearable(True)
        self.view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.view.setSortingEnabled(True)

    def current(self) -> int | None:
        """The key of the row that is seen to be selected: a table the cursor comes to has a current one that nobody chose."""
        chosen = self.view.selectionModel().selectedRows()
        return self.model.rows[chosen[0].row()].key if chosen else None

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self.model.rows[index.row()].key)

    def _space(self, index: QModelIndex) -> None:
        self.spaced.emit(index.row())

    def _pick(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid():
            self.picked.emit(self.model.rows[index.row()].key)


class _Cells(QStyledItemDelegate):
    """Shows the words of a cell over it only where they are cut off."""

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        if view.sizeHintForIndex(index).width() <= view.visualRect(index).width():
            return False
        return super().helpEvent(event, view, option, index)


class _View(QTableView):
    """The table view of the house: whole rows, no grid, Enter opens."""

    entered_on = Signal(QModelIndex)
    spaced_on = Signal(QModelIndex)

    def __init__(self) -> None:
        super().__init__()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(scaled(ROW_HEIGHT))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setItemDelegate(_Cells(self))
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._widths: list[int] = []
        self._fitting = False
        self.horizontalHeader().sectionResized.connect(self._take_width)

    def set_widths(self, widths: Sequence[int]) -> None:
        """How wide the columns would be, in pixels; the last one takes what is left."""
        last = self.model().columnCount() - 1
        self._widths = [*widths, *[self.horizontalHeader().defaultSectionSize()] * last][:last]
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Columns give way as far as their words allow; what still finds no room is reached by scrolling sideways."""
        if self.model() is None or not self.model().columnCount() or self._fitting:
            return
        self._fitting = True
        for _ in range(2):  # a scroll bar that comes or goes with the first changes the room
            room = self.viewport().width()
            header, widths = self.horizontalHeader(), self._fitted(room - scaled(LAST_COLUMN))
            for column, width in enumerate((*widths, max(scaled(LAST_COLUMN), room - sum(widths)))):
                header.resizeSection(column, width)
            if self.viewport().width() == room:
                break
        self._fitting = False

    def _fitted(self, room: int) -> list[int]:
        """The widths of all columns but the last in this room; no narrower than their words."""
        whole = sum(self._widths)
        if whole <= room:
            return self._widths
        least = [min(width, self._needed(column)) for column, width in enumerate(self._widths)]
        part = max(0.0, room - sum(least)) / max(1, whole - sum(least))
        return [few + int((width - few) * part) for few, width in zip(least, self._widths, strict=True)]

    def _needed(self, column: int) -> int:
        """What the header and the rows in sight need; before it is seen Qt would take every row for one in sight."""
        self.horizontalHeader().setResizeContentsPrecision(0 if self.isVisible() else FIRST_ROWS)
        return max(self.horizontalHeader().sectionSizeHint(column), self.sizeHintForColumn(column))

    def _take_width(self, column: int, _before: int, width: int) -> None:
        """A column she made wider or narrower stays so."""
        if not self._fitting and column < len(self._widths):
            self._widths[column] = width

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.entered_on.emit(self.currentIndex())
        elif event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.spaced_on.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
