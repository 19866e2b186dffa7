"""Deleting windows while the toolkit may be asking something in a loop of its own, standing on its stack: not under its feet."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import createdByPython


def let_go(widget: QWidget) -> None:
    """Delete a widget: soon, or when the last question the toolkit itself asks (a file that is not there) has come back."""
    asked = [window for window in QApplication.topLevelWidgets() if isinstance(window, QDialog) and not is_ours(window)]
    if asked:
        asked[-1].destroyed.connect(widget.deleteLater)
    else:
        widget.deleteLater()


def is_ours(window: QWidget) -> bool:
    """Whether the program made it, not the toolkit: only that may be deleted."""
    return bool(createdByPython(window))
