"""The words of the house's own list of rooms, in the language of the screen."""

from PySide6.QtCore import QCoreApplication


def tr(words: str) -> str:
    """The words as the screen says them."""
    return QCoreApplication.translate("House", words)
