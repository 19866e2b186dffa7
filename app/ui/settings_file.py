"""What may stand in plain outside the vault (design.md §5): folders of vault and backups, look, window size, lock minutes."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from app.errors import Problem
from app.vault.files import write_whole

LOCK_MINUTES = 5
THEMES = ("light", "dark")


@dataclass(frozen=True)
class Settings:
    """The program's own settings; nothing about a student, a school or a password."""

    folder: str = ""
    theme: str = "light"
    text_size: float = 1.0
    width: int = 1360
    height: int = 860
    lock_minutes: int = LOCK_MINUTES
    second: str = ""
    """The folder for backups on another device; empty where none was chosen."""
    second_at: dict[str, str] = field(default_factory=dict)
    """When the newest backup verified on another device was made (ISO 8601), by the vault's id."""


class SettingsFile:
    """Reads and writes settings.json; one that cannot be read counts as empty and is never a reason not to start."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or user_config_path("Jingshi", appauthor=False) / "settings.json"
        self.lost = False
        """Whether there is a file that says nothing: the vault may lie somewhere else than in the usual place."""
        self.now = self._read()

    def change(self, **values: Any) -> None:
        """Set some of the settings and write them down, whole: after a power cut too they say where the vault lies."""
        self.now = replace(self.now, **values)
        with suppress(OSError, Problem):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, json.dumps(asdict(self.now), ensure_ascii=False, indent=1).encode())

    def _read(self) -> Settings:
        try:
            stored = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Settings()
        except (OSError, ValueError):
            stored = None
        self.lost = not isinstance(stored, dict)
        return _sensible(stored) if isinstance(stored, dict) else Settings()


def _sensible(stored: dict[str, Any]) -> Settings:
    """What is stored, where it can be what we once wrote; the usual value for the rest."""
    usual = Settings()
    text_size = stored.get("text_size")
    kept: dict[str, Any] = {
        "folder": stored.get("folder") if isinstance(stored.get("folder"), str) else usual.folder,
        "theme": stored.get("theme") if stored.get("theme") in THEMES else usual.theme,
        "text_size": _within(text_size, 0.8, 2.0) if isinstance(text_size, int | float) else None,
        "width": _whole(stored.get("width"), 320, 16384),
        "height": _whole(stored.get("height"), 240, 16384),
        "lock_minutes": _whole(stored.get("lock_minutes"), 1, 60),
        "second": stored.get("second") if isinstance(stored.get("second"), str) else usual.second,
        "second_at": _moments(stored.get("second_at")),
    }
    return replace(usual, **{name: value for name, value in kept.items() if value is not None})


def _moments(stored: object) -> dict[str, str]:
    return {key: at for key, at in stored.items() if _is_moment(at)} if isinstance(stored, dict) else {}


def _is_moment(value: object) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _whole(value: object, least: int, most: int) -> int | None:
    return min(most, max(least, value)) if isinstance(value, int) and not isinstance(value, bool) else None


def _within(value: float, least: float, most: float) -> float | None:
    return min(most, max(least, value)) if math.isfinite(value) else None
