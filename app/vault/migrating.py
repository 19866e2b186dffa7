"""Bringing a vault's schema to the newest revision: Alembic, imported only when a migration is due."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect

from app.resources import migrations
from app.vault import triggers


class Dangling(Exception):
    """Before anything was migrated, a row speaks of one that is not there: the file is damaged, the migration is not at fault."""


def newest() -> int:
    """The number of the newest revision this program knows."""
    return max(int(path.name[:4]) for path in (migrations() / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def upgrade(engine: Engine, target: int | None = None) -> None:
    """Bring the file to ``target`` (default: the newest) in one transaction; either all of it happens or nothing. Raises Dangling."""
    revision = target or newest()
    with engine.connect().execution_options(writes=True) as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")  # outside the transaction, where alone it acts
        try:
            with connection.begin():
                if _dangles(connection):
                    raise Dangling
                triggers.remake(connection, set())  # none of them, ours or not, may act on what a migration does
                _run_alembic(connection, revision)
                triggers.remake(connection, set(inspect(connection).get_table_names()))
                if _dangles(connection):
                    raise RuntimeError("the migration leaves a dangling reference")
                connection.exec_driver_sql(f"PRAGMA user_version={revision}")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def _dangles(connection: Connection) -> bool:
    return connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None


def _run_alembic(connection: Connection, revision: int) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(migrations())).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, f"{revision:04d}")
