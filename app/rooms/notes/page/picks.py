"""Fields of this room's own: one choice as chips, yes or no, and a moment written as day and time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from app.errors import Problem
from app.ui.fields import ChipRow, LineField, read_day, read_time

YES, NO = "yes", "no"


class PickField(ChipRow):
    """One of a few, as chips; the chosen chip pressed again takes the choice away."""

    def __init__(self, label: str, options: Sequence[tuple[str, str]], hint: str = "") -> None:
        super().__init__(label, options, hint)
        for chip in self.chips.values():
            chip.clicked.connect(self._picked)
        if self.chips:
            self.setFocusProxy(next(iter(self.chips.values())))

    def value(self) -> str:
        return next((code for code, chip in self.chips.items() if chip.isChecked()), "")

    def set_value(self, value: str) -> None:
        if value != self.value():
            for code, chip in self.chips.items():
                chip.setChecked(code == value)
            self._changed()

    def _picked(self, on: bool) -> None:
        picked = self.sender()
        for chip in self.chips.values():
            chip.setChecked(on and chip is picked)
        self._changed()


class YesNoField(PickField):
    """Yes, no, or not answered yet."""

    def __init__(self, label: str, hint: str = "") -> None:
        super().__init__(label, [(YES, self.tr("是")), (NO, self.tr("否"))], hint)

    def answer(self) -> bool | None:
        return {YES: True, NO: False}.get(self.value())


class MomentField(LineField):
    """A day and a time; the time alone means the day the field is asked with."""

    def __init__(self, label: str) -> None:
        super().__init__(label, placeholder="15:10")

    def moment(self, on: date, zone: tzinfo | None) -> datetime | None:
        """The moment; None when empty. Raises Problem for what is none."""
        words = self.value().split()
        if not words:
            return None
        day = read_day(words[0]) if len(words) > 1 else on
        at = read_time(words[-1])
        if len(words) > 2 or day is None or at is None:
            raise Problem("「{words}」不是一个时间。", "请写成 15:10 或 2026-11-20 15:10 这样。", words=self.value())
        return datetime.combine(day, at, zone)
