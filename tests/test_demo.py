"""The demo vault: whole, with its week and samples of every document, or nothing of it at all."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from app.__main__ import main
from app.clock import StandingClock
from app.demo import making
from app.demo.cast import Cast
from app.demo.school import fill_calendar
from app.demo.students import fill_students
from app.demo.talks import fill_notes
from app.demo.week import fill_week
from app.rooms.appointments import store, waiting
from app.rooms.appointments.choices import Kind, Status
from app.rooms.notes.record import Note
from app.rooms.school import opening
from app.rooms.school import store as schools
from app.rooms.school.calendar import monday_of
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
    assert made["appointments"] > 20
    assert len(made["samples"]) == 3
    assert sorted(path.stem for path in (tmp_path / "samples").iterdir()) == made["samples"]
    assert all(path.read_bytes().startswith(b"%PDF") for path in (tmp_path / "samples").iterdir())
    assert told.err == ""
    (tmp_path / "password").write_text(made["password"], encoding="utf-8")
    check = [sys.executable, "-m", "app", "check", str(tmp_path / "v"), "--password-file", str(tmp_path / "password")]
    checked = subprocess.run(check, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


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
        broken.setattr(making, "fill_notes", fail)
        with pytest.raises(OSError, match="no space left"):
            main(["demo", str(tmp_path / "v"), "--students", "5"])
    assert list(tmp_path.iterdir()) == []
    assert main(["demo", str(tmp_path / "v"), "--students", "5", "--notes", "0"]) == 0
    before = {path.name: path.stat().st_size for path in (tmp_path / "v").iterdir()}
    capsys.readouterr()
    assert main(["demo", str(tmp_path / "v"), "--students", "5"]) == 1
    assert {path.name: path.stat().st_size for path in (tmp_path / "v").iterdir()} == before


def test_its_school_has_terms_bells_and_hours_whatever_the_day(vault: Vault) -> None:
    fill_calendar(vault, date(2027, 7, 31))
    with vault.read() as session:
        calendar = schools.calendar(session)
    assert [term.name[:4] for term in calendar.terms] == ["2026", "2026", "2027", "2027"]
    assert calendar.terms[1].name == "2026–2027 学年第二学期"
    assert [slot.label for slot in calendar.slots(date(2026, 11, 23))][1] == "午休一 12:20–13:00"
    assert calendar.exam(date(2026, 11, 10)) == "期中考试"
    assert opening.short_days(calendar, date(2026, 11, 23)) == [(date(2026, 11, 25), 80)]


@pytest.mark.parametrize(
    "day", ["2026-11-20", "2026-11-22", "2026-10-03", "2027-01-21", "2027-02-22", "2027-05-12", "2027-07-20"]
)
def test_its_week_is_a_week_of_that_day(vault: Vault, clock: StandingClock, day: str) -> None:
    """A Friday, a weekend, holidays, exams, the first week of a term, the bells of summer, the summer holidays."""
    clock.moment = datetime.fromisoformat(f"{day}T10:00:00+08:00")
    today, cast = clock.today(), Cast.of(1)
    fill_calendar(vault, today)
    fill_students(vault, cast, 40, today)
    fill_notes(vault, cast, 120, today)
    assert fill_week(vault, cast) > 40
    with vault.read() as session:
        calendar = schools.calendar(session)
        booked = store.booked(session, date.min, date.max)
        attended = [one.appointment for one in booked if one.appointment.status is Status.ATTENDED]
        talks = {(note.student_id, note.held_on, note.start) for note in session.query(Note)}
        waits = waiting.listed(session)
    mondays = [monday_of(today + timedelta(days=2)) + timedelta(weeks=at) for at in range(12)]
    monday = next(
        one for one in mondays if sum(calendar.why_not(one + timedelta(days=at)) == "" for at in range(5)) > 2
    )
    present = [one.appointment for one in booked if monday_of(one.appointment.day) == monday]
    assert 8 <= len(present) <= 20
    assert [one.appointment.day for one in booked if not calendar.is_school_day(one.appointment.day)] == []
    assert all(one.status.is_open for one in present if one.day >= today)
    assert all((one.student_id, one.day, one.start) in talks for one in attended if one.kind.has_note)
    assert len(waits) == 3


def test_its_appointments_are_of_every_kind_and_outcome(vault: Vault, clock: StandingClock) -> None:
    fill_calendar(vault, clock.today())
    fill_students(vault, Cast.of(1), 40, clock.today())
    fill_notes(vault, Cast.of(1), 120, clock.today())
    fill_week(vault, Cast.of(1))
    with vault.read() as session:
        booked = store.booked(session, date.min, date.max)
        unregistered = store.unregistered(session, clock.now())
        looked_after = [one for one in booked if one.students and store.absences(session, one.students[0][0]) >= 3]
    assert {one.appointment.kind for one in booked} == set(Kind)
    assert {one.appointment.status for one in booked} == set(Status)
    assert max(Counter(one.appointment.series_id for one in booked if one.appointment.series_id).values()) >= 4
    assert unregistered
    assert looked_after
