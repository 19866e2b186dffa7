"""Plays systemd-logind on the bus named in DBUS_SYSTEM_BUS_ADDRESS; what it is to do comes on standard input, a line each."""

from __future__ import annotations

import os
import sys
import threading

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusObjectPath,
    QDBusUnixFileDescriptor,
    QDBusVariant,
    QDBusVirtualObject,
)

SERVICE, PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
OURS, OTHERS = f"{PATH}/session/_32", f"{PATH}/session/_33"


class Logind(QDBusVirtualObject):
    """Knows two sessions: ours, and another user's."""

    def __init__(self) -> None:
        super().__init__()
        self.active = True

    def introspect(self, _path: str) -> str:
        return ""

    def handleMessage(self, message: QDBusMessage, bus: QDBusConnection) -> bool:
        words = message.arguments()
        match message.member():
            case "GetSession" if words == ["2"]:
                answer = [QDBusObjectPath(OURS)]
            case "Inhibit" if words == ["sleep", "Jingshi", "lock", "delay"]:
                reading, writing = os.pipe()
                answer = [QDBusUnixFileDescriptor(writing)]
                os.close(writing)
                threading.Thread(target=told_when_closed, args=(reading,), daemon=True).start()
            case "Get" if words == ["org.freedesktop.login1.Session", "Active"] and message.path() == OURS:
                answer = [QDBusVariant(self.active)]
            case _:
                return False
        reply = message.createReply()
        reply.setArguments(answer)
        bus.send(reply)
        say(message.member())
        return True

    def do(self, line: str) -> None:
        name, _, value = line.strip().partition(" ")
        match name:
            case "sleep":
                self._send(PATH, "org.freedesktop.login1.Manager", "PrepareForSleep", [value == "begins"])
            case "lock":
                self._send(OTHERS if value else OURS, "org.freedesktop.login1.Session", "Lock", [])
            case "active":
                self.active = value == "yes"
                changed = ["org.freedesktop.login1.Session", {"Active": self.active}, []]
                self._send(OURS, "org.freedesktop.DBus.Properties", "PropertiesChanged", changed)

    def _send(self, path: str, interface: str, name: str, words: list[object]) -> None:
        signal = QDBusMessage.createSignal(path, interface, name)
        signal.setArguments(words)
        QDBusConnection.systemBus().send(signal)
        say(name)


class Lines(QObject):
    """Standard input, line by line."""

    came = Signal(str)
    ended = Signal()

    def read(self) -> None:
        for line in sys.stdin:
            self.came.emit(line)
        self.ended.emit()


def told_when_closed(reading: int) -> None:
    os.read(reading, 1)
    say("let go")


def say(words: str) -> None:
    print(words, flush=True)


def main() -> None:
    application = QCoreApplication([])
    bus, logind, lines = QDBusConnection.systemBus(), Logind(), Lines()
    assert bus.registerVirtualObject(PATH, logind, QDBusConnection.VirtualObjectRegisterOption.SubPath)
    assert bus.registerService(SERVICE)
    lines.came.connect(logind.do, Qt.ConnectionType.QueuedConnection)
    lines.ended.connect(application.quit, Qt.ConnectionType.QueuedConnection)
    threading.Thread(target=lines.read, daemon=True).start()
    say("ready")
    application.exec()


if __name__ == "__main__":
    main()
