"""Whether a page fits: nothing may be cut off at its right or left edge."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractScrollArea, QScrollArea, QWidget


def too_wide(whole: QWidget) -> list[str]:
    """What a shown window or page would cut off sideways: scroll areas whose content is wider, and widgets squeezed below their least."""
    found = []
    for area in whole.findChildren(QScrollArea):
        inside = area.widget()
        if area.isVisible() and inside is not None and inside.width() > area.viewport().width():
            found.append(f"{_name(area)}: content {inside.width()} in {area.viewport().width()}")
    for widget in whole.findChildren(QWidget):
        inner = isinstance(widget.parentWidget(), QAbstractScrollArea) or widget.isWindow()
        if widget.isVisible() and not inner and widget.width() < widget.minimumSizeHint().width():
            found.append(f"{_name(widget)}: {widget.width()} needs {widget.minimumSizeHint().width()}")
    return found


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName() or widget.objectName()}"
