"""The door: password or recovery code, and a new password after the code has opened."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from app.errors import Problem
from app.ui.cards import button, text
from app.ui.secrets import SecretField

CARD_WIDTH = 420
LONGEST_WAIT = 30
"""Seconds the door waits at most after wrong answers; the file itself can be copied, so this only slows a colleague down."""


class DoorCard(QFrame):
    """The white card in the middle of the paper, with the program's name on it."""

    def __init__(self, width: int = CARD_WIDTH) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setFixedWidth(width)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(44, 40, 44, 36)
        self.column.setSpacing(10)

    def add_brand(self, words: str) -> None:
        brand = text(self.tr("静室"), "brand")
        brand.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.column.addWidget(brand)
        names = text(words, "context", wrap=True)
        names.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.column.addWidget(names)
        self.column.addSpacing(18)
        self.school_label = names


class PasswordCard(DoorCard):
    """Asks for the password."""

    given = Signal(str)
    code_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.add_brand("")
        self.field = SecretField(self.tr("口令"))
        self.field.line.setMinimumHeight(30)
        self.column.addWidget(self.field)
        self.warning = text("", "warning", wrap=True)
        self.warning.setMinimumHeight(18)
        self.column.addWidget(self.warning)
        self.error = text("", "error", wrap=True)
        self.error.setAccessibleName(self.tr("没有打开的原因"))
        self.error.hide()
        self.column.addWidget(self.error)
        self.open_button = button(self.tr("打开"), primary=True)
        self.open_button.setMinimumHeight(32)
        self.column.addWidget(self.open_button)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.hide()
        self.column.addWidget(self.busy)
        self.column.addSpacing(8)
        self.code_button = button(self.tr("忘了口令?用恢复码打开"), quiet=True)
        self.column.addWidget(self.code_button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._caps = False
        self.field.line.caps.connect(self._note_caps)
        self.field.changed.connect(self._look)
        self.field.line.returnPressed.connect(self._give)
        self.open_button.clicked.connect(self._give)
        self.code_button.clicked.connect(self.code_wanted)

    def _give(self) -> None:
        if self.open_button.isEnabled() and self.field.value():
            self.given.emit(self.field.value())

    def _note_caps(self, on: bool) -> None:
        self._caps = on

    def _look(self) -> None:
        typed = self.field.value()
        wide = any(unicodedata.east_asian_width(c) in "FW" for c in typed)
        if wide:
            self.warning.setText(self.tr("有全角或中文字符,请检查输入法"))
        else:
            self.warning.setText(self.tr("大写锁定已打开") if self._caps and typed else "")
        self.error.hide()


class CodeCard(DoorCard):
    """Asks for the recovery code."""

    given = Signal(str)
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.column.addWidget(text(self.tr("用恢复码打开"), "title"))
        self.column.addWidget(
            text(self.tr("恢复码是建立档案时抄下的七组字母和数字。打开后请马上设一个新口令,旧口令随即失效。"), "context", wrap=True)
        )
        self.field = SecretField(self.tr("恢复码"), self.tr("大小写、短横和空格不影响;0 和 O、1 和 I 都认得。"), shown=True)
        self.column.addWidget(self.field)
        self.error = text("", "error", wrap=True)
        self.error.hide()
        self.column.addWidget(self.error)
        self.open_button = button(self.tr("打开"), primary=True, name=self.tr("用恢复码打开"))
        back = button(self.tr("返回"))
        line = QHBoxLayout()
        line.addWidget(back)
        line.addStretch(1)
        line.addWidget(self.open_button)
        self.column.addLayout(line)
        self.field.changed.connect(self.error.hide)
        self.field.line.returnPressed.connect(self._give)
        self.open_button.clicked.connect(self._give)
        back.clicked.connect(self.back)

    def _give(self) -> None:
        if self.open_button.isEnabled() and self.field.value().strip():
            self.given.emit(self.field.value())


class NewPasswordCard(DoorCard):
    """Asks for a new password, after the recovery code has opened the vault."""

    given = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.column.addWidget(text(self.tr("设一个新口令"), "title"))
        self.column.addWidget(text(self.tr("档案已用恢复码打开。请现在设新口令,恢复码仍然有效。"), "context", wrap=True))
        self.first = SecretField(self.tr("新口令"), self.tr("至少 12 个字,或六个词的短语;不要用学校、姓名、电话。"))
        self.second = SecretField(self.tr("再输入一次"))
        self.column.addWidget(self.first)
        self.column.addWidget(self.second)
        self.save_button = button(self.tr("保存新口令"), primary=True)
        self.column.addWidget(self.save_button)
        self.save_button.clicked.connect(self._give)
        self.second.line.returnPressed.connect(self._give)

    def _give(self) -> None:
        if self.first.value() != self.second.value():
            self.second.show_error(self.tr("两次输入的不一样。"))
            return
        self.given.emit(self.first.value())


class Door(QWidget):
    """The unlock window's content: the cards, and one line at the foot about where the vault is."""

    password_given = Signal(str)
    code_given = Signal(str)
    new_password_given = Signal(str)
    other_folder_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle(self.tr("静室"))
        self.resize(1360, 860)
        self._wrong = 0
        self.password, self.code, self.new_password = PasswordCard(), CodeCard(), NewPasswordCard()
        self.cards = QStackedWidget()
        for card in (self.password, self.code, self.new_password):
            self.cards.addWidget(centred(card))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 24, 24, 20)
        outer.addWidget(self.cards, 1)
        self.foot = text(self.tr("档案只存在这台电脑上,并已加密"), "hint")
        self._places = QHBoxLayout()
        self._places.addStretch(1)
        self._places.addWidget(self.foot)
        self.folder_button = button(self.tr("换一个档案文件夹"), quiet=True)
        self._places.addWidget(self.folder_button)
        self._places.addStretch(1)
        outer.addLayout(self._places)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.timeout.connect(self._ready)
        self.password.given.connect(self.password_given)
        self.code.given.connect(self.code_given)
        self.new_password.given.connect(self.new_password_given)
        self.password.code_wanted.connect(self.show_code)
        self.code.back.connect(self.show_password)
        self.folder_button.clicked.connect(self.other_folder_wanted)

    def set_names(self, school: str, room: str) -> None:
        self.password.school_label.setText(" · ".join(filter(None, (school, room))) or self.tr("学校心理辅导室的离线工作台"))

    def set_foot(self, words: str) -> None:
        self.foot.setText(words)

    def show_password(self) -> None:
        """The password card, empty, with the cursor in it."""
        self._wipe()
        self.cards.setCurrentIndex(0)
        self._enable(True)
        self.password.field.setFocus()

    def show_code(self) -> None:
        self._wipe()
        self.cards.setCurrentIndex(1)
        self.code.field.setFocus()

    def show_new_password(self) -> None:
        self._wipe()
        self._enable(True)
        self.cards.setCurrentIndex(2)
        self.new_password.first.setFocus()

    def show_busy(self) -> None:
        """The derivation is running."""
        self._enable(False)
        self.password.busy.show()

    def show_problem(self, problem: Problem, *, wrong: bool) -> None:
        """Say why the vault did not open; after a wrong answer the door waits, each time longer."""
        self.password.busy.hide()
        card = (self.password, self.code)[min(self.cards.currentIndex(), 1)]
        card.error.setText(f"{problem.sentence}\n{problem.next_step}")
        card.error.show()
        card.field.line.selectAll()
        if not wrong:
            self._enable(True)
            return
        self._wrong += 1
        pause = min(LONGEST_WAIT, 2 ** max(0, self._wrong - 3)) if self._wrong > 2 else 0
        self._wait.start(pause * 1000)

    def show_password_problem(self, problem: Problem) -> None:
        """Say why a new password is refused."""
        self._enable(True)
        self.new_password.first.show_error(f"{problem.sentence}{problem.next_step}")

    def opened(self) -> None:
        """The vault is open: nothing typed stays behind."""
        self._wrong = 0
        self._wipe()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.password.field.setFocus()

    def _ready(self) -> None:
        self._enable(True)
        (self.password, self.code)[min(self.cards.currentIndex(), 1)].field.setFocus()

    def _enable(self, on: bool) -> None:
        for card in (self.password, self.code):
            card.open_button.setEnabled(on)
            card.field.setEnabled(on)
        self.new_password.save_button.setEnabled(on)
        if on:
            self.password.busy.hide()

    def _wipe(self) -> None:
        for field in (self.password.field, self.code.field, self.new_password.first, self.new_password.second):
            field.wipe()
        self.password.error.hide()
        self.code.error.hide()
        self.password.busy.hide()


def centred(card: QWidget) -> QWidget:
    """The card in the middle of whatever room there is, as tall as its wrapped words need."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.addStretch(1)
    line = QHBoxLayout()
    line.addStretch(1)
    line.addWidget(card)
    line.addStretch(1)
    column.addLayout(line)
    column.addStretch(1)
    return holder
