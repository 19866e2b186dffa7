"""Fields for passwords and codes: never kept while typed, never learned by the input method."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from app.ui.fields import Field

_HINTS = (
    Qt.InputMethodHint.ImhSensitiveData
    | Qt.InputMethodHint.ImhHiddenText
    | Qt.InputMethodHint.ImhNoPredictiveText
    | Qt.InputMethodHint.ImhNoAutoUppercase
    | Qt.InputMethodHint.ImhPreferLatin
)


class _SecretLine(QLineEdit):
    """Tells from the letters typed whether Caps Lock is on: the toolkit does not say."""

    caps = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter = event.text()
        if len(letter) == 1 and letter.isascii() and letter.isalpha():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps.emit(letter.isupper() is not shifted)
        super().keyPressEvent(event)


class SecretField(Field):
    """One hidden line. It belongs to no Form, so the keeper never sees it. Nothing typed is changed, not even pasted spaces."""

    def __init__(self, label: str, hint: str = "", *, shown: bool = False) -> None:
        self.line = _SecretLine()
        self.line.setInputMethodHints(_HINTS)
        if not shown:
            self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setMaxLength(4096)
        super().__init__(label, self.line, hint)
        self.line.textChanged.connect(self._changed)

    def value(self) -> str:
        return self.line.text()

    def set_value(self, value: str) -> None:
        self.line.setText(value)

    def set_shown(self, on: bool) -> None:
        """Show the characters, where nobody is looking."""
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)

    def wipe(self) -> None:
        """Empty the field and its undo memory."""
        self.line.clear()
        self.line.setText("")
