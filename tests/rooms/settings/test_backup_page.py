"""The pages of backups and of keys while the second place, a share, does not answer."""

import threading
import time
from pathlib import Path

import pytest

import app.house.rooms  # noqa: F401 - every kind of record
from app.rooms.settings.page import backup_list, keys
from app.rooms.settings.page.backup import BackupPage
from app.rooms.settings.page.keys import KeysPage
from app.ui.background import Background
from app.ui.backing_up import BackingUp
from app.ui.keeper import Keeper
from app.ui.settings_file import SettingsFile
from app.vault import backupplaces, oldcopies
from tests.ui.fake_notice import FakeNotice
from tests.vault.backed import folder, made, opening

__all__ = ["folder", "made", "opening"]


@pytest.fixture
def share(tmp_path, monkeypatch):
    """A place that is there and never tells what lies in it."""
    share, over, real = tmp_path / "共享盘", threading.Event(), backupplaces.listed
    share.mkdir()

    def hanging(place: Path):
        if share in place.parents:
            over.wait()
        return real(place)

    monkeypatch.setattr(backupplaces, "listed", hanging)
    yield share
    over.set()


def test_it_shows_what_is_here_and_says_who_does_not_answer(vault, share, tmp_path, qtbot, monkeypatch):
    settings, background = SettingsFile(tmp_path / "settings.json"), Background()
    settings.change(second=str(share))
    backing = BackingUp(vault, settings, lambda: 0.0, background)
    page = BackupPage(vault, FakeNotice(), background, settings, backing, {})
    qtbot.addWidget(page)
    monkeypatch.setattr(backup_list, "ANSWER_SECONDS", 0.1)
    page.reload()
    said = page.list._second.detail_label
    assert "正在查看" in said.text()
    qtbot.waitUntil(lambda: "没有回答" in said.text())
    monkeypatch.setattr(backup_list, "ANSWER_SECONDS", 3600.0)
    page.reload()
    began = time.monotonic()
    background.stop_all()
    assert time.monotonic() - began < 10, "the lock has waited for what hangs"


def test_old_copies_there_are_said_not_to_be_listed(opening, folder, share, qtbot, monkeypatch):
    vault, background = opening(folder), Background()
    monkeypatch.setattr(keys, "ANSWER_SECONDS", 0.1)
    monkeypatch.setattr(oldcopies, "under_old_keys", lambda place, *_: backupplaces.listed(place) and [])
    page = KeysPage(
        vault, FakeNotice(), Keeper(vault), background, None, lambda: [folder / "备份", share / "静室备份"], print
    )
    qtbot.addWidget(page)
    page.reload()
    qtbot.waitUntil(lambda: not page.old_card.isHidden())
    assert not page.destroy_button.isEnabled()
