"""Finding and using widgets as a user or a screen reader would: by their accessible names."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

W = TypeVar("W", bound=QWidget)


def named(within: QWidget, name: str, kind: type[W] = QWidget) -> W:  # type: ignore[assignment]
    """The one visible widget of this name and kind."""
    found = [w for w in within.findChildren(kind) if w.accessibleName() == name and w.isVisible()]
    assert len(found) == 1, (name, [w.accessibleName() for w in within.findChildren(kind) if w.isVisible()])
    return found[0]


def press(within: QWidget, name: str) -> None:
    """Click the button of this name; it must be one that can be clicked."""
    button = named(within, name, QPushButton)
    assert button.isEnabled(), f"{name} is off"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def fill(within: QWidget, name: str, words: str) -> QLineEdit:
    """Type words into the line of this name, over what stands there."""
    line = named(within, name, QLineEdit)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, words) if words.isascii() else line.insert(words)
    return line


def words_of(within: QWidget) -> str:
    """All the words that can be read on it now."""
    return "\n".join(label.text() for label in within.findChildren(QLabel) if label.isVisible())


def dialogs(application: QApplication) -> list[QWidget]:
    """The windows that can be seen, the oldest first."""
    return [window for window in application.topLevelWidgets() if window.isVisible()]
