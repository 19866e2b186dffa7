"""Choosing the student whose register is wanted: by name, pinyin, class or number; a destroyed file by its number alone."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.rooms.access import store
from app.rooms.students import store as students
from app.ui.cards import Row, button
from app.ui.fields import Field
from app.ui.finding import PersonDialog
from app.ui.icons import icon
from app.ui.theme import present
from app.vault.text import marked
from app.vault.vault import Vault


class StudentDialog(PersonDialog):
    """Chooses one of the vault's students, or a file that was destroyed."""

    def __init__(self, parent: QWidget, vault: Vault) -> None:
        self._vault = vault
        with vault.read() as session:
            index = students.jump_index(session)
        super().__init__(parent, self.tr("看哪位学生的登记？"), index.people)
        self.usual = self.tr("输入后在列表里选择。已销毁的档案只有编号，例如 12。")
        self.look()

    def found(self, words: str) -> list[tuple[int, Row]]:
        gone = self._gone(words)
        rows = super().found(words) + gone
        if gone:
            self.hint.setText(self.usual)
        return rows

    def _gone(self, words: str) -> list[tuple[int, Row]]:
        """A destroyed file, by the number the register shows; one in the bin too."""
        if not words.isascii() or not words.isdigit() or len(words) > 9:
            return []
        own_id = int(words)
        with self._vault.read() as session:
            if not store.is_known(session, own_id):
                return []
            name = store.student_names(session, [own_id]).get(own_id)
        if name is not None:
            return []
        row = Row(store.destroyed(own_id))
        row.make_clickable(store.destroyed(own_id))
        return [(own_id, row)]


class StudentField(Field):
    """All students, or the one that was chosen in the small window."""

    wanted = Signal()

    def __init__(self, label: str) -> None:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.choose_button = button("", name=self.tr("{label}：选一位").format(label=label))
        self.clear_button = button("", name=self.tr("{label}：全部").format(label=label))
        self.clear_button.setIcon(icon("x", present().ink2))
        self.clear_button.setToolTip(self.tr("全部学生"))
        self.choose_button.setStyleSheet("text-align: left;")
        row.addWidget(self.choose_button, 1)
        row.addWidget(self.clear_button)
        super().__init__(label, holder)
        self.chosen: int | None = None
        self.choose_button.clicked.connect(self.wanted)
        self.clear_button.clicked.connect(self._clear)
        self.show_student(None, "")

    def show_student(self, student_id: int | None, name: str) -> None:
        """Show whose rows are seen; None for all."""
        self.chosen = student_id
        self.choose_button.setText(self.tr("全部学生") if student_id is None else marked(name).replace("&", "&&"))
        self.clear_button.setVisible(student_id is not None)

    def _clear(self) -> None:
        self.show_student(None, "")
        self.changed.emit()
