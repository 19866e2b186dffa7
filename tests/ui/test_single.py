"""One instance: the second start calls the first and goes; what a crash left behind keeps nobody out."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtNetwork import QLocalServer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.single import Single

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def name() -> str:
    return f"jingshi-test-{uuid4().hex[:8]}"


@pytest.fixture
def first(qapp: QApplication, name: str) -> Iterator[Single]:
    made = Single(name)
    assert made.is_first()
    made.listen()
    yield made
    made.stop()


def other_process(name: str, then: str) -> subprocess.CompletedProcess[str]:
    """Start the same program a second time, in a process of its own."""
    script = f"""
        from PySide6.QtCore import QCoreApplication
        from app.ui.single import Single
        application = QCoreApplication([])
        single = Single({name!r})
        print(single.is_first(), flush=True)
        {then}
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_the_second_start_calls_the_first(first: Single, name: str, qtbot: QtBot) -> None:
    with qtbot.waitSignal(first.called, timeout=20_000):
        assert other_process(name, "").stdout.strip() == "False"


def test_one_that_holds_the_lock_and_never_answers_keeps_nobody_out(qapp: QApplication, name: str) -> None:
    hanging = Single(name)
    assert hanging.is_first()
    assert Single(name).is_first()
    hanging.stop()


def test_after_the_first_has_stopped_another_may_start(first: Single, name: str) -> None:
    first.stop()
    second = Single(name)
    assert second.is_first()
    second.stop()


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a pipe goes with its process")
def test_a_socket_left_by_a_crash_keeps_nobody_out(qapp: QApplication, name: str, qtbot: QtBot) -> None:
    crashed = other_process(name, "import os; single.listen(); print(single._server.fullServerName(), flush=True); os._exit(9)")
    first, left = crashed.stdout.split()
    assert first == "True"
    assert Path(left).exists()
    next_one = Single(name)
    assert next_one.is_first()
    next_one.listen()
    with qtbot.waitSignal(next_one.called, timeout=20_000):
        assert not Single(name).is_first()
    next_one.stop()
    assert not Path(left).exists()


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_only_this_user_may_call(first: Single) -> None:
    assert isinstance(first._server, QLocalServer)
    assert Path(first._server.fullServerName()).stat().st_mode & 0o077 == 0
