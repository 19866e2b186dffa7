"""Resident memory of the real window in a process of its own: before the first letter, and after one has been drawn."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from app.clock import Clock
from app.house.house import House
from app.house.start import dress
from app.rooms.referrals.record import Referral
from app.ui.page import Route
from app.ui.settings_file import SettingsFile


def main(folder: str, password: str) -> None:
    """Open, wait for the page checks, search, open a file, a note and a referral with its preview; print the figures in MB."""
    application = QApplication(sys.argv[:1])
    settings = SettingsFile(Path(tempfile.mkdtemp()) / "settings.json")
    settings.change(folder=folder)
    dress(application, settings)
    house = House(application, settings, Clock())
    house.start()
    loop = QEventLoop()
    house.entered.connect(loop.quit)
    assert house.threshold.door is not None
    house.threshold.door.password_given.emit(password)
    loop.exec()
    _wait(6000)
    desk = house.desk
    assert desk is not None
    for words in ("zs", "考试", "8.3"):
        desk.window.jump.setText(words)
    with desk.vault.read() as session:
        referral = session.scalars(select(Referral).order_by(Referral.id)).first()
    assert referral is not None
    student = referral.student_id
    for route in (Route("student", student, student), Route("note", None, student)):
        house.go(route)
        _wait(200)
    before = _resident()
    house.go(Route("referral", None, student))
    _wait(2500)
    if "document" in {place for room in house.inside.rooms for place in room.pages} and referral.issued_id:
        house.go(Route("document", referral.issued_id))
        _wait(1500)
    print(before, _resident())
    house.close()


def _wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main(sys.argv[1], sys.stdin.readline().strip())
