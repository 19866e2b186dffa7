"""One student's records out of a backup: what is missing now is added in one transaction, and nothing that is there is touched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, func, inspect, select
from sqlalchemy.orm import Session, make_transient

from app.errors import Problem
from app.vault.bin import Destruction
from app.vault.outgoing import Outgoing
from app.vault.record import Kept, Record
from app.vault.restoring import Opened
from app.vault.trail import Act, Link
from app.vault.values import plain
from app.vault.vault import Vault

STUDENT = "student"
WHAT = "从备份取回学生档案"
_PAIRS = {"record_id": "kind", "about_id": "about_kind"}
"""Columns with an id whose kind stands in another column."""
_MOVING = frozenset({"id", "updated_at", "deleted_at", "text_hash", "link"})
Key = tuple[str, int]
"""A record: its table and id."""


class InTheBin(Problem):
    """The student's file is there, in the bin."""

    def __init__(self) -> None:
        super().__init__("这位学生的档案在回收站里，没有丢。", "请在回收站里取回，不需要用备份。")


class NothingMissing(Problem):
    """All that the backup holds of the student is in the vault."""

    def __init__(self) -> None:
        super().__init__("备份里这位学生的内容，现在的档案里都有。", "没有需要取回的。")


@dataclass
class Missing:
    """What would come back: the keys by table with the moments they were made, and whether the file was destroyed on purpose."""

    by_kind: dict[str, list[datetime | None]]
    destroyed_at: datetime | None = None
    reason: str = ""


@dataclass
class _Plan:
    """Where each record of the backup is, or will be, in the vault."""

    places: dict[Key, int] = field(default_factory=dict)
    new: list[Record] = field(default_factory=list)


def missing(vault: Vault, opened: Opened, student_id: int) -> Missing:
    """What the vault lacks of a student of the backup. Raises InTheBin or NothingMissing."""
    with opened.vault.read() as there, vault.read() as session:
        plan = _planned(session, there, student_id)
        found: dict[str, list[datetime | None]] = {}
        for record in plan.new:
            found.setdefault(record.__tablename__, []).append(_made_at(record))
        gone = _destruction(session, student_id)
    if not found:
        raise NothingMissing
    return Missing(found, gone.at if gone else None, gone.reason if gone else "")


def bring_back(
    vault: Vault, opened: Opened, student_id: int, check: Callable[[Session, Record], None] | None = None
) -> tuple[int, dict[str, int]]:
    """Add what is missing; gives the student's id, which is another one where the file had been destroyed, and how many of each table.

    ``check`` may refuse a record (a number that is another student's by now). Raises InTheBin, NothingMissing, Busy,
    DiskFull, or what ``check`` raises; then nothing has changed.
    """
    counted: dict[str, int] = {}
    with opened.vault.read() as there, vault.write(WHAT) as session:
        session.connection().exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        plan = _planned(session, there, student_id)
        if not plan.new:
            raise NothingMissing
        for record in plan.new:
            _load(record)
        there.expunge_all()
        for record in plan.new:
            _move(record, plan.places)
            if check is not None:
                check(session, record)
        for group in _leaves_first(plan.new):  # a seal takes no leaves once the signed record itself stands
            session.add_all(group)
            session.flush()
            counted[group[0].__tablename__] = len(group)
        now_id = plan.places[(STUDENT, student_id)]
        vault.record_own(session, Act.RESTORE, STUDENT, now_id)
    return now_id, counted


def _planned(session: Session, there: Session, student_id: int) -> _Plan:
    plan = _Plan()
    for record in _of_student(there, student_id):
        present = _twin(session, record, plan)
        if present is not None:
            if record.__tablename__ == STUDENT and getattr(present, "deleted_at", None) is not None:
                raise InTheBin
            plan.places[_key(record)] = present.own_id
        elif not isinstance(record, Outgoing) or _link_holds(session, there, record):
            plan.places[_key(record)] = _free_id(session, record, plan)
            plan.new.append(record)
    for record in plan.new:
        _place_neighbours(session, there, record, plan)
    return plan


def _place_neighbours(session: Session, there: Session, record: Record, plan: _Plan) -> None:
    """What a record speaks of that is nobody's own (an institution) or another student's: the same one in the vault, or none."""
    for name, table in points_at(type(record).__table__).items():  # type: ignore[arg-type]
        value, kind = getattr(record, name), kinds()[table]
        if isinstance(value, int) and table != STUDENT and (table, value) not in plan.places:
            other = there.get(kind, value)
            twin = _twin(session, other, plan) if other is not None else None
            plan.places[(table, value)] = twin.own_id if twin is not None else 0


def _of_student(there: Session, student_id: int) -> Iterator[Record]:
    """The student, then all that is kept of them, owners before what hangs on them; what lay in the bin is left there."""
    for table in sorted(Record.metadata.sorted_tables, key=_rank):
        kind = kinds().get(table.name)
        if kind is None or not (kind.trailed and kind is not Destruction and is_about_a_student(table)):
            continue
        columns = inspect(kind).columns
        own = columns["id"] if table.name == STUDENT else columns["student_id"]
        query = select(kind).where(own == student_id).order_by(columns["id"])
        if issubclass(kind, Kept):
            query = query.where(columns["deleted_at"].is_(None))
        yield from there.scalars(query)


def _rank(table: Table) -> int:
    """The student before all, and after all what may belong to any kind (a sort keeps the order of those between)."""
    return 0 if table.name == STUDENT else 2 if _PAIRS.keys() & table.columns.keys() else 1


def kinds() -> dict[str, type[Record]]:
    """Every kind of record by its table."""
    return {mapper.local_table.name: mapper.class_ for mapper in Record.registry.mappers}  # type: ignore[attr-defined]


def points_at(table: Table) -> dict[str, str]:
    """Which table each column with an id speaks of (``case_id``: case_file), those with several ids (``note_ids``) too."""
    found = {}
    for column in table.columns:
        stem = column.name.removesuffix("_ids").removesuffix("_id")
        if stem != column.name and column.name not in _PAIRS:
            names = [key.column.table.name for key in column.foreign_keys] or [stem, f"{stem}_file"]
            found[column.name] = next((name for name in names if name in Record.metadata.tables), "")
    return found


def is_about_a_student(table: Table) -> bool:
    """Whether its records belong to one student each."""
    return table.name == STUDENT or "student_id" in table.columns


def _twin(session: Session, record: Record, plan: _Plan) -> Record | None:
    """The same record in the vault: under its own id, or under another it was brought back with before."""
    kind: type[Record] = type(record)
    own = session.get(kind, record.own_id)
    if own is not None and _is_same(record, own, plan):
        return own
    columns = inspect(kind).columns
    by = next((name for name in ("sha256", "created_at") if name in columns), None)
    if by is None:
        return None
    like: ColumnElement[bool] = columns[by] == getattr(record, by)
    return next((other for other in session.scalars(select(kind).where(like)) if _bare(other) == _bare(record)), None)


def _is_same(record: Record, present: Record, plan: _Plan) -> bool:
    """One that was changed since the backup is still the same one; a seal's rows have no moment of their own and must be equal."""
    if not isinstance(record, Kept):
        return _bare(record) == _bare(present) and _owner(record, plan.places) == _owner(present, {})
    owner = plan.places.get((STUDENT, record.student() or 0))
    of_one = record.__tablename__ == STUDENT or record.student() is None or present.student() == owner
    return of_one and record.created_at == getattr(present, "created_at", None)


def _owner(record: Record, places: dict[Key, int]) -> Key | None:
    """Which record of any kind it belongs to, where it says so by a pair of columns."""
    for name, kind in _PAIRS.items():
        if hasattr(record, name):
            key = (str(getattr(record, kind)), int(getattr(record, name)))
            return key[0], places.get(key, key[1])
    return None


def _bare(record: Record) -> dict[str, Any]:
    """A record's values without what moves: ids, and what is made of them."""
    ids = points_at(type(record).__table__).keys() | _PAIRS.keys()  # type: ignore[arg-type]
    return {name: value for name, value in plain(record).items() if name not in _MOVING | ids}


def _link_holds(session: Session, there: Session, record: Outgoing) -> bool:
    """Whether the row of the trail it belongs to is also the vault's, and is not taken."""
    code = select(Link.mac).where(Link.seq == record.link)
    taken = select(Outgoing.id).where(Outgoing.link == record.link)
    return session.scalar(code) == there.scalar(code) and session.scalar(taken) is None


def _free_id(session: Session, record: Record, plan: _Plan) -> int:
    """Its own id where nothing else has it, else one that never was anything's."""
    name, kind = record.__tablename__, type(record)
    taken = {number for (table, _), number in plan.places.items() if table == name}
    destroyed = name == STUDENT and _destruction(session, record.own_id) is not None
    if not destroyed and session.get(kind, record.own_id) is None and record.own_id not in taken:
        return record.own_id
    ever = select(func.max(Link.record)).where(Link.kind == name)
    here = select(func.max(inspect(kind).columns["id"]))
    return max(session.scalar(ever) or 0, session.scalar(here) or 0, record.own_id, *taken, 0) + 1


def _destruction(session: Session, student_id: int) -> Destruction | None:
    found = select(Destruction).where(Destruction.student_id == student_id).order_by(Destruction.id.desc())
    return session.scalars(found.limit(1)).first()


def _load(record: Record) -> None:
    """Have every value at hand before it leaves the backup's session."""
    for attribute in inspect(type(record)).column_attrs:
        getattr(record, attribute.key)


def _move(record: Record, places: dict[Key, int]) -> None:
    """Free of the backup, under the ids it has in the vault."""
    make_transient(record)
    own = (record.__tablename__, record.own_id)
    before = plain(record)
    for name, table in points_at(type(record).__table__).items():  # type: ignore[arg-type]
        value = getattr(record, name)
        if isinstance(value, list):
            setattr(record, name, [str(places.get((table, int(one)), one)) for one in value])
        elif value is not None:
            setattr(record, name, places.get((table, value), value) or None)
    for name in _PAIRS:
        if (owner := _owner(record, places)) is not None and hasattr(record, name):
            setattr(record, name, owner[1])
    record.id = places[own]  # type: ignore[attr-defined]
    if plain(record) != before:
        record.moved()


def _leaves_first(records: Sequence[Record]) -> list[list[Record]]:
    order = {table.name: at for at, table in enumerate(Record.metadata.sorted_tables)}
    groups: dict[str, list[Record]] = {}
    for record in sorted(records, key=lambda one: -order[one.__tablename__]):
        groups.setdefault(record.__tablename__, []).append(record)
    return list(groups.values())


def _key(record: Record) -> Key:
    return record.__tablename__, record.own_id


def _made_at(record: Record) -> datetime | None:
    for name in ("held_on", "issued_at", "created_at", "at", "made_at"):
        value = getattr(record, name, None)
        if isinstance(value, datetime):
            return value
    return None
