"""What is copied out of the program: gone after seconds, at the lock and at the end, unless another program's words are there since."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from app.ui.clipboard import HINTS, MODES, STAYS_MS, CopiedWords

ROOT = Path(__file__).parents[2]


@pytest.fixture
def copied(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[CopiedWords]:
    """The offscreen clipboard is the program's own and no other's, but does not say so."""
    monkeypatch.setattr(QClipboard, "ownsClipboard", lambda *_: True)
    made = CopiedWords(qapp)
    yield made
    made.clear()
    delete(made)


def test_every_history_is_asked_to_leave_it_out(copied: CopiedWords, qtbot: QtBot) -> None:
    for field in (QLineEdit("云朵"), QPlainTextEdit("云朵")):
        qtbot.addWidget(field)
        field.selectAll()
        field.copy()
        there = QApplication.clipboard().mimeData()
        assert there.text() == "云朵"
        assert {name: bytes(there.data(name).data()) for name in HINTS} == HINTS
        QApplication.clipboard().clear()
    assert STAYS_MS <= 30_000


def test_it_goes_by_itself_and_at_once_when_asked(copied: CopiedWords, qtbot: QtBot) -> None:
    clipboard = QApplication.clipboard()
    copied._timers[QClipboard.Mode.Clipboard].setInterval(30)
    clipboard.setText("云朵")
    assert clipboard.text() == "云朵"
    qtbot.waitUntil(lambda: clipboard.text() == "", timeout=5000)
    copied._timers[QClipboard.Mode.Clipboard].setInterval(STAYS_MS)
    clipboard.setText("云朵")
    copied.clear()
    assert clipboard.text() == ""
    assert not any(copied._timers[mode].isActive() for mode in MODES)


def test_words_of_another_program_stay(copied: CopiedWords, monkeypatch: pytest.MonkeyPatch) -> None:
    clipboard = QApplication.clipboard()
    clipboard.setText("云朵")
    monkeypatch.setattr(QClipboard, "ownsClipboard", lambda *_: False)
    clipboard.setText("another's")
    copied.clear()
    assert clipboard.text() == "another's"
    assert not clipboard.mimeData().hasFormat(next(iter(HINTS)))
    monkeypatch.setattr(QClipboard, "ownsClipboard", lambda *_: True)


SCRIPT = """
    import sys, threading
    from PySide6.QtCore import QObject, Qt, Signal
    from PySide6.QtWidgets import QApplication, QLineEdit
    from PySide6.QtTest import QTest
    from app.ui.clipboard import CopiedWords
    application = QApplication([])
    copied = CopiedWords(application)
    field = QLineEdit("copied out")
    field.show()
    QTest.qWaitForWindowExposed(field)

    def do(line):
        if line == "copy":
            field.selectAll()
            field.copy()
            application.clipboard().setText("marked", application.clipboard().Mode.Selection)
        elif line == "wait":
            while application.clipboard().ownsClipboard():
                QTest.qWait(20)
        elif line == "clear":
            copied.clear()
        print("done", flush=True)

    class Lines(QObject):
        came = Signal(str)

        def read(self):
            for line in sys.stdin:
                self.came.emit(line.strip())

    lines = Lines()
    lines.came.connect(do, Qt.ConnectionType.QueuedConnection)
    threading.Thread(target=lines.read, daemon=True).start()
    application.exec()
"""


@pytest.mark.skipif(not all(map(shutil.which, ("Xvfb", "xvfb-run", "xclip"))), reason="no X server and xclip here")
def test_on_a_real_x_server_another_program_reads_it_and_then_no_more(tmp_path: Path) -> None:
    script = tmp_path / "copying.py"
    script.write_text(textwrap.dedent(SCRIPT))
    asked = f"""
        coproc P {{ {sys.executable} {script}; }}
        echo copy >&${{P[1]}}; read -r -u ${{P[0]}} _
        xclip -o -selection clipboard; echo; xclip -o -selection primary; echo
        xclip -o -selection clipboard -t TARGETS | grep -c passwordManagerHint
        echo clear >&${{P[1]}}; read -r -u ${{P[0]}} _
        xclip -o -selection clipboard 2>/dev/null; echo "left: $?"; xclip -o -selection primary 2>/dev/null; echo "left: $?"
        echo copy >&${{P[1]}}; read -r -u ${{P[0]}} _
        printf another | xclip -selection clipboard
        echo wait >&${{P[1]}}; read -r -u ${{P[0]}} _
        echo clear >&${{P[1]}}; read -r -u ${{P[0]}} _
        xclip -o -selection clipboard; echo
        kill $P_PID
    """
    done = subprocess.run(
        ["xvfb-run", "-a", "bash", "-c", textwrap.dedent(asked)],
        env=os.environ | {"QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.splitlines() == ["copied out", "marked", "1", "left: 1", "left: 1", "another"], done.stderr
