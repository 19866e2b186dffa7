"""Asks for what opens a backup that was made under other keys: the password of its day, or the recovery code."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.errors import Problem
from app.ui.cards import button, text
from app.ui.language import told
from app.ui.secrets import SecretField
from app.vault.restoring import secret_of


class SecretDialog(QDialog):
    """Opened, never executed; gives the secret and stays until it is told that it was right."""

    given = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("静室"))
        self.setAccessibleName(self.tr("打开这份备份"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(460)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(10)
        column.addWidget(text(self.tr("这份备份用的不是现在的钥匙"), "heading"))
        said = self.tr("请输入做这份备份那一天的口令，或者那时的恢复码。")
        column.addWidget(text(said, "context", wrap=True))
        self.field = SecretField(self.tr("那一天的口令或恢复码"))
        column.addWidget(self.field)
        line = QHBoxLayout()
        line.addStretch(1)
        no, self.go = button(self.tr("取消")), button(self.tr("打开"), primary=True, name=self.tr("打开这份备份"))
        no.clicked.connect(self.reject)
        self.go.clicked.connect(self._give)
        self.field.line.returnPressed.connect(self._give)
        for widget in (no, self.go):
            line.addWidget(widget)
        column.addLayout(line)
        self.field.setFocus()

    def show_problem(self, problem: Problem) -> None:
        self.field.show_error(told(problem))
        self.go.setEnabled(True)

    def _give(self) -> None:
        if self.field.value() and self.go.isEnabled():
            self.go.setEnabled(False)
            self.given.emit(secret_of(self.field.value()))
