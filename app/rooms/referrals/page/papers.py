"""Drawing papers for the screen in the background: the newest wish counts, an older drawing that comes late is dropped."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from app.errors import Problem
from app.ui.background import Background, Progress
from app.ui.language import told

Draw = Callable[[], Any]
"""Draws a paper from plain values; the first time it loads what draws."""


class Papers(QObject):
    """Draws one paper at a time for one page."""

    def __init__(self, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._background = background
        self._waiting: tuple[Draw, Callable[[Any], None], Callable[[str], None]] | None = None
        self._busy = False

    def draw(self, act: Draw, on_drawn: Callable[[Any], None], on_problem: Callable[[str], None]) -> None:
        """Have ``on_drawn(drawn)`` called, or ``on_problem(sentence)`` for a text that cannot be drawn."""
        self._waiting = (act, on_drawn, on_problem)
        if not self._busy:
            self._next()

    def _next(self) -> None:
        if self._waiting is None:
            return
        act, self._on_drawn, self._on_problem = self._waiting
        self._waiting = None
        self._busy = True
        self._background.run(partial(_work, act), self._done, self._failed)

    def _done(self, drawn: Any) -> None:
        self._busy = False
        if self._waiting is None:
            self._on_drawn(drawn)
        else:
            self._next()

    def _failed(self, error: Exception) -> None:
        self._busy = False
        if not isinstance(error, Problem):
            raise error
        self._on_problem(told(error))
        self._next()


def _work(act: Draw, _progress: Progress) -> Any:
    return act()
