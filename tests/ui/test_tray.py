"""The tray of a real X server, with a desktop played on a bus of our own: an icon, a message without a name, a click, and gone again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.ui.tray import Tray

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("Xvfb", "xvfb-run", "dbus-run-session")
PROGRAM = """
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from app.ui.tray import Tray
application = QApplication([])
tray = Tray(application)
print("can say", tray.can_say())
pressed = QSignalSpy(tray.pressed)
tray.say("10 分钟后有预约")
print("pressed", pressed.wait(20_000))
icon = tray._icon
print("stands", icon.isVisible(), icon.toolTip())
tray.withdraw()
print("stands", icon.isVisible())
"""
DESKTOP = """
"$0" tests/ui/desktop.py > "$1" & desktop=$!
while ! grep -q ready "$1"; do sleep 0.05; done
xvfb-run -a "$0" -c "$2"
kill $desktop
"""


@pytest.mark.skipif(not all(map(shutil.which, NEEDED)), reason="no X server or no bus to play a desktop on")
def test_an_icon_and_a_message_stand_there_are_clicked_and_go(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    surroundings = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    command = ["dbus-run-session", "--", "sh", "-c", DESKTOP, sys.executable, str(heard), PROGRAM]
    run = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=120, check=False)
    said = ["can say True", "pressed True", "stands True 10 分钟后有预约", "stands False"]
    assert run.stdout.splitlines() == said, run.stderr
    assert heard.read_text().splitlines() == ["ready", "message|提醒|10 分钟后有预约"]


def test_where_there_is_no_tray_it_says_so(qapp: QApplication) -> None:
    assert not Tray(qapp).can_say()
