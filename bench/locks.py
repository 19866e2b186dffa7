"""A lock of the real program on the full vault: how long until the vault is closed, and until the unlock window is there again."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

Figure = tuple[str, float, float, str]
TIMES = 5

PROGRAM = """
import json, os, sys, time
from PySide6.QtCore import QTimer
from app.house import start
from app.house.house import House
from app.ui import process

pressed = []

class Driven(House):
    def start(self, left=None):
        super().start(left)
        self.entered.connect(self.work)
        QTimer.singleShot(800, lambda: self.threshold.door.password_given.emit(os.environ["BENCH_PASSWORD"]))
    def work(self):
        QTimer.singleShot(6000, self.press)  # the page checks are over
    def press(self):
        pressed.append(time.monotonic())
        self.inside.lock_wanted.emit()

def telling(left, become=process.begin_again):
    print(json.dumps({"pressed": pressed[0], "closed": time.monotonic()}), flush=True)
    become(left)

process.begin_again = telling
start.House = Driven
start.run()
"""


def locks(folder: Path, password: str) -> list[Figure]:
    """Milliseconds from the key to the closed vault, and to the new process that listens, 30 ms after its window is seen."""
    locked, back = [], []
    for _ in range(TIMES):
        lock, come = _one(folder, password)
        locked.append(lock)
        back.append(come)
    return [
        ("lock: from the key to the closed vault", statistics.median(locked), 1000.0, "ms"),
        ("unlock window back after that", statistics.median(back), 1000.0, "ms"),
    ]


def _one(folder: Path, password: str) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as beside:
        vault, settings = Path(beside) / "vault", Path(beside) / "config/Jingshi/settings.json"
        shutil.copytree(folder, vault)
        settings.parent.mkdir(parents=True)
        settings.write_text(json.dumps({"folder": str(vault)}), encoding="utf-8")
        own = {
            "BENCH_PASSWORD": password,
            "XDG_CONFIG_HOME": f"{beside}/config",
            "XDG_DATA_HOME": f"{beside}/data",
            "TMPDIR": beside,
        }
        surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | own
        command = [sys.executable, "-c", PROGRAM]
        with subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None
            told = json.loads(program.stdout.readline())
            while not any(path.is_socket() for path in Path(beside).iterdir()):
                time.sleep(0.001)
            there = time.monotonic()
            program.kill()
    return (told["closed"] - told["pressed"]) * 1000, (there - told["closed"]) * 1000
