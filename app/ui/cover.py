"""Cover (F9): hides every window at once behind a neutral timetable, until the PIN or the password is typed."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.ui.cards import button, text
from app.ui.secrets import SecretField

WRONG_ANSWERS = 3
"""So many wrong answers lock the vault."""
FIELD_WIDTH = 240


class Cover(QWidget):
    """The timetable that stands where the window stood. It shows nothing of the vault, and says no word of what the program is."""

    given = Signal(str)
    closing = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.setWindowTitle(self.tr("课程表"))
        self.setAccessibleName(self.tr("课程表"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(40, 32, 40, 24)
        outer.setSpacing(16)
        outer.addWidget(text(self.tr("课程表"), "title"))
        outer.addWidget(self._timetable(), 1)
        outer.addLayout(self._way_back())
        self._show_way_back(False)

    def ask_again(self, why: str) -> None:
        """What was typed does not bring the window back."""
        self.field.wipe()
        self.set_busy(False)
        self.field.show_error(why)
        self.field.setFocus()

    def set_busy(self, on: bool) -> None:
        """Whether what was typed is being tried."""
        self.field.setEnabled(not on)
        self.back_button.setEnabled(not on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Any key asks for the PIN; nothing asks for it before, so that the screen is a timetable and nothing else."""
        self._show_way_back(True)
        super().keyPressEvent(event)

    def mousePressEvent(self, _event: object) -> None:
        self._show_way_back(True)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.closing.emit()

    def _timetable(self) -> QFrame:
        frame = QFrame()
        frame.setObjectName("card")
        grid = QGridLayout(frame)
        grid.setContentsMargins(20, 16, 20, 16)
        days = [self.tr("周一"), self.tr("周二"), self.tr("周三"), self.tr("周四"), self.tr("周五")]
        lessons = [
            self.tr("语文"), self.tr("数学"), self.tr("英语"), self.tr("物理"), self.tr("历史"),
            self.tr("体育"), self.tr("音乐"), self.tr("班会"),
        ]  # fmt: skip
        for column, day in enumerate(days, start=1):
            grid.addWidget(_cell(day, "strong"), 0, column)
        for row in range(1, 9):
            grid.addWidget(_cell(self.tr("第 {number} 节").format(number=row), "secondary"), row, 0)
            for column in range(1, len(days) + 1):
                grid.addWidget(_cell(lessons[(row * 3 + column * 5) % len(lessons)]), row, column)
        return frame

    def _way_back(self) -> QHBoxLayout:
        self.field = SecretField("")
        self.field.line.setAccessibleName(self.tr("数字或口令"))
        self.field.line.setPlaceholderText(self.tr("数字或口令"))
        self.field.setFixedWidth(FIELD_WIDTH)
        self.back_button = button(self.tr("返回"))
        self.field.line.returnPressed.connect(self._give)
        self.back_button.clicked.connect(self._give)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.field)
        line.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _show_way_back(self, on: bool) -> None:
        for widget in (self.field, self.back_button):
            policy = widget.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            widget.setSizePolicy(policy)
            widget.setVisible(on)
        if on:
            self.field.setFocus()

    def _give(self) -> None:
        if self.field.value() and self.field.isEnabled():
            self.given.emit(self.field.value())


class Covering(QObject):
    """Covers the program's windows and brings them back as they were. It keeps no secret: ``asked`` says what was typed."""

    asked = Signal(str)
    lock_wanted = Signal()

    def __init__(self, application: QApplication, window: QWidget) -> None:
        super().__init__(window)
        self._application, self._window = application, window
        self._cover: Cover | None = None
        self._hidden: list[QWidget] = []
        self._focused: QWidget | None = None
        self._wrong = 0

    def is_on(self) -> bool:
        """Whether the screen is covered."""
        return self._cover is not None

    def front(self) -> QWidget:
        """What stands before her: the cover, or the window."""
        return self._cover or self._window

    def cover(self) -> None:
        """Cover the screen at once; once covered, nothing of the program can come before it."""
        if self._cover is not None:
            return
        QGuiApplication.inputMethod().commit()  # a window that hides would drop what is half typed
        self._focused, self._wrong = QApplication.focusWidget(), 0
        self._cover = cover = Cover()
        cover.given.connect(self.asked)
        cover.closing.connect(self.lock_wanted)
        cover.setGeometry(self._window.geometry())
        cover.setWindowState(self._window.windowState())
        cover.show()
        self._hidden = []
        for window in self._application.topLevelWidgets():
            self._hide(window)
        self._application.installEventFilter(self)
        cover.raise_()
        cover.setFocus()

    def uncover(self) -> None:
        """Bring every window back as it was, with the cursor where it was."""
        if self._cover is None:
            return
        hidden = [window for window in self._hidden if isValid(window) and window is not self._window]
        self.drop()
        self._window.show()
        for window in hidden:
            window.show()
        (hidden[-1] if hidden else self._window).activateWindow()
        if self._focused is not None and isValid(self._focused):
            self._focused.setFocus()

    def refuse(self) -> None:
        """What was typed was wrong; the third time the vault is locked."""
        self._wrong += 1
        if self._wrong >= WRONG_ANSWERS:
            self.lock_wanted.emit()
        elif self._cover is not None:
            self._cover.ask_again(self.tr("不对，请再输入一次"))

    def cannot_tell(self) -> None:
        """What was typed could not be tried; it does not count as wrong."""
        if self._cover is not None:
            self._cover.ask_again(self.tr("现在核对不了，请稍后再输入一次"))

    def set_busy(self, on: bool) -> None:
        """Whether what was typed is being tried."""
        if self._cover is not None:
            self._cover.set_busy(on)

    def drop(self) -> None:
        """Take the cover away and show nothing: the vault is being locked, or the windows are shown next."""
        self._application.removeEventFilter(self)
        cover, self._cover = self._cover, None
        self._hidden = []
        if cover is not None:
            cover.hide()
            cover.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A job that ends meanwhile may open a message: below the cover, and hidden as soon as it has come, until the cover is gone."""
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            QTimer.singleShot(0, watched, partial(self._hide, watched))
        return False

    def _hide(self, window: QWidget) -> None:
        if self._cover is None or window is self._cover or not window.isVisible():
            return
        if window.windowType() in (Qt.WindowType.Popup, Qt.WindowType.ToolTip):
            window.close()
            return
        self._hidden.append(window)
        window.hide()
        if isinstance(window, QDialog):
            window.finished.connect(self._forget)
        self._cover.activateWindow()

    def _forget(self) -> None:
        """A dialog that was answered or has done its work behind the cover does not come back."""
        done = self.sender()
        self._hidden = [window for window in self._hidden if isValid(window) and window is not done]


def _cell(words: str, role: str = "") -> QLabel:
    label = text(words, role)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label
