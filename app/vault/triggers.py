"""The triggers that seal what was signed: one list, migrations/triggers.sql, made again after any migration and compared at opening."""

from __future__ import annotations

import re
from functools import cache

from sqlalchemy import Connection

from app.resources import migrations

_STATEMENT = re.compile(r"CREATE TRIGGER (\w+)\b.*?\bEND;", re.DOTALL)


@cache
def expected() -> dict[str, str]:
    """Every trigger the schema has, by name."""
    source = (migrations() / "triggers.sql").read_text(encoding="utf-8")
    source = re.sub(r"^\s*--.*$", "", source, flags=re.MULTILINE)
    return {match[1]: match[0].rstrip(";") for match in _STATEMENT.finditer(source)}


def remake(connection: Connection, present_tables: set[str]) -> None:
    """Drop every trigger and make those whose table exists already (an older revision has fewer tables)."""
    for name in _present(connection):
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    for statement in expected().values():
        if _table(statement) in present_tables:
            connection.exec_driver_sql(statement)


def differences(connection: Connection) -> list[str]:
    """The names of triggers that are missing, changed or foreign, and of views and the like, of which there are none; empty
    when all is as it should be."""
    present, wanted = _present(connection) | _foreign(connection), expected()
    names = present.keys() | wanted.keys()
    return sorted(name for name in names if _squeezed(present.get(name)) != _squeezed(wanted.get(name)))


def _present(connection: Connection) -> dict[str, str]:
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {row.name: row.sql for row in rows}


def _foreign(connection: Connection) -> dict[str, str]:
    """Views, and virtual tables beside the search: neither is ever made by a migration."""
    rows = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'view' OR (sql LIKE 'CREATE VIRTUAL%' AND name <> 'search')"
    )
    return {row.name: row.sql for row in rows}


def _table(statement: str) -> str:
    match = re.search(r"\bON (\w+)\b", statement)
    if match is None:
        raise ValueError("a trigger without a table")
    return match[1]


def _squeezed(sql: str | None) -> str | None:
    return None if sql is None else " ".join(sql.split())
