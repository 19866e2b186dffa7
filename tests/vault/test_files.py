"""The files beside the vault: private, whole, one process, and the ballast."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.vault import ballast
from app.vault.files import (
    BALLAST,
    LOCK,
    NotWritable,
    create_private,
    make_private_folder,
    remove_stale,
    write_whole,
)
from app.vault.locking import AlreadyOpen, VaultLock

posix = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")


@posix
def test_folders_and_files_are_their_owners_alone(tmp_path):
    os.umask(0o022)
    folder = tmp_path / "一" / "二"
    make_private_folder(folder)
    write_whole(folder / "small", b"x")
    create_private(folder / "empty")
    assert {path.stat().st_mode & 0o777 for path in (folder.parent, folder)} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_making_a_file_never_touches_one_that_is_there(tmp_path):
    (tmp_path / "vault.db").write_bytes(b"precious")
    with pytest.raises(FileExistsError):
        create_private(tmp_path / "vault.db")
    assert (tmp_path / "vault.db").read_bytes() == b"precious"


def test_only_our_own_leftovers_are_taken_away(tmp_path):
    ours = ["vault.keys.tmp-12", "vault.keys.b.tmp-9", "vault.ballast.tmp-1", "vault.db.tmp-7", "vault.db.tmp-7-wal"]
    others = ["vault.keys", "vault.keys.tmp-x", "vault.db-wal", "notes.tmp-1", "xvault.keys.tmp-1"]
    for name in ours + others:
        (tmp_path / name).write_bytes(b"x")
    remove_stale(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(others)


def test_a_folder_that_is_gone_is_a_problem_and_nothing_is_made(tmp_path):
    with pytest.raises(NotWritable):
        write_whole(tmp_path / "gone" / "vault.keys", b"x")
    assert list(tmp_path.iterdir()) == []


def test_a_second_process_is_told_and_changes_nothing(tmp_path):
    lock = VaultLock(tmp_path)
    lock.take()
    with pytest.raises(AlreadyOpen):
        VaultLock(tmp_path).take()
    code = "import sys;from pathlib import Path;from app.vault.locking import VaultLock;VaultLock(Path(sys.argv[1])).take()"
    other = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, cwd=root())
    assert "AlreadyOpen" in other.stderr
    lock.let_go()
    VaultLock(tmp_path).take()


def test_the_lock_dies_with_its_process(tmp_path):
    code = "import os,sys;from pathlib import Path;from app.vault.locking import VaultLock;VaultLock(Path(sys.argv[1])).take();os._exit(9)"
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=root()).returncode == 9
    assert (tmp_path / LOCK).exists()
    VaultLock(tmp_path).take()


def test_the_lock_taken_on_a_worker_is_let_go_on_the_main_thread(tmp_path):
    lock = VaultLock(tmp_path)
    worker = threading.Thread(target=lock.take)
    worker.start()
    worker.join()
    lock.let_go()
    VaultLock(tmp_path).take()


def test_a_lock_in_a_folder_that_is_gone_is_a_problem(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotWritable):
        VaultLock(tmp_path / "file" / "deep").take()


def root():
    return Path(__file__).resolve().parents[2]


def test_the_ballast_takes_real_room_and_gives_it_up(tmp_path):
    assert ballast.make(tmp_path)
    stat = (tmp_path / BALLAST).stat()
    assert stat.st_size == ballast.BALLAST_BYTES
    if os.name == "posix":
        os.sync()
        assert (tmp_path / BALLAST).stat().st_blocks * 512 >= ballast.BALLAST_BYTES
        assert stat.st_mode & 0o777 == 0o600
    assert ballast.give_up(tmp_path)
    assert not (tmp_path / BALLAST).exists()
    assert not ballast.give_up(tmp_path)
    assert ballast.make(tmp_path)


def test_a_ballast_cut_short_is_made_again(tmp_path):
    (tmp_path / BALLAST).write_bytes(b"x")
    assert ballast.make(tmp_path)
    assert (tmp_path / BALLAST).stat().st_size == ballast.BALLAST_BYTES


def test_no_ballast_is_made_where_there_is_little_room(tmp_path, monkeypatch):
    monkeypatch.setattr(ballast, "ROOM_TO_MAKE", 2**70)
    assert not ballast.make(tmp_path)
    assert list(tmp_path.iterdir()) == []
