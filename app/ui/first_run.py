"""The first start: where the vault lies, whose it is, the password, the recovery code; the vault is made in the last step only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.errors import Problem
from app.ui.cards import button, text
from app.ui.doorcards import Middle, sentences
from app.ui.first_steps import WIDTH, CodeStep, FolderStep, NamesStep, PasswordStep, Step, TypeBackStep
from app.ui.theme import scaled
from app.vault.recovery import RecoveryCode, new_code


@dataclass(frozen=True, repr=False)
class Setup:
    """What a new vault is made from; no repr, for the password is in it."""

    folder: Path
    school: str
    room: str
    counsellor: str
    names_outside: bool
    """Whether the school's and room's names may stand on the unlock screen, outside the encryption."""
    password: str
    code: RecoveryCode


class FirstRun(QWidget):
    """The steps one after the other, with 上一步 and 下一步. Closing it leaves nothing behind.

    ``returns``: it was reached from the door of another vault, and leads back there.
    """

    setup_given = Signal(object)
    print_code_wanted = Signal(object)
    open_existing_wanted = Signal()
    return_wanted = Signal()
    closing = Signal(object)  # the QCloseEvent, for whoever has a reason to ignore it

    def __init__(self, *, returns: bool = False) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle(self.tr("静室"))
        self.resize(1360, 860)
        self._returns, self._making = returns, False
        code = new_code()
        self.folder, self.names, self.password = FolderStep(), NamesStep(), PasswordStep()
        self.code, self.back_typing = CodeStep(code), TypeBackStep(code)
        self.steps: list[Step] = [self.folder, self.names, self.password, self.code, self.back_typing]
        self.cards = QStackedWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 24, 24, 24)
        outer.addWidget(self.cards, 1)
        for step in self.steps:
            self.cards.addWidget(Middle(step))
        self.error = text("", "error", wrap=True)
        self.error.setAccessibleName(self.tr("还不能继续的原因"))
        outer.addWidget(self.error, 0, Qt.AlignmentFlag.AlignHCenter)
        self._foot = self._make_foot()
        outer.addWidget(self._foot, 0, Qt.AlignmentFlag.AlignHCenter)
        self.code.print_wanted.connect(self.print_code_wanted)
        self._show()

    def show_problem(self, problem: Problem) -> None:
        """The vault could not be made; what was typed is still here."""
        self._enable(True)
        self.error.setText("".join(sentences(problem)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for below in (self.error, self._foot):
            below.setFixedWidth(min(scaled(WIDTH), self.width() - 48))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._step().arrive()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._making:  # a second or two; then it may be closed
            event.ignore()
            return
        super().closeEvent(event)
        self.closing.emit(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pressed = self.focusWidget()
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif isinstance(pressed, QPushButton):
            pressed.click()
        elif self.next_button.isEnabled():
            self._go_on()

    def _step(self) -> Step:
        return self.steps[self.cards.currentIndex()]

    def _make_foot(self) -> QWidget:
        foot = QWidget()
        line = QHBoxLayout(foot)
        line.setContentsMargins(0, 0, 0, 0)
        self.back_button = button(self.tr("上一步"))
        self.existing_button = button(self.tr("打开已有的档案"), quiet=True)
        self.progress = text("", "hint")
        self.next_button = button(self.tr("下一步"), primary=True)
        for widget in (self.back_button, self.existing_button):
            line.addWidget(widget)
        line.addStretch(1)
        line.addWidget(self.progress)
        line.addWidget(self.next_button)
        self.back_button.clicked.connect(self._go_back)
        self.next_button.clicked.connect(self._go_on)
        self.existing_button.clicked.connect(self.open_existing_wanted)
        return foot

    def _go_on(self) -> None:
        self.password.names = self.names.names()
        try:
            self._step().check()
        except Problem as problem:
            self.show_problem(problem)
            return
        at = self.cards.currentIndex()
        if at + 1 < len(self.steps):
            self.cards.setCurrentIndex(at + 1)
            self._show()
        else:
            self._give()

    def _give(self) -> None:
        self._enable(False)
        self.error.setText("")
        school, room, counsellor = self.names.names()
        self.setup_given.emit(
            Setup(
                folder=self.folder.folder(),
                school=school,
                room=room,
                counsellor=counsellor,
                names_outside=self.names.outside.is_on(),
                password=self.password.first.value(),
                code=self.code.code,
            )
        )

    def _go_back(self) -> None:
        at = self.cards.currentIndex()
        if at == 0:
            self.return_wanted.emit()
            return
        self.cards.setCurrentIndex(at - 1)
        self._show()

    def _show(self) -> None:
        at = self.cards.currentIndex()
        self.error.setText("")
        self.back_button.setVisible(at > 0 or self._returns)
        self.back_button.setText(self.tr("上一步") if at else self.tr("返回"))
        self.back_button.setAccessibleName(self.back_button.text())
        self.existing_button.setVisible(at == 0)
        last = at == len(self.steps) - 1
        self.next_button.setText(self.tr("建立档案") if last else self.tr("下一步"))
        self.next_button.setAccessibleName(self.next_button.text())
        self.progress.setText(self.tr("第 {at} 步，共 {of} 步").format(at=at + 1, of=len(self.steps)))
        self._step().arrive()

    def _enable(self, on: bool) -> None:
        self._making = not on
        self.next_button.setEnabled(on)
        self.back_button.setEnabled(on)
        self.back_typing.setEnabled(on)
        self.back_typing.busy.setVisible(not on)
        self.back_typing.making.setVisible(not on)
