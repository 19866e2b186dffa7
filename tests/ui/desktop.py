"""Plays a desktop with a tray and messages, on the session bus it is started with; says what it hears, and clicks on what registers."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusVariant, QDBusVirtualObject

SERVICES = {
    "org.kde.StatusNotifierWatcher": "/StatusNotifierWatcher",
    "org.freedesktop.Notifications": "/org/freedesktop/Notifications",
}


class Desktop(QDBusVirtualObject):
    """Knows the icons by the bus name of their program."""

    def __init__(self) -> None:
        super().__init__()
        self._item = ""

    def introspect(self, _path: str) -> str:
        return ""

    def handleMessage(self, message: QDBusMessage, bus: QDBusConnection) -> bool:
        words = message.arguments()
        answers = {
            "Get": [QDBusVariant(True)],  # there is somebody who shows the icons
            "RegisterStatusNotifierItem": [],
            "GetCapabilities": [["body"]],
            "GetServerInformation": ["desktop", "nobody", "1", "1.2"],
            "Notify": [7],
        }
        if message.member() not in answers:
            return False
        if message.member() == "RegisterStatusNotifierItem":
            self._item = message.service()
        reply = message.createReply()
        reply.setArguments(answers[message.member()])
        bus.send(reply)
        if message.member() == "Notify":
            print("message", *words[3:5], sep="|", flush=True)
            click = QDBusMessage.createMethodCall(
                self._item, "/StatusNotifierItem", "org.kde.StatusNotifierItem", "Activate"
            )
            click.setArguments([1, 1])
            bus.send(click)
        return True


def main() -> None:
    application = QCoreApplication([])
    bus, desktop = QDBusConnection.sessionBus(), Desktop()
    for service, path in SERVICES.items():
        assert bus.registerVirtualObject(path, desktop, QDBusConnection.VirtualObjectRegisterOption.SubPath)
        assert bus.registerService(service)
    print("ready", flush=True)
    application.exec()


if __name__ == "__main__":
    main()
