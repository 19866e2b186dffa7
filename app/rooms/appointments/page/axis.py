"""The time axis of the week: the day's periods as bands from top to bottom, each with room for its minutes. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

from app.rooms.school.bells import Slot

STEP = 5
"""Minutes a drag goes by."""
LEAST = 30
"""A short period has as much room as one of so many minutes, so that its words can be read."""
GAP = 5
"""The room of a time in which nothing is and no period lies, in minutes."""
DAY_ENDS = 24 * 60 - STEP
_HOURS = range(8, 18)


@dataclass(frozen=True)
class Band:
    """A stretch of time, in minutes since midnight, and where it lies, as a share of the whole height."""

    start: int
    end: int
    top: float
    height: float
    name: str
    """What begins here: 「午休一」; empty between the periods."""


class Axis:
    """Minutes of the day to heights and back."""

    def __init__(self, slots: Iterable[Slot], taken: Sequence[tuple[time, time]]) -> None:
        """``slots`` are those of every day shown, ``taken`` the times of the appointments, which may lie outside them."""
        periods = {(minute(slot.start), minute(slot.end)): slot.name for slot in slots}
        if not periods:
            periods = {(hour * 60, hour * 60 + 60): "" for hour in _HOURS}
        booked = [(minute(start), minute(end)) for start, end in taken]
        edges = sorted({edge for span in (*periods, *booked) for edge in span})
        names = {start: name for (start, _), name in sorted(periods.items())}
        rooms = [_room(first, last, periods, booked) for first, last in pairwise(edges)]
        self.whole = sum(rooms)
        """The height in minutes of room, for the least height of the view."""
        self.bands: list[Band] = []
        top = 0.0
        for (first, last), room in zip(pairwise(edges), rooms, strict=True):
            self.bands.append(Band(first, last, top / self.whole, room / self.whole, names.get(first, "")))
            top += room

    def place(self, at: int) -> float:
        """Where a minute lies, from 0 at the top to 1."""
        for band in self.bands:
            if at <= band.end:
                return band.top + band.height * max(0, at - band.start) / (band.end - band.start)
        return 1.0

    def minute(self, place: float) -> int:
        """The minute at a place, to the nearest step; the beginning of a period is met from near by."""
        for band in self.bands:
            if place <= band.top + band.height:
                exact = band.start + (band.end - band.start) * max(0.0, place - band.top) / band.height
                return min(DAY_ENDS, round(exact / STEP) * STEP)
        return self.bands[-1].end


def minute(moment: time) -> int:
    """Minutes since midnight."""
    return moment.hour * 60 + moment.minute


def moment(at: int) -> time:
    """The time of day of a minute, kept within the day."""
    kept = min(max(at, 0), DAY_ENDS)
    return time(kept // 60, kept % 60)


def lanes(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """For appointments in the order of time: (lane, lanes beside each other), so that none covers another."""
    found = [(0, 1)] * len(spans)
    cluster: list[int] = []
    ends: list[int] = []
    for at, (start, end) in enumerate(spans):
        if ends and start >= max(ends):
            _close(found, cluster, len(ends))
            cluster, ends = [], []
        lane = next((lane for lane, last in enumerate(ends) if last <= start), len(ends))
        ends[lane : lane + 1] = [end]
        found[at] = (lane, 1)
        cluster.append(at)
    _close(found, cluster, len(ends))
    return found


def _close(found: list[tuple[int, int]], cluster: list[int], count: int) -> None:
    for at in cluster:
        found[at] = (found[at][0], count)


def _room(first: int, last: int, periods: Iterable[tuple[int, int]], booked: Iterable[tuple[int, int]]) -> float:
    """How much room a stretch gets: by its minutes where something is, little where nothing is."""
    for start, end in periods:
        if start <= first and last <= end:
            return (last - first) * max(1.0, LEAST / (end - start))
    if any(start <= first and last <= end for start, end in booked):
        return float(last - first)
    return min(GAP, last - first)
