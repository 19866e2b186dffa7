"""The settings file: what it may hold in plain, and that nothing in it can keep the program from starting."""

import json
from pathlib import Path

import pytest

from app.ui.settings_file import Settings, SettingsFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "Jingshi" / "settings.json"


def test_what_is_changed_is_there_at_the_next_start(path: Path) -> None:
    SettingsFile(path).change(folder="D:/档案", theme="dark", text_size=1.25, lock_minutes=10)
    again = SettingsFile(path).now
    assert (again.folder, again.theme, again.text_size, again.lock_minutes) == ("D:/档案", "dark", 1.25, 10)


def test_nothing_else_stands_in_plain(path: Path) -> None:
    SettingsFile(path).change(folder="/vault")
    assert set(json.loads(path.read_text(encoding="utf-8"))) == {
        "folder", "theme", "text_size", "width", "height", "lock_minutes", "second", "second_at",
    }  # fmt: skip


def test_five_minutes_are_usual(path: Path) -> None:
    assert SettingsFile(path).now == Settings()
    assert Settings().lock_minutes == 5


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "{",
        "[]",
        "null",
        "\ufeff{}",
        '{"folder": 7, "width": "wide", "lock_minutes": null, "unknown": 1}',
        "\x00" * 40,
    ],
)
def test_a_broken_file_counts_as_empty(path: Path, stored: str) -> None:
    path.parent.mkdir()
    path.write_text(stored, encoding="utf-8")
    assert SettingsFile(path).now == Settings()


def test_a_file_that_is_no_text_counts_as_empty(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(bytes(range(128, 256)))
    assert SettingsFile(path).now == Settings()


@pytest.mark.parametrize(
    ("stored", "name", "kept"),
    [
        ('{"lock_minutes": 100000}', "lock_minutes", 60),
        ('{"lock_minutes": -1}', "lock_minutes", 1),
        ('{"lock_minutes": true}', "lock_minutes", 5),
        ('{"text_size": 90}', "text_size", 2.0),
        ('{"text_size": 1}', "text_size", 1),
        ('{"text_size": NaN}', "text_size", 1.0),
        ('{"width": 5, "height": 5}', "width", 320),
        ('{"theme": "pink"}', "theme", "light"),
    ],
)
def test_senseless_values_are_brought_to_sense(path: Path, stored: str, name: str, kept: object) -> None:
    path.parent.mkdir()
    path.write_text(stored, encoding="utf-8")
    assert getattr(SettingsFile(path).now, name) == kept


def test_a_place_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    settings = SettingsFile(tmp_path / "taken" / "settings.json")
    settings.change(theme="dark")
    assert settings.now.theme == "dark"


def test_what_cannot_be_a_moment_of_a_backup_is_left_out(path: Path) -> None:
    path.parent.mkdir()
    stored = {"second": "E:/", "second_at": {"ab": "2026-11-20T16:40:00+08:00", "cd": "2026-11-20", "ef": 5}}
    path.write_text(json.dumps(stored), encoding="utf-8")
    assert SettingsFile(path).now.second_at == {"ab": "2026-11-20T16:40:00+08:00"}
