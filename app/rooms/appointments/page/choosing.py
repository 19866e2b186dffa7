"""Choosing: a student by name, pinyin or number; the students of an appointment; which occurrences of a series."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.rooms.appointments.choices import Scope
from app.rooms.students import store as students
from app.ui.cards import button, text
from app.ui.fields import Field
from app.ui.finding import PersonDialog
from app.ui.flow import FlowLayout
from app.ui.language import label_of
from app.ui.masking import shown
from app.vault.vault import Vault


class StudentDialog(PersonDialog):
    """Chooses one of the vault's students."""

    def __init__(self, parent: QWidget, vault: Vault, question: str) -> None:
        with vault.read() as session:
            index = students.jump_index(session)
        super().__init__(parent, question, index.people)


class StudentsField(Field):
    """The students of an appointment, each with a button that takes them out, and one that adds another."""

    def __init__(self, label: str, vault: Vault) -> None:
        holder = QWidget()
        self._flow = FlowLayout(6, holder)
        super().__init__(label, holder)
        self._vault = vault
        self.ids: list[int] = []
        self.classes: list[tuple[int, int]] = []
        """Their grades and class numbers."""
        self._chips: list[QWidget] = []
        self.add_button = button(self.tr("选择学生"), name=self.tr("选择学生"))
        self.add_button.clicked.connect(self._ask)
        self._flow.addWidget(self.add_button)
        self.setFocusProxy(self.add_button)

    def value(self) -> str:
        return " ".join(map(str, self.ids))

    def set_value(self, value: str) -> None:
        self.ids = [int(one) for one in value.split()]
        self._show()
        self._changed()

    def add(self, student_id: int) -> None:
        """One more; one who is there already stays there once."""
        if student_id not in self.ids:
            self.set_value(f"{self.value()} {student_id}")

    def _show(self) -> None:
        for chip in (*self._chips, self.add_button):
            self._flow.removeWidget(chip)
        for chip in self._chips:
            chip.hide()
            chip.deleteLater()
        self._chips = []
        with self._vault.read() as session:
            named = [(own, students.find(session, own)) for own in self.ids]
        self.classes = [(one.grade, one.class_no) for _, one in named if one is not None]
        for own, student in named:
            name = shown(student.name, own) if student is not None else self.tr("已销毁的档案")
            chip = button(f"{name}  ×", name=self.tr("去掉{name}").format(name=name))
            chip.clicked.connect(partial(self._take_out, own))
            self._flow.addWidget(chip)
            self._chips.append(chip)
        self.add_button.setText(self.tr("再加一位") if self.ids else self.tr("选择学生"))
        self._flow.addWidget(self.add_button)

    def _take_out(self, student_id: int) -> None:
        self.set_value(" ".join(str(own) for own in self.ids if own != student_id))

    def _ask(self) -> None:
        dialog = StudentDialog(self.window(), self._vault, self.tr("为哪位学生预约？"))
        dialog.chosen.connect(self.add)
        dialog.open()


class ScopeDialog(QDialog):
    """A change of one occurrence: 本次, 以后 or 全部."""

    chosen = Signal(object)  # a Scope
    given_up = Signal()

    def __init__(self, parent: QWidget, question: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("静室"))
        self.setAccessibleName(question)
        self.setMinimumWidth(420)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(10)
        column.addWidget(text(question, "heading", wrap=True))
        column.addWidget(text(self.tr("这是一组重复的预约。已登记结果的各次不会改动。"), "context", wrap=True))
        line = QHBoxLayout()
        no = button(self.tr("取消"))
        no.clicked.connect(self.reject)
        line.addWidget(no)
        line.addStretch(1)
        for scope in Scope:
            made = button(label_of(scope), primary=scope is Scope.ONE)
            made.clicked.connect(partial(self._choose, scope))
            line.addWidget(made)
        column.addLayout(line)
        self.rejected.connect(self.given_up)

    def _choose(self, scope: Scope) -> None:
        self.accept()
        self.chosen.emit(scope)
