"""A dialog of steps: what they gather is given once, and the dialog stays until that is taken."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.ui.first_steps import WIDTH, Step
from app.ui.stepping import Stepping
from app.ui.theme import scaled

HEIGHT = 600
MARGIN = 20


class StepsDialog(QDialog):
    """Opened, never executed; Esc leaves it unless something is being done."""

    def __init__(self, parent: QWidget, title: str, steps: Sequence[Step], last: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("静室"))
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.stepping = Stepping(steps, last, first=self.tr("取消"))
        self.stepping.left.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.addWidget(self.stepping)
        room = parent.window().size()
        self.resize(min(scaled(WIDTH) + 2 * MARGIN, room.width()), min(scaled(HEIGHT), room.height() - MARGIN))

    def reject(self) -> None:
        if not self.stepping.is_busy():
            super().reject()
