"""查阅登记: who saw, printed and exported what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.house.room import Desk, Room
from app.house.words import tr
from app.rooms.access.page.register import AccessPage
from app.rooms.access.store import KIND, TITLE, Naming
from app.ui.page import Page
from app.vault import outgoing

if TYPE_CHECKING:
    pass


def access() -> Room:
    """What the house knows of the room."""
    return Room(
        place="access",
        label=tr("查阅登记"),
        icon="eye",
        at_foot=True,
        pages={"access": _register},
        kinds={KIND: TITLE, "outgoing": tr("收件登记")},
        forget=outgoing.forget,
    )


def _register(desk: Desk) -> Page:
    naming = Naming(desk.rooms.found, desk.rooms.kinds_named())
    return AccessPage(desk.vault, desk.notice, desk.background, desk.printer, naming)
