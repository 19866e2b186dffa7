"""One instance: a second start brings the first window forward, through a socket of this user and this PC."""

from __future__ import annotations

import getpass
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QLockFile, QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

PATIENCE = 1.0
"""Seconds a second start waits for the first to answer: it may be starting itself."""
_CALL = b"forward\n"


class Single(QObject):
    """Asks whether the program runs already; the first one listens and emits ``called`` when another is started.

    Whether it is the first, a lock file tells; the network library is loaded only to listen, once the window is seen, or to call.
    """

    called = Signal()

    def __init__(self, name: str = "jingshi", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = f"{name}-{getpass.getuser().encode().hex()[:60]}"
        self._lock = QLockFile(QDir(QDir.tempPath()).filePath(f"{self._name}.lock"))
        self._lock.setStaleLockTime(0)  # one left by a crash is known by its dead process, never by its age
        self._server: QLocalServer | None = None

    def is_first(self) -> bool:
        """Whether this is the only one; if not, the other has been told to come forward.

        One that holds the lock but does not answer hangs: then this one starts, and the vault's own lock keeps the two apart.
        """
        return self._lock.tryLock(0) or not self._call()

    def listen(self) -> None:
        """Be called from now on."""
        from PySide6.QtNetwork import QLocalServer

        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._answer)
        if not server.listen(self._name):
            QLocalServer.removeServer(self._name)  # left behind by a crash: the lock is ours
            server.listen(self._name)
        self._server = server

    def stop(self) -> None:
        """No longer listen, and let another be the first."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.unlock()

    def _call(self) -> bool:
        from PySide6.QtNetwork import QLocalSocket

        until = time.monotonic() + PATIENCE
        while True:
            socket = QLocalSocket()
            socket.connectToServer(self._name)
            if socket.waitForConnected(100):
                socket.write(_CALL)
                socket.waitForBytesWritten(int(PATIENCE * 1000))
                socket.disconnectFromServer()
                return True
            if time.monotonic() > until:
                return False
            time.sleep(0.05)

    def _answer(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            self.called.emit()
