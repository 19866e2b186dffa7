"""A notice that writes down what it was asked to show, and answers when a test says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.errors import Problem
from app.ui.notice import Notice


@dataclass(frozen=True)
class Asked:
    """One question, with the answers still to be given."""

    sentence: str
    detail: str
    yes: str
    word: str
    on_yes: Callable[[], None]
    on_no: Callable[[], None] | None


class FakeNotice(Notice):
    """Shows nothing. ``told`` are Problems, ``said`` sentences, ``toasts`` quiet words, ``questions`` what waits for an answer."""

    def __init__(self) -> None:
        self._nowhere = QWidget()
        super().__init__(self._nowhere)
        self.told: list[Problem] = []
        self.said: list[tuple[str, str]] = []
        self.toasts: list[str] = []
        self.questions: list[Asked] = []
        self._undo: Callable[[], None] | None = None

    def tell(self, problem: Problem) -> None:
        self.told.append(problem)

    def say(self, sentence: str, detail: str = "") -> None:
        self.said.append((sentence, detail))

    def ask(
        self,
        sentence: str,
        detail: str,
        yes: str,
        on_yes: Callable[[], None],
        *,
        word: str = "",
        on_no: Callable[[], None] | None = None,
    ) -> None:
        self.questions.append(Asked(sentence, detail, yes, word, on_yes, on_no))

    def toast(self, words: str, action: str = "", on_action: Callable[[], None] | None = None) -> None:
        self.toasts.append(words)
        self._undo = on_action

    def answer_yes(self) -> Asked:
        """Say yes to the last question."""
        asked = self.questions.pop()
        asked.on_yes()
        return asked

    def answer_no(self) -> Asked:
        """Say no to the last question."""
        asked = self.questions.pop()
        if asked.on_no is not None:
            asked.on_no()
        return asked

    def press_undo(self) -> None:
        """Press the button of the last toast."""
        assert self._undo is not None, "the last toast had no button"
        self._undo()
