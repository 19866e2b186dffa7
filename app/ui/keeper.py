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
FULL_RETRY_MS = 5000
FLUSH_WAIT = 5.0


class Keeper(QObject):
    """Knows the forms that are open. A form leaves it when it is saved, given up or closed."""

    failed = Signal(object)  # a Problem: what is typed could not be written down; told once until it works again
    restored = Signal(object)  # a Form whose unsaved content was put back

    def __init__(self, vault: Vault, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._vault = vault
        self._forms: dict[str, Form] = {}
        self._dirty: set[str] = set()
        self._held: dict[str, dict[str, str]] = {}
        self._failing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._write)

    def watch(self, form: Form) -> bool:
        """Keep this form from now on; what was typed into it and not saved is put back. True if there was something."""
        with self._vault.read() as session:
            kept = typing.typed(session, form.key)
        if kept is not None:
            form.fill(kept.content)
        if self._forms.get(form.key) is not form:
            self._forms[form.key] = form
            form.changed.connect(self._note_change)
            form.gone.connect(self._forget)
        if kept is not None:
            self.restored.emit(form)
        return kept is not None

    def has_open(self, key: str) -> bool:
        """Whether a form of this key is open."""
        return key in self._forms

    def settle(self, form: Form) -> None:
        """The form was saved or given up: nothing typed of it stays. The record's own write may have dropped it before."""
        form.mark_saved()
        self._dirty.discard(form.key)
        with self._vault.read() as session:
            kept = typing.typed(session, form.key) is not None
        if kept:
            with self._vault.write("暂存") as session:
                typing.drop(session, form.key)

    def leave(self, form: Form) -> None:
        """The form closes: what is unsaved in it is written down first. Raises Problem when that cannot be done."""
        if self._forms.get(form.key) is not form:
            return
        if form.key in self._dirty:
            typing.keep(self._vault, form.key, form.values(), form.student_id, wait=FLUSH_WAIT)
        self._drop(form)
        form.changed.disconnect(self._note_change)
        form.gone.disconnect(self._forget)

    def hold(self) -> None:
        """Read every form now, without writing: a window that hides makes the input method drop its uncommitted text."""
        self._held = {key: form.values() for key, form in self._forms.items() if key in self._dirty or form.is_dirty()}

    def flush(self) -> bool:
        """Write everything down now, held or read from the forms: for the lock and the end. Waits for the pen.

        False when something could not be written; ``failed`` says why.
        """
        self._timer.stop()
        if not self._held:
            self.hold()
        held, self._held = self._held, {}
        self._dirty |= set(held)
        for key, values in held.items():
            self._keep(key, values, FLUSH_WAIT)
        return not self._dirty

    def _note_change(self) -> None:
        form = self.sender()
        if isinstance(form, Form) and self._forms.get(form.key) is form:
            self._dirty.add(form.key)
            if not self._timer.isActive():
                self._timer.start(DELAY_MS)

    def _forget(self) -> None:
        form = self.sender()
        if isinstance(form, Form) and self._forms.get(form.key) is form:
            self._drop(form)

    def _drop(self, form: Form) -> None:
        del self._forms[form.key]
        self._dirty.discard(form.key)

    def _write(self) -> None:
        for key in list(self._dirty):
            self._keep(key, self._forms[key].values(), 0.0)
        if self._dirty:
            self._timer.start(FULL_RETRY_MS if self._failing else RETRY_MS)

    def _keep(self, key: str, values: dict[str, str], wait: float) -> None:
        """Write one form down; it stays dirty when that fails."""
        try:
            typing.keep(self._vault, key, values, self._forms[key].student_id, wait=wait)
        except Busy as busy:
            if wait:
                self.failed.emit(busy)
        except Problem as problem:
            if not self._failing:
                self.failed.emit(problem)
            self._failing = True
        else:
            self._failing = False
            self._dirty.discard(key)
