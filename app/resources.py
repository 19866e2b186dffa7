"""Where the program's own files lie, run from source or frozen."""

from __future__ import annotations

import sys
from pathlib import Path


def _root() -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    return Path(frozen) if frozen else Path(__file__).resolve().parent.parent


def resource(*parts: str) -> Path:
    """The path of a file under resources/."""
    return _root().joinpath("resources", *parts)


def migrations() -> Path:
    """The folder of the Alembic migrations."""
    return _root() / "migrations"
