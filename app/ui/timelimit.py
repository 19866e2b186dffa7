"""A time limit for what may hang in the system (a disk that does not answer), so that neither the page nor the lock waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from app.ui.background import Cancelled, Progress

T = TypeVar("T")
LOOK_SECONDS = 0.05
"""How often it is looked whether the job is to stop."""


class Late(Exception):
    """The time was over before there was an answer."""


def within(seconds: float, act: Callable[[], T], progress: Progress) -> T:
    """On a job's thread: what ``act`` gives or raises, Late after so many seconds, Cancelled as soon as the job is to stop.

    What hangs cannot be broken off: it goes on by itself and nobody hears of it.
    """
    told: list[T] = []
    raised: list[BaseException] = []
    over = threading.Event()

    def work() -> None:
        try:
            told.append(act())
        except BaseException as error:
            raised.append(error)
        finally:
            over.set()

    threading.Thread(target=work, daemon=True).start()
    left = seconds
    while left > 0 and not over.wait(min(LOOK_SECONDS, left)):
        left -= LOOK_SECONDS
        if progress.stopped():
            raise Cancelled
    if not over.is_set():
        raise Late
    if raised:
        raise raised[0]
    return told[0]
