"""Clipboard: what is copied out of the program stays out of every clipboard history, and in the clipboard for seconds only."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

STAYS_MS = 25_000
"""Thirty seconds are promised."""
MODES = (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)
_WINDOWS = 'application/x-qt-windows-mime;value="{}"'
HINTS = {
    _WINDOWS.format("ExcludeClipboardContentFromMonitorProcessing"): b"1",
    _WINDOWS.format("CanIncludeInClipboardHistory"): bytes(4),
    _WINDOWS.format("CanUploadToCloudClipboard"): bytes(4),
    "x-kde-passwordManagerHint": b"secret",
}
"""What histories of copied words ask for: Windows' own (Win+V, cloud), and Klipper's."""


class CopiedWords(QObject):
    """Watches what this program puts into the clipboard and, on X11, into the selection; another program's is left alone."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._clipboard = QGuiApplication.clipboard()
        self._timers = {mode: self._timer(mode) for mode in MODES}
        self._clipboard.dataChanged.connect(self._clipboard_changed)
        self._clipboard.selectionChanged.connect(self._selection_changed)

    def clear(self) -> None:
        """Take away what is there of ours: after the time, at the lock, at the end."""
        for mode in MODES:
            self._clear(mode)

    def _clipboard_changed(self) -> None:
        self._changed(QClipboard.Mode.Clipboard)

    def _selection_changed(self) -> None:
        self._changed(QClipboard.Mode.Selection)

    def _changed(self, mode: QClipboard.Mode) -> None:
        if not self._is_ours(mode):
            self._timers[mode].stop()
            return
        words = self._clipboard.mimeData(mode)
        if words is None or not words.formats() or words.hasFormat(next(iter(HINTS))):
            return
        hinted = QMimeData()
        for name in words.formats():
            hinted.setData(name, words.data(name))
        for name, value in HINTS.items():
            hinted.setData(name, value)
        self._clipboard.setMimeData(hinted, mode)
        self._timers[mode].start()

    def _clear(self, mode: QClipboard.Mode) -> None:
        self._timers[mode].stop()
        if self._is_ours(mode):
            self._clipboard.clear(mode)

    def _is_ours(self, mode: QClipboard.Mode) -> bool:
        if mode is QClipboard.Mode.Selection:
            return self._clipboard.supportsSelection() and self._clipboard.ownsSelection()
        return self._clipboard.ownsClipboard()

    def _timer(self, mode: QClipboard.Mode) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(STAYS_MS)
        timer.timeout.connect(partial(self._clear, mode))
        return timer
