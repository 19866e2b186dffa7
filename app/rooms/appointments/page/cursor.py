"""Where the keys stand in the week: on a free period or on an appointment of one of its days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from app.rooms.appointments.page.axis import minute
from app.rooms.appointments.page.block import Shown
from app.rooms.school.bells import Slot


@dataclass(frozen=True)
class Column:
    """One day of the week."""

    day: date
    title: str
    """「周一 23」."""
    note: str
    """Why nothing is planned: 「国庆节」."""
    is_today: bool
    slots: tuple[Slot, ...]
    """The periods in which the room is open, offered by a +."""


@dataclass(frozen=True)
class Stop:
    """Where the cursor can stand in a day: a free period, or an appointment."""

    start: time
    end: time
    appointment_id: int | None


class Cursor:
    """Goes from stop to stop, and from day to day to the nearest time."""

    def __init__(self) -> None:
        self.days: list[list[Stop]] = []
        self.day = self._stop = 0

    def show(self, columns: Sequence[Column], shown: Sequence[Shown]) -> None:
        """Other days, or others in them: it stays where it was as far as there is such a place; at first it stands on today."""
        if not self.days:
            self.day = next((at for at, column in enumerate(columns) if column.is_today), 0)
        self.days = [_stops(column, [one for one in shown if one.day == column.day]) for column in columns]
        self.day = max(0, min(self.day, len(self.days) - 1))
        self._stop = min(self._stop, max(0, len(self.days[self.day]) - 1)) if self.days else 0

    def present(self) -> Stop | None:
        """Where it stands; None in a day without any place to stand."""
        stops = self.days[self.day] if self.days else []
        return stops[self._stop] if self._stop < len(stops) else None

    def appointment_id(self) -> int | None:
        """The appointment it stands on."""
        stop = self.present()
        return stop.appointment_id if stop is not None else None

    def stand_on(self, appointment_id: int) -> None:
        """Go to an appointment, if it is there."""
        for day, stops in enumerate(self.days):
            for number, stop in enumerate(stops):
                if stop.appointment_id == appointment_id:
                    self.day, self._stop = day, number

    def stand_at(self, day: int, at: int) -> bool:
        """Go to the free period of a day that holds this minute; False where none does."""
        self.day, stops = day, self.days[day]
        for number, stop in enumerate(stops):
            if stop.appointment_id is None and minute(stop.start) <= at < minute(stop.end):
                self._stop = number
                return True
        self._stop = min(self._stop, max(0, len(stops) - 1))
        return False

    def go_sideways(self, by: int) -> bool:
        """To the day beside, at the nearest time; False where the week ends."""
        if not 0 <= self.day + by < len(self.days):
            return False
        stop = self.present()
        at = minute(stop.start) if stop is not None else 0
        self.day += by
        near = [(abs(minute(other.start) - at), number) for number, other in enumerate(self.days[self.day])]
        self._stop = min(near)[1] if near else 0
        return True

    def go_down(self, by: int) -> None:
        """To the next stop of the day, or the one before."""
        self._stop = max(0, min(self._stop + by, len(self.days[self.day]) - 1))


def _stops(column: Column, taken: Sequence[Shown]) -> list[Stop]:
    """The appointments of a day, and its open periods that are free."""
    stops = [Stop(one.start, one.end, one.appointment_id) for one in taken]
    held = [one for one in taken if not one.struck]
    for slot in column.slots:
        if not any(one.start < slot.end and slot.start < one.end for one in held):
            stops.append(Stop(slot.start, slot.end, None))
    return sorted(stops, key=_beginning)


def _beginning(stop: Stop) -> tuple[time, bool]:
    return stop.start, stop.appointment_id is None
