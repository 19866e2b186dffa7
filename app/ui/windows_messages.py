"""Windows' own messages to the program's windows, as the toolkit passes them by. Not tried on Windows; the reading of one is tested."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import wintypes

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication

KIND = b"windows_generic_MSG"


class WindowsMessages(QAbstractNativeEventFilter):
    """Tells of every message by its number and its first word; takes none away."""

    def __init__(self, heard: Callable[[int, int], None]) -> None:
        super().__init__()
        self._heard = heard
        application = QCoreApplication.instance()
        if application is not None:
            application.installNativeEventFilter(self)

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> tuple[bool, int]:
        if kind == KIND:
            said = wintypes.MSG.from_address(int(message))
            self._heard(said.message, said.wParam)
        return False, 0
