"""A real print queue: the system's CUPS with a queue of cups-pdf made for the tests and taken away after them."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

PPD = Path("/usr/share/ppd/cups-pdf/CUPS-PDF_opt.ppd")
BACKEND = Path("/usr/lib/cups/backend/cups-pdf")
CONFIG = Path("/etc/cups")
OUTPUT = Path("/var/spool/cups-pdf")
PATIENCE = 30.0
"""Seconds for a job to come out; it takes one or two."""


class NoQueue(Exception):
    """CUPS is not there or cannot be started."""


@dataclass(frozen=True)
class PrintQueue:
    """One queue and the folder its paper comes out in."""

    name: str
    folder: Path

    def papers(self) -> list[Path]:
        """What came out so far, oldest first."""
        return sorted(self.folder.glob("*.pdf"), key=_made_at)

    def wait_for(self, count: int) -> list[Path]:
        """The papers, once there are so many and the queue is empty."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if len(self.papers()) >= count and not _said("lpstat", "-o", self.name):
                return self.papers()
            time.sleep(0.1)
        raise TimeoutError(f"{len(self.papers())} of {count} papers came out of {self.name}")

    def told_of_jobs(self) -> bytes:
        """What the scheduler wrote down about this queue's jobs: names, owners, options. Only root may read it."""
        files = (path.read_bytes() for path in sorted(Path("/var/spool/cups").glob("c[0-9]*")))
        return b"".join(content for content in files if self.name.encode() in content)


@pytest.fixture(scope="session")
def print_queue() -> Iterator[PrintQueue]:
    """A queue of its own; skipped only where CUPS is not there or cannot be started."""
    try:
        with own_queue() as queue:
            yield queue
    except NoQueue as reason:
        pytest.skip(str(reason))


@contextmanager
def own_queue() -> Iterator[PrintQueue]:
    """The same, outside a test. Raises NoQueue."""
    missing = [name for name in ("cupsd", "lpadmin", "lpstat", "lp") if shutil.which(name, path=_path()) is None]
    if missing or not PPD.exists():
        raise NoQueue("cups and printer-driver-cups-pdf are not installed")
    _start_cups()
    if os.geteuid() != 0:
        yield _queue_of_the_system()
        return
    name = f"jingshi-{uuid4().hex[:10]}"
    folder, config = OUTPUT / name, CONFIG / f"cups-pdf-{name}.conf"
    folder.mkdir()
    folder.chmod(0o777)
    config.write_text(f"Out {folder}\nLabel 2\nGrp lp\n")
    try:
        made = ["lpadmin", "-p", name, "-E", "-v", f"cups-pdf:/{name}", "-P", PPD]
        subprocess.run(
            made, check=True, env=_surroundings(), stderr=subprocess.DEVNULL
        )  # it says drivers are deprecated
        yield PrintQueue(name, folder)
    finally:
        subprocess.run(["cancel", "-a", "-x", name], check=False, env=_surroundings(), stderr=subprocess.DEVNULL)
        subprocess.run(["lpadmin", "-x", name], check=False, env=_surroundings())
        config.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def _start_cups() -> None:
    """Start the scheduler where none is running, as in a container; it stays, because another test may be using it."""
    if _running():
        return
    if os.geteuid() != 0:
        raise NoQueue("CUPS is not running and only root can start it")
    subprocess.run(["cupsd"], check=True, env=_surroundings())
    end = time.monotonic() + PATIENCE
    while not _running():
        if time.monotonic() > end:
            raise NoQueue("cupsd was started and does not answer")
        time.sleep(0.1)


def _running() -> bool:
    return "scheduler is running" in _said("lpstat", "-r")


def _queue_of_the_system() -> PrintQueue:
    """Without root: the queue the package made, which prints into the home folder."""
    for line in _said("lpstat", "-v").splitlines():
        if "cups-pdf:/" in line:
            folder = Path.home() / "PDF"
            folder.mkdir(exist_ok=True)
            return PrintQueue(line.split(":")[0].removeprefix("device for "), folder)
    raise NoQueue("there is no cups-pdf queue and only root can make one")


def _said(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False, env=_surroundings()).stdout


def _surroundings() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C.UTF-8", "PATH": _path()}


def _path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def _made_at(path: Path) -> float:
    return path.stat().st_mtime
