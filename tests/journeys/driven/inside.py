"""In the driven program: runs what the test sends over a socket on the thread of its windows; loads nothing of Qt by itself."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

DEADLINE = 30


def listen(address: str) -> None:
    """Take one connection after the other; each line is Python, run with ``hands``, ``steps`` and ``house`` at hand."""
    server = socket.socket(socket.AF_UNIX)
    if os.path.exists(address):
        os.unlink(address)
    while not _application():
        time.sleep(0.02)
    act = _on_the_windows_thread()
    server.bind(address)
    server.listen()
    while True:
        connection, _ = server.accept()
        with connection, connection.makefile("rw", encoding="utf-8") as line:
            line.write("ready\n")
            line.flush()
            for words in line:
                line.write(json.dumps(act(json.loads(words))) + "\n")
                line.flush()


def _application() -> Any:
    widgets = sys.modules.get("PySide6.QtWidgets")
    application = getattr(widgets, "QApplication", None)
    return application.instance() if application else None


def _on_the_windows_thread() -> Callable[[str], Any]:
    from PySide6.QtCore import QObject, Qt, Signal

    class Doing(QObject):
        wanted = Signal(str)

        def __init__(self) -> None:
            super().__init__()
            self.over, self.answer = threading.Event(), None
            self.wanted.connect(self.do, Qt.ConnectionType.QueuedConnection)
            self.moveToThread(_application().thread())

        def do(self, words: str) -> None:
            try:
                exec(words, names := _at_hand())
                self.answer = {"value": names.get("value")}
            except BaseException as error:
                import traceback

                self.answer = {"error": traceback.format_exc(), "kind": type(error).__name__}
            self.over.set()

    doing = Doing()

    def act(words: str) -> Any:
        doing.over.clear()
        doing.wanted.emit(words)
        doing.over.wait()
        return doing.answer

    return act


def _at_hand() -> dict[str, Any]:
    import ctypes

    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

    from app.house.house import House
    from app.ui.page import Route
    from tests.journeys import steps
    from tests.journeys.hands import CTRL, Hands, windows

    house = next(one for one in _application().children() if isinstance(one, House))
    hands = Hands(_Waiting())  # type: ignore[arg-type]
    return {
        "hands": hands, "steps": steps, "house": house, "Qt": Qt, "CTRL": CTRL, "Route": Route,
        "windows": windows, "QApplication": QApplication, "QLineEdit": QLineEdit, "QPlainTextEdit": QPlainTextEdit,
        "QTimer": QTimer, "ctypes": ctypes,
    }  # fmt: skip


class _Waiting:
    """What hands need of qtbot."""

    def waitUntil(self, condition: Callable[[], bool], *, timeout: int) -> None:
        from PySide6.QtTest import QTest

        end = time.monotonic() + 4 * timeout / 1000  # a new process loads everything anew, beside other tests
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError
            QTest.qWait(10)
