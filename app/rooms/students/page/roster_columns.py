"""What the columns of a class list mean, to be corrected: every column with some of its cells and a box of meanings."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.rooms.students.classlist.columns import Column, Mapping
from app.rooms.students.classlist.meanings import Meaning
from app.rooms.students.roster import Preview
from app.ui.cards import ElidedLabel, button, clear, text
from app.ui.fields import LineField
from app.ui.language import label_of

_ABREAST = 2
_SAMPLES = 3


class ColumnsPanel(QWidget):
    """Two columns of boxes. ``mapping`` is what the boxes say; ``corrected`` tells that one was changed, ``named`` comes with the
    name to remember it under."""

    corrected = Signal()
    named = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._boxes: dict[str, QComboBox] = {}
        self.mapping = Mapping({})
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 12, 16, 14)
        outer.setSpacing(10)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setObjectName("oncard")
        self._inside = QWidget()
        self._grid = QVBoxLayout(self._inside)
        self._grid.setContentsMargins(0, 0, 8, 0)
        area.setWidget(self._inside)
        outer.addWidget(area, 1)
        line = QHBoxLayout()
        self._name = LineField("", placeholder=self.tr("给这种名册起个名字，如「教务处名册」"))
        self._name.line.setAccessibleName(self.tr("名册的名称"))
        self._remember = button(self.tr("记住这个对应"))
        self._remember.clicked.connect(self._give_name)
        line.addWidget(self._name, 1)
        line.addWidget(self._remember)
        outer.addLayout(line)
        outer.addWidget(text(self.tr("记住以后，列名相同的名册会自动按这个对应读取。"), "hint"))

    def offer_name(self, name: str) -> None:
        """The name to remember the columns under."""
        self._name.set_value(name)

    def show_preview(self, shown: Preview) -> None:
        """Show the columns of every sheet once, in their order."""
        self.mapping = shown.mapping
        columns = {column.label: column for layout in reversed(shown.layouts) for column in reversed(layout.columns)}
        ordered = sorted(columns.values(), key=_place)
        if [column.label for column in ordered] != list(self._boxes):
            self._build(ordered)
        for label, box in self._boxes.items():  # the same boxes stay, and with them the keyboard's place
            box.setCurrentIndex(box.findData(self.mapping.meanings.get(label, Meaning.IGNORED).value))

    def _build(self, ordered: Sequence[Column]) -> None:
        self._boxes.clear()
        clear(self._grid)
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(28)
        grid.setVerticalSpacing(10)
        deep = -(-len(ordered) // _ABREAST)
        for at, column in enumerate(ordered):
            side, row = divmod(at, deep)
            grid.addLayout(self._words(column), row, side * 2)
            grid.addWidget(self._box(column), row, side * 2 + 1)
        for side in range(_ABREAST):
            grid.setColumnStretch(side * 2, 1)
        self._grid.addWidget(holder)
        self._grid.addStretch(1)
        holder.show()

    def _words(self, column: Column) -> QVBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(ElidedLabel(column.label, "strong"))
        words.addWidget(ElidedLabel("、".join(column.samples[:_SAMPLES]) or self.tr("(没有内容)"), "hint"))
        return words

    def _box(self, column: Column) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("「{column}」一列是").format(column=column.label))
        box.setMinimumWidth(150)
        for meaning in (Meaning.IGNORED, *(m for m in Meaning if m is not Meaning.IGNORED)):
            box.addItem(label_of(meaning), meaning.value)
        box.activated.connect(self._correct)
        self._boxes[column.label] = box
        return box

    def _correct(self, _index: int) -> None:
        codes = {meaning.value: meaning for meaning in Meaning}
        self.mapping = Mapping({label: codes[box.currentData()] for label, box in self._boxes.items()})
        self.corrected.emit()

    def _give_name(self) -> None:
        self.named.emit(self._name.value())


def _place(column: Column) -> int:
    return column.place
