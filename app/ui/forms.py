"""Form: the fields of one record as a whole: what is in them, whether it was changed, and the key it is kept under while typed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from app.ui.fields import Field
from app.ui.secrets import SecretField


class Form(QObject):
    """Fields by name. ``key`` names the form in the vault's typing table (``note/123``, ``student/new``); never put a password in one."""

    changed = Signal()
    gone = Signal()  # a field was deleted with its page

    def __init__(self, key: str, student_id: int | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.student_id = student_id
        self.fields: dict[str, Field] = {}
        self._saved: dict[str, str] = {}

    def add(self, name: str, field: Field) -> Field:
        """Put a field into the form under a name. Raises TypeError for a password: what is in a form is kept while typed."""
        if isinstance(field, SecretField):
            raise TypeError("a secret is never part of a form")
        self.fields[name] = field
        field.changed.connect(self.changed)
        field.destroyed.connect(self.gone)
        self._saved[name] = field.value()
        return field

    def values(self) -> dict[str, str]:
        """What is in every field now, uncommitted input included."""
        return {name: field.value() for name, field in self.fields.items()}

    def fill(self, values: dict[str, str]) -> None:
        """Put values into the fields; a field not named stays as it is."""
        for name, value in values.items():
            if name in self.fields:
                self.fields[name].set_value(value)

    def mark_saved(self) -> None:
        """What is in the fields now is what the vault holds."""
        self._saved = self.values()

    def is_dirty(self) -> bool:
        """Whether something was typed that the vault does not hold as saved."""
        return self.values() != self._saved

    def show_errors(self, errors: dict[str, str]) -> None:
        """Sentences under the fields by name; the first wrong field gets the cursor."""
        for name, field in self.fields.items():
            field.show_error(errors.get(name, ""))
        for name, field in self.fields.items():
            if name in errors:
                field.setFocus()
                bring_into_sight(field)
                break


def bring_into_sight(widget: QWidget) -> None:
    """Scroll the page so that all of it is seen, as far as there is room."""
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is not None:
        above.ensureWidgetVisible(widget)
