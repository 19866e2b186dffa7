"""Students: the class list, the file, guardians, consents, the roster from the office, the bin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.house.room import Desk, Room
from app.house.words import tr
from app.rooms.referrals import store as referrals
from app.rooms.students import store
from app.rooms.students.choices import SharedItem
from app.rooms.students.page.bin import BinPage
from app.rooms.students.page.consent import ConsentPage
from app.rooms.students.page.edit import EditPage
from app.rooms.students.page.file import StudentPage
from app.rooms.students.page.guardian import GuardianPage
from app.rooms.students.page.list import StudentsPage
from app.rooms.students.page.roster import RosterPage
from app.ui.page import Page, Route

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def students() -> Room:
    """What the house knows of the room."""
    return Room(
        place="students",
        label=tr("学生"),
        icon="users",
        word=tr("同意"),
        pages={
            "students": _listing,
            "student": _file,
            "student.edit": _editor,
            "guardian": _guardian,
            "consent": _consent,
            "roster": _roster,
            "bin": _binned,
        },
        kinds={
            "student": tr("学生档案"),
            "guardian": tr("监护人"),
            "consent": tr("知情同意"),
            "attachment": tr("附件"),
        },
        lines=store.lines,
        facts=store.facts,
        due=store.due,
        opens=_opens,
        forget=store.forget,
    )


def _listing(desk: Desk) -> Page:
    return StudentsPage(desk.vault)


def _file(desk: Desk) -> Page:
    house = desk.house
    page = StudentPage(
        desk.vault,
        desk.notice,
        desk.background,
        lines=desk.rooms.line_sources(),
        facts=desk.rooms.fact_sources(),
        beside=desk.rooms.cards_beside(desk),
        also=frozenset(desk.rooms.kinds_named()),
    )
    page.line_opened.connect(house.open_line)
    page.note_wanted.connect(house.write_note)
    page.referral_wanted.connect(house.refer)
    return page


def _editor(desk: Desk) -> Page:
    return EditPage(desk.vault, desk.notice, desk.keeper)


def _guardian(desk: Desk) -> Page:
    return GuardianPage(desk.vault, desk.notice, desk.keeper, desk.background)


def _consent(desk: Desk) -> Page:
    items = [(item.value, item.label) for item in SharedItem]
    return ConsentPage(
        desk.vault, desk.notice, desk.keeper, desk.background, items=items, letters_on=referrals.letters_on
    )


def _roster(desk: Desk) -> Page:
    return RosterPage(desk.vault, desk.notice, desk.background, desk.backing.before)


def _binned(desk: Desk) -> Page:
    return BinPage(
        desk.vault,
        desk.notice,
        desk.keeper,
        desk.background,
        forget=desk.rooms.forget,
        found=desk.rooms.found,
        stands=desk.rooms.stands,
    )


def _opens(_session: Session, kind: str, record_id: int, student_id: int | None) -> Route | None:
    if kind == "student":
        return Route("student", record_id, record_id)
    return Route(kind, record_id, student_id) if kind in ("guardian", "consent") else None
