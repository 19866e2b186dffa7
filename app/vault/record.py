"""Record: the base of every kind of thing the vault keeps, and the column types they share."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Dialect, LargeBinary, String
from sqlalchemy import Enum as EnumColumn
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A moment, stored as ISO 8601 text in UTC to the second; comes back with its time zone."""

    impl = String
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat(timespec="seconds")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


def _codes(choices: type[enum.Enum]) -> list[str]:
    return [member.value for member in choices]


class Record(MappedAsDataclass, DeclarativeBase, repr=False, eq=False, kw_only=True):
    """Base of every record: no repr (it would print names), identity equality (it must hash).

    Records carry ids instead of relationships, so that no query hides behind an attribute.
    """

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment(),
        enum.Enum: EnumColumn(enum.Enum, native_enum=False, create_constraint=False, length=40, values_callable=_codes),
        list[str]: JSON(),
        dict[str, str]: JSON(),
        bytes: LargeBinary(),
    }
    trailed: ClassVar[bool] = True
    """Whether a change of this kind appends a row to the trail."""
    names: ClassVar[tuple[str, ...]] = ()
    """The columns with names of students and of their guardians, which are never offered again as an answer."""

    def words(self) -> Iterable[str]:
        """The texts this record is found by in the search; empty for a kind that is not searched."""
        return ()

    def moved(self) -> None:
        """It was brought back out of a backup under other ids: what was made of them is made anew."""

    @property
    def own_id(self) -> int:
        """The record's id, for code that serves every kind (each kind declares its own primary key)."""
        identity: int = getattr(self, "id", 0)
        return identity

    def student(self) -> int | None:
        """The id of the student this record is about, if it is about one."""
        return getattr(self, "student_id", None)


class Kept(MappedAsDataclass, repr=False, eq=False, kw_only=True):
    """The columns of every record of the counsellor's own: its id, when it was made and changed, since when it is in the bin."""

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    created_at: Mapped[datetime | None] = mapped_column(init=False, default=None)
    """Set by the writing door."""
    updated_at: Mapped[datetime | None] = mapped_column(init=False, default=None)
    """Set by the writing door at every change."""
    deleted_at: Mapped[datetime | None] = mapped_column(init=False, default=None)
    """Since when it lies in the bin; None while it is in use."""
