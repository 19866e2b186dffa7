"""Fields of this room: one of a list that comes from the vault, and the items of the letter with those that may not be told."""

from __future__ import annotations

from collections.abc import Container, Sequence

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.rooms.referrals.choices import Item
from app.ui.cards import button
from app.ui.fields import Box, ChipsField, Field
from app.ui.language import label_of
from app.vault.text import marked


class OptionsField(Field):
    """One of a list of (code, label) that may be offered anew; the first line can mean: none of them."""

    def __init__(self, label: str, empty: str = "", hint: str = "") -> None:
        self.box = Box()
        super().__init__(label, self.box, hint)
        self._empty = empty
        self.box.currentIndexChanged.connect(self._changed)

    def offer(self, options: Sequence[tuple[str, str]]) -> None:
        """Put these into the list; what is chosen stays chosen if it is among them."""
        chosen = self.value()
        with QSignalBlocker(self.box):
            self.box.clear()
            if self._empty:
                self.box.addItem(self._empty, "")
            for code, name in options:
                self.box.addItem(marked(name), code)
            self.box.setCurrentIndex(max(0, self.box.findData(chosen)))

    def value(self) -> str:
        return str(self.box.currentData() or "")

    def set_value(self, value: str) -> None:
        self.box.setCurrentIndex(max(0, self.box.findData(value)))

    def number(self) -> int | None:
        """The chosen code as an id."""
        return int(self.value()) if self.value() else None


class ItemsField(Field):
    """What will be in the letter, item by item; what may not be told cannot be ticked."""

    def __init__(self, label: str) -> None:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        super().__init__("", holder)
        self.label = label
        self.boxes: dict[Item, QCheckBox] = {}
        for item in Item:
            box = QCheckBox(label_of(item))
            box.setAccessibleName(f"{label}：{label_of(item)}")
            box.toggled.connect(self._changed)
            column.addWidget(box)
            self.boxes[item] = box

    def allow(self, scope: Container[Item]) -> None:
        """Let only these be ticked; what is ticked beyond them can still be taken away."""
        for item, box in self.boxes.items():
            inside = item in scope
            box.setEnabled(inside or box.isChecked())
            box.setToolTip("" if inside else self.tr("不在同意提供的范围之内"))
            box.setText(label_of(item) if inside else self.tr("{item}(未同意提供)").format(item=label_of(item)))

    def items(self) -> list[str]:
        """The codes of what is ticked."""
        return [item.value for item, box in self.boxes.items() if box.isChecked()]

    def value(self) -> str:
        return " ".join(self.items())

    def set_value(self, value: str) -> None:
        codes = value.split()
        for item, box in self.boxes.items():
            box.setChecked(item.value in codes)


class NotesField(ChipsField):
    """Chips for the notes of one student, offered anew for each."""

    def __init__(self, label: str) -> None:
        super().__init__(label, [])

    def offer(self, options: Sequence[tuple[str, str]]) -> None:
        """Put these in place of the chips that are there; what is chosen stays chosen."""
        chosen = self.codes()
        for chip in self.chips.values():
            chip.hide()
            chip.deleteLater()
        self.chips.clear()
        flow = self.widget.layout()
        for code, name in options:
            chip = button(name, name=f"{self.label}：{name}")
            chip.setProperty("chip", True)
            chip.setCheckable(True)
            chip.setChecked(code in chosen)
            chip.toggled.connect(self._changed)
            if flow is not None:
                flow.addWidget(chip)
            self.chips[code] = chip
