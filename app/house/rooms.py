"""The rooms of the house, in the order the counsellor sees them: one function for each, with its pages and what its store offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.house.room import Beside, Desk, Room
from app.house.today import today
from app.ui.page import Page, Route

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.rooms.school.record import DeadlineTerms
    from app.rooms.students.record import Fact
    from app.vault.environment.answer import Read


def rooms() -> list[Room]:
    """Every room, the lower floors first, in the order of the sidebar, which Today leads; imported once the door has been shown."""
    below = [_students(), _appointments(), _notes(), _referrals(), _papers(), _access(), _settings()]
    return [*below, today(below)]


def _students() -> Room:
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

    def listing(desk: Desk) -> Page:
        return StudentsPage(desk.vault)

    def file(desk: Desk) -> Page:
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

    def editor(desk: Desk) -> Page:
        return EditPage(desk.vault, desk.notice, desk.keeper)

    def guardian(desk: Desk) -> Page:
        return GuardianPage(desk.vault, desk.notice, desk.keeper, desk.background)

    def consent(desk: Desk) -> Page:
        items = [(item.value, item.label) for item in SharedItem]
        return ConsentPage(
            desk.vault, desk.notice, desk.keeper, desk.background, items=items, letters_on=referrals.letters_on
        )

    def roster(desk: Desk) -> Page:
        return RosterPage(desk.vault, desk.notice, desk.background, desk.backing.before)

    def binned(desk: Desk) -> Page:
        return BinPage(
            desk.vault, desk.notice, desk.keeper, desk.background, forget=desk.rooms.forget, found=desk.rooms.found
        )

    def opens(_session: Session, kind: str, record_id: int, student_id: int | None) -> Route | None:
        if kind == "student":
            return Route("student", record_id, record_id)
        return Route(kind, record_id, student_id) if kind in ("guardian", "consent") else None

    return Room(
        place="students",
        label=_tr("学生"),
        icon="users",
        word=_tr("同意"),
        pages={
            "students": listing,
            "student": file,
            "student.edit": editor,
            "guardian": guardian,
            "consent": consent,
            "roster": roster,
            "bin": binned,
        },
        kinds={
            "student": _tr("学生档案"),
            "guardian": _tr("监护人"),
            "consent": _tr("知情同意"),
            "attachment": _tr("附件"),
        },
        lines=store.lines,
        facts=store.facts,
        due=store.due,
        opens=opens,
        forget=store.forget,
    )


def _appointments() -> Room:
    from app.rooms.appointments import overview, planned
    from app.rooms.appointments.page.diary import AppointmentsPage
    from app.rooms.school.record import Heading

    def diary(desk: Desk) -> Page:
        page = AppointmentsPage(desk.vault, desk.notice, desk.keeper)
        page.note_wanted.connect(desk.house.write_note)
        page.sheet_wanted.connect(desk.house.print_sheet)
        return page

    def late(session: Session, terms: DeadlineTerms, now: datetime) -> int:
        dues = overview.due(session, terms, now.date())
        return sum(due.due < now.date() and due.heading is Heading.DEADLINE for due in dues)

    def opens(_session: Session, kind: str, record_id: int, _student_id: int | None) -> Route | None:
        if kind == "appointment":
            return Route("appointments", record_id)
        return Route("appointments") if kind == "waiting" else None

    return Room(
        place="appointments",
        label=_tr("日程"),
        icon="calendar-days",
        word=_tr("预约"),
        pages={"appointments": diary},
        kinds={
            "appointment": _tr("预约"),
            "attendee": _tr("预约的学生"),
            "series": _tr("重复的预约"),
            "waiting": _tr("等候名单"),
        },
        lines=overview.lines,
        facts=overview.facts,
        due=overview.due,
        planned=planned.planned,
        begin=planned.begin,
        late=late,
        found=overview.found,
        opens=opens,
        forget=overview.forget,
    )


def _notes() -> Room:
    from app.rooms.appointments.overview import met
    from app.rooms.notes import overview, waiting
    from app.rooms.notes.page.card import CasesCard
    from app.rooms.notes.page.case import CasePage
    from app.rooms.notes.page.drafts import DraftsPage
    from app.rooms.notes.page.editor import NoteEditor
    from app.rooms.notes.page.firstcase import FirstCasePage
    from app.rooms.notes.page.phrases import PhrasesPage
    from app.rooms.notes.page.reader import NoteReader
    from app.rooms.notes.record import Case

    def drafts(desk: Desk) -> Page:
        return DraftsPage(desk.vault)

    def editor(desk: Desk) -> Page:
        page = NoteEditor(desk.vault, desk.notice, desk.keeper, desk.background, met)
        page.sheet_wanted.connect(desk.house.print_sheet)
        return page

    def reader(desk: Desk) -> Page:
        page = NoteReader(desk.vault, desk.notice, desk.keeper, desk.background, desk.signing)
        page.referral_wanted.connect(desk.house.refer)
        page.document_wanted.connect(desk.house.open_document)
        page.issued.connect(desk.house.offer_print)
        return page

    def case(desk: Desk) -> Page:
        page = CasePage(desk.vault, desk.notice, desk.keeper, desk.background)
        page.note_wanted.connect(desk.house.write_note)
        return page

    def first_case(desk: Desk) -> Page:
        return FirstCasePage(desk.vault, desk.notice, desk.keeper, desk.background)

    def phrases(desk: Desk) -> Page:
        return PhrasesPage(desk.vault, desk.notice, desk.keeper)

    def late(session: Session, terms: DeadlineTerms, now: datetime) -> int:
        return sum(draft.overdue for draft in waiting.drafts(session, terms.note_sign_hours, now))

    def card(desk: Desk) -> Beside:
        cases = CasesCard(desk.vault)
        cases.case_wanted.connect(desk.house.show_case)
        cases.new_case_wanted.connect(desk.house.open_case)
        return cases, cases.show_student

    def facts(session: Session, student_id: int, _today: date) -> list[Fact]:
        return overview.facts(session, student_id)

    def opens(session: Session, kind: str, record_id: int, student_id: int | None) -> Route | None:
        if kind == "case_file":
            return Route("case", record_id, student_id)
        note_id = overview.note_of(session, kind, record_id)
        if note_id is None and kind == "disclosure":
            case_id = overview.case_of(session, record_id)
            return (
                Route("case", case_id, student_id, record_id) if case_id else Route("student", student_id, student_id)
            )
        return Route("note", note_id, student_id) if note_id is not None else None

    def about(session: Session, route: Route) -> int | None:
        found = session.get(Case, route.record_id) if route.place == "case" else None
        return found.student_id if found is not None else None

    return Room(
        place="drafts",
        label=_tr("未签记录"),
        icon="notebook-pen",
        under="students",
        word=_tr("会谈"),
        card=card,
        pages={
            "drafts": drafts,
            "note": editor,
            "note.read": reader,
            "case": case,
            "case.first": first_case,
            "snippets": phrases,
        },
        kinds={"note": _tr("会谈记录草稿"), "case_file": _tr("个案")},
        lines=overview.lines,
        facts=facts,
        due=overview.due,
        late=late,
        found=overview.found,
        opens=opens,
        about=about,
        forget=overview.forget,
    )


def _referrals() -> Room:
    from app.rooms.referrals import overview
    from app.rooms.referrals.page.file import ReferralPage
    from app.rooms.referrals.page.form import ReferralForm
    from app.rooms.referrals.page.institutions import InstitutionsPage
    from app.rooms.referrals.page.list import ReferralsPage
    from app.rooms.referrals.page.receipt import ReceiptPage
    from app.rooms.referrals.page.refusal import RefusalPage

    def listing(desk: Desk) -> Page:
        return ReferralsPage(desk.vault)

    def form(desk: Desk) -> Page:
        page = ReferralForm(desk.vault, desk.notice, desk.keeper, desk.background, desk.signing)
        page.document_wanted.connect(desk.house.open_document)
        page.issued.connect(desk.house.offer_print)
        page.sheet_wanted.connect(desk.house.print_sheet)
        return page

    def file(desk: Desk) -> Page:
        page = ReferralPage(desk.vault, desk.notice, desk.keeper, desk.background, desk.signing)
        page.document_wanted.connect(desk.house.open_document)
        return page

    def refusal(desk: Desk) -> Page:
        page = RefusalPage(desk.vault, desk.notice, desk.keeper, desk.background, desk.signing)
        page.document_wanted.connect(desk.house.open_document)
        return page

    def institutions(desk: Desk) -> Page:
        return InstitutionsPage(desk.vault, desk.notice, desk.keeper)

    def receipt(desk: Desk) -> Page:
        return ReceiptPage(desk.vault, desk.notice, desk.keeper, desk.background)

    def late(session: Session, terms: DeadlineTerms, now: datetime) -> int:
        return sum(due.due < now.date() for due in overview.due(session, terms, now.date()))

    def facts(session: Session, student_id: int, _today: date) -> list[Fact]:
        return overview.facts(session, student_id)

    def opens(session: Session, kind: str, record_id: int, student_id: int | None) -> Route | None:
        referral_id = overview.referral_of(session, kind, record_id)
        if referral_id is None:
            return None
        return Route(
            "referral" if overview.is_drafted(session, referral_id) else "referral.read", referral_id, student_id
        )

    return Room(
        place="referrals",
        label=_tr("转介"),
        icon="send",
        word=_tr("转介"),
        pages={
            "referrals": listing,
            "referral": form,
            "referral.read": file,
            "refusal": refusal,
            "receipt": receipt,
            "institutions": institutions,
        },
        kinds={
            "referral": _tr("转介单"),
            "institution": _tr("机构"),
            "receipt": _tr("回执"),
            "refusal": _tr("监护人告知确认"),
            "referral_follow_up": _tr("转介随访"),
        },
        lines=overview.lines,
        facts=facts,
        due=overview.due,
        late=late,
        found=overview.found,
        opens=opens,
        forget=overview.forget,
    )


def _papers() -> Room:
    from app.documents import issuing
    from app.documents.record import Issued
    from app.rooms.papers import store
    from app.rooms.papers.page.document import DocumentPage
    from app.rooms.papers.page.register import RegisterPage
    from app.rooms.papers.page.verify import VerifyPage

    def register(desk: Desk) -> Page:
        return RegisterPage(desk.vault)

    def document(desk: Desk) -> Page:
        page = DocumentPage(desk.vault, desk.notice, desk.keeper, desk.background, desk.signing, desk.printer)
        page.record_wanted.connect(desk.house.open_record)
        return page

    def verify(desk: Desk) -> Page:
        return VerifyPage(desk.vault, desk.notice, desk.background)

    def opens(_session: Session, kind: str, record_id: int, _student_id: int | None) -> Route | None:
        return Route("document", record_id) if kind == "issued" else None

    def about(session: Session, route: Route) -> int | None:
        issued = session.get(Issued, route.record_id)
        return issued.student_id if issued is not None else None

    return Room(
        place="papers",
        label=_tr("文书"),
        icon="file-text",
        pages={"papers": register, "document": document, "verify": verify},
        kinds={"issued": _tr("文书")},
        found=store.found,
        opens=opens,
        about=about,
        forget=issuing.forget,
    )


def _access() -> Room:
    from app.rooms.access.page.register import AccessPage
    from app.rooms.access.store import KIND, TITLE, Naming
    from app.vault import outgoing

    def register(desk: Desk) -> Page:
        naming = Naming(desk.rooms.found, desk.rooms.kinds_named())
        return AccessPage(desk.vault, desk.notice, desk.background, desk.printer, naming)

    return Room(
        place="access",
        label=_tr("查阅登记"),
        icon="eye",
        at_foot=True,
        pages={"access": register},
        kinds={KIND: TITLE, "outgoing": _tr("收件登记")},
        forget=outgoing.forget,
    )


def _settings() -> Room:
    from app.rooms.school import overview
    from app.rooms.settings.page.backup import BackupPage
    from app.rooms.settings.page.bells import BellsPage
    from app.rooms.settings.page.calendar import CalendarPage
    from app.rooms.settings.page.deadlines import DeadlinesPage
    from app.rooms.settings.page.general import SettingsPage
    from app.rooms.settings.page.health import HealthPage
    from app.rooms.settings.page.keys import KeysPage
    from app.rooms.settings.page.letters import LetterPage
    from app.vault.backup import local_place
    from app.vault.backupplaces import second_place
    from app.vault.environment.looking import reads

    def general(desk: Desk) -> Page:
        page = SettingsPage(desk.vault, desk.notice, desk.keeper, desk.background, desk.settings, desk.capture)
        page.look_changed.connect(desk.house.dress_again)
        page.school_changed.connect(desk.house.show_names)
        return page

    def letter(desk: Desk) -> Page:
        return LetterPage(desk.vault, desk.notice, desk.keeper)

    def calendar(desk: Desk) -> Page:
        return CalendarPage(desk.vault, desk.notice, desk.keeper)

    def bells(desk: Desk) -> Page:
        return BellsPage(desk.vault, desk.notice, desk.keeper)

    def deadlines(desk: Desk) -> Page:
        return DeadlinesPage(desk.vault, desk.notice, desk.keeper)

    def keys(desk: Desk) -> Page:
        def places() -> list[Path]:
            second = desk.backing.second()
            here = [local_place(desk.vault.folder)]
            return [*here, second_place(second, desk.vault.vault_id)] if second is not None else here

        then = desk.backing.run_then
        page = KeysPage(desk.vault, desk.notice, desk.keeper, desk.background, desk.printer, places, then)
        page.rotated.connect(desk.window.lock_wanted)
        return page

    def health(desk: Desk) -> Page:
        def wanted() -> list[Read]:
            return reads(desk.vault, desk.backing.second() is not None, desk.backing.carried_at())

        return HealthPage(desk.vault, desk.notice, desk.background, wanted)

    def backup(desk: Desk) -> Page:
        kinds = desk.rooms.kinds_named()
        page = BackupPage(desk.vault, desk.notice, desk.background, desk.settings, desk.backing, kinds)
        page.restored.connect(desk.window.lock_wanted)
        return page

    return Room(
        place="settings",
        label=_tr("设置"),
        icon="settings",
        at_foot=True,
        pages={
            "settings": general,
            "settings.calendar": calendar,
            "settings.bells": bells,
            "settings.deadlines": deadlines,
            "settings.backup": backup,
            "settings.keys": keys,
            "settings.health": health,
            "letter": letter,
        },
        kinds={
            "school_term": _tr("学期"),
            "special_day": _tr("学校自己的日子"),
            "loaded_year": _tr("放假安排"),
            "bell_timetable": _tr("作息表"),
            "bell_slot": _tr("节次"),
            "opening_hours": _tr("开放时间"),
            "changed_deadline": _tr("期限"),
        },
        found=overview.found,
    )


def _tr(words: str) -> str:
    return QCoreApplication.translate("House", words)
