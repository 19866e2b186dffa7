"""The register's table: its rows are read as they are scrolled to, so that 200,000 of them open as quickly as 60."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QResizeEvent

from app.ui.cards import EmptyState
from app.ui.tables import Index, RowsModel, Table, TableRow
from app.ui.theme import scaled

More = Callable[[int | None], list[TableRow]]
"""Gives the rows after the one with that key, or the first ones; none at the end."""


class PagedRows(RowsModel):
    """Rows in the order they come; the view asks for more when its end is seen."""

    def __init__(self, headers: Sequence[str], more: More) -> None:
        super().__init__(headers)
        self._more = more
        self._at_end = True

    def show(self, rows: list[TableRow]) -> None:
        """Show these first rows instead."""
        self._at_end = not rows
        super().show(rows)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and not self._at_end

    def fetchMore(self, parent: Index) -> None:
        if not self.canFetchMore(parent):
            return
        came = self._more(self.rows[-1].key)
        self._at_end = not came
        if came:
            self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(came) - 1)
            self.rows.extend(came)
            self.endInsertRows()


class SharedTable(Table):
    """First columns of a fixed width; the others share what is left, so that none of them falls off a narrow window."""

    def __init__(
        self,
        name: str,
        headers: Sequence[str],
        empty: EmptyState,
        model: RowsModel,
        widths: Sequence[int],
        shares: Sequence[float],
    ) -> None:
        super().__init__(name, headers, empty, widths, model)
        self._fixed, self._shares = widths, shares

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        left = self.width() - sum(map(scaled, self._fixed)) - self.view.verticalScrollBar().sizeHint().width()
        for at, share in enumerate(self._shares[:-1], len(self._fixed)):  # the last takes the rest
            self.view.setColumnWidth(at, max(0, int(left * share)))
