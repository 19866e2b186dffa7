"""The whole program on a PC of its own: every folder it could write into lies in tmp_path, and its window is offscreen."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.clock import Clock, StandingClock
from app.house.house import House
from app.house.start import dress
from app.ui import notice
from app.ui.settings_file import SettingsFile
from tests.journeys.furnished import Furnished, furnish
from tests.journeys.hands import BUG, Hands, clear_events

FOLDERS = {
    "HOME": "home",
    "XDG_DATA_HOME": "home/.local/share",
    "XDG_CONFIG_HOME": "home/.config",
    "XDG_CACHE_HOME": "home/.cache",
    "XDG_STATE_HOME": "home/.local/state",
    "TMPDIR": "temp",
}


@dataclass
class Pc:
    """A PC that has never seen the program."""

    folder: Path
    home: Path
    bugs: list[str] = field(default_factory=list)


@pytest.fixture
def pc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pc]:
    for variable, name in FOLDERS.items():
        folder = tmp_path / "pc" / name
        folder.mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv(variable, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "pc/home/.config"))
    made = Pc(tmp_path / "pc", tmp_path / "pc" / "home")
    (made.home / "Desktop").mkdir()
    say = notice.Notice.say

    def listen(self: notice.Notice, sentence: str, detail: str = "") -> None:
        if BUG in sentence:
            made.bugs.append(detail)
        say(self, sentence, detail)

    monkeypatch.setattr(notice.Notice, "say", listen)
    yield made
    assert made.bugs == []


@pytest.fixture
def start(pc: Pc, clock: Clock, qapp: QApplication) -> Iterator[Callable[[], House]]:
    """Starts the program, as ``jingshi`` does; it is ended when the test is over."""
    running: list[House] = []

    def starting() -> House:
        end(running)
        settings = SettingsFile()
        dress(qapp, settings)
        house = House(qapp, settings, clock)
        house.start()
        running.append(house)
        return house

    yield starting
    end(running)


def end(running: list[House]) -> None:
    """Quit, as the last window's closing does."""
    while running:
        house = running.pop()
        house.close()
        for window in QApplication.topLevelWidgets():
            window.blockSignals(True)
            window.hide()
            window.deleteLater()
        house.deleteLater()
    clear_events()


@pytest.fixture
def hands(qtbot: QtBot) -> Hands:
    return Hands(qtbot)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """Made once."""
    now = datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=8)))
    return furnish(tmp_path_factory.mktemp("template") / "vault", StandingClock(now))


@pytest.fixture
def furnished(template: Furnished, pc: Pc) -> Furnished:
    """A vault of this PC's own with a little of everything in it, named in its settings."""
    folder = pc.home / "静室档案"
    shutil.copytree(template.folder, folder)
    SettingsFile().change(folder=str(folder))
    return replace(template, folder=folder)
