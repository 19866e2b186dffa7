"""The lab in small counts, with every run of the tests; ``make lab`` runs the same code in full (docs/reliability.md)."""

from __future__ import annotations

import base64
import json
import random
import subprocess
import sys
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from tests.journeys.traces import Marks
from tests.lab import (
    codes,
    damage,
    fulldisks,
    hostile,
    kills,
    leaks,
    markers,
    powercuts,
    surroundings,
    texts,
    workday,
    writelog,
)
from tests.lab.trial import Outcome

SEED = 7
no_recorder = pytest.mark.skipif(
    not writelog.can_record(), reason="strace is missing or may not look at a process here"
)


def held(outcome: Outcome) -> None:
    assert outcome.failures == []


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of POSIX")
def test_killed_at_random_moments_nothing_committed_is_lost(tmp_path: Path) -> None:
    outcome = kills.run(15, SEED, tmp_path)
    held(outcome)
    assert outcome.tried == 15
    assert outcome.met["left a write-ahead log"] > 3


@no_recorder
def test_after_a_power_cut_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    outcome = powercuts.run(20, SEED, tmp_path)
    held(outcome)
    assert outcome.tried == 20
    assert outcome.met["in the middle of a deed"] > 3


@no_recorder
def test_a_program_that_makes_nothing_durable_is_found_out(tmp_path: Path) -> None:
    recording = powercuts.without_syncs(powercuts.recorded("day", tmp_path / "day", random.Random(SEED), 12))
    outcome = Outcome("", "")
    for image, ledger, at in powercuts.cut(recording, random.Random(SEED), 12):
        powercuts.examine_image(outcome, image, ledger, "day", at, recording.root)
    assert len(outcome.failures) > 3


def test_on_a_full_disk_nothing_is_lost_and_what_is_needed_is_said(tmp_path: Path) -> None:
    outcome = fulldisks.run(len(fulldisks.ONCE_WRONG) + len(fulldisks.NEEDS), SEED, tmp_path)
    if outcome.skipped:
        pytest.skip(outcome.skipped[0])
    held(outcome)
    assert sum(times for what, times in outcome.met.items() if what.startswith("refused")) > 6


def test_damage_is_noticed_and_no_new_vault_made(tmp_path: Path) -> None:
    outcome = damage.run(0.03, SEED, tmp_path)
    held(outcome)
    assert outcome.met["one bit changed"] > 9


def test_a_code_alone_opens_and_no_typo_touches_a_file(tmp_path: Path) -> None:
    outcome = codes.run(2, SEED, tmp_path)
    held(outcome)
    assert outcome.met["typos and swaps refused"] > 1700


def test_surroundings_are_told_or_waited_for(tmp_path: Path) -> None:
    held(surroundings.run(0.1, SEED, tmp_path))


def test_hostile_files_are_refused_or_made_harmless(tmp_path: Path) -> None:
    outcome = hostile.run(300, SEED, tmp_path)
    held(outcome)
    assert outcome.met["picture refused"]


def test_any_text_comes_back_is_found_and_is_read_on_paper(tmp_path: Path) -> None:
    outcome = texts.run(24, SEED, tmp_path)
    held(outcome)
    assert outcome.met["searched for"]


@pytest.mark.skipif(sys.platform == "win32", reason="the program is driven over a socket of POSIX")
def test_a_working_day_leaves_nothing_in_plain(tmp_path: Path) -> None:
    outcome = markers.run(10, SEED, tmp_path)
    held(outcome)
    assert outcome.tried == 10
    assert outcome.met["markers found in the vault"] > 9


def _zipped(content: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", content)
    return made.getvalue()


DISGUISES: dict[str, Callable[[str], bytes]] = {
    "as it is": lambda word: f"[{word}]".encode(),
    "for Windows": lambda word: word.encode("utf-16-le"),
    "for a Chinese Windows": lambda word: f"姓名{word}".encode("gb18030"),
    "in a log": lambda word: json.dumps({"name": word}).encode(),
    "in a list of recent files": lambda word: f"file:///home/{urllib.parse.quote(word)}.png".encode(),
    "in mail": lambda word: base64.b64encode(f"ab{word}c".encode()),
    "in hex": lambda word: f"x{word}".encode().hex().encode(),
    "in a spreadsheet": lambda word: _zipped(word.encode()),
    "in a packed stream": lambda word: b"stream" + zlib.compress(word.encode()) + b"endstream",
    "in sealed bytes": lambda word: (
        random.Random(SEED).randbytes(99_999) + word.encode() + random.Random(1).randbytes(9_999)
    ),
}


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES)
def test_a_marker_is_seen_in_any_disguise(disguise: Callable[[str], bytes]) -> None:
    words = workday.markers(random.Random(SEED))
    marks = Marks(words.values())
    for kind in ("name", "number", "note"):
        assert {found.word for found in marks.found(disguise(words[kind]))} == {words[kind]}
    assert not marks.found(disguise("别的话 19900000000"))


LEAKY = """
import os, subprocess, sys, tempfile
name, note, phone, out = sys.argv[1:]
with tempfile.NamedTemporaryFile() as file:
    file.write(note.encode())
os.mkdir(f"{tempfile.gettempdir()}/{name}")
os.rmdir(f"{tempfile.gettempdir()}/{name}")
subprocess.run(["true", phone])
open(out, "w").close()
"""


@no_recorder
def test_a_file_that_came_and_went_is_seen(tmp_path: Path) -> None:
    """What is deleted again, a name, a command line, a place outside."""
    words = workday.markers(random.Random(SEED))
    given = [words[kind] for kind in ("name", "note", "phone")]
    own, out = tmp_path / "own", tmp_path / "elsewhere"
    own.mkdir()
    command = [*writelog.recorder(tmp_path / "log", leaks.CALLS), sys.executable, "-c", LEAKY, *given, str(out)]
    subprocess.run(command, check=True, capture_output=True, env={"TMPDIR": str(own), "PATH": "/usr/bin:/bin"})
    told = leaks.recorded(tmp_path / "log")
    search = leaks.Search(words, {})
    for path, content in told.written.items():
        search.content(path, bytes(content))
    assert set(search.met) == {"note"}
    for name in told.named:
        search.name(name)
    assert set(search.met) == {"note", "name"}
    search.name(told.commands[-1].decode())
    assert set(search.met) == {"note", "name", "phone"}
    assert told.outside([own]) == [str(out)]
