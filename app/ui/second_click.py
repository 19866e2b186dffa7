"""SecondClick: the second click of a double click reaches only what the first one was for, never the page that came up under it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

_STAMP = "pressed"
_BEGINS = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick})
_OURS = _BEGINS | {QEvent.Type.MouseButtonRelease}


class SecondClick(QObject):
    """Watches the whole program, so that no page and no dialog has to.

    The system says which press ends a double click, by its own interval and distance. A number is left on the widget of each
    press: no widget is held here, and one made later in the same place has none.
    """

    def __init__(self, application: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._presses = 0
        self._dropping = False
        """Whether the release that is to come belongs to a press that was dropped."""
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in _OURS or not event.spontaneous() or not isinstance(watched, QWidget):
            return False  # what is not spontaneous was handed on by the widget that did not want it
        if not isinstance(event, QMouseEvent) or kind is QEvent.Type.MouseButtonRelease:
            dropped, self._dropping = self._dropping, False
            return dropped
        second = kind is QEvent.Type.MouseButtonDblClick
        self._dropping = second and watched.property(_STAMP) != self._presses
        self._presses += 1
        watched.setProperty(_STAMP, self._presses)
        return self._dropping
