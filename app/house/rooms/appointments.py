"""The week: appointments, and who is waiting for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.house.room import Desk, Room
from app.house.words import tr
from app.rooms.appointments import changing, dues, overview, planned
from app.rooms.appointments.page.diary import AppointmentsPage
from app.rooms.school.record import Heading
from app.ui.page import Page, Route

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.rooms.school.record import DeadlineTerms


def appointments() -> Room:
    """What the house knows of the room."""
    return Room(
        place="appointments",
        label=tr("日程"),
        icon="calendar-days",
        word=tr("预约"),
        pages={"appointments": _diary},
        kinds={
            "appointment": tr("预约"),
            "attendee": tr("预约的学生"),
            "series": tr("重复的预约"),
            "waiting": tr("等候名单"),
        },
        lines=overview.lines,
        facts=overview.facts,
        due=dues.due,
        planned=planned.planned,
        begin=planned.begin,
        late=_late,
        found=overview.found,
        stands=changing.stands,
        opens=_opens,
        forget=overview.forget,
    )


def _diary(desk: Desk) -> Page:
    page = AppointmentsPage(desk.vault, desk.notice, desk.keeper)
    page.sheet_wanted.connect(desk.house.print_sheet)
    return page


def _late(session: Session, terms: DeadlineTerms, now: datetime) -> int:
    told = dues.due(session, terms, now.date())
    return sum(due.due < now.date() and due.heading is Heading.DEADLINE for due in told)


def _opens(_session: Session, kind: str, record_id: int, _student_id: int | None) -> Route | None:
    if kind == "appointment":
        return Route("appointments", record_id)
    return Route("appointments") if kind == "waiting" else None
