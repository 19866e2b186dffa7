"""One instance: a second start brings the first window forward, through a socket of this user and this PC."""

from __future__ import annotations

import getpass
from hashlib import sha256

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

PATIENCE_MS = 1000
_CALL = b"forward\n"


class Single(QObject):
    """Asks whether the program runs already; the first one listens and emits ``called`` when another is started."""

    called = Signal()

    def __init__(self, name: str = "jingshi", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = f"{name}-{sha256(getpass.getuser().encode()).hexdigest()[:12]}"
        self._server: QLocalServer | None = None

    def is_first(self) -> bool:
        """Whether this is the only one; if not, the other has been told to come forward."""
        if self._call():
            return False
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._answer)
        if not server.listen(self._name):
            QLocalServer.removeServer(self._name)  # nobody answered: it was left behind by a crash
            if not server.listen(self._name):
                return not self._call()  # another has just started; the vault's own lock keeps two apart anyway
        self._server = server
        return True

    def stop(self) -> None:
        """No longer listen."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _call(self) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(PATIENCE_MS):
            return False
        socket.write(_CALL)
        socket.waitForBytesWritten(PATIENCE_MS)
        socket.disconnectFromServer()
        return True

    def _answer(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            self.called.emit()
