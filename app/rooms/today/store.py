"""Sorts what is due under its headings, puts things off and takes that back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.school.record import Due, Heading, Weight, class_name
from app.rooms.students.record import Student
from app.rooms.today.record import Snooze
from app.vault import outgoing
from app.vault.outgoing import ForWhom
from app.vault.trail import Act
from app.vault.vault import Vault

KIND, TITLE = "today", "今日与本周备用单"
"""What the day's paper is called in the trail, and on the screen."""
COUNTED = (Heading.WRITING, Heading.DEADLINE)
"""What is overdue under these is counted in the sidebar."""


@dataclass(frozen=True)
class Day:
    """Everything that is due, seen from one day: under each heading by weight and then the latest first, and what was put off, the
    soonest back first."""

    today: date
    under: dict[Heading, list[Due]]
    later: list[tuple[Due, Snooze]] = field(default_factory=list)

    @property
    def overdue(self) -> int:
        """How many deadlines have passed."""
        return sum(is_overdue(due, self.today) for heading in COUNTED for due in self.under[heading])


@dataclass(frozen=True)
class Person:
    """A student as a line names one."""

    name: str
    place: str
    """The class."""


def sort_out(session: Session, dues: Iterable[Due], today: date) -> Day:
    """Every thing that is due under its heading, or among what was put off to a later day."""
    return sorted_out(dues, session.scalars(select(Snooze).where(Snooze.until > today)), today)


def sorted_out(dues: Iterable[Due], snoozes: Iterable[Snooze], today: date) -> Day:
    """The same, with what is put off beyond today at hand."""
    off = {_thing(row): row for row in snoozes}
    day = Day(today, {heading: [] for heading in Heading})
    for due in sorted(dues, key=_latest_first):
        snooze = off.get(_thing(due)) if off else None
        if snooze is None:
            day.under[due.heading].append(due)
        else:
            day.later.append((due, snooze))
    day.later.sort(key=_soonest_back)
    return day


def is_overdue(due: Due, today: date) -> bool:
    """Whether a deadline has passed; what only tidies up has none that passes."""
    return due.due < today and due.weight is not Weight.KEEPING


def people(session: Session, dues: Iterable[Due]) -> dict[int, Person]:
    """The students these lines are about, by id."""
    ids = {due.student_id for due in dues if due.student_id is not None}
    wanted = select(Student.id, Student.name, Student.grade, Student.class_no).where(Student.id.in_(ids))
    return {row.id: Person(row.name, class_name(row.grade, row.class_no)) for row in session.execute(wanted)}


def put_off(session: Session, due: Due, until: date | None, reason: str, now: datetime) -> Snooze:
    """Put a thing off to a day after today. Raises Problem without a later day, without a reason, and for more than a day of what a
    student's safety may hang on."""
    if until is None or until <= now.date():
        raise Problem("推后的日期要在今天之后。", "请写一个以后的日期，到那天它会回到今日。")
    if due.weight is Weight.SAFETY and until > now.date() + timedelta(days=1):
        raise Problem("这件事关系到学生的安全，最多推后到明天。", "请填明天的日期；明天还办不了的，到时再推后一天。")
    if not reason.strip():
        raise Problem("没有写推后的原因。", "请写一句原因，例如「家长出差，下周一回校」。")
    same = (Snooze.kind == due.kind, Snooze.record_id == due.record_id, Snooze.key == due.key, Snooze.due == due.due)
    for before in session.scalars(select(Snooze).where(*same, Snooze.until > now.date())):
        session.delete(before)
    row = Snooze(
        kind=due.kind,
        record_id=due.record_id,
        student_id=due.student_id,
        key=due.key,
        due=due.due,
        until=until,
        reason=reason.strip(),
        at=now,
    )
    session.add(row)
    session.flush()
    return row


def bring_back(session: Session, snooze_id: int) -> None:
    """Have a thing that was put off stand where it stood; does nothing where it does already."""
    row = session.get(Snooze, snooze_id)
    if row is not None:
        session.delete(row)


def put_off_again(session: Session, before: Snooze) -> None:
    """As before it was brought back: to the same day, with the same reason."""
    names = ("kind", "record_id", "student_id", "key", "due", "until", "reason", "at")
    session.add(Snooze(**{name: getattr(before, name) for name in names}))


def log(vault: Vault, answer: ForWhom) -> None:
    """Write down that the day was printed, before a byte leaves."""
    with vault.write("打印今日与本周备用单") as session:
        outgoing.send(vault, session, Act.PRINT, TITLE, answer, kind=KIND)


def forget(session: Session, student_id: int) -> None:
    """Delete what is kept about a student: the file is being destroyed."""
    for row in session.scalars(select(Snooze).where(Snooze.student_id == student_id)):
        session.delete(row)


def _thing(of: Due | Snooze) -> tuple[str, int, str, date]:
    return of.kind, of.record_id, of.key, of.due


def _latest_first(due: Due) -> tuple[Weight, date, str, int]:
    return due.weight, due.due, due.key, due.record_id


def _soonest_back(one: tuple[Due, Snooze]) -> tuple[date, int]:
    return one[1].until, one[1].id
