"""Stepping: steps one after the other, with 上一步 and 下一步; for the first run and for changing keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.errors import Problem
from app.ui.cards import button, text
from app.ui.doorcards import Middle, calm_bar, sentences
from app.ui.first_steps import WIDTH, Step
from app.ui.theme import scaled


class Stepping(QWidget):
    """Goes on when a step's ``check`` has nothing against it; ``done`` after the last one, ``left`` back from the first."""

    done = Signal()
    left = Signal()

    def __init__(self, steps: Sequence[Step], last: str, *, first: str = "", aside: QWidget | None = None) -> None:
        """``last`` stands on the last step's button, ``first`` on the one that leads out of the first (none if empty);
        ``aside`` is offered beside it on the first step."""
        super().__init__()
        self.steps, self._last, self._first, self._aside = list(steps), last, first, aside
        self.cards = QStackedWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.cards, 1)
        for step in self.steps:
            self.cards.addWidget(Middle(step))
        self.error = text("", "error", wrap=True)
        self.error.setAccessibleName(self.tr("还不能继续的原因"))
        self.doing = text("", "hint")
        self.bar = calm_bar()
        self._foot = self._make_foot()
        self._below = (self.error, self.doing, self.bar, self._foot)
        for below in self._below:
            outer.addWidget(below, 0, Qt.AlignmentFlag.AlignHCenter)
        self._show()

    def step(self) -> Step:
        """The step in front."""
        return self.steps[self.cards.currentIndex()]

    def show_problem(self, problem: Problem, step: Step | None = None) -> None:
        """What was given is not taken: say why, at ``step`` where it is about that one; what was typed is still there."""
        self.set_busy("")
        if step is not None:
            self.cards.setCurrentIndex(self.steps.index(step))
            self._show()
        self.error.setText("".join(sentences(problem)))

    def set_busy(self, doing: str) -> None:
        """Nothing can be pressed while this is being done; empty when it is over."""
        self.doing.setText(doing)
        self.bar.setVisible(bool(doing))
        for widget in (self.next_button, self.back_button, *self.steps):
            widget.setEnabled(not doing)
        if doing:
            self.error.setText("")

    def is_busy(self) -> bool:
        return not self.next_button.isEnabled()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for below in self._below:
            below.setFixedWidth(min(scaled(WIDTH), self.width()))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrive()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pressed = self.focusWidget()
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif isinstance(pressed, QPushButton):
            pressed.click()
        elif self.next_button.isEnabled():
            self._go_on()

    def _make_foot(self) -> QWidget:
        foot = QWidget()
        line = QHBoxLayout(foot)
        line.setContentsMargins(0, 0, 0, 0)
        self.back_button = button(self.tr("上一步"))
        self.progress = text("", "hint")
        self.next_button = button(self.tr("下一步"), primary=True)
        line.addWidget(self.back_button)
        if self._aside is not None:
            line.addWidget(self._aside)
        line.addStretch(1)
        line.addWidget(self.progress)
        line.addWidget(self.next_button)
        self.back_button.clicked.connect(self._go_back)
        self.next_button.clicked.connect(self._go_on)
        return foot

    def _go_on(self) -> None:
        try:
            self.step().check()
        except Problem as problem:
            self.show_problem(problem)
            return
        at = self.cards.currentIndex()
        if at + 1 < len(self.steps):
            self.cards.setCurrentIndex(at + 1)
            self._show()
        else:
            self.done.emit()

    def _go_back(self) -> None:
        at = self.cards.currentIndex()
        if at == 0:
            self.left.emit()
            return
        self.cards.setCurrentIndex(at - 1)
        self._show()

    def _show(self) -> None:
        at, last = self.cards.currentIndex(), len(self.steps) - 1
        self.error.setText("")
        self.back_button.setVisible(bool(at or self._first))
        self.back_button.setText(self.tr("上一步") if at else self._first)
        self.next_button.setText(self._last if at == last else self.tr("下一步"))
        for pressed in (self.back_button, self.next_button):
            pressed.setAccessibleName(pressed.text())
        if self._aside is not None:
            self._aside.setVisible(at == 0)
        told = self.tr("第 {at} 步，共 {of} 步").format(at=at + 1, of=last + 1)
        self.progress.setText(told if last else "")
        self._arrive()

    def _arrive(self) -> None:
        """The cursor in the step's first field; where it has none, Enter goes on."""
        if self.step().first_field is None:
            self.next_button.setFocus()
        self.step().arrive()
