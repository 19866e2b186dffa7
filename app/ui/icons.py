"""Lucide icons, tinted from the palette."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.resources import resource

_EDGE = 48
"""Pixels the drawing is made at; Qt scales it down, so it stays sharp at 200 %."""


def icon(name: str, colour: str) -> QIcon:
    """The icon ``resources/icons/<name>.svg`` in a colour (#RRGGBB)."""
    return QIcon(pixmap(name, colour))


@cache
def pixmap(name: str, colour: str) -> QPixmap:
    """The same as a picture of 48 × 48 pixels."""
    drawing = resource("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    picture = QPixmap(QSize(_EDGE, _EDGE))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter)
    painter.end()
    return picture
