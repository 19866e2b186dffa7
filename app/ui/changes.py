"""Changes: the vault's only listener: passes on, as a queued signal, which kinds a committed write changed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal

from app.vault.vault import Vault


class Changes(QObject):
    """Emits ``changed(frozenset of table names)`` on the GUI thread, whichever thread wrote."""

    changed = Signal(object)
    _told = Signal(object)

    def __init__(self, vault: Vault, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._told.connect(self.changed, Qt.ConnectionType.QueuedConnection)
        vault.listen(self._tell)

    def _tell(self, kinds: frozenset[str]) -> None:
        self._told.emit(kinds)
