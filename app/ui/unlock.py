"""The door: the unlock window with its cards, how long it waits after wrong answers, and where the vault lies."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.errors import Problem
from app.ui.cards import button, text
from app.ui.doorcards import CodeCard, DoorCard, Middle, NewPasswordCard, PasswordCard, TroubleCard

if TYPE_CHECKING:
    from app.ui.restore_card import RestoreCard

FREE_ANSWERS = 2
"""Wrong answers that cost no waiting: a slip of the finger."""
LONGEST_WAIT = 30
"""Seconds the door waits at most after a wrong answer; the file itself can be copied, so this only slows a colleague down."""

C = TypeVar("C", bound=DoorCard)


def pause_after(wrong: int) -> int:
    """Seconds to wait after so many wrong answers in a row."""
    return min(LONGEST_WAIT, 2 ** min(10, wrong - FREE_ANSWERS - 1)) if wrong > FREE_ANSWERS else 0


class Door(QWidget):
    """The unlock window. It opens nothing itself: it gives what was typed, and shows how that went."""

    password_given = Signal(str)
    code_given = Signal(str)
    new_password_given = Signal(str)
    again_wanted = Signal()
    other_folder_wanted = Signal()
    new_vault_wanted = Signal()
    restore_wanted = Signal()
    lock_wanted = Signal()
    closing = Signal(object)  # the QCloseEvent, for whoever has a reason to ignore it

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle(self.tr("静室"))
        self.resize(1360, 860)
        self._wrong = self._left = 0
        self._cards: list[DoorCard] = []
        self.cards = QStackedWidget()
        self.password = self._made(PasswordCard())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 24, 24, 16)
        outer.addWidget(self.cards, 1)
        self.reminder = text("", "warning", wrap=True)
        self.reminder.setAccessibleName(self.tr("备份提醒"))
        self.reminder.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.reminder.hide()
        outer.addWidget(self.reminder)
        outer.addLayout(self._make_foot())
        self._wait = QTimer(self)
        self._wait.setInterval(1000)
        self._wait.timeout.connect(self._tick)
        self.password.given.connect(self.password_given)
        self.password.code_wanted.connect(self.show_code)
        QShortcut(QKeySequence("Ctrl+L"), self).activated.connect(self.lock_wanted)

    @cached_property
    def code(self) -> CodeCard:
        """The card for the recovery code; like the two below it is made when it is first needed, for the door's sake."""
        card = self._made(CodeCard())
        card.given.connect(self.code_given)
        card.back.connect(self.show_password)
        return card

    @cached_property
    def new_password(self) -> NewPasswordCard:
        """The card that asks for a new password."""
        card = self._made(NewPasswordCard())
        card.given.connect(self.new_password_given)
        return card

    @cached_property
    def trouble(self) -> TroubleCard:
        """The card that says what kept the vault shut."""
        card = self._made(TroubleCard())
        card.again.connect(self.again_wanted)
        card.other_folder_wanted.connect(self.other_folder_wanted)
        card.restore_wanted.connect(self.restore_wanted)
        return card

    @cached_property
    def restore(self) -> RestoreCard:
        """The card for restoring."""
        from app.ui.restore_card import RestoreCard

        return self._made(RestoreCard())

    def set_names(self, school: str, room: str) -> None:
        """The names that may stand outside the encryption; without them, what the program is."""
        words = " · ".join(filter(None, (school, room)))
        self.password.names.setText(words or self.tr("学校心理辅导室的离线工作台"))

    def set_foot(self, words: str, reminder: str = "") -> None:
        """What stands below the card, and what she is reminded of."""
        self.foot.setText(words)
        self.reminder.setText(reminder)
        self.reminder.setVisible(bool(reminder))

    def card(self) -> DoorCard:
        """The card in front."""
        return self._cards[self.cards.currentIndex()]

    def show_password(self) -> None:
        """The password card, empty, with the cursor in it."""
        self._show(self.password)

    def show_code(self) -> None:
        """The card for the recovery code."""
        self._show(self.code)

    def show_new_password(self) -> None:
        """The code has opened the vault: a new password now."""
        self._wrong = 0
        self._show(self.new_password)

    def show_restore(self) -> None:
        """The card for restoring, nothing chosen yet."""
        self._show(self.restore)

    def show_trouble(self, problem: Problem, newest: str | None = None) -> None:
        """The vault did not open, and nothing typed was wrong; ``newest`` as the card takes it."""
        self.trouble.show_problem(problem, newest)
        self._show(self.trouble)
        self.trouble.again_button.setFocus()

    def show_busy(self) -> None:
        """The key is being derived."""
        self.card().set_busy(True)
        self._set_places(False)

    def show_wrong(self, problem: Problem) -> None:
        """The answer was wrong: say so, and wait, each time longer."""
        self.show_mistake(problem)
        self._wrong += 1
        self._left = pause_after(self._wrong)
        if self._left:
            self._show_wait()
            self._wait.start()

    def show_mistake(self, problem: Problem) -> None:
        """What was typed cannot be right, or is not taken; it was tried on nothing."""
        card = self.card()
        card.set_busy(False)
        self._set_places(True)
        card.show_error(problem)
        self._focus()

    def set_usable(self, on: bool) -> None:
        """Whether another folder or a new vault can be asked for."""
        self._set_places(on)

    def opened(self) -> None:
        """The vault is open: nothing typed stays behind."""
        self._wrong = 0
        for card in self._cards:
            card.set_busy(False)
            card.wipe()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._focus()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closing.emit(event)

    def _make_foot(self) -> QHBoxLayout:
        self.foot = text(self.tr("档案只存在这台电脑上，并已加密"), "hint")
        self.folder_button = button(self.tr("换一个档案文件夹"), quiet=True)
        self.new_button = button(self.tr("建立新的档案"), quiet=True)
        self.restore_button = button(self.tr("从备份恢复"), quiet=True)
        self.restore_button.clicked.connect(self.restore_wanted)
        self.folder_button.clicked.connect(self.other_folder_wanted)
        self.new_button.clicked.connect(self.new_vault_wanted)
        line = QHBoxLayout()
        line.addStretch(1)
        for widget in (self.foot, self.folder_button, self.new_button, self.restore_button):
            line.addWidget(widget)
        line.addStretch(1)
        return line

    def _made(self, card: C) -> C:
        self._cards.append(card)
        self.cards.addWidget(Middle(card))
        return card

    def _show(self, card: DoorCard) -> None:
        for one in self._cards:
            one.set_busy(False)
            one.wipe()
        self.cards.setCurrentIndex(self._cards.index(card))
        self._set_places(not isinstance(card, NewPasswordCard))
        if self._left:
            self._show_wait()
        self._focus()

    def _set_places(self, on: bool) -> None:
        self.folder_button.setEnabled(on)
        self.new_button.setEnabled(on)
        self.restore_button.setEnabled(on)

    def _focus(self) -> None:
        self.card().focus_field()

    def _tick(self) -> None:
        self._left = max(0, self._left - 1)
        if not self._left:
            self._wait.stop()
        self._show_wait()
        if not self._left:
            self._focus()

    def _show_wait(self) -> None:
        for card in self._cards:
            card.show_wait(self._left)
