"""The lock when she leaves the PC, as Linux tells it: the session is locked, another user's comes to the front, the PC goes to sleep."""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.journeys.conftest import Pc
from tests.journeys.driven.program import PATIENCE, ROOT, Program
from tests.journeys.furnished import Furnished

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="logind is Linux's"),
    pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="no dbus-daemon to be the system's bus"),
]


class Logind:
    """A process that plays systemd-logind on a bus of our own."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.address, self._process = address, process
        self._said: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def do(self, line: str) -> None:
        """lock, lock another, active yes or no, sleep begins or over."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def says(self, *lines: str, within: float = PATIENCE) -> None:
        """Wait for what it says it has heard or sent, in whatever order."""
        waiting = list(lines)
        while waiting:
            said = self._said.get(timeout=within)
            if said in waiting:
                waiting.remove(said)

    def is_listened_to(self) -> None:
        """Wait until the program has found its session and put off the PC's sleep."""
        self.says("GetSession", "Inhibit")
        for _ in range(100):
            self.do("active yes")
            with suppress(queue.Empty):
                self.says("Get", within=0.3)
                return
        raise AssertionError("the program does not listen to its session")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.put(line.strip())


@pytest.fixture
def logind(tmp_path: Path) -> Iterator[Logind]:
    asked = ["dbus-daemon", "--session", "--nofork", "--print-address", f"--address=unix:path={tmp_path}/bus"]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, text=True) as bus:
        assert bus.stdout is not None
        address = bus.stdout.readline().strip()
        playing = [sys.executable, str(ROOT / "tests/journeys/driven/logind.py")]
        surroundings = os.environ | {"DBUS_SYSTEM_BUS_ADDRESS": address}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen(playing, env=surroundings, text=True, **pipes) as process:
            made = Logind(process, address)
            made.says("ready")
            yield made
            process.kill()
        bus.kill()


@pytest.fixture
def program(furnished: Furnished, pc: Pc, logind: Logind) -> Iterator[Program]:
    made = Program(pc.folder, {"DBUS_SYSTEM_BUS_ADDRESS": logind.address, "XDG_SESSION_ID": "2"})
    yield made
    made.end()


def test_it_locks_when_she_leaves(program: Program, furnished: Furnished, logind: Logind) -> None:
    program.do(f"steps.unlock(hands, {furnished.password!r})")
    logind.is_listened_to()
    for line, sent in (
        ("lock another", "Lock"),
        ("active yes", "PropertiesChanged"),
        ("sleep over", "PrepareForSleep"),
    ):
        logind.do(line)
        logind.says(sent)
    logind.do("lock")
    program.come_again()
    logind.says("let go")

    program.do(f"steps.unlock(hands, {furnished.password!r})")
    logind.is_listened_to()
    logind.do("active no")
    program.come_again()

    program.do(f"steps.unlock(hands, {furnished.password!r})")
    logind.is_listened_to()
    logind.do("sleep begins")
    program.come_again()
    logind.says("let go")  # the PC sleeps only now


def test_a_system_that_tells_nothing_hinders_nothing(furnished: Furnished, pc: Pc, tmp_path: Path) -> None:
    program = Program(pc.folder, {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={tmp_path}/nothing"})
    try:
        program.do(f"steps.unlock(hands, {furnished.password!r})")
        program.lock()
    finally:
        program.end()
