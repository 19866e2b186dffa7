"""The lab in small counts, with every run of the tests; ``make lab`` runs the same code in full (docs/reliability.md)."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from tests.lab import codes, damage, fulldisks, hostile, kills, powercuts, surroundings, texts, writelog
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
