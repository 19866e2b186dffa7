"""Referral letters, refusals, receipts and the institutions they go to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.house.room import Desk, Room
from app.house.words import tr
from app.rooms.referrals import dues, overview
from app.rooms.referrals.page.file import ReferralPage
from app.rooms.referrals.page.form import ReferralForm
from app.rooms.referrals.page.institutions import InstitutionsPage
from app.rooms.referrals.page.list import ReferralsPage
from app.rooms.referrals.page.receipt import ReceiptPage
from app.rooms.referrals.page.refusal import RefusalPage
from app.rooms.school.record import Heading
from app.ui.page import Page, Route

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.rooms.school.record import DeadlineTerms
    from app.rooms.students.record import Fact


def referrals() -> Room:
    """What the house knows of the room."""
    return Room(
        place="referrals",
        label=tr("转介"),
        icon="send",
        word=tr("转介"),
        pages={
            "referrals": _listing,
            "referral": _form,
            "referral.read": _file,
            "refusal": _refusal,
            "receipt": _receipt,
            "institutions": _institutions,
        },
        kinds={
            "referral": tr("转介单"),
            "institution": tr("机构"),
            "receipt": tr("回执"),
            "refusal": tr("监护人告知确认"),
            "referral_follow_up": tr("转介随访"),
        },
        lines=overview.lines,
        facts=_facts,
        due=dues.due,
        holds=overview.holds,
        late=_late,
        found=overview.found,
        opens=_opens,
        forget=overview.forget,
    )


def _listing(desk: Desk) -> Page:
    return ReferralsPage(desk.vault)


def _form(desk: Desk) -> Page:
    page = ReferralForm(desk.vault, desk.notice, desk.keeper, desk.background, desk.signing)
    page.document_wanted.connect(desk.house.open_document)
    page.issued.connect(desk.house.offer_print)
    page.sheet_wanted.connect(desk.house.print_sheet)
    return page


def _file(desk: Desk) -> Page:
    page = ReferralPage(desk.vault, desk.notice, desk.keeper, desk.background, desk.signing)
    page.document_wanted.connect(desk.house.open_document)
    return page


def _refusal(desk: Desk) -> Page:
    page = RefusalPage(desk.vault, desk.notice, desk.keeper, desk.background, desk.signing)
    page.document_wanted.connect(desk.house.open_document)
    return page


def _institutions(desk: Desk) -> Page:
    return InstitutionsPage(desk.vault, desk.notice, desk.keeper)


def _receipt(desk: Desk) -> Page:
    return ReceiptPage(desk.vault, desk.notice, desk.keeper, desk.background)


def _late(session: Session, terms: DeadlineTerms, now: datetime) -> int:
    told = dues.due(session, terms, now.date())
    return sum(due.due < now.date() and due.heading is Heading.DEADLINE for due in told)


def _facts(session: Session, student_id: int, _today: date) -> list[Fact]:
    return overview.facts(session, student_id)


def _opens(session: Session, kind: str, record_id: int, student_id: int | None) -> Route | None:
    referral_id = overview.referral_of(session, kind, record_id)
    if referral_id is None:
        return None
    return Route("referral" if overview.is_drafted(session, referral_id) else "referral.read", referral_id, student_id)
