"""The rooms of the house, in the order the counsellor sees them: one function for each, with its pages and what its store offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.house.room import Desk, Room
from app.ui.page import Page, Route

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def rooms() -> list[Room]:
    """Every room, the lower floors first, in the order of the sidebar; imported once the door has been shown."""
    return [_students(), _notes(), _referrals(), _papers(), _settings()]


def _students() -> Room:
    from app.rooms.students import store
    from app.rooms.students.page.list import StudentsPage

    def listing(desk: Desk) -> Page:
        return StudentsPage(desk.vault)

    def opens(_session: Session, kind: str, _record_id: int, student_id: int | None) -> Route | None:
        return Route("student", student_id, student_id) if kind in ("student", "guardian", "consent") else None

    return Room(
        place="students",
        label=_tr("学生"),
        icon="users",
        pages={"students": listing},
        kinds={"student": _tr("学生档案"), "guardian": _tr("监护人"), "consent": _tr("知情同意"), "attachment": _tr("附件")},
        lines=store.lines,
        facts=store.facts,
        due=store.due,
        opens=opens,
        forget=store.forget,
    )


def _notes() -> Room:
    from app.rooms.notes import overview
    from app.rooms.notes.page.case import CasePage
    from app.rooms.notes.page.drafts import DraftsPage
    from app.rooms.notes.page.editor import NoteEditor
    from app.rooms.notes.page.reader import NoteReader

    def drafts(desk: Desk) -> Page:
        return DraftsPage(desk.vault)

    def editor(desk: Desk) -> Page:
        page = NoteEditor(desk.vault, desk.notice, desk.keeper, desk.background)
        page.referral_wanted.connect(desk.house.refer)
        page.case_wanted.connect(desk.house.open_case)
        page.sheet_wanted.connect(desk.house.print_sheet)
        return page

    def reader(desk: Desk) -> Page:
        page = NoteReader(desk.vault, desk.notice, desk.keeper, desk.background, desk.signing)
        page.referral_wanted.connect(desk.house.refer)
        page.document_wanted.connect(desk.house.open_document)
        return page

    def case(desk: Desk) -> Page:
        page = CasePage(desk.vault, desk.notice, desk.keeper)
        page.note_wanted.connect(desk.house.write_note)
        return page

    def opens(session: Session, kind: str, record_id: int, student_id: int | None) -> Route | None:
        if kind == "case_file":
            return Route("case", record_id, student_id)
        note_id = overview.note_of(session, kind, record_id)
        return Route("note", note_id, student_id) if note_id is not None else None

    return Room(
        place="drafts",
        label=_tr("未签记录"),
        icon="notebook-pen",
        pages={"drafts": drafts, "note": editor, "note.read": reader, "case": case},
        kinds={"note": _tr("会谈记录草稿"), "case_file": _tr("个案")},
        lines=overview.lines,
        facts=overview.facts,
        due=overview.due,
        found=overview.found,
        opens=opens,
        forget=overview.forget,
    )


def _referrals() -> Room:
    from app.rooms.referrals import overview
    from app.rooms.referrals.page.form import ReferralForm

    def form(desk: Desk) -> Page:
        page = ReferralForm(desk.vault, desk.notice, desk.keeper, desk.background, desk.signing)
        page.document_wanted.connect(desk.house.open_document)
        page.issued.connect(desk.house.open_document)
        page.sheet_wanted.connect(desk.house.print_sheet)
        return page

    def opens(session: Session, kind: str, record_id: int, student_id: int | None) -> Route | None:
        referral_id = overview.referral_of(session, kind, record_id)
        return Route("referral", referral_id, student_id) if referral_id is not None else None

    return Room(
        place="referrals",
        label=_tr("转介"),
        icon="send",
        pages={"referral": form},
        kinds={"referral": _tr("转介单"), "institution": _tr("机构"), "receipt": _tr("回执"), "refusal": _tr("拒绝转介")},
        lines=overview.lines,
        facts=overview.facts,
        due=overview.due,
        found=overview.found,
        opens=opens,
        forget=overview.forget,
    )


def _papers() -> Room:
    from app.documents import issuing

    return Room(place="papers", label=_tr("文书"), icon="file-text", forget=issuing.forget)


def _settings() -> Room:
    from app.rooms.settings.page.bin import BinPage
    from app.rooms.settings.page.general import SettingsPage
    from app.rooms.settings.page.letters import LetterPage

    def general(desk: Desk) -> Page:
        page = SettingsPage(desk.vault, desk.notice, desk.keeper, desk.settings)
        page.look_changed.connect(desk.house.dress_again)
        return page

    def letter(desk: Desk) -> Page:
        return LetterPage(desk.vault, desk.notice, desk.keeper)

    def binned(desk: Desk) -> Page:
        return BinPage(desk.vault, desk.notice, desk.background, desk.house.kinds_named(), desk.house.forget)

    return Room(
        place="settings",
        label=_tr("设置"),
        icon="settings",
        at_foot=True,
        pages={"settings": general, "letter": letter, "bin": binned},
    )


def _tr(words: str) -> str:
    return QCoreApplication.translate("House", words)
