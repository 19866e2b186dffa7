"""Reaching what may not answer (a share, a stick, a sick disk): on a thread of its own, so that no page and no lock waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from app.errors import Problem
from app.vault.backupfile import Work

T = TypeVar("T")
LOOK_SECONDS = 0.05
"""How often it is looked whether the work is to stop."""
PATIENCE = 0.25
"""Seconds in which what is to stop and does not hang can put things in order."""


class Silent(Problem):
    """Nothing was heard for too long."""

    def __init__(self) -> None:
        super().__init__("磁盘、U 盘或共享盘一直没有回答。", "请检查它是否还连着，再试一次。")


class _GivenUp(Exception):
    """Raised in what went on by itself, at its next step."""


class _Heard:
    """Passes the steps on and remembers when the last one was."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.at = time.monotonic()
        self.given_up = False

    def step(self, done: int, of: int) -> None:
        if self.given_up:
            raise _GivenUp
        self.at = time.monotonic()
        self._work.step(done, of)

    def stopped(self) -> bool:
        return self.given_up or self._work.stopped()


def reach(seconds: float, act: Callable[[Work], T], work: Work) -> T:
    """What ``act`` gives or raises; Silent after so many seconds without a step; as soon as ``work`` is to stop, what its step raises.

    What hangs cannot be broken off: it goes on by itself to its next step, and nobody hears of it.
    """
    told: list[T] = []
    raised: list[BaseException] = []
    over, heard = threading.Event(), _Heard(work)

    def run() -> None:
        try:
            told.append(act(heard))
        except BaseException as error:
            raised.append(error)
        finally:
            over.set()

    threading.Thread(target=run, name="reaching", daemon=True).start()
    try:
        while not over.wait(LOOK_SECONDS):
            if work.stopped() and not over.wait(PATIENCE):
                work.step(0, 1)
            if time.monotonic() - heard.at > seconds:
                raise Silent
    finally:
        heard.given_up = True
    if raised:
        raise raised[0]
    return told[0]
