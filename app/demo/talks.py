"""The demo school's cases and the signed notes of their talks, each at the hour the student comes by habit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import cycle, islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.cast import MADE, Cast
from app.demo.students import CHUNK
from app.demo.times import NOON, Habit, habits
from app.rooms.notes import cases, store
from app.rooms.notes.cases import CaseValues
from app.rooms.notes.choices import CaseSource, CaseStatus, CloseReason, Outcome, RiskFlag
from app.rooms.notes.record import Case, NoteValues
from app.rooms.school import store as schools
from app.rooms.school.bells import Span
from app.rooms.school.calendar import Calendar
from app.rooms.students.record import Student
from app.vault.vault import Vault

MOST_OPEN = 400
"""More cases than that a room does not keep open at once: those beyond are closed."""
CLOSED_SINCE = range(14, 300)
"""Days since the last talk of a closed case."""
USUAL = Span(NOON, time(12, 55))


@dataclass(frozen=True)
class Planned:
    """A case that is to be made, and how many notes it gets."""

    student_id: int
    notes: int
    habit: Habit
    is_open: bool


@dataclass(frozen=True)
class Opened:
    """A case that was opened, what it is about, and the days of its talks."""

    case: Case
    planned: Planned
    theme: dict[str, Any]
    held: list[date]


def fill_notes(vault: Vault, cast: Cast, count: int, today: date) -> int:
    """Signed notes spread over the students, ten to a case on average; gives how many."""
    with vault.read() as session:
        ids = list(session.scalars(select(Student.id).where(Student.deleted_at.is_(None)).order_by(Student.id)))
        calendar = schools.calendar(session)
    if not ids or not count:
        return 0
    for batch in _batches(_plan(cast, ids, count)):
        with vault.write(MADE) as session:
            opened = [_open_case(session, cast, planned, calendar, today) for planned in batch]
            for case in opened:
                _fill_case(session, cast, case, calendar)
            session.flush()
            with session.no_autoflush:  # all are written down at once
                for case in opened:
                    if not case.planned.is_open:
                        _close_case(session, cast, case)
    return count


def _plan(cast: Cast, ids: list[int], count: int) -> list[Planned]:
    cast.dice.shuffle(ids)
    chosen = ids[: max(1, min(len(ids), count // 10))]
    share, rest = divmod(count, len(chosen))
    return [
        Planned(student_id, share + (place < rest), habit, place < MOST_OPEN)
        for place, (student_id, habit) in enumerate(zip(chosen, cycle(habits()), strict=False))
    ]


def _batches(plan: list[Planned]) -> Iterator[list[Planned]]:
    batch: list[Planned] = []
    for entry in plan:
        batch.append(entry)
        if sum(planned.notes for planned in batch) >= CHUNK:
            yield batch
            batch = []
    if batch:
        yield batch


def _open_case(session: Session, cast: Cast, planned: Planned, calendar: Calendar, today: date) -> Opened:
    theme = cast.dice.choice(cast.themes)
    until = today if planned.is_open else today - timedelta(days=cast.dice.choice(CLOSED_SINCE))
    held = list(islice(planned.habit.days_before(calendar, until), planned.notes))[::-1]
    values = CaseValues(
        source=cast.dice.choice(list(CaseSource)),
        problem_types=[theme["problem"]],
        presenting_problem=theme["issue"],
        goals="作息规律，每周到校五天；情绪低落时能主动联系一位约定的大人。",
    )
    case = cases.open_case(session, planned.student_id, values, held[0] - timedelta(days=3))
    return Opened(case, planned, theme, held)


def _fill_case(session: Session, cast: Cast, opened: Opened, calendar: Calendar) -> None:
    case, planned = opened.case, opened.planned
    cases.move_case(session, case.id, CaseStatus.ACTIVE, case.opened_at)
    for number, day in enumerate(opened.held, start=1):
        written = note_values(cast, opened.theme, day, planned.habit.hour.span(calendar, day))
        store.enter_signed(session, planned.student_id, case.id, number, written, signed_at(day))


def _close_case(session: Session, cast: Cast, opened: Opened) -> None:
    cases.close_case(
        session,
        opened.case.id,
        reason=CloseReason.REACHED,
        outcome=cast.dice.choice((Outcome.MUCH_BETTER, Outcome.BETTER)),
        follow_up_plan="一个月后由班主任反馈一次在校情况，需要时学生可再来。",
        today=opened.held[-1],
    )


def note_values(cast: Cast, theme: dict[str, Any], held: date, span: Span = USUAL) -> NoteValues:
    """What the note of a talk says."""
    texts = {
        name: cast.dice.choice(theme[name])
        for name in ("subjective", "observation", "process", "assessment", "agreement", "next_plan")
    }
    return NoteValues(
        held_on=held,
        start=span.start,
        end=span.end,
        place="个别辅导室",
        attendees="学生本人",
        counsellor=cast.people["counsellor"],
        risk_flag=RiskFlag.NONE,
        mood_score=cast.dice.randrange(3, 9),
        **texts,
    )


def signed_at(held: date) -> datetime:
    """When a talk's note was signed: at the end of the day."""
    return datetime.combine(held, time(17, 40)).astimezone()
