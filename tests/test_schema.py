"""The migrations make exactly the tables that the records describe, and every sealed table has its triggers."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import app.documents
import app.rooms
import app.vault
from app.vault import engine as engines
from app.vault import triggers
from app.vault.record import Record
from tests.conftest import KEY, SALT

INDEX_TABLES = ("search", "alembic_version", "sqlite_sequence")


def every_record() -> None:
    for package in (app.vault, app.documents):
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
    for room in pkgutil.iter_modules(app.rooms.__path__):
        folder = Path(app.rooms.__path__[0]) / room.name
        if (folder / "record.py").exists():
            importlib.import_module(f"app.rooms.{room.name}.record")


def ours(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and (name or "").startswith(INDEX_TABLES) and name != "search_entry")


def test_tables_are_as_the_records_say(fresh_file: Path) -> None:
    every_record()
    engine = engines.open_engine(fresh_file, KEY, SALT)
    with engine.connect() as connection:
        options = {"compare_type": True, "include_name": ours}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), Record.metadata)
    engine.dispose()
    assert differences == []


def test_every_trigger_stands_on_a_table_there_is(fresh_file: Path) -> None:
    engine = engines.open_engine(fresh_file, KEY, SALT)
    with engine.connect() as connection:
        assert triggers.differences(connection) == []
    engine.dispose()
