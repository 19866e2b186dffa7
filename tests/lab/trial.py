"""What one part of the lab brings back: how many trials, what they came upon, and every failure by its seed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Outcome:
    """The trials of one part. A failure names the trial's number, so that the same seed shows it again."""

    part: str
    promise: str
    tried: int = 0
    met: Counter[str] = field(default_factory=Counter)
    """What the trials came upon: faults that never strike prove nothing."""
    failures: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    """What this machine does not allow, with the reason."""

    def note(self, number: int, faults: list[str]) -> None:
        """One more trial is through."""
        self.tried += 1
        self.failures += [f"trial {number}: {fault}" for fault in faults]


@contextmanager
def user_data(folder: Path) -> Iterator[None]:
    """Have the user's own data folder, where the outer anchors lie, be this one, here and in child processes."""
    names = ("XDG_DATA_HOME", "LOCALAPPDATA")
    before = {name: os.environ.get(name) for name in names}
    os.environ |= dict.fromkeys(names, str(folder))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
