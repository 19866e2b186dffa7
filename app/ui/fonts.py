"""The bundled fonts, loaded at start, so that the program looks the same and shows no boxes on any PC."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from app.resources import resource

SANS = "Noto Sans SC"
FACES = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")


def load(application: QApplication) -> None:
    """Load the faces and make Noto Sans SC the application's font. Raises RuntimeError when a face is missing."""
    for face in FACES:
        if QFontDatabase.addApplicationFont(str(resource("fonts", face))) < 0:
            raise RuntimeError(f"the bundled font {face} could not be loaded")
    font = QFont(SANS)
    font.setPixelSize(14)
    application.setFont(font)
