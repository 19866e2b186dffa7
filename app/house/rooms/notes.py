"""Notes of talks and the cases they belong to; part of a student's file in the sidebar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.house.room import Beside, Desk, Room
from app.house.words import tr
from app.rooms.appointments.overview import met
from app.rooms.notes import dues, overview, waiting
from app.rooms.notes.page.card import CasesCard
from app.rooms.notes.page.case import CasePage
from app.rooms.notes.page.drafts import DraftsPage
from app.rooms.notes.page.editor import NoteEditor
from app.rooms.notes.page.firstcase import FirstCasePage
from app.rooms.notes.page.phrases import PhrasesPage
from app.rooms.notes.page.reader import NoteReader
from app.rooms.notes.record import Case
from app.ui.page import Page, Route

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.rooms.school.record import DeadlineTerms
    from app.rooms.students.record import Fact


def notes() -> Room:
    """What the house knows of the room."""
    return Room(
        place="drafts",
        label=tr("未签记录"),
        icon="notebook-pen",
        under="students",
        word=tr("会谈"),
        card=_card,
        pages={
            "drafts": _drafts,
            "note": _editor,
            "note.read": _reader,
            "case": _case,
            "case.first": _first_case,
            "snippets": _phrases,
        },
        kinds={"note": tr("会谈记录草稿"), "case_file": tr("个案")},
        lines=overview.lines,
        facts=_facts,
        due=dues.due,
        holds=overview.holds,
        late=_late,
        found=overview.found,
        opens=_opens,
        about=_about,
        forget=overview.forget,
    )


def _drafts(desk: Desk) -> Page:
    return DraftsPage(desk.vault)


def _editor(desk: Desk) -> Page:
    page = NoteEditor(desk.vault, desk.notice, desk.keeper, desk.background, met)
    page.sheet_wanted.connect(desk.house.print_sheet)
    return page


def _reader(desk: Desk) -> Page:
    page = NoteReader(desk.vault, desk.notice, desk.keeper, desk.background, desk.signing)
    page.referral_wanted.connect(desk.house.refer)
    page.document_wanted.connect(desk.house.open_document)
    page.issued.connect(desk.house.offer_print)
    return page


def _case(desk: Desk) -> Page:
    page = CasePage(desk.vault, desk.notice, desk.keeper, desk.background)
    page.note_wanted.connect(desk.house.write_note)
    return page


def _first_case(desk: Desk) -> Page:
    return FirstCasePage(desk.vault, desk.notice, desk.keeper, desk.background)


def _phrases(desk: Desk) -> Page:
    return PhrasesPage(desk.vault, desk.notice, desk.keeper)


def _late(session: Session, terms: DeadlineTerms, now: datetime) -> int:
    return sum(draft.overdue for draft in waiting.drafts(session, terms.note_sign_hours, now))


def _card(desk: Desk) -> Beside:
    cases = CasesCard(desk.vault)
    cases.case_wanted.connect(desk.house.show_case)
    cases.new_case_wanted.connect(desk.house.open_case)
    return cases, cases.show_student


def _facts(session: Session, student_id: int, _today: date) -> list[Fact]:
    return overview.facts(session, student_id)


def _opens(session: Session, kind: str, record_id: int, student_id: int | None) -> Route | None:
    if kind == "case_file":
        return Route("case", record_id, student_id)
    note_id = overview.note_of(session, kind, record_id)
    if note_id is None and kind == "disclosure":
        case_id = overview.case_of(session, record_id)
        return Route("case", case_id, student_id, record_id) if case_id else Route("student", student_id, student_id)
    return Route("note", note_id, student_id) if note_id is not None else None


def _about(session: Session, route: Route) -> int | None:
    found = session.get(Case, route.record_id) if route.place == "case" else None
    return found.student_id if found is not None else None
