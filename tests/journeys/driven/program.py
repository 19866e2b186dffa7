"""The program as it is started on a PC, in a process of its own, and the test's hold on it, which outlasts its locks."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
PATIENCE = 90.0
"""Seconds; hands wait 60 for what they look for, and tell then what stands there instead."""


class Program:
    """``python -m app`` offscreen; ``do`` runs words in it, ``lock`` has it become a new process of the same number."""

    def __init__(
        self, folder: Path, surroundings: Mapping[str, str] | None = None, before: Sequence[str] = ()
    ) -> None:
        """``before`` is a command that runs the program under its eyes."""
        self._address = str(folder / "driven")
        hook = ROOT / "tests/journeys/driven/hook"
        own = {
            "JINGSHI_DRIVEN": self._address,
            "PYTHONPATH": f"{hook}{os.pathsep}{ROOT}",
            "QT_QPA_PLATFORM": "offscreen",
            **(surroundings or {}),
        }
        self._errors = (folder / "errors").open("wb")
        self.process = subprocess.Popen(
            [*before, sys.executable, "-m", "app"],
            cwd=folder,
            env=os.environ | own,
            stdin=subprocess.DEVNULL,
            stderr=self._errors,
        )
        self._line = self._reached()

    def do(self, words: str) -> Any:
        """Run Python in the program, on its windows' thread; gives what it calls ``value``."""
        self._line.write(json.dumps(words) + "\n")
        self._line.flush()
        answer = self._line.readline()
        assert answer, "the program has gone"
        told = json.loads(answer)
        assert "error" not in told, told["error"]
        return told["value"]

    def lock(self) -> None:
        """Press Ctrl+L; when it returns a new program runs in the process, and nothing has been sent to it yet."""
        self._line.write(json.dumps("hands.key(Qt.Key.Key_L, CTRL)") + "\n")
        self._line.flush()
        self.come_again()

    def come_again(self) -> None:
        """Wait until the process has become a new one by itself."""
        answer = self._line.readline()
        assert answer == "", answer
        self._line = self._reached()

    def end(self) -> None:
        """However it stands."""
        self._line.close()
        self.process.kill()
        self.process.wait()
        self._errors.close()

    def memory(self, needles: dict[str, bytes]) -> dict[str, int]:
        """How often each of these bytes stands in the memory of the process, read from beside."""
        found = dict.fromkeys(needles, 0)
        for content in self._regions():
            for name, needle in needles.items():
                found[name] += content.count(needle)
        return found

    def command(self) -> list[str]:
        """The process's arguments, as the system shows them to anyone."""
        return Path(f"/proc/{self.process.pid}/cmdline").read_text().rstrip("\0").split("\0")

    def open_files(self) -> list[str]:
        """Where its descriptors lead."""
        found = []
        for link in Path(f"/proc/{self.process.pid}/fd").iterdir():
            try:
                found.append(os.readlink(link))
            except OSError:
                continue
        return found

    def _regions(self) -> list[bytes]:
        regions = []
        with open(f"/proc/{self.process.pid}/mem", "rb", buffering=0) as memory:
            for line in Path(f"/proc/{self.process.pid}/maps").read_text().splitlines():
                match = re.match(r"([0-9a-f]+)-([0-9a-f]+) r", line)
                if match is None or line.endswith(("[vvar]", "[vsyscall]", "[vvar_vclock]")):
                    continue
                start, end = (int(part, 16) for part in match.groups())
                try:
                    memory.seek(start)
                    regions.append(memory.read(end - start))
                except (OSError, OverflowError):
                    continue  # a region of a device
        return regions

    def _reached(self) -> Any:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with socket.socket(socket.AF_UNIX) as line:
                    line.settimeout(PATIENCE)
                    line.connect(self._address)
                    reached = line.makefile("rw", encoding="utf-8")
                    if reached.readline() == "ready\n":  # else it is the old process, in its last moment
                        return reached
            except (FileNotFoundError, ConnectionRefusedError, ConnectionResetError):
                assert time.monotonic() < until, "the program did not answer"
                assert self.process.poll() is None, "the program ended"
                time.sleep(0.02)
