"""The vault's folder deleted, renamed or replaced while it is open: nothing is called saved, and a copy can still be made."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from app.clock import StandingClock
from app.rooms.students import store
from app.vault import backup, keycopies
from app.vault.backupcheck import open_backup
from app.vault.backupfile import Unwatched, unpack
from app.vault.standing import VaultMoved
from app.vault.trail import Act, Link
from app.vault.vault import Vault
from tests.vault.backed import folder, made, opening, student

__all__ = ["folder", "made", "opening"]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows does not let the folder of an open file go")


def add(vault: Vault, number: int) -> None:
    with vault.write("登记学生") as session:
        store.add(session, student(number))


def names(vault: Vault) -> int:
    with vault.read() as session:
        return store.count(session)


def deleted(folder: Path) -> None:
    shutil.rmtree(folder)


def renamed(folder: Path) -> None:
    folder.rename(folder.with_name("别处"))


def replaced(folder: Path) -> None:
    """As a synchronising program does that brings its own copy back."""
    shutil.copy(folder / "vault.db", folder / "copy")
    os.replace(folder / "copy", folder / "vault.db")


@pytest.mark.parametrize("moved", [deleted, renamed, replaced])
def test_nothing_is_called_saved_when_the_file_is_not_at_its_path(vault: Vault, moved) -> None:
    add(vault, 901)
    moved(vault.folder)
    for number in (902, 903):
        with pytest.raises(VaultMoved, match="不在原来的位置"):
            add(vault, number)
    assert names(vault) == 1
    assert not vault.closed


def test_the_folder_put_back_is_written_to_again(vault: Vault) -> None:
    renamed(vault.folder)
    with pytest.raises(VaultMoved):
        add(vault, 901)
    vault.folder.with_name("别处").rename(vault.folder)
    add(vault, 902)
    assert names(vault) == 1


def test_a_view_waits_for_the_folder_to_come_back(vault: Vault) -> None:
    add(vault, 901)
    renamed(vault.folder)
    with vault.read() as session:
        known = store.by_number(session, student(901).student_no)
    vault.record_view(known)
    vault.folder.with_name("别处").rename(vault.folder)
    add(vault, 902)
    with vault.read() as session:
        viewed = session.scalars(select(Link.record).where(Link.act == Act.VIEW.value)).all()
    assert viewed == [known.id]


def test_a_copy_of_a_deleted_vault_opens_with_the_password_and_holds_everything(
    opening, folder: Path, tmp_path: Path, clock: StandingClock
) -> None:
    vault = opening(folder)
    count = names(vault)
    vault.standing.look()
    shutil.rmtree(vault.folder)
    with vault.adrift():
        add(vault, 901)
    with pytest.raises(VaultMoved):
        add(vault, 902)
    place = tmp_path / "副本"
    container = backup.rescue(vault, place)
    assert container.path.parent == place
    scratch = tmp_path / "opened"
    scratch.mkdir()
    unpack(container, scratch, Unwatched())
    again = open_backup(container, vault.master, scratch, clock, Unwatched())
    assert names(again) == count + 1
    again.close()
    assert not vault.folder.exists()


def test_the_key_file_is_remembered_as_it_was_last_seen(opening, folder: Path) -> None:
    vault = opening(folder)
    vault.standing.look()
    changed = keycopies.change(vault.folder, vault.master, lambda content: content)
    assert vault.standing.look() is False
    shutil.rmtree(vault.folder)
    assert vault.standing.look() is True
    assert vault.standing.key_file().generation == changed.generation
