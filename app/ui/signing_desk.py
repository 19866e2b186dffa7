"""The signing desk: asks for the password once, keeps the signing session for its ten minutes, and hands it to whoever signs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.errors import Problem
from app.ui.background import Background, Progress
from app.ui.cards import button, text
from app.ui.doorcards import sentences
from app.ui.fields import CheckField
from app.ui.notice import Notice
from app.ui.secrets import SecretField

Opening = Callable[[str, bool], Any]
"""Opens a signing session with the password; True says that what was doubted has been confirmed. Takes a second."""


class Doubted(Problem):
    """The session may be opened if she confirms what the problem says (the PC's clock)."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence_template, problem.next_template, **problem.values)


class SigningDesk(QObject):
    """``ask`` gives an open session to ``on_ready``, at once where one is open still, else after the password."""

    def __init__(self, window: QWidget, notice: Notice, background: Background, opening: Opening) -> None:
        super().__init__(window)
        self._window, self._notice, self._background, self._opening = window, notice, background, opening
        self._session: Any = None
        self._dialog: PasswordDialog | None = None
        self._on_ready: Callable[[Any], None] | None = None

    def ask(self, what: str, on_ready: Callable[[Any], None]) -> None:
        """Have ``on_ready(session)`` called; ``what`` is what will be signed, as the dialog says it (no name)."""
        if self._session is not None and self._session.is_open:
            on_ready(self._session)
            return
        self._on_ready = on_ready
        self._dialog = PasswordDialog(self._window, what)
        self._dialog.given.connect(self._open)
        self._dialog.finished.connect(self._forget)
        self._dialog.open()

    def close(self) -> None:
        """Drop the key: at the lock, or when she says so."""
        dialog = self._dialog
        self._forget()
        if dialog is not None:
            dialog.reject()
        if self._session is not None:
            self._session.close()
            self._session = None

    def _open(self, password: str, confirmed: bool) -> None:
        def work(_progress: Progress) -> Any:
            return self._opening(password, confirmed)

        self._background.run(work, self._opened, self._refused)

    def _opened(self, session: Any) -> None:
        if self._dialog is None:  # she went back meanwhile: nothing is signed
            session.close()
            return
        self._session, dialog, on_ready = session, self._dialog, self._on_ready
        dialog.accept()
        if on_ready is not None:
            on_ready(session)

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            if self._dialog is not None:
                self._dialog.reject()
            raise error
        if self._dialog is not None:
            self._dialog.show_problem(error, may_confirm=isinstance(error, Doubted))

    def _forget(self) -> None:
        """The dialog is over, whichever way."""
        self._dialog = self._on_ready = None


class PasswordDialog(QDialog):
    """Asks for the vault's password before signing."""

    given = Signal(str, bool)  # the password, and whether what was doubted is confirmed

    def __init__(self, parent: QWidget, what: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("静室"))
        self.setAccessibleName(self.tr("签署前确认口令"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(400)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(10)
        column.addWidget(text(self.tr("签署：{what}").format(what=what), "heading", wrap=True))
        column.addWidget(
            text(self.tr("请输入口令。之后 10 分钟内再签署不用重新输入，锁定即失效。"), "context", wrap=True)
        )
        self.field = SecretField(self.tr("签署口令"))
        column.addWidget(self.field)
        self.confirmed = CheckField(self.tr("我已核对，电脑的时间是对的"))
        self.confirmed.hide()
        column.addWidget(self.confirmed)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        policy = self.busy.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # or the field above gives way when it appears
        self.busy.setSizePolicy(policy)
        self.busy.hide()
        column.addWidget(self.busy)
        line = QHBoxLayout()
        line.addStretch(1)
        self.cancel = button(self.tr("取消"))
        self.sign = button(self.tr("签署"), primary=True, name=self.tr("确认签署"))
        line.addWidget(self.cancel)
        line.addWidget(self.sign)
        column.addLayout(line)
        self.cancel.clicked.connect(self.reject)
        self.sign.clicked.connect(self._give)
        self.sign.setDefault(True)

    def show_problem(self, problem: Problem, *, may_confirm: bool = False) -> None:
        """Say why it was not opened; ``may_confirm`` offers to go on all the same."""
        self.sign.setEnabled(True)
        self.busy.hide()
        self.field.show_error("".join(sentences(problem)))
        self.confirmed.setVisible(may_confirm)
        self.field.line.selectAll()
        self.field.setFocus()

    def _give(self) -> None:
        if self.sign.isEnabled() and self.field.value():
            self.sign.setEnabled(False)
            self.busy.show()
            self.given.emit(self.field.value(), self.confirmed.is_on())
