"""How a figure is taken: by the clock, and what the window's own thread worked of it, which other programs lengthen less."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Figure = tuple[str, float, float, str]


@dataclass
class Times:
    """Milliseconds of each run, by the clock and by the processor."""

    clock: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)

    def take(self, act: Callable[[], object]) -> None:
        """Run it once more."""
        started, worked = time.perf_counter(), time.thread_time()
        act()
        self.worked.append((time.thread_time() - worked) * 1000)
        self.clock.append((time.perf_counter() - started) * 1000)

    def figures(self, name: str, floor: float) -> list[Figure]:
        """The median by the clock, and the least that the thread worked: what is left of it on a quiet machine."""
        return [
            (name, statistics.median(self.clock), floor, "ms"),
            ("  worked of it, the least", min(self.worked), floor, "ms"),
        ]
