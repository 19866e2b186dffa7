"""A field of one of a list that is no enum: grades, classes, guardians."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QListView

from app.ui.fields.field import Box, Field
from app.vault.text import marked

Options = Sequence[tuple[str, str]]
"""(code, what is shown)."""


class OptionsField(Field):
    """One of a list of (code, words); the code is the value. The list may change while the field stands."""

    def __init__(self, label: str, options: Options, hint: str = "") -> None:
        self.box = Box()
        self.box.setView(QListView())
        self.box.setMaxVisibleItems(12)
        super().__init__(label, self.box, hint)
        self.set_options(options)
        self.box.currentIndexChanged.connect(self._changed)

    def set_options(self, options: Options) -> None:
        """Offer other options; what was chosen stays chosen if it is still there."""
        chosen = self.value() if self.box.count() else None
        self.box.blockSignals(True)
        self.box.clear()
        for code, words in options:
            self.box.addItem(marked(words), code)
        self.box.setCurrentIndex(0 if chosen is None else max(0, self.box.findData(chosen)))
        self.box.blockSignals(False)

    def value(self) -> str:
        return str(self.box.currentData() or "")

    def set_value(self, value: str) -> None:
        self.box.setCurrentIndex(max(0, self.box.findData(value)))
