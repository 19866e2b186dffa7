"""The cards of the door: password, recovery code, new password, and what kept the vault shut."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.errors import Problem
from app.ui.cards import button, text
from app.ui.language import translated
from app.ui.secrets import SecretField
from app.ui.theme import scaled

CARD_WIDTH = 420


class DoorCard(QFrame):
    """The white card in the middle of the paper."""

    def __init__(self, width: int = CARD_WIDTH) -> None:
        super().__init__()
        self.setObjectName("card")
        self.wanted = width
        """Pixels at the usual text size; ``Middle`` gives it its width."""
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(44, 40, 44, 36)
        self.column.setSpacing(10)
        self.asked: SecretField | None = None
        """What is asked for first; its mistakes are told under it."""
        self._tried: tuple[QPushButton, str] | None = None
        self.busy = calm_bar()
        self.busy.setParent(self)  # a card that has no room for it shows none, and no window of its own

    def add_head(self, title: str, words: str) -> None:
        """The card's title and the sentence under it."""
        self.column.addWidget(text(title, "title"))
        self.column.addWidget(text(words, "context", wrap=True))
        self.column.addSpacing(6)

    def show_error(self, problem: Problem) -> None:
        """Say under the field what is wrong with what was typed."""
        if self.asked is not None:
            self.asked.show_error("\n".join(sentences(problem)))

    def tries(self, tried: QPushButton) -> QPushButton:
        """Have this button, with which an answer is tried, wait after wrong ones."""
        self._tried = tried, tried.text()
        return tried

    def show_wait(self, seconds: int) -> None:
        """So many seconds until an answer may be tried; 0 when it may."""
        if self._tried is not None:
            tried, words = self._tried
            tried.setEnabled(not seconds)
            tried.setText(self.tr("请等 {seconds} 秒再试").format(seconds=seconds) if seconds else words)

    def focus_field(self) -> None:
        """The cursor in the field, what is in it ready to be typed over."""
        if self.asked is not None:
            self.asked.setFocus()
            self.asked.line.selectAll()

    def set_busy(self, on: bool) -> None:
        """Whether the key is being derived: nothing can be pressed meanwhile."""
        self.busy.setVisible(on and self.column.indexOf(self.busy) >= 0)
        self.set_usable(not on)

    def set_usable(self, on: bool) -> None:
        for widget in self.findChildren(QPushButton):
            widget.setEnabled(on)
        for field in self.findChildren(SecretField):
            field.setEnabled(on)

    def wipe(self) -> None:
        """Nothing typed stays behind."""
        for field in self.findChildren(SecretField):
            field.wipe()
            field.show_error("")


class PasswordCard(DoorCard):
    """Asks for the password."""

    given = Signal(str)
    code_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        brand = text(self.tr("静室"), "brand")
        self.names = text("", "context", wrap=True)
        for label in (brand, self.names):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.column.addWidget(label)
        self.column.addSpacing(18)
        self.asked = self.field = SecretField(self.tr("口令"))
        self.field.line.setMinimumHeight(30)
        self.warning = text("", "warning", wrap=True)
        self.warning.setMinimumHeight(18)
        self.open_button = self.tries(button(self.tr("打开"), primary=True))
        self.open_button.setMinimumHeight(30)
        for widget in (self.field, self.warning, self.open_button, self.busy):
            self.column.addWidget(widget)
        self.code_button = button(self.tr("忘了口令？用恢复码打开"), quiet=True)
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
        self._look()

    def _look(self) -> None:
        wide = any(unicodedata.east_asian_width(c) in "FW" for c in self.field.value())
        if wide:
            self.warning.setText(self.tr("有全角或中文字符，请检查输入法"))
        else:
            self.warning.setText(self.tr("大写锁定已打开") if self._caps else "")


class CodeCard(DoorCard):
    """Asks for the recovery code."""

    given = Signal(str)
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.add_head(
            self.tr("用恢复码打开"),
            self.tr("恢复码是建立档案时抄下的七组字母和数字。打开后请马上设一个新口令，旧口令随即失效。"),
        )
        self.asked = self.field = SecretField(
            self.tr("恢复码"), self.tr("大小写、短横和空格不影响；0 和 O、1 和 I 都认得。"), shown=True
        )
        self.open_button = self.tries(button(self.tr("打开"), primary=True, name=self.tr("用恢复码打开")))
        back = button(self.tr("返回"))
        line = QHBoxLayout()
        line.addWidget(back)
        line.addStretch(1)
        line.addWidget(self.open_button)
        for widget in (self.field, self.busy):
            self.column.addWidget(widget)
        self.column.addLayout(line)
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
        self.add_head(self.tr("设一个新口令"), self.tr("档案已用恢复码打开。请现在设新口令，恢复码仍然有效。"))
        self.asked = self.field = SecretField(
            self.tr("新口令"), self.tr("至少 12 个字，或六个词的短语；不要用学校、姓名、电话。")
        )
        self.second = SecretField(self.tr("再输入一次"))
        self.save_button = button(self.tr("保存新口令"), primary=True)
        for widget in (self.field, self.second, self.save_button, self.busy):
            self.column.addWidget(widget)
        self.save_button.clicked.connect(self._give)
        self.field.line.returnPressed.connect(self.second.setFocus)
        self.second.line.returnPressed.connect(self._give)

    def _give(self) -> None:
        if not self.save_button.isEnabled():
            return
        if self.field.value() != self.second.value():
            self.second.show_error(self.tr("两次输入的不一样。"))
            return
        self.given.emit(self.field.value())


class TroubleCard(DoorCard):
    """What kept the vault shut though nothing typed was wrong: damage, another window, a missing disk."""

    again = Signal()
    other_folder_wanted = Signal()
    restore_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.column.addWidget(text(self.tr("档案没有打开"), "title"))
        ground = QFrame()
        ground.setObjectName("banner")
        inside = QVBoxLayout(ground)
        inside.setContentsMargins(14, 12, 14, 12)
        self.sentence = text("", "strong", wrap=True, selectable=True)
        self.sentence.setAccessibleName(self.tr("档案没有打开的原因"))
        inside.addWidget(self.sentence)
        self.column.addWidget(ground)
        self.next_step = text("", "context", wrap=True, selectable=True)
        self.column.addWidget(self.next_step)
        self.newest = text("", "secondary", wrap=True, selectable=True)
        self.newest.setAccessibleName(self.tr("最新的备份"))
        self.column.addWidget(self.newest)
        self.column.addSpacing(6)
        other = button(self.tr("选择别的文件夹"))
        self.restore_button = button(self.tr("从备份恢复"))
        self.restore_button.clicked.connect(self.restore_wanted)
        self.again_button = button(self.tr("再试一次"), primary=True)
        line = QHBoxLayout()
        line.addWidget(other)
        line.addWidget(self.restore_button)
        line.addStretch(1)
        line.addWidget(self.again_button)
        self.column.addLayout(line)
        self.again_button.clicked.connect(self.again)
        other.clicked.connect(self.other_folder_wanted)

    def show_problem(self, problem: Problem, newest: str | None = None) -> None:
        """``newest`` names the newest good backup where restoring would help, empty where none is in reach; None where it would not."""
        sentence, next_step = sentences(problem)
        self.sentence.setText(sentence)
        self.next_step.setText(next_step)
        self.newest.setText(newest or "")
        self.newest.setVisible(bool(newest))
        self.restore_button.setVisible(newest is not None)


def sentences(problem: Problem) -> tuple[str, str]:
    """What happened and what to do next, in the interface's language."""
    return translated(problem.sentence_template, problem.values), translated(problem.next_template, problem.values)


def calm_bar() -> QProgressBar:
    """A bar that only says that something is going on; it keeps its room while it is hidden."""
    bar = QProgressBar()
    bar.setRange(0, 0)
    bar.setTextVisible(False)
    policy = bar.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    bar.setSizePolicy(policy)
    bar.hide()
    return bar


class Middle(QScrollArea):
    """The card in the middle of whatever room there is, as high as its words need; where it has no room it can be scrolled."""

    def __init__(self, card: DoorCard) -> None:
        super().__init__()
        self._card = card
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(card)
        line.addStretch(1)
        column.addStretch(1)
        column.addLayout(line)
        column.addStretch(1)
        self.setWidget(holder)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._card.setFixedWidth(min(scaled(self._card.wanted), self.viewport().width()))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._card.setFixedWidth(min(scaled(self._card.wanted), self.viewport().width()))
