"""Starting the program: the application, its look, one instance; and the smoke run that measures the start."""

from __future__ import annotations

import json
import os
import sys
import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.clock import Clock
from app.errors import Problem
from app.house.house import House
from app.house.left import Left
from app.ui import fonts, language, process, theme
from app.ui.settings_file import SettingsFile
from app.ui.single import Single

SEEN_MS = 30
"""After so long the door is seen, and what can wait is done."""


def dress(application: QApplication, settings: SettingsFile) -> None:
    """Fonts, colours, the toolkit's own words and the look of every widget."""
    fonts.load(application)
    language.load(application)
    application.setApplicationName("静室")
    application.setQuitOnLastWindowClosed(False)
    theme.apply(application, theme.of(settings.now.theme), settings.now.text_size)


def run(left: Left | None = None) -> int:
    """Start the program, or come back after a lock; a second start brings the first window forward instead."""
    application = QApplication(sys.argv[:1])
    single = Single(parent=application)
    first = single.is_first()
    if not first and left is None:
        return 0
    settings = SettingsFile()
    dress(application, settings)
    house = House(application, settings, Clock(), partial(_begin_again, single))
    single.called.connect(house.come_forward)
    house.start(left)
    QTimer.singleShot(SEEN_MS, process.keep_memory_private)
    if first:  # another that was started in the moment of the lock has its own window; what was left is not lost to it
        QTimer.singleShot(SEEN_MS, single.listen)
    return application.exec()


def _begin_again(single: Single, left: bytes) -> None:
    """Let the one instance go and be a new process. Raises OSError when that cannot be; then this one goes on."""
    single.stop()
    try:
        process.begin_again(left)
    except OSError:
        if single.is_first():
            single.listen()
        raise


def smoke(folder: Path, password: str, started: float) -> int:
    """Show the door, unlock, show the first page, print one JSON line of times in ms, and quit.

    ``started`` is time.perf_counter() at the program's first line; what the interpreter took before is added where the
    system tells it.
    """
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as beside:
        return _smoke(folder, password, started, SettingsFile(Path(beside) / "settings.json"))


def _smoke(folder: Path, password: str, started: float, settings: SettingsFile) -> int:
    application = QApplication(sys.argv[:1])
    single = Single(f"jingshi-smoke-{os.getpid()}", application)
    single.is_first()
    settings.change(folder=str(folder))
    dress(application, settings)
    house = House(application, settings, Clock())
    run = _Smoke(house, password, started)
    house.entered.connect(run.entered)
    house.threshold.keyed.connect(run.keyed)
    house.threshold.refused.connect(run.refused)
    QTimer.singleShot(0, run.begin)
    application.exec()
    single.stop()
    print(json.dumps(run.times))
    return 0 if "first_page_ms" in run.times else 1


class _Smoke:
    """Takes the times of one start."""

    def __init__(self, house: House, password: str, started: float) -> None:
        self._house, self._password, self._started = house, password, started
        self._asked = self._key = 0.0
        self.times: dict[str, float] = {}

    def begin(self) -> None:
        self._house.start()
        door = self._house.threshold.door
        if door is None:
            self._house.application.quit()
            return
        self._house.application.processEvents()  # draws what has been shown
        self.times["window_ms"] = round((time.perf_counter() - self._started + _before_python(self._started)) * 1000, 1)
        QTimer.singleShot(800, self._unlock)  # the rooms are loaded while she types

    def _unlock(self) -> None:
        door = self._house.threshold.door
        if door is not None:
            self._asked = time.perf_counter()
            door.password_given.emit(self._password)

    def keyed(self) -> None:
        """On the opening thread: the key has been derived."""
        self._key = time.perf_counter()
        self.times["key_ms"] = round((self._key - self._asked) * 1000, 1)

    def refused(self, problem: Problem) -> None:
        """The vault was not opened: say why and end."""
        print(f"{problem.sentence}{problem.next_step}", file=sys.stderr)
        QTimer.singleShot(0, self._house.application.quit)

    def entered(self) -> None:
        self._house.application.processEvents()  # draws what has been shown
        self.times["first_page_ms"] = round((time.perf_counter() - self._key) * 1000, 1)
        self._house.application.quit()


def _before_python(started: float) -> float:
    """Seconds from the start of the process to the program's first line, where /proc tells it; else 0."""
    try:
        ticks = float(Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()[19])
        uptime = float(Path("/proc/uptime").read_text().split()[0])
    except (OSError, IndexError, ValueError):
        return 0.0
    alive = uptime - ticks / os.sysconf("SC_CLK_TCK")
    return max(0.0, alive - (time.perf_counter() - started))
