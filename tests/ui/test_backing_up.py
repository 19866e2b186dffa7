"""Backing up in the background: when it runs, that a lock breaks it off and the next unlock takes it up, that the end waits for it."""

from __future__ import annotations

import os
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.rooms.students import store as students
from app.ui import backing_up
from app.ui.backing_up import IDLE_SECONDS, BackingUp, VaultDoubtful
from app.ui.settings_file import SettingsFile
from app.vault import backup, backupplaces
from app.vault.backup import local_place
from app.vault.backupfile import BackupDamaged
from app.vault.backupplaces import listed, second_place
from app.vault.files import NoRoom
from app.vault.reaching import Silent
from app.vault.vault import Vault
from tests.vault.backed import NOW, folder, made, opening, student

__all__ = ["folder", "made", "opening"]


class Around:
    """The vault, the settings and how long nobody has touched the PC."""

    def __init__(self, vault: Vault, settings: SettingsFile, qtbot: QtBot) -> None:
        self.vault, self.settings, self.qtbot, self.idle = vault, settings, qtbot, 0.0
        self.parent = QObject()
        self.backing = BackingUp(vault, settings, self._seconds, self.parent)

    def _seconds(self) -> float:
        return self.idle

    def round(self) -> None:
        with self.qtbot.waitSignal(self.backing.ended, timeout=20_000):
            self.backing.run()

    def write(self, number: int) -> None:
        with self.vault.write("登记学生") as session:
            students.add(session, student(number))

    def backups(self) -> int:
        return len(listed(local_place(self.vault.folder)))


@pytest.fixture
def around(folder, opening, tmp_path, qtbot):
    made = Around(opening(folder), SettingsFile(tmp_path / "settings.json"), qtbot)
    yield made
    made.backing.stop()


def test_after_the_unlock_what_is_due_is_made_once(around, monkeypatch):
    monkeypatch.setattr(backing_up, "AFTER_UNLOCK_MS", 1)
    with around.qtbot.waitSignal(around.backing.ended, timeout=20_000):
        around.backing.start()
    assert around.backing.outcome.made is not None
    around.round()
    assert around.backing.outcome.made is None
    assert around.backups() == 1


def test_once_in_each_idle_time(around):
    around.idle = IDLE_SECONDS - 1
    around.backing.look()
    assert not around.backing.running
    around.idle = IDLE_SECONDS
    with around.qtbot.waitSignal(around.backing.ended, timeout=20_000):
        around.backing.look()
    around.write(50)
    around.idle += 10
    around.backing.look()
    assert not around.backing.running, "she has not come back since"
    around.idle = 1
    around.backing.look()
    around.idle = IDLE_SECONDS + 5
    with around.qtbot.waitSignal(around.backing.ended, timeout=20_000):
        around.backing.look()
    assert around.backing.outcome.made is not None


def held(monkeypatch, module, name):
    """Have a step of making a backup wait until it is let go or stopped."""
    reached, go = threading.Event(), threading.Event()
    real = getattr(module, name)

    def waiting(*args, **more):
        reached.set()
        work = args[-1]
        while not go.is_set() and not work.stopped():
            go.wait(0.01)
        return real(*args, **more)

    monkeypatch.setattr(module, name, waiting)
    return reached, go


@pytest.mark.parametrize(("module", "name"), [(backup, "write"), (backup, "compare")])
def test_a_lock_breaks_it_off_and_the_next_unlock_takes_it_up(around, folder, opening, monkeypatch, module, name):
    with monkeypatch.context() as patched:
        reached, _ = held(patched, module, name)
        around.backing.run()
        around.qtbot.waitUntil(reached.is_set, timeout=20_000)
        around.backing.stop()
        assert list(local_place(folder).iterdir()) == [], "its temporary file is gone when the lock goes on"
        around.vault.close()
    again = Around(opening(folder), around.settings, around.qtbot)
    again.round()
    assert again.backups() == 1
    again.backing.stop()


def test_the_end_waits_for_the_last_backup_with_the_last_change_in_it(around, monkeypatch):
    reached, go = held(monkeypatch, backup, "write")
    ended = []
    around.backing.run()
    around.qtbot.waitUntil(reached.is_set, timeout=20_000)
    around.write(60)
    around.backing.run_then(lambda: ended.append(1))
    assert ended == []
    go.set()
    around.qtbot.waitUntil(lambda: ended == [1], timeout=20_000)
    newest = listed(local_place(around.vault.folder))[0].manifest
    assert newest.counts["student"] == 13


def test_the_end_comes_also_where_no_backup_can_be_made(around, monkeypatch):
    def full(*_):
        raise NoRoom

    monkeypatch.setattr(backup, "_refuse_without_room", full)
    ended = []
    around.backing.run_then(lambda: ended.append(1))
    around.qtbot.waitUntil(lambda: ended == [1], timeout=20_000)
    assert isinstance(around.backing.trouble, NoRoom)
    assert around.backups() == 0


def test_what_the_checks_find_in_the_vault_is_told_once(around, monkeypatch):
    def found(*_):
        raise BackupDamaged("记录与留痕一致")

    monkeypatch.setattr(backup, "open_backup", found)
    told = []
    around.backing.failed.connect(told.append)
    around.round()
    around.round()
    (problem,) = told
    assert isinstance(problem, VaultDoubtful)
    assert "记录与留痕一致" in problem.sentence
    assert around.backing.trouble.sentence == problem.sentence


def test_a_copy_on_another_device_is_remembered_for_the_door(around, tmp_path, monkeypatch, clock):
    stick = tmp_path / "U盘"
    stick.mkdir()
    around.settings.change(second=str(stick))
    around.round()
    assert around.backing.outcome.carried == 1
    assert around.settings.now.second_at == {}, "the same disk is not another device"
    monkeypatch.setattr(backupplaces, "is_elsewhere", lambda *_: True)
    clock.moment = NOW + timedelta(days=1)
    around.write(70)
    around.round()
    assert around.settings.now.second_at == {around.vault.vault_id: clock.moment.isoformat()}
    assert around.backing.carried_at() == clock.moment
    assert len(listed(second_place(stick, around.vault.vault_id))) == 2


@pytest.mark.parametrize("step", ["sealed", "_copied"])
def test_a_share_that_hangs_keeps_neither_the_backup_here_nor_the_lock_waiting(around, tmp_path, monkeypatch, step):
    share, over, real = tmp_path / "共享盘", threading.Event(), getattr(backupplaces, step)
    share.mkdir()

    def hanging(*args):
        if any(isinstance(one, Path) and share in one.parents for one in args):
            over.wait()
        return real(*args)

    around.settings.change(second=str(share))
    try:
        with monkeypatch.context() as patched:
            patched.setattr(backupplaces, step, hanging)
            patched.setattr(backupplaces, "SILENCE", 0.1)
            around.round()
            assert around.backups() == 1
            assert isinstance(around.backing.outcome.trouble, Silent)
            patched.setattr(backupplaces, "SILENCE", 3600.0)
            around.write(80)
            around.backing.run()
            began = time.monotonic()
            around.backing.stop()
            assert time.monotonic() - began < 10, "the lock has waited for what hangs"
    finally:
        over.set()


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="no second device here")
def test_another_device_is_told_from_the_same_one(tmp_path):
    if os.stat("/dev/shm").st_dev == os.stat(tmp_path).st_dev:
        pytest.skip("no second device here")
    assert backupplaces.is_elsewhere(Path("/dev/shm"), tmp_path)
    assert not backupplaces.is_elsewhere(tmp_path, tmp_path.parent)


def test_before_an_import_a_backup_is_there_unless_nothing_has_changed(around, clock):
    around.backing.before(backup.Unwatched())
    around.backing.before(backup.Unwatched())
    assert around.backups() == 1
    clock.moment = NOW + timedelta(days=1)
    around.write(80)
    around.backing.before(backup.Unwatched())
    assert around.backups() == 2
