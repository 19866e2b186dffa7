"""Notice: the one door to the counsellor: what went wrong, questions, and quiet words at the foot of the window."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.errors import Problem
from app.ui.cards import button, text
from app.ui.language import translated
from app.ui.letting_go import is_ours, let_go
from app.ui.toast import Toast


class Message(QDialog):
    """A small window with a sentence, what to do next, and its buttons; opened, never executed."""

    def __init__(self, parent: QWidget | None, sentence: str, detail: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("静室"))
        self.setAccessibleName(sentence)
        self.setMinimumWidth(420)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(10)
        column.addWidget(text(sentence, "heading", wrap=True, selectable=True))
        if detail:
            column.addWidget(text(detail, "context", wrap=True, selectable=True))
        self.middle = QVBoxLayout()
        column.addLayout(self.middle)
        column.addSpacing(6)
        self.buttons = QHBoxLayout()
        self.buttons.addStretch(1)
        column.addLayout(self.buttons)


class Notice(QObject):
    """Tells, asks and whispers. Every dialog it opens can be closed by the lock."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._toast: Toast | None = None

    def tell(self, problem: Problem) -> None:
        """Say what went wrong and what to do next."""
        self.say(
            translated(problem.sentence_template, problem.values), translated(problem.next_template, problem.values)
        )

    def say(self, sentence: str, detail: str = "") -> None:
        """A sentence that has to be read before going on; said once even if it comes again while it is being read."""
        if any(said.accessibleName() == sentence for said in self._window.findChildren(Message) if said.isVisible()):
            return
        message = Message(self._window, sentence, detail)
        close = button(self.tr("知道了"), primary=True)
        close.clicked.connect(message.accept)
        message.buttons.addWidget(close)
        close.setDefault(True)
        message.open()

    def tell_bug(self, where: str) -> None:
        """Say that something went wrong that nobody foresaw; ``where`` are places in the code, nothing else."""
        self.say(
            self.tr("程序出了一个错，刚才的操作没有完成。"),
            self.tr("已经保存的内容不受影响。请重试一次；如果再次出现，请把这一行告诉维护者：{where}").format(
                where=where
            ),
        )

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
        """A question; ``yes`` is the verb on its button. A destructive one asks for ``word`` to be typed, not just Enter."""
        message = Message(self._window, sentence, detail)
        no, go = button(self.tr("取消")), button(yes, primary=not word, danger=bool(word))
        no.clicked.connect(message.reject)
        go.clicked.connect(message.accept)
        message.accepted.connect(on_yes)
        if on_no is not None:
            message.rejected.connect(on_no)
        message.buttons.addWidget(no)
        message.buttons.addWidget(go)
        if word:
            _Guard(message, word, go)
        else:
            go.setDefault(True)
        message.open()

    def toast(self, words: str, action: str = "", on_action: Callable[[], None] | None = None) -> None:
        """Quiet words at the foot of the window, gone after some seconds; ``action`` is usually 撤销."""
        self.drop_toast()
        self._toast = Toast(self._window, words, action, on_action)
        self._toast.left.connect(self._forget_toast)

    def close_all(self) -> None:
        """Close every menu, dialog and toast of the window at once, a page's own too, answering nothing: the lock does this."""
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
            popup.hide()
        for dialog in self._window.findChildren(QDialog):
            dialog.blockSignals(True)
            dialog.hide()  # not close(): a dialog may refuse that
            if is_ours(dialog):
                let_go(dialog)
        self.drop_toast()

    def drop_toast(self) -> None:
        """Take the quiet words away."""
        if self._toast is not None:
            self._toast.leave()

    def _forget_toast(self) -> None:
        if self._toast is self.sender():
            self._toast = None


class _Guard(QObject):
    """Keeps a destructive button off until the word is typed."""

    def __init__(self, message: Message, word: str, go: QWidget) -> None:
        super().__init__(message)
        from app.ui.fields import LineField  # not for the door, which is shown first

        self._word, self._go = word, go
        self._field = LineField(self.tr("请输入「{word}」以确认").format(word=word))
        message.middle.addWidget(self._field)
        go.setEnabled(False)
        self._field.changed.connect(self._compare)
        self._field.setFocus()

    def _compare(self) -> None:
        self._go.setEnabled(self._field.value().strip() == self._word)


def install_bug_door(notice: Notice) -> None:
    """Have an unexpected exception shown with a next step; what is written to standard error are code locations only.

    An exception on a thread of its own, or in an object that is being let go, is only written: no window may be touched there.
    """

    def show(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if isinstance(error, Problem):
            notice.tell(error)
            return
        notice.tell_bug(place_of(error))

    sys.excepthook = show
    threading.excepthook = _write_thread
    sys.unraisablehook = _write_unraisable


def place_of(error: BaseException) -> str:
    """Where in the code a bug showed, in one line; all the places are written to standard error."""
    _write_places(type(error), error.__traceback__)
    return " ".join([type(error).__name__, *_places(error.__traceback__)[-1:]])


def _write_thread(told: threading.ExceptHookArgs) -> None:
    _write_places(told.exc_type, told.exc_traceback)


def _write_unraisable(told: sys.UnraisableHookArgs) -> None:
    _write_places(told.exc_type, told.exc_traceback)


def _write_places(kind: type[BaseException], trace: TracebackType | None) -> None:
    print(kind.__name__, *_places(trace), sep="\n  ", file=sys.stderr)


def _places(trace: TracebackType | None) -> list[str]:
    return [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)]
