"""A disk that is really full: what is being typed is still kept, in the room the ballast gives up."""

import os
import shutil
import subprocess

import pytest

from app.vault import ballast, places, typing
from app.vault.files import BALLAST, NoRoom
from app.vault.keys import Kdf, Password
from app.vault.opening import create_vault, open_vault
from app.vault.vault import DiskFull

PASSWORD = "今天天气真好我们去爬山吧"


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 48 MB of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if (
        shutil.which("mount") is None
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "none", str(disk)], capture_output=True).returncode
    ):
        pytest.skip("a disk of its own cannot be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk):
    with (disk / "filler").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 65536)
        except OSError:
            pass


def test_typing_is_kept_on_a_full_disk_and_is_there_after_the_next_unlock(small_disk, clock, monkeypatch):
    monkeypatch.setattr(places, "LEAST_FREE", 1)
    monkeypatch.setattr(ballast, "ROOM_TO_MAKE", ballast.BALLAST_BYTES)
    folder = small_disk / "vault"
    vault, _ = create_vault(folder, school="", room="", password=PASSWORD, clock=clock, kdf=Kdf(65536, 1, 4, bytes(16)))
    assert (folder / BALLAST).exists()
    fill(small_disk)
    with pytest.raises(DiskFull):
        write_until_full(vault, clock)
    typing.keep(vault, "note/1", {"text": "写到一半" * 500}, None, wait=5)
    assert not (folder / BALLAST).exists()
    fill(small_disk)
    vault.close()
    with pytest.raises(NoRoom):  # now that the ballast's room is taken too
        open_vault(folder, Password(PASSWORD), clock)
    (small_disk / "filler").unlink()
    again = open_vault(folder, Password(PASSWORD), clock)
    with again.read() as session:
        assert typing.typed(session, "note/1").content == {"text": "写到一半" * 500}
    again.close()
    assert (folder / BALLAST).exists()


def test_what_finds_no_room_even_then_is_sealed_and_written_after_the_next_unlock(small_disk, clock, monkeypatch):
    monkeypatch.setattr(places, "LEAST_FREE", 1)
    folder = small_disk / "vault"
    vault, _ = create_vault(folder, school="", room="", password=PASSWORD, clock=clock, kdf=Kdf(65536, 1, 4, bytes(16)))
    ballast.give_up(folder)
    fill(small_disk)
    unsaved = typing.Unsaved({"text": "写到一半\ud800" * 500}, 7)
    with pytest.raises(DiskFull):
        write_until_full(vault, clock)
    with pytest.raises(DiskFull):
        typing.keep(vault, "note/1", {"text": os.urandom(200_000).hex()}, 7, wait=5)
    wrapped = typing.wrap(vault, {"note/1": unsaved})
    assert "写到".encode() not in wrapped
    vault.close()
    (small_disk / "filler").unlink()
    again = open_vault(folder, Password(PASSWORD), clock)
    assert typing.unwrap(again, wrapped) == {"note/1": unsaved}
    again.close()


def write_until_full(vault, clock):
    for number in range(1000):
        with vault.write("暂存") as session:
            content = {"text": os.urandom(9000).hex()}
            session.add(typing.Typed(form=f"a/{number}", student_id=None, content=content, at=clock.now()))
