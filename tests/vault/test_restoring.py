"""Restoring: looking inside, the exchange interrupted at every step, the old vault kept aside, the drill, a PC that has nothing."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from app.rooms.students import store as students
from app.vault import keycopies, keyevents, restoring, rotating
from app.vault.backup import back_up, is_due, local_place
from app.vault.backupfile import BackupDamaged, OtherVault, Unwatched, read
from app.vault.backupplaces import back_up_if_due, listed, sealed
from app.vault.files import DATABASE, KEYS, KEYS_B
from app.vault.keys import Password
from app.vault.oldcopies import old_copies
from app.vault.oldkeys import brings_old_keys, has_old_keys
from app.vault.opening import WrongPassword, create_vault, is_vault, open_vault, outside
from app.vault.recovery import new_code
from app.vault.restoring import (
    Drilled,
    Opened,
    WrongSecret,
    drill,
    finish,
    is_staged,
    just_restored,
    last_drill,
    side,
    stage,
    unlocked,
)
from app.vault.rotating import NewSecrets
from app.vault.trail import Link
from tests.sweeps import WHOLE
from tests.vault.backed import CHEAP, NOW, PASSWORD, Stopped, Stopper, folder, made, opening, student

__all__ = ["folder", "made", "opening"]
LATER = Password("后天天气更好我们去赏花吧")


def count(vault):
    with vault.read() as session:
        return students.count(session)


def change_password(vault, new):
    slot = outside(vault.folder).with_slot(vault.master, new, CHEAP).slots["password"]
    keycopies.change(vault.folder, vault.master, lambda now: replace(now, slots={**now.slots, "password": slot}))


@pytest.fixture
def kept(folder, opening, clock):
    """A closed vault of 13 students, with a backup from when there were 12."""
    vault = opening(folder)
    container = back_up(vault)
    clock.moment = NOW + timedelta(days=1)
    with vault.write("登记学生") as session:
        students.add(session, student(13))
    vault.close()
    return container


def opened(container, folder, clock, secret=PASSWORD):
    place = local_place(folder)
    return Opened(container, unlocked(container, secret, folder), place, clock, Unwatched())


def asides(folder):
    return sorted(path for path in folder.iterdir() if path.name.startswith("恢复前的档案"))


def restore(container, folder, clock, secret=PASSWORD):
    with opened(container, folder, clock, secret) as looked:
        stage(looked, folder)
    return finish(folder)


def test_a_look_inside_compares_counts_and_newest_records_and_leaves_nothing(kept, folder, opening, clock):
    now = opening(folder)
    with opened(kept, folder, clock) as looked:
        there, here = side(looked.vault), side(now)
        assert (there.counts["student"], here.counts["student"]) == (12, 13)
        assert (there.newest["student"], here.newest["student"]) == (NOW, NOW + timedelta(days=1))
        assert there.counts["note"] == here.counts["note"] == 1
    assert [path.name for path in local_place(folder).iterdir()] == [kept.path.name]
    assert count(now) == 13


def test_it_takes_the_vaults_place_which_is_kept_aside_and_opens_too(kept, folder, opening, clock):
    aside = restore(kept, folder, clock)
    assert asides(folder) == [aside]
    assert not is_staged(folder)
    vault = opening(folder)
    assert count(vault) == 12
    with vault.read() as session:
        acts = [(link.act, link.what) for link in session.query(Link).order_by(Link.seq.desc()).limit(2)]
        assert vault.trail.first_broken(session) is None
    assert acts == [
        ("open", "打开档案"),
        ("restore", f"从备份恢复（2026-11-20 16:40 的备份），原来的档案保留在「{aside.name}」"),
    ]
    vault.close()
    assert count(opening(aside)) == 13
    assert outside(folder).generation > outside(aside).generation


def test_restoring_what_was_put_aside_is_possible_as_well(kept, folder, opening, clock):
    restore(kept, folder, clock)
    vault = opening(folder)
    second = back_up(vault)
    vault.close()
    restore(second, folder, clock)
    assert len(asides(folder)) == 2
    assert count(opening(folder)) == 12


def test_what_was_just_restored_names_its_own_folder_of_many_and_under_a_clock_set_back(kept, folder, opening, clock):
    named = [restore(kept, folder, clock).name for _ in range(11)]
    assert named[-1].endswith("-11")
    clock.moment = NOW - timedelta(days=9999)
    named.append(restore(kept, folder, clock).name)
    vault = opening(folder)
    with vault.read() as session:
        assert f"「{named[-1]}」" in just_restored(session)


def test_what_is_backed_up_after_a_restore_is_the_newest_though_the_trail_went_back(kept, folder, opening, clock):
    vault = opening(folder)
    for number in range(14, 20):
        with vault.write("登记学生") as session:
            students.add(session, student(number))
        back_up(vault)
    vault.close()
    restore(kept, folder, clock)
    vault = opening(folder)
    with vault.write("登记学生") as session:
        students.add(session, student(30))
    made_now = back_up_if_due(vault, None, None).made
    newest = sealed(local_place(folder), vault.master)[0].manifest
    assert made_now is not None
    assert (newest.head, newest.counts["student"]) == (made_now.head, 13)
    assert back_up_if_due(vault, None, None).made is None


def test_a_backup_of_before_a_change_of_all_keys_brings_the_old_ones_and_says_so(kept, folder, opening, clock):
    vault = opening(folder)
    rotating.rotate(vault, PASSWORD.text, NewSecrets(LATER.text, new_code()))
    vault = opening(folder, LATER)
    newest = back_up(vault)
    assert [found.path for found in listed(local_place(folder))] == [newest.path, kept.path]
    vault.close()
    assert brings_old_keys(kept, folder)
    assert not brings_old_keys(newest, folder)
    assert not has_old_keys(folder)
    restore(kept, folder, clock)
    assert has_old_keys(folder)
    with pytest.raises(WrongPassword):
        opening(folder, LATER)
    vault = opening(folder)
    with vault.read() as session:
        assert [event.what for event in keyevents.unseen(session)] == [keyevents.OLD_KEYS]
        assert just_restored(session).startswith("从备份恢复")
    assert old_copies(vault, [local_place(folder)]) == [], "what is under later keys is not for destroying"
    assert newest.path.exists()


INTERRUPTIBLE = ("replace", "rmdir", "unlink", "fsync", "mkdir")


def die_at(step):
    """Have this process end, without a word, at the step-th call that changes a name or makes one durable."""
    left = [step]

    def dying(real):
        def call(*args, **more):
            left[0] -= 1
            if left[0] < 0:
                os._exit(9)
            return real(*args, **more)

        return call

    for name in INTERRUPTIBLE:
        setattr(os, name, dying(getattr(os, name)))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_interrupted_at_any_step_the_old_or_the_new_vault_opens_whole(kept, folder, opening, clock, tmp_path):
    step, ended, seen = 0, False, set()
    while not ended:
        here = tmp_path / f"step-{step}"
        shutil.copytree(folder, here)
        child = os.fork()
        if not child:
            try:
                with opened(read(local_place(here) / kept.path.name), here, clock) as looked:
                    die_at(step)
                    stage(looked, here)
                finish(here)
            finally:
                os._exit(0)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        staged = is_staged(here)
        finish(here)
        vault = opening(here)
        here_now = count(vault)
        vault.close()
        seen.add((staged, here_now))
        assert here_now == (12 if staged or asides(here) else 13), step
        for aside in asides(here):
            assert sorted(p.name for p in aside.iterdir() if p.suffix != ".lock") == [DATABASE, KEYS, KEYS_B], step
            old = opening(aside)
            assert count(old) == 13
            old.close()
        step += 1 if WHOLE else 2
    assert seen == {(False, 13), (True, 12), (False, 12)}
    assert step > 15


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_finishing_can_be_interrupted_again_and_again(kept, folder, opening, clock):
    with opened(kept, folder, clock) as looked:
        stage(looked, folder)
    for _ in range(40):
        if not is_staged(folder):
            break
        child = os.fork()
        if not child:
            try:
                die_at(2)  # a step or two further each time
                finish(folder)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
    finish(folder)
    assert count(opening(folder)) == 12
    assert len(asides(folder)) == 1


def test_a_stop_while_it_is_looked_into_leaves_nothing(kept, folder, clock):
    master = unlocked(kept, PASSWORD, folder)
    with pytest.raises(Stopped):
        Opened(kept, master, local_place(folder), clock, Stopper(after_steps=1))
    assert [path.name for path in local_place(folder).iterdir()] == [kept.path.name]


def test_the_backup_opens_with_the_password_of_its_day_and_with_todays_and_todays_goes_on(kept, folder, opening, clock):
    vault = opening(folder)
    change_password(vault, LATER)
    vault.close()
    assert unlocked(kept, PASSWORD, folder).is_same(unlocked(kept, LATER, folder))
    restore(kept, folder, clock)
    assert count(opening(folder, LATER)) == 12
    assert keycopies.read_copies(folder)[0].content.open_slot(LATER)


def test_elsewhere_only_the_password_of_its_day_or_the_code_opens_it(kept, made, folder, opening, clock, tmp_path):
    vault = opening(folder)
    change_password(vault, LATER)
    vault.close()
    new_pc = tmp_path / "新电脑" / "档案"
    with pytest.raises(WrongSecret):
        unlocked(kept, LATER, new_pc)
    with pytest.raises(WrongSecret):
        unlocked(kept, new_code(), new_pc)
    new_pc.mkdir(parents=True)
    assert restore(kept, new_pc, clock, made[1]) is None
    assert asides(new_pc) == []
    assert count(opening(new_pc, PASSWORD)) == 12


def test_a_folder_with_another_vault_is_left_alone(kept, clock, tmp_path):
    other = tmp_path / "另一份"
    vault, _ = create_vault(other, school="", room="", password=PASSWORD.text, clock=clock, kdf=CHEAP)
    vault.close()
    before = sorted(os.listdir(other))
    with opened(kept, other, clock) as looked, pytest.raises(OtherVault):
        stage(looked, other)
    shutil.rmtree(local_place(other))
    assert sorted(os.listdir(other)) == before
    open_vault(other, PASSWORD, clock).close()


def test_a_damaged_vault_is_replaced_and_its_files_are_kept_as_they_were(kept, folder, opening, clock):
    (folder / DATABASE).write_bytes(b"")
    (folder / f"{DATABASE}-wal").write_bytes(b"of another day")
    aside = restore(kept, folder, clock)
    assert (aside / DATABASE).read_bytes() == b""
    assert (aside / f"{DATABASE}-wal").read_bytes() == b"of another day"
    assert count(opening(folder)) == 12


def test_without_a_key_file_the_backups_own_is_used(kept, folder, opening, clock):
    for name in (KEYS, KEYS_B):
        (folder / name).unlink()
    restore(kept, folder, clock)
    assert count(opening(folder)) == 12


def test_a_drill_does_everything_but_the_exchange(kept, folder, opening, clock):
    vault = opening(folder)
    with vault.read() as session:
        assert last_drill(session) is None
    drill(vault, kept)
    with vault.read() as session:
        assert last_drill(session) == Drilled(clock.moment, True)
    assert [path.name for path in local_place(folder).iterdir()] == [kept.path.name]
    assert asides(folder) == []
    assert count(vault) == 13


def test_a_drill_of_a_spoilt_backup_says_so(kept, folder, opening, clock):
    vault = opening(folder)
    data = bytearray(kept.path.read_bytes())
    data[len(data) // 3] ^= 4
    kept.path.write_bytes(data)
    with pytest.raises(BackupDamaged):
        drill(vault, read(kept.path))
    with vault.read() as session:
        assert last_drill(session) == Drilled(clock.moment, False)
    assert count(vault) == 13


def test_a_key_file_from_after_a_change_of_keys_is_not_given_to_an_old_database(kept, folder, clock):
    """Same vault, other epoch: then the backup's own key file comes with it."""
    master = unlocked(kept, PASSWORD, folder)

    def rotated(now):
        return replace(now, epoch=now.epoch + 1, salt=bytes(16))

    keycopies.change(folder, master, rotated)
    with opened(kept, folder, clock) as looked:
        restoring.prepare(looked, folder)
        content = keycopies.read_copies(looked.folder)[0].content
    assert content.epoch == kept.keys.content.epoch
    assert content.generation > outside(folder).generation


def test_the_next_opening_brings_a_staged_restore_to_its_end(kept, folder, opening, clock):
    with opened(kept, folder, clock) as looked:
        aside = stage(looked, folder)
    vault = opening(folder)
    assert count(vault) == 12
    assert (aside / DATABASE).exists()
    assert not is_staged(folder)


def test_a_restore_staged_in_an_empty_folder_is_a_vault(kept, made, clock, opening, tmp_path):
    new_pc = tmp_path / "新电脑"
    new_pc.mkdir()
    with opened(kept, new_pc, clock, made[1]) as looked:
        stage(looked, new_pc)
    shutil.rmtree(local_place(new_pc))
    assert is_vault(new_pc)
    assert count(opening(new_pc)) == 12


def test_after_all_keys_were_changed_an_old_backup_opens_and_restores_with_the_old_password(
    kept, folder, opening, clock
):
    vault = opening(folder)
    rotating.rotate(vault, PASSWORD.text, NewSecrets(LATER.text, new_code()))
    vault = opening(folder, LATER)
    assert sealed(local_place(folder), vault.master) == []
    assert is_due(vault, None), "the backups are made anew under the new keys"
    with pytest.raises(WrongSecret):
        unlocked(kept, LATER, folder)
    old = unlocked(kept, PASSWORD, folder)
    assert not old.is_same(vault.master)
    vault.close()
    restore(kept, folder, clock)
    assert count(opening(folder, PASSWORD)) == 12
    (aside,) = asides(folder)
    assert count(opening(aside, LATER)) == 13
