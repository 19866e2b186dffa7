"""Going back to a vault that a restore has set aside: it becomes a backup of its last day, and is itself left as it was."""

import os
import shutil
from datetime import timedelta

import pytest

from app.rooms.students import store as students
from app.vault.asides import Aside, as_backup, aside_at, asides
from app.vault.backup import back_up, local_place
from app.vault.backupfile import BackupDamaged, Unwatched
from app.vault.backupplaces import back_up_if_due, listed
from app.vault.files import DATABASE
from app.vault.restoring import Opened, finish, stage, unlocked
from tests.vault.backed import NOW, PASSWORD, folder, made, opening, student

__all__ = ["folder", "made", "opening"]


@pytest.fixture
def aside(folder, opening, clock) -> Aside:
    """What a restore has set aside: thirteen students, the last of them of the day after the backup; its log was still there."""
    vault = opening(folder)
    kept = back_up(vault)
    clock.moment = NOW + timedelta(days=1)
    with vault.write("登记学生") as session:
        students.add(session, student(13))
    killed = shutil.copytree(folder, folder.with_name("被杀掉的"))
    vault.close()
    assert (killed / f"{DATABASE}-wal").stat().st_size
    os.replace(killed / DATABASE, folder / DATABASE)
    os.replace(killed / f"{DATABASE}-wal", folder / f"{DATABASE}-wal")
    clock.moment = NOW + timedelta(days=3)
    restore(kept, folder, clock)
    (found,) = asides(folder)
    return found


def restore(backup, folder, clock):
    master = unlocked(backup, PASSWORD, folder)
    place = local_place(folder)
    with Opened(as_backup(backup, master, place, clock, Unwatched()), master, place, clock, Unwatched()) as looked:
        stage(looked, folder)
    finish(folder)


def files(aside):
    return {path.name: path.read_bytes() for path in aside.path.iterdir()}


def test_it_is_gone_back_to_and_stays_as_it_was(aside, folder, opening, clock):
    before = files(aside)
    restore(aside, folder, clock)
    assert files(aside) == before
    vault = opening(folder)
    with vault.read() as session:
        assert students.count(session) == 13
    assert vault.behind is None
    assert len(asides(folder)) == 2


def test_its_backup_is_of_its_last_day_and_made_once(aside, folder, opening, clock):
    master = unlocked(aside, PASSWORD, folder)
    made_of_it = as_backup(aside, master, local_place(folder), clock, Unwatched())
    assert made_of_it.manifest.made_at == NOW + timedelta(days=1)
    assert made_of_it.manifest.counts["student"] == 13
    again = as_backup(aside, master, local_place(folder), clock, Unwatched())
    assert again.path == made_of_it.path
    vault = opening(folder)
    newest = back_up_if_due(vault, None, None).made
    assert newest is not None
    assert listed(local_place(folder))[0].manifest.head == newest.head


def test_a_damaged_one_is_told_as_that_and_leaves_nothing(aside, folder, clock):
    master = unlocked(aside, PASSWORD, folder)
    before = sorted(local_place(folder).iterdir())
    with (aside.path / DATABASE).open("r+b") as file:
        file.seek(5000)
        file.write(bytes(100))
    with pytest.raises(BackupDamaged):
        as_backup(aside_at(aside.path), master, local_place(folder), clock, Unwatched())
    assert sorted(local_place(folder).iterdir()) == before


def test_a_folder_without_keys_or_database_is_not_offered(aside, folder):
    (aside.path / DATABASE).unlink()
    assert asides(folder) == []
