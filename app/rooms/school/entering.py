"""Writes down what the counsellor enters about the school's calendar, each checked against what stands there already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.school.bells import Bell, Slot, Span, check_bell, check_season, check_weekdays, refuse_overlap
from app.rooms.school.calendar import PAUSE_MINUTES, SESSION_MINUTES, DayKind
from app.rooms.school.deadlines import DEADLINES
from app.rooms.school.record import (
    BellSlot,
    BellTimetable,
    ChangedDeadline,
    ClassHours,
    LoadedYear,
    OpeningHours,
    SchoolTerm,
    SpecialDay,
)
from app.rooms.school.store import K, kept, save, school
from app.vault import bin
from app.vault.record import Record

YEARS = range(2000, 2100)
LONGEST_TERM = 30
"""Weeks; a longer one is a slip of the pen."""
_LESSONS_OR_NOT = frozenset({DayKind.OFF, DayKind.SCHOOL})


def save_term(session: Session, first: date | None, last: date | None, term_id: int | None = None) -> int:
    """Raises Problem for days that are no term, or a term that overlaps another."""
    first, last = _in_order(first, last)
    if (last - first).days >= LONGEST_TERM * 7:
        raise Problem("一个学期不会超过 {weeks} 周。", "请检查年份。", weeks=LONGEST_TERM)
    row = _row(session, SchoolTerm, term_id, first_day=first, last_day=last)
    return _checked(session, row)


def save_special(
    session: Session,
    kind: DayKind,
    name: str,
    first: date | None,
    last: date | None,
    follows: int = 0,
    special_id: int | None = None,
) -> int:
    """Without a last day it is one day. Raises Problem for a missing name or day, or days said to be off and of lessons at once."""
    first, last = _in_order(first, last or first)
    if not name.strip():
        raise Problem("请填写名称。", "例如「校运动会」「期中考试」。")
    said = follows if kind is DayKind.SCHOOL else 0
    days = {"first_day": first, "last_day": last}
    row = _row(session, SpecialDay, special_id, kind=kind, name=name.strip(), follows=said, **days)
    return _checked(session, row)


def load_year(session: Session, year: int, off: Mapping[date, str], work: Mapping[date, str]) -> int:
    """Take a year's holidays from a file in place of what was known or loaded before; gives the row's id."""
    values = {"days_off": _by_words(off), "workdays": _by_words(work)}
    before = next((row.id for row in kept(session, LoadedYear) if row.year == year), None)
    return _checked(session, _row(session, LoadedYear, before, year=year, **values))


def save_timetable(
    session: Session, name: str, month: int, day: int, timetable_id: int | None = None, like: int | None = None
) -> int:
    """``like`` is another timetable whose bells the new one begins with. Raises Problem for no name, no such day, or a day taken."""
    check_season(month, day)
    if not name.strip():
        raise Problem("请填写作息表的名称。", "例如「冬季作息」。")
    row = _row(session, BellTimetable, timetable_id, name=name.strip(), from_month=month, from_day=day)
    made = _checked(session, row)
    for bell in bells_of(session, like) if like is not None and timetable_id is None else ():
        times = {"start": bell.start, "end": bell.end}
        _row(session, BellSlot, None, timetable_id=made, name=bell.name, weekdays=bell.weekdays, **times)
    return made


def save_bell(
    session: Session, timetable_id: int, name: str, weekdays: str, span: Span, bell_id: int | None = None
) -> int:
    """Raises Problem for a bell without name or weekday, or one that overlaps another of its timetable."""
    values = {"name": name.strip(), "weekdays": weekdays, "start": span.start, "end": span.end}
    return _checked(session, _row(session, BellSlot, bell_id, timetable_id=timetable_id, **values))


def save_opening(session: Session, weekdays: str, span: Span, opening_id: int | None = None) -> int:
    """Raises Problem for no weekday, or hours that overlap others."""
    values = {"weekdays": weekdays, "start": span.start, "end": span.end}
    return _checked(session, _row(session, OpeningHours, opening_id, **values))


def save_class_hours(
    session: Session,
    grade: int | None,
    class_no: int | None,
    name: str,
    weekdays: str,
    span: Span,
    hours_id: int | None = None,
) -> int:
    """Raises Problem for no name or weekday, and for a class without its grade."""
    values = {"name": name.strip(), "weekdays": weekdays, "start": span.start, "end": span.end}
    return _checked(session, _row(session, ClassHours, hours_id, grade=grade, class_no=class_no, **values))


def save_lengths(session: Session, minutes: int, pause: int) -> None:
    """How long a session is here and how much lies between two; the defaults leave nothing. Raises Problem for what is out of reason."""
    if not 10 <= minutes <= 180:
        raise Problem("一次约谈请填 10 到 180 分钟。", "一般 40–50 分钟。")
    if not 0 <= pause <= 120:
        raise Problem("两次之间请填 0 到 120 分钟。", "没有间隔就填 0。")
    of = school(session)
    of.session_minutes = None if minutes == SESSION_MINUTES else minutes
    of.pause_minutes = None if pause == PAUSE_MINUTES else pause
    save(session, of)


def change_terms(session: Session, amounts: Mapping[str, int]) -> None:
    """Set deadline terms by their codes, each in its own unit; the default leaves no row."""
    rows = {row.code: row for row in kept(session, ChangedDeadline)}
    for deadline in DEADLINES:
        amount, row = amounts.get(deadline.code), rows.get(deadline.code)
        if amount == deadline.default and row is not None:
            session.delete(row)
        elif amount not in (None, deadline.default):
            _row(session, ChangedDeadline, row.id if row else None, code=deadline.code, amount=amount)


def bells_of(session: Session, timetable_id: int) -> list[BellSlot]:
    """A timetable's bells in the order of the day."""
    return sorted((row for row in kept(session, BellSlot) if row.timetable_id == timetable_id), key=_beginning)


def get(session: Session, kind: type[K], record_id: int) -> K:
    """One of them. Raises NoResultFound."""
    return session.scalars(select(kind).where(kind.id == record_id)).one()


def discard(session: Session, kind: type[K], record_id: int, now: datetime) -> None:
    """Put it into the bin."""
    bin.put(get(session, kind, record_id), now)


def take_back(session: Session, kind: type[K], record_id: int) -> None:
    """Take it out of the bin. Raises Problem when what was entered since stands in its way; then it stays there."""
    row = get(session, kind, record_id)
    bin.take_back(row)
    _checked(session, row)


def stands(session: Session, record: Record) -> None:
    """Raises Problem where a record of this room does not go with the others; another room's is let pass."""
    if type(record) in _CHECKS:
        _checked(session, record)


# Checks: a row against the others of its kind


def _check_term(session: Session, row: SchoolTerm) -> None:
    for other in _others(session, row):
        if row.first_day <= other.last_day and other.first_day <= row.last_day:
            raise Problem(
                "和已有的学期({first} 至 {last})重叠。",
                "请改一改日期，刚才填的都还在。",
                first=other.first_day,
                last=other.last_day,
            )


def _check_special(session: Session, row: SpecialDay) -> None:
    for other in _others(session, row):
        apart = row.last_day < other.first_day or other.last_day < row.first_day
        if not apart and row.kind is not other.kind and {row.kind, other.kind} <= _LESSONS_OR_NOT:
            raise Problem(
                "和「{name}」({first} 起)矛盾：同一天不能又放假又上课。",
                "请改一改日期，刚才填的都还在。",
                name=other.name,
                first=other.first_day,
            )


def _check_year(session: Session, row: LoadedYear) -> None:
    if any(other.year == row.year for other in _others(session, row)):
        raise Problem("{year} 年已经另外载入了一份放假安排。", "请先移除那一份。", year=row.year)


def _check_timetable(session: Session, row: BellTimetable) -> None:
    for other in _others(session, row):
        if (other.from_month, other.from_day) == (row.from_month, row.from_day):
            raise Problem("「{name}」也从这一天起。", "两份作息表不能从同一天起，刚才填的都还在。", name=other.name)


def _check_slot(session: Session, row: BellSlot) -> None:
    others = [one for one in _others(session, row) if one.timetable_id == row.timetable_id]
    check_bell(_bell(row), map(_bell, others))


def _check_opening(session: Session, row: OpeningHours) -> None:
    check_weekdays(row.weekdays)
    for other in _others(session, row):
        refuse_overlap(_bell_like(row.weekdays, row.start, row.end), _bell_like(other.weekdays, other.start, other.end))


def _check_class_hours(_session: Session, row: ClassHours) -> None:
    if not row.name:
        raise Problem("请填写名称。", "例如「体育测试」「班会」。")
    if row.class_no is not None and row.grade is None:
        raise Problem("写了班级，没有选年级。", "请选年级；整个年级都一样就把班级空着。")
    check_weekdays(row.weekdays)


_CHECKS: dict[type, Callable[[Session, Any], None]] = {
    SchoolTerm: _check_term,
    SpecialDay: _check_special,
    LoadedYear: _check_year,
    BellTimetable: _check_timetable,
    BellSlot: _check_slot,
    OpeningHours: _check_opening,
    ClassHours: _check_class_hours,
}


def _checked(session: Session, row: Any) -> int:
    """The row's id, once it stands with the others. Raises Problem; the caller's write then takes nothing over."""
    session.flush()
    _CHECKS[type(row)](session, row)
    number: int = row.id
    return number


def _others(session: Session, row: K) -> Iterable[K]:
    return (other for other in kept(session, type(row)) if other.id != row.id)


def _row(session: Session, kind: type[K], record_id: int | None, /, **values: object) -> K:
    """A new row with these values, or the row of this id changed to them."""
    if record_id is None:
        row = kind(**values)
        session.add(row)
        return row
    row = get(session, kind, record_id)
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _in_order(first: date | None, last: date | None) -> tuple[date, date]:
    if first is None or last is None:
        raise Problem("请填写第一天和最后一天。", "写成 2026-09-01 这样。")
    if first.year not in YEARS or last.year not in YEARS:
        raise Problem("年份不对：{first} 至 {last}。", "请检查年份。", first=first, last=last)
    if last < first:
        raise Problem("最后一天 {last} 在第一天 {first} 之前。", "请改一改日期。", first=first, last=last)
    return first, last


def _by_words(days: Mapping[date, str]) -> dict[str, str]:
    return {day.isoformat(): name for day, name in sorted(days.items())}


def _bell(row: BellSlot) -> Bell:
    return Bell(row.weekdays, Slot(row.name, row.start, row.end))


def _bell_like(weekdays: str, start: time, end: time) -> Bell:
    return Bell(weekdays, Slot("开放时间", start, end))


def _beginning(row: BellSlot) -> tuple[time, time, int]:
    return row.start, row.end, row.id
