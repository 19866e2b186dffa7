"""What was issued: the register of documents, a document, and the check of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.documents import issuing
from app.documents.record import Issued
from app.house.room import Desk, Room
from app.house.words import tr
from app.rooms.papers import store
from app.rooms.papers.page.document import DocumentPage
from app.rooms.papers.page.register import RegisterPage
from app.rooms.papers.page.verify import VerifyPage
from app.ui.page import Page, Route

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def papers() -> Room:
    """What the house knows of the room."""
    return Room(
        place="papers",
        label=tr("文书"),
        icon="file-text",
        pages={"papers": _register, "document": _document, "verify": _verify},
        kinds={"issued": tr("文书")},
        found=store.found,
        opens=_opens,
        about=_about,
        forget=issuing.forget,
    )


def _register(desk: Desk) -> Page:
    return RegisterPage(desk.vault)


def _document(desk: Desk) -> Page:
    page = DocumentPage(desk.vault, desk.notice, desk.keeper, desk.background, desk.signing, desk.printer)
    page.record_wanted.connect(desk.house.open_record)
    return page


def _verify(desk: Desk) -> Page:
    return VerifyPage(desk.vault, desk.notice, desk.background)


def _opens(_session: Session, kind: str, record_id: int, _student_id: int | None) -> Route | None:
    return Route("document", record_id) if kind == "issued" else None


def _about(session: Session, route: Route) -> int | None:
    issued = session.get(Issued, route.record_id)
    return issued.student_id if issued is not None else None
