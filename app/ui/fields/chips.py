"""Fields answered by pressing chips: any number of a fixed list, or a score."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QPushButton, QWidget

from app.ui.cards import button
from app.ui.fields.field import Field
from app.ui.flow import FlowLayout


class ChipRow(Field):
    """A fixed list as chips, by code. ``options`` are (code, label)."""

    def __init__(self, label: str, options: Sequence[tuple[str, str]], hint: str = "") -> None:
        holder = QWidget()
        flow = FlowLayout(6, holder)
        super().__init__(label, holder, hint)
        self.chips: dict[str, QPushButton] = {}
        for code, name in options:
            chip = button(name, name=f"{label}：{name}")
            chip.setProperty("chip", True)
            chip.setCheckable(True)
            flow.addWidget(chip)
            self.chips[code] = chip


class ChipsField(ChipRow):
    """Any number of a fixed list, as chips."""

    def __init__(self, label: str, options: Sequence[tuple[str, str]], hint: str = "") -> None:
        super().__init__(label, options, hint)
        for chip in self.chips.values():
            chip.toggled.connect(self._changed)

    def codes(self) -> list[str]:
        """The chosen codes, in the order of the list."""
        return [code for code, chip in self.chips.items() if chip.isChecked()]

    def set_codes(self, codes: list[str]) -> None:
        for code, chip in self.chips.items():
            chip.setChecked(code in codes)

    def value(self) -> str:
        return " ".join(self.codes())

    def set_value(self, value: str) -> None:
        self.set_codes(value.split())


class ScoreField(Field):
    """A score of 0 to 10, or none: the chosen chip pressed again takes it away."""

    def __init__(self, label: str, hint: str = "") -> None:
        holder = QWidget()
        flow = FlowLayout(4, holder)
        super().__init__(label, holder, hint)
        self._chips: list[QPushButton] = []
        for score in range(11):
            chip = button(str(score), name=f"{label}：{score}")
            chip.setProperty("chip", True)
            chip.setProperty("score", score)
            chip.setCheckable(True)
            chip.toggled.connect(self._changed)
            chip.clicked.connect(self._picked)
            flow.addWidget(chip)
            self._chips.append(chip)

    def score(self) -> int | None:
        return next((at for at, chip in enumerate(self._chips) if chip.isChecked()), None)

    def set_score(self, score: int | None) -> None:
        for at, chip in enumerate(self._chips):
            chip.setChecked(at == score)

    def value(self) -> str:
        score = self.score()
        return "" if score is None else str(score)

    def set_value(self, value: str) -> None:
        self.set_score(int(value) if value else None)

    def _picked(self, on: bool) -> None:
        picked = self.sender()
        if on and isinstance(picked, QPushButton):
            self.set_score(int(picked.property("score")))
