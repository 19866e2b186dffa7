"""An old key file put back beside the vault: told as that, not as damage and not as a wrong password alone, and the way out works."""

import shutil

import pytest

from app.errors import Problem
from app.rooms.students import store as students
from app.vault import renewing, rotating
from app.vault.backup import back_up, local_place
from app.vault.backupfile import Unwatched
from app.vault.files import ASIDES, DATABASE, KEYS, KEYS_B
from app.vault.keys import Password
from app.vault.oldkeys import KeyFileOlder, WrongForOldKeys, later_keys, why_wrong
from app.vault.opening import WrongPassword, open_vault
from app.vault.proving import VaultDamaged
from app.vault.recovery import new_code
from app.vault.restoring import Opened, finish, stage, unlocked
from app.vault.restoring_keys import bring_keys, is_enough
from app.vault.rotating import NewSecrets
from tests.vault.backed import PASSWORD, folder, made, opening, student

__all__ = ["folder", "made", "opening"]
LATER = Password("后来换的口令也要够长才行")


@pytest.fixture
def old(folder, tmp_path):
    """The key file of before anything is changed."""
    return shutil.copytree(folder, tmp_path / "从前")


def put_back(old, folder):
    for name in (KEYS, KEYS_B):
        shutil.copy(old / name, folder / name)


def files(folder):
    return {name: (folder / name).read_bytes() for name in (DATABASE, KEYS, KEYS_B)}


def refused(folder, secret, clock) -> Problem:
    before = files(folder)
    with pytest.raises(Problem) as told:
        open_vault(folder, secret, clock)
    assert files(folder) == before
    return told.value


def restored(container, folder, clock):
    with Opened(container, unlocked(container, LATER, folder), local_place(folder), clock, Unwatched()) as looked:
        stage(looked, folder)
    finish(folder)


def test_from_before_a_change_of_all_keys(old, folder, opening, clock):
    vault = opening(folder)
    rotating.rotate(vault, PASSWORD.text, NewSecrets(LATER.text, new_code()))
    vault = opening(folder, LATER)
    newest = back_up(vault)
    vault.close()
    assert later_keys(folder) is None
    put_back(old, folder)
    assert isinstance(refused(folder, PASSWORD, clock), KeyFileOlder)
    wrong = refused(folder, LATER, clock)
    assert isinstance(wrong, WrongPassword)
    assert isinstance(why_wrong(folder, wrong), WrongForOldKeys)
    restored(newest, folder, clock)
    vault = opening(folder, LATER)
    with vault.read() as session:
        assert students.count(session) == 12
    assert later_keys(folder) is None


def test_from_before_a_new_password(old, folder, opening, clock):
    vault = opening(folder)
    renewing.change_password(vault, PASSWORD.text, LATER.text)
    newest = back_up(vault)
    vault.close()
    put_back(old, folder)
    assert isinstance(why_wrong(folder, refused(folder, LATER, clock)), WrongForOldKeys)
    restored(newest, folder, clock)
    assert isinstance(refused(folder, PASSWORD, clock), WrongPassword), "the password that was given up stays so"
    opening(folder, LATER)


@pytest.mark.parametrize("keys", ["lost", "spoilt", "old"])
def test_the_key_file_alone_is_brought_back_and_nothing_written_since_is_lost(old, folder, opening, clock, keys):
    vault = opening(folder)
    if keys == "old":
        rotating.rotate(vault, PASSWORD.text, NewSecrets(LATER.text, new_code()))
        vault = opening(folder, LATER)
    else:
        renewing.change_password(vault, PASSWORD.text, LATER.text)
    kept = back_up(vault)
    with vault.write("登记学生") as session:
        students.add(session, student(13))
    vault.close()
    assert not enough(kept, folder, clock), "the keys that are there are as new"
    for name in (KEYS, KEYS_B):
        if keys == "lost":
            (folder / name).unlink()
        elif keys == "spoilt":
            (folder / name).write_bytes(b"{}")
    if keys == "old":
        put_back(old, folder)
    assert enough(kept, folder, clock, bring=True)
    vault = opening(folder, LATER)
    with vault.read() as session:
        assert students.count(session) == 13
    assert vault.behind is None, "her own doing is not told as somebody's"
    assert not enough(kept, folder, clock)
    aside = [path for path in folder.iterdir() if path.name.startswith(ASIDES)]
    assert bool(aside) is (keys != "lost"), "what was there is kept"


def enough(container, folder, clock, *, bring=False):
    with Opened(container, unlocked(container, LATER, folder), local_place(folder), clock, Unwatched()) as looked:
        answer = is_enough(looked, folder)
        if bring:
            bring_keys(looked, folder)
    return answer


def test_a_database_that_is_damaged_too_is_not_saved_by_its_keys(folder, opening, clock):
    vault = opening(folder)
    kept = back_up(vault)
    vault.close()
    (folder / DATABASE).write_bytes(b"")
    for name in (KEYS, KEYS_B):
        (folder / name).unlink()
    with Opened(kept, unlocked(kept, PASSWORD, folder), local_place(folder), clock, Unwatched()) as looked:
        assert not is_enough(looked, folder)


def test_a_damaged_database_under_its_own_keys_is_still_damage(folder, opening, clock):
    vault = opening(folder)
    back_up(vault)
    vault.close()
    assert why_wrong(folder, WrongPassword()).sentence == WrongPassword().sentence
    assert "旧" not in why_wrong(folder, WrongPassword()).next_step
    with (folder / DATABASE).open("r+b") as file:
        file.seek(100)
        file.write(bytes(100))
    assert isinstance(refused(folder, PASSWORD, clock), VaultDamaged)
