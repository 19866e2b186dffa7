"""Draws every page of the program, light and dark, with the demo vault, into PNG files: ``python -m bench.screens FOLDER``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.documents.record import Issued
from app.house.house import House
from app.house.start import dress
from app.rooms.appointments.page.diary import AppointmentsPage
from app.rooms.notes.record import Case, Note
from app.rooms.referrals.choices import Status
from app.rooms.referrals.record import Referral
from app.rooms.students.record import Student
from app.ui.first_run import FirstRun
from app.ui.page import Route
from app.ui.settings_file import SettingsFile
from bench import vaults

AT_A_RECORD = frozenset(
    (
        *("student", "student.edit", "guardian", "consent", "case", "case.first", "note", "note.read"),
        *("referral", "referral.read", "refusal", "receipt", "document", "letter"),
    )
)
WORKING = frozenset({"document", "referral", "referral.read", "settings.health", "settings.backup", "access"})
"""Pages that show what a job brings, a moment later."""
SIZES = {"": (1360, 860), "-1280x720": (1280, 720)}


class Painter:
    """Goes from page to page and draws each as it is seen."""

    def __init__(self, application: QApplication, folder: Path) -> None:
        self._application, self._folder = application, folder

    def draw(self, widget: QWidget, name: str) -> None:
        """Draw once everything that was started has come to rest."""
        self.settle(120)
        widget.grab().save(str(self._folder / f"{name}.png"))

    def settle(self, milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()


def routes(session: Session, places: Iterable[str]) -> dict[str, Route]:
    """Every page of the house, at a record that shows it well; one that needs a record the vault has none of is left out."""
    shown = {place: Route(place) for place in places if place not in AT_A_RECORD}
    shown["student-new"] = Route("student.edit")
    case = session.scalars(select(Case).order_by(Case.id)).first()
    note = (
        session.scalars(select(Note).where(Note.case_id == case.id).order_by(Note.id.desc())).first() if case else None
    )
    if case is not None and note is not None:
        student = case.student_id
        shown |= {
            "student": Route("student", student, student),
            "student.edit": Route("student.edit", student, student),
            "guardian": Route("guardian", None, student),
            "consent": Route("consent", None, student),
            "case": Route("case", case.id, student),
            "note": Route("note", None, student),
            "note.read": Route("note.read", note.id, student),
        }
    open_for = select(Case.student_id).where(Case.closed_at.is_(None))
    without = session.scalars(select(Student.id).where(Student.id.not_in(open_for)).order_by(Student.id)).first()
    if without is not None:
        shown["case.first"] = Route("case.first", None, without)
    for referral in session.scalars(select(Referral).order_by(Referral.id)):
        state = (
            "refused" if referral.status is Status.REFUSED else "draft" if referral.status.before_issue else "issued"
        )
        place = "referral" if state == "draft" else "referral.read"
        shown[f"referral-{state}"] = Route(place, referral.id, referral.student_id)
        if state != "refused":
            form = "refusal" if state == "draft" else "receipt"
            shown[form] = Route(form, referral.id, referral.student_id)
    issued = session.scalars(select(Issued).order_by(Issued.id)).first()
    if issued is not None:
        shown["document"] = Route("document", issued.id)
    shown["letter"] = Route("letter", 0)
    return shown


def main(folder: Path) -> int:
    """Draw them all; gives 1 if a page could not be shown."""
    folder.mkdir(parents=True, exist_ok=True)
    vault_folder, password = vaults.small()
    application = QApplication(sys.argv[:1])
    painter = Painter(application, folder)
    settings = SettingsFile(Path(tempfile.mkdtemp()) / "settings.json")
    missing = []
    for look in ("light", "dark"):
        for suffix, (width, height) in SIZES.items():
            settings.change(folder=str(vault_folder), theme=look, width=width, height=height)
            dress(application, settings)
            house = House(application, settings, Clock())
            missing += _draw_house(house, painter, password, f"{look}{suffix}", (width, height))
    if missing:
        print("not drawn:", *sorted(set(missing)))
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    return int(bool(missing))


def _draw_house(house: House, painter: Painter, password: str, prefix: str, size: tuple[int, int]) -> list[str]:
    house.start()
    door = house.threshold.door
    assert door is not None
    door.resize(*size)
    painter.draw(door, f"{prefix}-unlock")
    _draw_first_run(painter, prefix, size)
    loop = QEventLoop()
    house.entered.connect(loop.quit)
    door.password_given.emit(password)
    loop.exec()
    desk = house.desk
    assert desk is not None
    places = {place for room in house.inside.rooms for place in room.pages}
    with desk.vault.read() as session:
        pages = routes(session, places)
    for name, route in pages.items():
        house.go(route)
        painter.settle(700 if route.place in WORKING else 50)
        painter.draw(desk.window, f"{prefix}-{name.replace('.', '-')}")
        page = desk.window.page()
        if isinstance(page, AppointmentsPage):
            _draw_views(page, painter, prefix)
    desk.window.jump.setText("z")
    painter.draw(desk.window.jump.list, f"{prefix}-jump")
    house.lock()
    house.threshold.leave()
    return sorted(places - {route.place for route in pages.values()})


def _draw_views(page: AppointmentsPage, painter: Painter, prefix: str) -> None:
    views = page.views
    for name, view in (("month", views.month_view), ("list", views.listing), ("form", views.week_view)):
        views.show_view(view)
        if name == "form":
            next(act for act in page.head_actions if act.property("primary")).click()
        painter.draw(page.window(), f"{prefix}-appointments-{name}")


def _draw_first_run(painter: Painter, prefix: str, size: tuple[int, int]) -> None:
    first = FirstRun()
    first.resize(*size)
    first.show()
    for at in range(first.stepping.cards.count()):
        first.stepping.cards.setCurrentIndex(at)
        painter.draw(first, f"{prefix}-first-run-{at + 1}")
    first.hide()
    first.deleteLater()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/screens")))
