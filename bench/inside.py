"""What is measured with the vault open: the jump box, the pages, saving, importing, issuing, memory."""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from app.clock import Clock
from app.demo.cast import Cast
from app.demo.papers import holder, refer
from app.demo.talks import note_values, signed_at
from app.house.house import House
from app.house.start import dress
from app.rooms.notes import store as notes
from app.rooms.notes.record import Case, Note, NoteValues
from app.rooms.referrals.issuing import issue
from app.rooms.students import roster
from app.ui.page import Route
from app.ui.settings_file import SettingsFile
from bench.timing import Figure, Times
from bench.today import crowded_day
from bench.week import week

KEYS = ("z", "zs", "zsy", "li", "lixia", "8.3 z", "考试", "睡不", "D2026", "单")
ROSTER = Path("tests/cases/roster.xlsx")


def inside(folder: Path, password: str) -> list[Figure]:
    """Open the real window on a copy of the vault and measure in it."""
    copy = Path(tempfile.mkdtemp()) / "vault"
    shutil.copytree(folder, copy)
    application = QApplication(sys.argv[:1])
    settings = SettingsFile(Path(tempfile.mkdtemp()) / "settings.json")
    settings.change(folder=str(copy))
    dress(application, settings)
    house = House(application, settings, Clock())
    house.start()
    loop = QEventLoop()
    house.entered.connect(loop.quit)
    assert house.threshold.door is not None
    house.threshold.door.password_given.emit(password)
    loop.exec()
    try:
        time.sleep(5)  # the page checks end
        assert house.desk is not None
        house.desk.backing.stop()  # measured by itself (backups.py)
        return [
            *_searching(application, house),
            *_pages(application, house),
            *week(application, house),
            *_saving(house),
            *_importing(house),
            *_issuing(house, password),
            *crowded_day(application, house),
        ]
    finally:
        house.close()
        shutil.rmtree(copy.parent)
        sys.excepthook = sys.__excepthook__  # the house shows what fails in a window


def _searching(application: QApplication, house: House) -> list[Figure]:
    desk = house.desk
    assert desk is not None
    box = desk.window.jump
    worst: Times | None = None
    for words in KEYS:

        def type_words(words: str = words) -> None:
            box.setText(words)
            application.processEvents()

        taken = Times()
        for _ in range(5):
            box.clear()
            application.processEvents()
            taken.take(type_words)
        worst = taken if worst is None or min(taken.worked) > min(worst.worked) else worst
    box.clear()
    assert worst is not None
    return worst.figures("jump box, a keystroke (slowest of ten searches)", 20.0)


def _pages(application: QApplication, house: House) -> list[Figure]:
    desk = house.desk
    assert desk is not None
    with desk.vault.read() as session:
        case = session.scalars(select(Case).order_by(Case.id)).first()
    assert case is not None
    _fill_to(house, case, 300)

    def open_file() -> None:
        house.go(Route("student", case.student_id, case.student_id))
        application.processEvents()

    def leave() -> None:
        house.go(Route("students"))
        application.processEvents()

    opened = Times()
    for _ in range(9):
        leave()
        opened.take(open_file)
    leave()
    page = desk.window.page()
    assert page is not None
    line = page.words  # type: ignore[attr-defined]
    filtered = Times()
    for words in ("王", "wang", "2026", "", "z"):

        def narrow(words: str = words) -> None:
            line.set_value(words)
            application.processEvents()

        for _ in range(3):
            filtered.take(narrow)
    return [
        *opened.figures("student file with 300 records", 80.0),
        *filtered.figures("list filter over 5,000 students", 30.0),
    ]


def _fill_to(house: House, case: Case, count: int) -> None:
    desk = house.desk
    assert desk is not None
    cast = Cast.of(3)
    today = date.today()
    with desk.vault.write("测速") as session:
        have = len(notes.notes(session, case.student_id))
        for number in range(have + 1, count + 1):
            held = today - timedelta(days=count - number + 1)
            values = note_values(cast, cast.themes[0], held)
            notes.enter_signed(session, case.student_id, case.id, number, values, signed_at(held))


def _saving(house: House) -> list[Figure]:
    desk = house.desk
    assert desk is not None
    vault = desk.vault
    with vault.read() as session:
        case = session.scalars(select(Case).where(Case.closed_at.is_(None)).order_by(Case.id.desc())).first()
    assert case is not None
    with vault.write("测速") as session:
        draft: Note = notes.draft(session, case.id, NoteValues(held_on=date.today()), date.today())
    count = 0

    def save() -> None:
        nonlocal count
        count += 1
        values = NoteValues(
            held_on=date.today(), subjective="最近两周总在凌晨醒来。" * 20 + str(count), process="练习" * 100
        )
        with vault.write("测速") as session:
            notes.save_draft(session, draft.id, values)

    taken = Times()
    for _ in range(40):
        taken.take(save)
    return taken.figures("saving a note", 10.0)


def _importing(house: House) -> list[Figure]:
    desk = house.desk
    assert desk is not None
    vault = desk.vault
    previews, takes = [], []
    for _ in range(3):
        started = time.perf_counter()
        shown = roster.preview(vault, ROSTER)
        previews.append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        taken = roster.take(vault, shown)
        takes.append((time.perf_counter() - started) * 1000)
        roster.take_back(vault, taken.batch_id)
    return [
        ("roster.xlsx, 1,800 rows: file to preview", statistics.median(previews), 600.0, "ms"),
        ("roster.xlsx: yes to committed", statistics.median(takes), 800.0, "ms"),
    ]


def _issuing(house: House, password: str) -> list[Figure]:
    from app.documents.signing import open_signing
    from app.rooms.referrals.record import Institution

    desk = house.desk
    assert desk is not None
    vault, cast = desk.vault, Cast.of(7)
    signing = open_signing(vault, password, holder(cast))
    with vault.read() as session:
        cases = session.scalars(select(Case).order_by(Case.id).limit(30)).all()[6:20]
        hospital = session.scalars(select(Institution)).first()
    assert hospital is not None
    first, later = Times(), Times()
    for case in cases:
        with vault.write("测速") as session:
            referral = refer(session, case, hospital, vault.clock.today())

        def sign(referral_id: int = referral.id) -> None:
            with vault.write("测速") as session:
                issue(vault, session, signing, referral_id)

        (later if first.clock else first).take(sign)
    signing.close()
    return [
        *later.figures("a signed referral", 150.0),
        *first.figures("the first one in a process (the faces are read)", 600.0),
    ]
