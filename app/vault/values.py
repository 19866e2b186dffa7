"""A record's values as plain JSON: for the trail's keyed hash and for taking a change back."""

from __future__ import annotations

import enum
import json
from collections.abc import Hashable
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Mapper
from sqlalchemy.sql.sqltypes import LargeBinary

from app.vault.record import Record

_AS_THEY_ARE = frozenset({str, int, bool, float})


@cache
def fields(kind: Hashable) -> tuple[str, ...]:
    """The attribute names of a kind's columns, binary ones left out (their SHA-256 stands in a column of its own)."""
    mapper: Mapper[Any] = inspect(kind)
    return tuple(sorted(p.key for p in mapper.column_attrs if not isinstance(p.columns[0].type, LargeBinary)))


def plain(record: Record) -> dict[str, Any]:
    """The record's values by field code, as JSON knows them, empty ones left out."""
    found = {}
    loaded = record.__dict__  # what is loaded lies here; asking each attribute costs ten times as much
    for field in fields(type(record)):
        value = loaded[field] if field in loaded else getattr(record, field)
        if value is not None and value != "" and value != []:
            found[field] = value if type(value) in _AS_THEY_ARE else _plain(value)
    return found


def canonical(values: dict[str, Any]) -> bytes:
    """Canonical JSON: sorted keys, no spaces, UTF-8."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def put_back(record: Record, values: dict[str, Any]) -> None:
    """Set the record to values that ``plain`` gave; what is not among them becomes empty again."""
    columns = inspect(type(record)).columns
    for field in fields(type(record)):
        if field == "id":
            continue
        if field in values:
            setattr(record, field, _typed(columns[field].type.python_type, values[field]))
        else:
            setattr(record, field, _empty(getattr(record, field), columns[field].nullable))


def _empty(now: object, nullable: bool | None) -> object:
    """What an absent value was: an empty text or list where the column has no NULL."""
    if nullable:
        return None
    return [] if isinstance(now, list) else ""


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return value


def _typed(kind: type, value: Any) -> Any:
    if value is None or kind in (str, int, float, bool, dict, list):
        return value
    if issubclass(kind, enum.Enum):
        return kind(value)
    if issubclass(kind, datetime | date | time):
        return kind.fromisoformat(value)
    return value
