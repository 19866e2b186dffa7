"""The lab in small counts, with every run of the tests; ``make lab`` runs the same code in full (docs/reliability.md)."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from tests.lab import fulldisks, kills, powercuts, writelog
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
    outcome = powercuts.run(30, SEED, tmp_path)
    held(outcome)
    assert outcome.tried == 30
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
