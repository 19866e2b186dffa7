"""What may stand in plain outside the vault (design.md §5): the vault's folder, theme, text size, window size, lock minutes."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

LOCK_MINUTES = 5


@dataclass(frozen=True)
class Settings:
    """The program's own settings; nothing about a student, a school or a password."""

    folder: str = ""
    theme: str = "light"
    text_size: float = 1.0
    width: int = 1360
    height: int = 860
    lock_minutes: int = LOCK_MINUTES


class SettingsFile:
    """Reads and writes settings.json; one that cannot be read counts as empty and is never a reason not to start."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or user_config_path("Jingshi", appauthor=False) / "settings.json"
        self.now = self._read()

    def change(self, **values: Any) -> None:
        """Set some of the settings and write them down."""
        self.now = replace(self.now, **values)
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside = self._path.with_suffix(".tmp")
            beside.write_text(json.dumps(asdict(self.now), ensure_ascii=False, indent=1), encoding="utf-8")
            beside.replace(self._path)

    def _read(self) -> Settings:
        try:
            stored = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return Settings()
        kept: dict[str, Any] = {}
        for name, usual in asdict(Settings()).items():
            value = stored.get(name, usual) if isinstance(stored, dict) else usual
            if isinstance(value, type(usual)) or (isinstance(usual, float) and isinstance(value, int)):
                kept[name] = value
        settings = Settings(**kept)
        return replace(
            settings,
            text_size=min(2.0, max(0.8, settings.text_size)),
            lock_minutes=min(60, max(1, settings.lock_minutes)),
        )
