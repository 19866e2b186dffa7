"""Draws every page of the program, light and dark, with the demo vault, into PNG files: ``python -m bench.screens FOLDER``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.documents.record import Issued
from app.house.house import House
from app.house.start import dress
from app.rooms.notes.record import Case, Note
from app.rooms.referrals.choices import Status
from app.rooms.referrals.record import Referral
from app.ui.first_run import FirstRun
from app.ui.page import Route
from app.ui.settings_file import SettingsFile
from bench import vaults

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


def routes(session: Session) -> dict[str, Route]:
    """Every page, at a record that shows it well."""
    case = session.scalars(select(Case).order_by(Case.id)).first()
    note = (
        session.scalars(select(Note).where(Note.case_id == case.id).order_by(Note.id.desc())).first() if case else None
    )
    issued = session.scalars(select(Issued).order_by(Issued.id)).first()
    found: dict[str, Route] = {
        "today": Route("today"),
        "today-deadlines": Route("today.deadline"),
        "appointments": Route("appointments"),
        "students": Route("students"),
        "student-new": Route("student.edit"),
        "roster": Route("roster"),
        "bin": Route("bin"),
        "drafts": Route("drafts"),
        "referrals": Route("referrals"),
        "institutions": Route("institutions"),
        "papers": Route("papers"),
        "verify": Route("verify"),
        "settings": Route("settings"),
        "settings-keys": Route("settings.keys"),
        "settings-health": Route("settings.health"),
        "letter-words": Route("letter", 0),
    }
    if case is not None and note is not None:
        student = case.student_id
        found |= {
            "student": Route("student", student, student),
            "student-edit": Route("student.edit", student, student),
            "guardian": Route("guardian", None, student),
            "consent": Route("consent", None, student),
            "case": Route("case", case.id, student),
            "note": Route("note", None, student),
            "note-signed": Route("note.read", note.id, student),
        }
    for referral in session.scalars(select(Referral).order_by(Referral.id)):
        state = (
            "refused" if referral.status is Status.REFUSED else "draft" if referral.status.before_issue else "issued"
        )
        place = "referral" if state == "draft" else "referral.read"
        found[f"referral-{state}"] = Route(place, referral.id, referral.student_id)
        if state != "refused":
            form = "refusal" if state == "draft" else "receipt"
            found[form] = Route(form, referral.id, referral.student_id)
    if issued is not None:
        found["document"] = Route("document", issued.id)
    return found


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
    with desk.vault.read() as session:
        pages = routes(session)
    missing = []
    for name, route in pages.items():
        if not any(route.place in room.pages for room in house.inside.rooms):
            missing.append(name)
            continue
        house.go(route)
        painter.settle(700 if name in ("document", "referral-draft", "referral-issued", "settings-health") else 50)
        painter.draw(desk.window, f"{prefix}-{name}")
    desk.window.jump.setText("z")
    painter.draw(desk.window.jump.list, f"{prefix}-jump")
    house.lock()
    house.threshold.leave()
    return missing


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
