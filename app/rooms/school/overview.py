"""What the records of the school calendar are called where they stand among others: in the bin."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.rooms.school.bells import Slot
from app.rooms.school.calendar import Term
from app.rooms.school.names import weekday_names, whose_name
from app.rooms.school.record import (
    BellSlot,
    BellTimetable,
    ClassHours,
    LoadedYear,
    OpeningHours,
    SchoolTerm,
    SpecialDay,
)
from app.vault.record import Record

_KINDS: dict[str, type[Record]] = {
    kind.__tablename__: kind
    for kind in (SchoolTerm, SpecialDay, LoadedYear, BellTimetable, BellSlot, OpeningHours, ClassHours)
}


def found(session: Session, kind: str, record_id: int) -> tuple[str, str] | None:
    """A record of this room as a title and an excerpt; None for one of another."""
    record = session.get(_KINDS[kind], record_id) if kind in _KINDS else None
    return (_title(record), "") if record is not None else None


def _title(record: Record) -> str:
    match record:
        case SchoolTerm():
            return f"学期 {Term(record.first_day, record.last_day).name}"
        case SpecialDay():
            return f"{record.name} {record.first_day}"
        case LoadedYear():
            return f"{record.year} 年放假安排"
        case BellTimetable():
            return f"作息表 {record.name}"
        case BellSlot():
            return f"节次 {Slot(record.name, record.start, record.end).label}"
        case OpeningHours():
            return f"开放时间 {weekday_names(record.weekdays)} {record.start:%H:%M}–{record.end:%H:%M}"
        case ClassHours():
            return f"班级不便的时间 {whose_name(record.grade, record.class_no)} {record.name}"
    raise TypeError("not of this room")
