"""A lock of the real program on the full vault, from every page and dialog and during long work: how long, and until the door is back."""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.clock import Clock
from app.rooms.students import store as students
from app.rooms.students.record import Student
from app.vault.backup import back_up
from app.vault.keys import Password
from app.vault.opening import open_vault
from tests.journeys.driven import program
from tests.journeys.furnished import places_of

Figure = tuple[str, float, float, str]
FLOOR = 1000.0
AGAIN = 3
"""So many of the slowest are measured twice more, and their median counts: any one run may meet the machine's own work."""
PATIENCE = 300.0
"""Seconds that opening a backup may take on a busy machine."""
UNDER_WAY_MS = 300
"""So long after a job has begun the lock comes."""

AT_HAND = """
from pathlib import Path
from tests.journeys import hands as seeing, states
seeing.PATIENCE_MS = 60_000
inside = states.Inside(house, hands, {password!r})
places = {places!r}
"""
OPEN_PAGE = "inside.go({name!r}, places.get({name!r}, (None, None)))"
OPEN_DIALOG = """
place, act, kind = states.STATES[{name!r}]
inside.go(place, places.get(place, (None, None)))
act(inside)
hands.wait(lambda: states.stands(kind), {name!r})
"""
BEGIN_JOB = """
inside.go({place!r}, (None, None))
{act}
hands.wait(lambda: house.desk.background.is_busy() or house.desk.backing.running, {name!r})
"""
PREVIEW = f'hands.press("选择文件"); steps.choose_path(hands, Path({str(Path("tests/cases/roster.xlsx").resolve())!r}))'
JOBS = {
    "a backup": ("settings.backup", 'hands.press("立即备份")'),
    "a backup being opened": ("settings.backup", "hands.click(states.of_today(inside)[0])"),
    "a drill": ("settings.backup", 'hands.press("开始演练")'),
    "a check of the trail": ("access", 'hands.press("核对留痕"); hands.press("开始核对")'),
    "a register being drawn": ("access", 'hands.press("打印登记表")'),
    "a class list being read": ("roster", PREVIEW),
    "a class list being taken": ("roster", f'{PREVIEW}; hands.find("全不选"); hands.press("导入")'),
}
"""Long work: the page of each and how it is begun. Each is measured once; a list that was taken cannot be taken again."""
LOCK = """
import json, time
from app.ui import process
told, become = {{}}, process.begin_again

def telling(left):
    told["closed"] = time.monotonic()
    with open({stamps!r}, "w") as file:
        json.dump(told, file)
    become(left)

def press():
    told["pressed"] = time.monotonic()
    hands.key(Qt.Key.Key_L, CTRL)

process.begin_again = telling
QTimer.singleShot({after}, press)
"""


@dataclass
class Lock:
    """Milliseconds from the key to the closed vault, and from there to the new process that listens, 30 ms after its door is seen."""

    closed: float
    back: float


def locks(folder: Path, password: str) -> list[Figure]:
    """The median of all, and the slowest page, dialog and job by their names."""
    with tempfile.TemporaryDirectory() as beside:
        pc = _Pc(Path(beside), folder, password)
        try:
            taken = {kind: {name: pc.lock(kind, name) for name in pc.names(kind)} for kind in ("page", "dialog", "job")}
            for kind in ("page", "dialog"):
                pc.measure_again(kind, taken[kind])
        finally:
            pc.end()
    return [
        *_figures("lock: from the key to the closed vault", {kind: _of(taken[kind], "closed") for kind in taken}),
        *_figures("unlock window back after that", {kind: _of(taken[kind], "back") for kind in taken}),
    ]


def _of(locked: dict[str, Lock], part: str) -> dict[str, float]:
    return {name: getattr(lock, part) for name, lock in locked.items()}


def _figures(what: str, taken: dict[str, dict[str, float]]) -> list[Figure]:
    figures = [(f"{what}, median", statistics.median(ms for of in taken.values() for ms in of.values()), FLOOR, "ms")]
    for kind, of in taken.items():
        slowest = max(of, key=lambda name: of[name])
        figures.append((f"  slowest of {len(of)} {kind}s: {slowest}", of[slowest], FLOOR, "ms"))
    return figures


class _Pc:
    """The program on a copy of the vault, driven from beside; every folder it writes to is this PC's own."""

    def __init__(self, beside: Path, folder: Path, password: str) -> None:
        self._beside, self._password = beside, password
        vault, settings = beside / "vault", beside / "config/Jingshi/settings.json"
        shutil.copytree(folder, vault)
        settings.parent.mkdir(parents=True)
        settings.write_text(json.dumps({"folder": str(vault), "lock_minutes": 60}), encoding="utf-8")
        (beside / "temp").mkdir()
        self._places = _furnish(vault, password)
        own = {"HOME": ".", "XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "data", "TMPDIR": "temp"}
        program.PATIENCE = PATIENCE
        self._program = program.Program(beside, {name: str(beside / place) for name, place in own.items()})
        self._unlock()

    def names(self, kind: str) -> list[str]:
        """What there is of it."""
        if kind == "job":
            return list(JOBS)
        told = {"page": "states.pages(house)", "dialog": "list(states.STATES)"}[kind]
        return list(self._do(f"value = {told}"))

    def lock(self, kind: str, name: str) -> Lock:
        """Go there, press Ctrl+L, wait for the new program, and unlock it."""
        stamps = self._beside / "stamps"
        stamps.unlink(missing_ok=True)
        self._open(kind, name)
        self._do(LOCK.format(stamps=str(stamps), after=UNDER_WAY_MS if kind == "job" else 0))
        while not stamps.exists():
            time.sleep(0.001)
        while not any(path.is_socket() for path in (self._beside / "temp").iterdir()):
            time.sleep(0.001)
        there = time.monotonic()
        self._program.come_again()
        told = json.loads(stamps.read_text())
        self._unlock()
        return Lock((told["closed"] - told["pressed"]) * 1000, (there - told["closed"]) * 1000)

    def measure_again(self, kind: str, locked: dict[str, Lock]) -> None:
        """Those that took longest, twice more."""
        for name in sorted(locked, key=lambda name: -max(locked[name].closed, locked[name].back))[:AGAIN]:
            runs = [locked[name], self.lock(kind, name), self.lock(kind, name)]
            closed, back = (statistics.median(getattr(run, part) for run in runs) for part in ("closed", "back"))
            locked[name] = Lock(closed, back)

    def end(self) -> None:
        self._program.end()

    def _open(self, kind: str, name: str) -> None:
        if kind == "job":
            place, act = JOBS[name]
            self._do(BEGIN_JOB.format(name=name, place=place, act=act))
        else:
            self._do((OPEN_PAGE if kind == "page" else OPEN_DIALOG).format(name=name))

    def _unlock(self) -> None:
        self._program.do(f"steps.unlock(hands, {self._password!r})")

    def _do(self, words: str) -> Any:
        return self._program.do(AT_HAND.format(password=self._password, places=self._places) + words)


def _furnish(vault: Path, password: str) -> dict[str, tuple[int | None, int | None]]:
    """A record for each page, a student without a case among them, and a backup of today."""
    clock = Clock()
    opened = open_vault(vault, Password(password), clock)
    try:
        with opened.write("登记学生") as session:
            students.add(session, Student(student_no="L0", name="林一", grade=8, class_no=3))
        back_up(opened)
        return places_of(opened, clock)
    finally:
        opened.close()
