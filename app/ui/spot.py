"""Spot: where on a page she is, so that the same page made anew can be shown as she left it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QScrollArea, QWidget

from app.ui.page import Page


@dataclass(frozen=True)
class Spot:
    """How far the page is scrolled (pixels), and the accessible name of what has the cursor."""

    scrolled: int
    cursor: str

    @classmethod
    def of(cls, page: Page) -> Spot:
        """Where she is on this page now."""
        area, focused = page.findChild(QScrollArea), page.focusWidget()
        scrolled = area.verticalScrollBar().value() if area is not None else 0
        return cls(scrolled, focused.accessibleName() if focused is not None else "")

    def put(self, page: Page) -> None:
        """Stand there again, on a page that is being shown."""
        named = [w for w in page.findChildren(QWidget) if self.cursor and w.accessibleName() == self.cursor]
        if named:
            named[0].setFocus()
        area = page.findChild(QScrollArea)
        if area is not None:  # once the page has been laid out
            QTimer.singleShot(0, area, partial(area.verticalScrollBar().setValue, self.scrolled))
