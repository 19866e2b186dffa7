"""Keeper: writes down what is typed in any form, at most five seconds behind, and puts it back when the form opens again."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from app.errors import Problem
from app.ui.forms import Form
from app.ui.locking import all_of
from app.vault import typing
from app.vault.typing import Unsaved
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
        self._held: dict[str, Unsaved] = {}
        self._unwritten: dict[str, Unsaved] = {}
        """What a lock could not write down, until it is written, put back into its form, or saved."""
        self._failing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._write)

    def begin(self, form: Form, key: str, student_id: int | None, values: dict[str, str]) -> bool:
        """Have the form hold this record now; what was typed before and not saved is put back. True if there was something."""
        form.key, form.student_id = key, student_id
        form.fill(values)
        form.show_errors({})
        form.mark_saved()
        return self.watch(form)

    def watch(self, form: Form) -> bool:
        """Keep this form from now on; what was typed into it and not saved is put back. True if there was something."""
        with self._vault.read() as session:
            kept = typing.typed(session, form.key)
        left = self._unwritten.get(form.key)  # newer than what was written
        content = left.content if left else kept.content if kept else None
        if content is not None:
            form.fill(content)
        if self._forms.get(form.key) is not form:
            self._forms[form.key] = form
            form.changed.connect(self._note_change)
            form.gone.connect(self._forget)
        if left is not None:
            self._to_write(form.key)
        if content is not None:
            self.restored.emit(form)
        return content is not None

    def has_open(self, key: str) -> bool:
        """Whether a form of this key is open."""
        return key in self._forms

    def kept(self, begins: str) -> list[str]:
        """The keys beginning so under which something typed waits for its form, newest first: a form in place opens again by itself."""
        with self._vault.read() as session:
            written = typing.forms(session, begins)
        return [*(key for key in self._unwritten if key.startswith(begins) and key not in written), *written]

    def settle(self, form: Form) -> None:
        """The form was saved or given up: nothing typed of it stays. The record's own write may have dropped it before."""
        form.mark_saved()
        self._dirty.discard(form.key)
        self._unwritten.pop(form.key, None)
        with self._vault.read() as session:
            kept = typing.typed(session, form.key) is not None
        if kept:
            with self._vault.write("暂存") as session:
                typing.drop(session, form.key)

    def leave(self, form: Form) -> None:
        """The form closes and holds no record any more: what is unsaved in it is written down first.

        Raises Problem when that cannot be done; then it stays as it is.
        """
        if self._forms.get(form.key) is not form:
            form.key = ""
            return
        if form.key in self._dirty:
            typing.keep(self._vault, form.key, form.values(), form.student_id, wait=FLUSH_WAIT)
            self._unwritten.pop(form.key, None)
        self._drop(form)
        form.changed.disconnect(self._note_change)
        form.gone.disconnect(self._forget)
        form.key = ""

    def hold(self) -> None:
        """Read every form now, without writing: a window that hides makes the input method drop its uncommitted text."""
        self._held = {}
        all_of(*(partial(self._hold, form) for form in self._forms.values()))

    def flush(self) -> bool:
        """Write everything down now, held or read from the forms: for the lock and the end. Waits for the pen.

        False when something could not be written: ``failed`` says why, and ``wrapped`` has it. Every form is tried,
        even where one before it fails in a way nobody foresaw; that is raised afterwards.
        """
        self._timer.stop()
        if self._held:
            self._write_held()
        else:
            all_of(self.hold, self._write_held)
        return not self._unwritten

    def wrapped(self) -> bytes:
        """What ``flush`` could not write down, sealed under the vault's key; empty when there is nothing."""
        return typing.wrap(self._vault, self._unwritten) if self._unwritten else b""

    def take_over(self, wrapped: bytes) -> None:
        """What the last lock could not write down is written now, or as soon as there is room."""
        self._unwritten = typing.unwrap(self._vault, wrapped)
        self._write()

    def _hold(self, form: Form) -> None:
        if form.key in self._dirty or form.is_dirty():
            self._held[form.key] = Unsaved(form.values(), form.student_id)

    def _write_held(self) -> None:
        self._unwritten |= self._held
        self._held = {}
        all_of(*(partial(self._keep, key, unsaved, FLUSH_WAIT) for key, unsaved in self._unwritten.items()))

    def _note_change(self) -> None:
        form = self.sender()
        if isinstance(form, Form) and self._forms.get(form.key) is form:
            self._to_write(form.key)

    def _to_write(self, key: str) -> None:
        self._dirty.add(key)
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
        typed = {key: partial(self._keep_form, self._forms[key]) for key in self._dirty}
        left = {key: partial(self._keep, key, unsaved, 0.0) for key, unsaved in self._unwritten.items()}
        try:
            all_of(*(left | typed).values())
        finally:
            if self._dirty or self._unwritten:
                self._timer.start(FULL_RETRY_MS if self._failing else RETRY_MS)

    def _keep_form(self, form: Form) -> None:
        self._keep(form.key, Unsaved(form.values(), form.student_id), 0.0)

    def _keep(self, key: str, unsaved: Unsaved, wait: float) -> None:
        """Write one form down; it stays dirty when that fails."""
        told, self._failing = self._failing, True
        try:
            typing.keep(self._vault, key, unsaved.content, unsaved.student_id, wait=wait)
        except Busy as busy:
            self._failing = told
            if wait:
                self.failed.emit(busy)
        except Problem as problem:
            if not told:
                self.failed.emit(problem)
        except Exception:
            if wait or not told:
                raise
        else:
            self._failing = False
            self._dirty.discard(key)
            self._unwritten.pop(key, None)
