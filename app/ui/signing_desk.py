"""The signing desk: asks for the password once, keeps the signing session for its ten minutes, and hands it to whoever signs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.errors import Problem
from app.ui.background import Background, Progress
from app.ui.cards import button, text
from app.ui.notice import Notice
from app.ui.secrets import SecretField

Opening = Callable[[str, bool], Any]
"""Opens a signing session with the password; True says that the PC's doubtful clock has been confirmed. Takes a second."""


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
        self._dialog.open()

    def close(self) -> None:
        """Drop the key: at the lock, or when she says so."""
        if self._dialog is not None:
            self._dialog.close()
            self._dialog = None
        if self._session is not None:
            self._session.close()
            self._session = None
        self._on_ready = None

    def _open(self, password: str, clock_confirmed: bool = False) -> None:
        def work(_progress: Progress) -> Any:
            return self._opening(password, clock_confirmed)

        self._background.run(work, self._opened, self._refused)

    def _opened(self, session: Any) -> None:
        self._session = session
        if self._dialog is not None:
            self._dialog.accept()
            self._dialog = None
        if self._on_ready is not None:
            on_ready, self._on_ready = self._on_ready, None
            on_ready(session)

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        if self._dialog is not None:
            self._dialog.show_problem(error)


class PasswordDialog(QDialog):
    """Asks for the vault's password before signing."""

    given = Signal(str)

    def __init__(self, parent: QWidget, what: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("静室"))
        self.setAccessibleName(self.tr("签署前确认口令"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(400)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(10)
        column.addWidget(text(self.tr("签署:{what}").format(what=what), "heading", wrap=True))
        column.addWidget(text(self.tr("请输入口令。之后 10 分钟内再签署不用重新输入,锁定即失效。"), "context", wrap=True))
        self.field = SecretField(self.tr("签署口令"))
        column.addWidget(self.field)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
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
        self.field.line.returnPressed.connect(self._give)

    def show_problem(self, problem: Problem) -> None:
        self.sign.setEnabled(True)
        self.busy.hide()
        self.field.show_error(f"{problem.sentence}{problem.next_step}")
        self.field.line.selectAll()

    def _give(self) -> None:
        if self.sign.isEnabled() and self.field.value():
            self.sign.setEnabled(False)
            self.busy.show()
            self.given.emit(self.field.value())
