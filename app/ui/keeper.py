"""Keeper: writes down what is typed in any form, at most five seconds behind, and puts it back when the form opens again."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.errors import Problem
from app.ui.forms import Form
from app.vault import typing
from app.vault.vault import Busy, Vault

DELAY_MS = 1500
"""From the first change to the write; with one retry this stays under the five seconds promised."""
RETRY_MS = 1000


class Keeper(QObject):
    """Knows the forms that are open. A form leaves it when it is saved, given up or closed."""

    failed = Signal(object)  # a Problem: the disk is full and even the ballast did not help
    restored = Signal(object)  # a Form whose unsaved content was put back

    def __init__(self, vault: Vault, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._vault = vault
        self._forms: dict[str, Form] = {}
        self._dirty: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._write)

    def watch(self, form: Form) -> bool:
        """Keep this form from now on; what was typed into it and not saved is put back. True if there was something."""
        self._forms[form.key] = form
        with self._vault.read() as session:
            kept = typing.typed(session, form.key)
        if kept is not None:
            form.fill(kept.content)
        form.changed.connect(self._note_change)
        if kept is not None:
            self.restored.emit(form)
        return kept is not None

    def settle(self, form: Form) -> None:
        """The form was saved: its record's write has dropped the typing with ``typing.drop`` or this does."""
        form.mark_saved()
        self._dirty.discard(form.key)
        with self._vault.read() as session:
            kept = typing.typed(session, form.key) is not None
        if kept:
            with self._vault.write("暂存") as session:
                typing.drop(session, form.key)

    def leave(self, form: Form) -> None:
        """The form closes: what is unsaved in it is written down first."""
        if form.key in self._dirty:
            self._keep(form)
        self._forms.pop(form.key, None)
        self._dirty.discard(form.key)
        form.changed.disconnect(self._note_change)

    def flush(self) -> None:
        """Write everything down now, uncommitted input included: for the lock and the end. Waits for the pen."""
        self._timer.stop()
        for form in list(self._forms.values()):
            if form.key in self._dirty or form.is_dirty():
                self._keep(form, wait=5.0)
        self._dirty.clear()

    def _note_change(self) -> None:
        form = self.sender()
        if isinstance(form, Form):
            self._dirty.add(form.key)
            if not self._timer.isActive():
                self._timer.start(DELAY_MS)

    def _write(self) -> None:
        for key in list(self._dirty):
            try:
                self._keep(self._forms[key])
            except Busy:
                self._timer.start(RETRY_MS)
                return
            self._dirty.discard(key)

    def _keep(self, form: Form, wait: float = 0.0) -> None:
        try:
            typing.keep(self._vault, form.key, form.values(), form.student_id, wait=wait)
        except Busy:
            raise
        except Problem as problem:
            self.failed.emit(problem)
