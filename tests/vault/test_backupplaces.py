"""The local folder and the second place: what is listed, what is carried over, what is thinned, and that an absent stick is no error."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from app.rooms.students import store as students
from app.vault import backup, backupplaces
from app.vault.backup import back_up, local_place
from app.vault.backupfile import Unwatched
from app.vault.backupplaces import (
    PlaceRefused,
    back_up_if_due,
    judge_second,
    listed,
    sealed,
    second_place,
    under_old_keys,
)
from app.vault.files import NoRoom
from app.vault.keys import new_master_key
from app.vault.opening import outside
from tests.vault.backed import NOW, Stopped, Stopper, folder, made, opening, student

__all__ = ["folder", "made", "opening"]


@pytest.fixture
def stick(tmp_path):
    (tmp_path / "U盘").mkdir()
    return tmp_path / "U盘"


def write(vault, number):
    with vault.write("登记学生") as session:
        students.add(session, student(number))


def day_after_day(vault, clock, days, stick=None):
    """A change and a round of backing up on each day; gives what was known of the second place in the end."""
    carried_at = None
    for number in range(days):
        clock.moment = NOW + timedelta(days=number)
        write(vault, 300 + number)
        carried_at = back_up_if_due(vault, stick, carried_at).carried_at
    return carried_at


def days_in(place):
    return [found.manifest.made_at.date() for found in listed(place)]


def test_nothing_changed_makes_nothing(folder, opening):
    vault = opening(folder)
    assert back_up_if_due(vault, None, None).made is not None
    assert back_up_if_due(vault, None, None).made is None
    assert len(listed(local_place(folder))) == 1
    assert back_up_if_due(vault, None, None, anyway=True).made is not None


def test_the_key_file_is_told_of_a_backup_it_lost_sight_of(folder, opening):
    vault = opening(folder)
    shutil.copy(folder / "vault.keys", folder / "before")
    back_up(vault)
    for name in ("vault.keys", "vault.keys.b"):
        shutil.copy(folder / "before", folder / name)  # as if the power went before it was written
    assert outside(folder).backup is None
    back_up_if_due(vault, None, None)
    assert outside(folder).backup is not None


def students_in(place):
    return [found.manifest.counts["student"] for found in listed(place)]


@pytest.mark.parametrize("wrong", [NOW.replace(year=1990), NOW.replace(year=2099)])
def test_a_clock_that_was_wrong_for_a_day_keeps_the_newest_the_newest(folder, opening, clock, stick, wrong):
    vault = opening(folder)
    known = day_after_day(vault, clock, 3, stick)
    moments = [wrong, wrong, *(NOW + timedelta(days=number) for number in range(3, 14))]
    for number, moment in enumerate(moments):
        clock.moment = moment
        write(vault, 400 + number)
        outcome = back_up_if_due(vault, stick, known)
        known = outcome.carried_at
        assert (outcome.carried, known) == (1, moment)
        assert back_up_if_due(vault, stick, known).made is None
        for place in (local_place(folder), second_place(stick, vault.vault_id)):
            assert students_in(place)[0] == 12 + 3 + number + 1
            assert students_in(place) == sorted(students_in(place), reverse=True)
        told = outside(folder).backup
        assert told is not None
        assert told.counts["student"] == students_in(local_place(folder))[0]
    assert listed(local_place(folder))[0].manifest.made_at == moments[-1]


def test_a_new_stick_gets_what_was_just_made_though_the_clock_is_behind(folder, opening, clock, stick):
    vault = opening(folder)
    day_after_day(vault, clock, 9)
    clock.moment = NOW.replace(year=1990)
    write(vault, 500)
    outcome = back_up_if_due(vault, stick, None)
    assert (outcome.carried, outcome.carried_at) == (1, clock.moment)
    assert students_in(second_place(stick, vault.vault_id)) == [12 + 9 + 1]


def test_a_backup_made_with_an_older_key_file_put_back_is_the_newest_all_the_same(folder, opening, clock):
    vault = opening(folder)
    shutil.copy(folder / "vault.keys", folder / "before")
    day_after_day(vault, clock, 5)
    for name in ("vault.keys", "vault.keys.b"):
        shutil.copy(folder / "before", folder / name)
    write(vault, 500)
    assert back_up_if_due(vault, None, None).made is not None
    assert students_in(local_place(folder))[0] == 12 + 5 + 1
    assert back_up_if_due(vault, None, None).made is None


def test_the_second_place_gets_a_copy_equal_to_the_byte(folder, opening, stick):
    vault = opening(folder)
    outcome = back_up_if_due(vault, stick, None)
    assert (outcome.carried, outcome.absent, outcome.trouble) == (1, False, None)
    assert outcome.carried_at == NOW
    (here,), (there,) = listed(local_place(folder)), listed(second_place(stick, vault.vault_id))
    assert here.path.read_bytes() == there.path.read_bytes()


def test_an_absent_stick_is_no_error_and_is_caught_up_with(folder, opening, stick, clock):
    vault = opening(folder)
    known = day_after_day(vault, clock, 3, stick)
    stick.rename(stick.with_name("away"))
    for number in range(3, 15):
        clock.moment = NOW + timedelta(days=number)
        for again in range(2):
            write(vault, 400 + 2 * number + again)
            clock.moment += timedelta(hours=1)
            outcome = back_up_if_due(vault, stick, known)
        assert (outcome.absent, outcome.carried_at) == (True, known)
    waiting = [day for day in days_in(local_place(folder)) if day > known.date()]
    assert waiting == [(NOW + timedelta(days=number)).date() for number in reversed(range(3, 15))]
    stick.with_name("away").rename(stick)
    outcome = back_up_if_due(vault, stick, known)
    assert outcome.made is None
    assert outcome.carried == 12
    assert days_in(second_place(stick, vault.vault_id))[:7] == waiting[:7]
    newest = back_up_if_due(vault, stick, outcome.carried_at)
    assert newest.carried == 0
    assert newest.carried_at == listed(local_place(folder))[0].manifest.made_at


def test_both_places_are_thinned_and_the_newest_stays(folder, opening, stick, clock):
    vault = opening(folder)
    day_after_day(vault, clock, 20, stick)
    for place in (local_place(folder), second_place(stick, vault.vault_id)):
        days = days_in(place)
        assert days[0] == (NOW + timedelta(days=19)).date()
        assert 7 + 3 <= len(days) <= 7 + 5 + 12
        assert len(days) < 20


def test_thinning_leaves_strangers_alone(folder, opening, clock):
    vault = opening(folder)
    place = local_place(folder)
    back_up(vault)
    (own,) = place.iterdir()
    for number in range(30):
        shutil.copy(own, place / f"备份-2020-01-{number + 1:02}-1.jsbak.old")
    (place / "备份-2019-01-01-1.jsbak").write_bytes(b"not one")
    day_after_day(vault, clock, 12)
    assert (place / "备份-2019-01-01-1.jsbak").exists()
    assert len(list(place.glob("*.old"))) == 30


def test_what_cannot_be_read_is_listed_last_with_its_reason(folder, opening):
    vault = opening(folder)
    back_up(vault)
    bad = local_place(folder) / "备份-2030-01-01-9.jsbak"
    bad.write_bytes(b"PK\x03\x04 no more")
    good, last = listed(local_place(folder))
    assert good.problem is None
    assert (last.path, last.container) == (bad, None)
    assert last.problem is not None
    assert [one.path for one in sealed(local_place(folder), vault.master)] == [good.path]


def test_a_stop_while_carrying_leaves_nothing_there(folder, opening, stick):
    vault = opening(folder)
    back_up(vault)
    with pytest.raises(Stopped):
        back_up_if_due(vault, stick, None, Stopper(after_steps=0))
    assert list(second_place(stick, vault.vault_id).iterdir()) == []
    assert back_up_if_due(vault, stick, None).carried == 1


def test_a_full_stick_is_told_and_the_local_copy_stands(folder, opening, stick, monkeypatch):
    vault = opening(folder)
    real = shutil.disk_usage

    def usage(path):
        return real(path) if "U盘" not in str(path) else shutil._ntuple_diskusage(1, 1, 0)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    outcome = back_up_if_due(vault, stick, None)
    assert outcome.made is not None
    assert isinstance(outcome.trouble, NoRoom)
    assert outcome.carried_at is None
    assert list(second_place(stick, vault.vault_id).iterdir()) == []


def test_a_copy_that_arrives_changed_is_not_named(folder, opening, stick, monkeypatch):
    vault = opening(folder)
    real = os.fsync

    def spoil(handle):
        path = os.readlink(f"/proc/self/fd/{handle}") if os.path.exists("/proc/self/fd") else ""
        if path.endswith(".jsbak.tmp"):
            os.pwrite(handle, b"\0" * 40, 20_000)
        real(handle)

    if not os.path.exists("/proc/self/fd"):
        pytest.skip("which file is synced cannot be seen here")
    monkeypatch.setattr(backupplaces.os, "fsync", spoil)
    outcome = back_up_if_due(vault, stick, None)
    assert outcome.trouble is not None
    assert list(second_place(stick, vault.vault_id).iterdir()) == []


def test_where_the_second_place_may_be(folder, stick, tmp_path):
    with pytest.raises(PlaceRefused):
        judge_second(tmp_path / "nowhere", folder)
    with pytest.raises(PlaceRefused):
        judge_second(folder, folder)
    synced = tmp_path / "OneDrive" / "x"
    synced.mkdir(parents=True)
    with pytest.raises(PlaceRefused):
        judge_second(synced, folder)
    assert "同一块磁盘" in judge_second(stick, folder)


def test_backups_of_before_a_change_of_keys_are_named_those_of_after_it_never(folder, opening):
    vault = opening(folder)
    container = back_up(vault)
    place, epoch = local_place(folder), container.keys.content.epoch
    assert under_old_keys(place, vault.vault_id, epoch) == []
    assert under_old_keys(place, vault.vault_id, epoch + 1) == [container.path]
    assert under_old_keys(place, vault.vault_id, epoch - 1) == []
    assert under_old_keys(place, "another", epoch + 1) == []
    assert sealed(place, replace(new_master_key(), vault_id=vault.vault_id)) == []


def test_the_vault_as_it_was_before_a_migration_stays(folder, opening, clock, monkeypatch):
    vault = opening(folder)
    monkeypatch.setattr(vault, "schema", vault.schema - 1)
    monkeypatch.setattr(backup, "_prove", lambda *_: None)
    older = backup.make(vault, Unwatched())
    monkeypatch.undo()
    day_after_day(vault, clock, 30)
    assert older.path.exists()
