"""The first start: where the vault lies, whose it is, the password, the recovery code; the vault is made in the last step only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.errors import Problem
from app.ui.cards import button
from app.ui.first_steps import CodeStep, FolderStep, NamesStep, PasswordStep, TypeBackStep
from app.ui.stepping import Stepping
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
    """The five steps. Closing it leaves nothing behind.

    ``returns``: it was reached from the door of another vault, and leads back there.
    """

    setup_given = Signal(object)
    print_code_wanted = Signal(object)
    open_existing_wanted = Signal()
    restore_wanted = Signal()
    return_wanted = Signal()
    closing = Signal(object)  # the QCloseEvent, for whoever has a reason to ignore it

    def __init__(self, *, returns: bool = False) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle(self.tr("静室"))
        self.resize(1360, 860)
        code = new_code()
        self.folder, self.names = FolderStep(), NamesStep()
        self.password = PasswordStep(self.names.names)
        self.code, back_typing = CodeStep(code), TypeBackStep(code)
        existing = button(self.tr("打开已有的档案"), quiet=True)
        restore = button(self.tr("从备份恢复"), quiet=True)
        self.stepping = Stepping(
            [self.folder, self.names, self.password, self.code, back_typing],
            self.tr("建立档案"),
            first=self.tr("返回") if returns else "",
            aside=_side_by_side(existing, restore),
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 24, 24, 24)
        outer.addWidget(self.stepping)
        existing.clicked.connect(self.open_existing_wanted)
        restore.clicked.connect(self.restore_wanted)
        self.code.print_wanted.connect(self.print_code_wanted)
        self.stepping.done.connect(self._give)
        self.stepping.left.connect(self.return_wanted)

    def show_problem(self, problem: Problem) -> None:
        """The vault could not be made; what was typed is still here."""
        self.stepping.show_problem(problem)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.stepping.is_busy():  # a second or two; then it may be closed
            event.ignore()
            return
        super().closeEvent(event)
        self.closing.emit(event)

    def _give(self) -> None:
        self.stepping.set_busy(self.tr("正在建立加密档案…"))
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


def _side_by_side(*buttons: QPushButton) -> QWidget:
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    for made in buttons:
        line.addWidget(made)
    return holder
