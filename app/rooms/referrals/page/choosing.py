"""Choosing a student by name, pinyin, class or number: for a new referral, or for the text of a voided one."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.rooms.students import store as students
from app.ui.finding import PersonDialog
from app.vault.vault import Vault


class StudentDialog(PersonDialog):
    """Chooses one of the vault's students."""

    def __init__(self, parent: QWidget, vault: Vault, question: str) -> None:
        with vault.read() as session:
            index = students.jump_index(session)
        super().__init__(parent, question, index.people)
