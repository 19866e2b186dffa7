"""The demo vault: whole, with samples of every document, or nothing of it at all."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from app import demo
from app.__main__ import main
from app.rooms.school import opening
from app.rooms.school import store as schools
from app.vault import opening as vaults
from app.vault.vault import Vault

ROSTER = Path(__file__).parent / "cases" / "roster.xlsx"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least derivation: how long it takes is measured elsewhere."""
    monkeypatch.setattr(vaults, "calibrated", lambda: vaults.Kdf(64 * 1024, 1, 1, bytes(16)))


def test_it_is_made_with_a_sample_of_each_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [str(tmp_path / "v"), "--students", "12", "--notes", "30", "--samples", str(tmp_path / "samples")]
    assert main(["demo", *arguments]) == 0
    told = capsys.readouterr()
    made = json.loads(told.out)
    assert (made["students"], made["notes"]) == (12, 30)
    assert len(made["samples"]) == 3
    assert sorted(path.stem for path in (tmp_path / "samples").iterdir()) == made["samples"]
    assert all(path.read_bytes().startswith(b"%PDF") for path in (tmp_path / "samples").iterdir())
    assert told.err == ""
    (tmp_path / "password").write_text(made["password"], encoding="utf-8")
    assert main(["check", str(tmp_path / "v"), "--password-file", str(tmp_path / "password")]) == 0


def test_without_records_to_write_on_it_says_why_there_are_no_samples(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(tmp_path / "v"), "--students", "3", "--notes", "0", "--samples", str(tmp_path / "samples")]
    assert main(["demo", *arguments]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["samples"] == []
    assert "--notes 20" in told.err


def test_a_roster_that_is_not_there_makes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [str(tmp_path / "v"), "--roster", str(ROSTER), "--roster", str(tmp_path / "none.xlsx")]
    assert main(["demo", *arguments]) == 1
    assert "打不开这个文件" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_failure_half_way_takes_its_own_files_away_and_can_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "no space left")

    with monkeypatch.context() as broken:
        broken.setattr(demo, "fill_notes", fail)
        with pytest.raises(OSError, match="no space left"):
            main(["demo", str(tmp_path / "v"), "--students", "5"])
    assert list(tmp_path.iterdir()) == []
    assert main(["demo", str(tmp_path / "v"), "--students", "5", "--notes", "0"]) == 0
    before = {path.name: path.stat().st_size for path in (tmp_path / "v").iterdir()}
    capsys.readouterr()
    assert main(["demo", str(tmp_path / "v"), "--students", "5"]) == 1
    assert {path.name: path.stat().st_size for path in (tmp_path / "v").iterdir()} == before


def test_its_school_has_terms_bells_and_hours_whatever_the_day(vault: Vault) -> None:
    demo.fill_calendar(vault, date(2027, 7, 31))
    with vault.read() as session:
        calendar = schools.calendar(session)
    assert [term.name for term in calendar.terms] == ["2026–2027 学年第一学期", "2026–2027 学年第二学期"]
    assert [slot.label for slot in calendar.slots(date(2026, 11, 23))][1] == "午休一 12:20–13:00"
    assert calendar.exam(date(2026, 11, 10)) == "期中考试"
    assert opening.short_days(calendar, date(2026, 11, 23)) == [(date(2026, 11, 25), 80)]
