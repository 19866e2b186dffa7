"""Room: what the house knows of one room; Desk: what it lays out for every page; Host: what pages ask of the house."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from app.ui.background import Background
from app.ui.capture import Capture
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.ui.settings_file import SettingsFile

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from sqlalchemy.orm import Session

    from app.house.telling import Rooms
    from app.rooms.school.planned import Planned
    from app.rooms.school.record import DeadlineTerms, Due
    from app.rooms.students.archives import HeldOf
    from app.rooms.students.record import Fact, Line
    from app.ui.backing_up import BackingUp
    from app.ui.keeper import Keeper
    from app.ui.printing import Log, Printer
    from app.ui.signing_desk import SigningDesk
    from app.ui.window import Window
    from app.vault.record import Record
    from app.vault.vault import Vault


Beside = tuple["QWidget", Callable[[int], None]]
LinesOf = Callable[["Session", int], "list[Line]"]
FactsOf = Callable[["Session", int, date], "list[Fact]"]


class Host(Protocol):
    """What pages ask of the house: another room's page, and what is not a page's own."""

    def refer(self, student_id: int) -> None: ...
    def open_case(self, student_id: int) -> None: ...
    def show_case(self, case_id: int) -> None: ...
    def write_note(self, student_id: int) -> None: ...
    def begin_note(self) -> None: ...
    def open_document(self, issued_id: int) -> None: ...
    def offer_print(self, issued_id: int) -> None: ...
    def open_record(self, kind: str, record_id: int, student_id: int | None) -> None: ...
    def open_line(self, line: Line, student_id: int) -> None: ...
    def settle(self, due: Due) -> None: ...
    def begin_planned(self, planned: Planned) -> None: ...
    def open_planned(self, planned: Planned) -> None: ...
    def print_sheet(self, pdf: bytes, name: str, log: Log) -> None: ...
    def dress_again(self) -> None: ...
    def show_names(self) -> None: ...


@dataclass
class Desk:
    """What a page may take: the open vault, and the few things every page shares."""

    vault: Vault
    notice: Notice
    keeper: Keeper
    background: Background
    signing: SigningDesk
    printer: Printer
    window: Window
    settings: SettingsFile
    house: Host
    rooms: Rooms
    backing: BackingUp
    capture: Capture


@dataclass(frozen=True)
class Room:
    """One room: its line of the sidebar (none without a label), its pages by place, and what its store offers the others."""

    place: str
    label: str = ""
    icon: str = ""
    at_foot: bool = False
    under: str = ""
    """The place of the sidebar that the room's other pages belong to, where it is not its own: a note is part of a student's file."""
    pages: dict[str, Callable[[Desk], Page]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    """Chinese words for the room's tables, for the bin."""
    lines: LinesOf | None = None
    word: str = ""
    """What the timeline is filtered by for the room's lines: 会谈."""
    card: Callable[[Desk], Beside] | None = None
    """The room's card in a student's file, and what has it show a student."""
    facts: FactsOf | None = None
    due: Callable[[Session, DeadlineTerms, date], list[Due]] | None = None
    holds: HeldOf | None = None
    """What the room keeps about students by which a file is kept the longer."""
    planned: Callable[[Session, date, date, datetime], list[Planned]] | None = None
    """What the room has planned from a day to another, both included, seen from this moment."""
    begin: Callable[[Vault, int], int | None] | None = None
    """Somebody has come to what was planned (record id): write that down and give the student a note is to be written about."""
    late: Callable[[Session, DeadlineTerms, datetime], int] | None = None
    """How many things are overdue at the room's line of the sidebar."""
    found: Callable[[Session, str, int], tuple[str, str] | None] | None = None
    stands: Callable[[Session, Record], None] | None = None
    """Raises Problem where a record taken back out of the bin does not go with what has been entered since."""
    opens: Callable[[Session, str, int, int | None], Route | None] | None = None
    """Where a record of the room is seen: (session, kind, record id, student id) → route."""
    forget: Callable[[Session, int], None] | None = None
    about: Callable[[Session, Route], int | None] | None = None
    """The student a page is about whose route does not say so: a document, a case."""
