"""Backups: what is in one, that it proves itself before it has its name, that a stop or a full disk leaves nothing, when one is due."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import zipfile
from datetime import timedelta

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import select

from app.rooms.students import store as students
from app.vault import backup, backupcheck, ballast, keycopies, migrating, places, typing
from app.vault.backup import back_up, is_due, local_place, make
from app.vault.backupcheck import open_backup, scratch
from app.vault.backupfile import BackupDamaged, Unwatched, read, unpack
from app.vault.files import DATABASE, KEYS, NoRoom
from app.vault.opening import open_vault, outside
from app.vault.trail import Link
from tests.vault.backed import CHEAP, NOW, PASSWORD, Stopped, Stopper, folder, made, opening, student

__all__ = ["folder", "made", "opening"]


def left(folder):
    return sorted(path.name for path in local_place(folder).iterdir())


def looked_into(container, vault, clock):
    with scratch(local_place(vault.folder)) as beside:
        unpack(container, beside, Unwatched())
        inside = open_backup(container, vault.master, beside, clock, Unwatched())
        with inside.read() as session:
            names = [listed.name for listed in students.listing(session, students.StudentFilter())]
        inside.close()
    return names


def test_it_holds_the_vault_the_keys_and_a_sealed_manifest(folder, opening):
    vault = opening(folder)
    container = back_up(vault)
    assert left(folder) == [container.path.name]
    assert container.path.name == f"备份-2026-11-20-{container.manifest.generation}.jsbak"
    with zipfile.ZipFile(container.path) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["manifest.json", "vault.db", "vault.keys"]
        assert {member.compress_type for member in archive.infolist()} == {zipfile.ZIP_STORED}
        said = json.loads(archive.read("manifest.json"))
        assert archive.read("vault.db")[:16] != b"SQLite format 3\0"
    assert said["counts"]["student"] == 12
    assert said["counts"]["note"] == 1
    assert said["made_at"] == NOW.isoformat()
    assert said["program"] == "0.1.0"
    with vault.read() as session:
        assert vault.trail.code(session, said["generation"]) == said["audit_head"]
    if os.name == "posix":
        assert container.path.stat().st_mode & 0o077 == 0


def test_another_program_reads_the_zip(folder, opening):
    container = back_up(opening(folder))
    if shutil.which("unzip") is None:
        pytest.skip("no unzip here")
    assert subprocess.run(["unzip", "-tqq", str(container.path)], capture_output=True).returncode == 0


def test_what_was_said_outside_and_in_the_trail(folder, opening):
    vault = opening(folder)
    back_up(vault)
    verified = outside(folder).backup
    assert verified is not None
    assert verified.at == NOW.isoformat()
    assert (verified.counts["student"], verified.counts["note"]) == (12, 1)
    with vault.read() as session:
        last = session.scalars(select(Link).order_by(Link.seq.desc()).limit(1)).one()
    assert (last.what, last.act) == ("备份", "backup")


def test_only_openings_and_backups_since_are_no_reason_for_another(folder, opening):
    vault = opening(folder)
    assert is_due(vault, None)
    manifest = back_up(vault).manifest
    assert not is_due(vault, manifest)
    vault.close()
    again = opening(folder)
    assert not is_due(again, manifest)
    with again.read() as session:
        record = students.get(session, 1)
    again.record_view(record)
    assert is_due(again, manifest), "who looked at what must outlive the file too"


def test_a_change_or_something_being_typed_is_a_reason(folder, opening, clock):
    vault = opening(folder)
    manifest = back_up(vault).manifest
    clock.moment = NOW + timedelta(minutes=1)
    typing.keep(vault, "note/1", {"subjective": "又写了一句"}, None, wait=5)
    assert is_due(vault, manifest)
    manifest = back_up(vault).manifest
    assert not is_due(vault, manifest)
    with vault.write("登记学生") as session:
        students.add(session, student(99))
    assert is_due(vault, manifest)


def test_reads_and_writes_go_on_and_the_copy_is_of_one_moment(folder, opening, clock):
    vault = opening(folder)
    written: list[int] = []

    class Writing(Stopper):
        def step(self, done, of):
            if len(written) < 30:
                written.append(len(written))
                with vault.write("登记学生") as session:
                    students.add(session, student(100 + len(written)))

    container = make(vault, Writing())
    assert written
    assert len(looked_into(container, vault, clock)) == container.manifest.counts["student"] == 12
    with vault.read() as session:
        assert students.count(session) == 12 + len(written)


def test_a_writer_on_another_thread_is_not_held_up(folder, opening):
    vault = opening(folder)
    stop, done = threading.Event(), []

    def write():
        while not stop.is_set():
            with vault.write("登记学生", wait=0.5) as session:
                students.add(session, student(200 + len(done)))
            done.append(1)

    thread = threading.Thread(target=write)
    thread.start()
    container = make(vault, Unwatched())
    stop.set()
    thread.join()
    assert done
    assert container.manifest.counts["student"] >= 12


def test_a_stop_at_any_step_leaves_nothing_and_the_next_one_is_whole(folder, opening):
    vault = opening(folder)
    watched = Stopper()
    make(vault, watched).path.unlink()
    assert len(watched.seen) >= 4, "pages, container, keys and database out of it again"
    for after in range(len(watched.seen)):
        with pytest.raises(Stopped):
            back_up(vault, Stopper(after_steps=after))
        assert left(folder) == []
        assert outside(folder).backup is None
        assert is_due(vault, None)
    back_up(vault)
    assert len(left(folder)) == 1


@pytest.mark.parametrize("after", [0, 1, 5, 10])
def test_a_stop_while_sqlite_is_checking_leaves_nothing(folder, opening, after, monkeypatch):
    monkeypatch.setattr(backupcheck, "OFTEN", 200)
    vault = opening(folder)
    with pytest.raises(Stopped):
        make(vault, Stopper(after_looks=after))
    assert left(folder) == []


def test_a_killed_programs_scratch_goes_with_the_next_backup(folder, opening):
    vault = opening(folder)
    old = local_place(folder) / ".tmp-1-1"
    old.mkdir(parents=True)
    (old / DATABASE).write_bytes(b"half")
    container = back_up(vault)
    assert left(folder) == [container.path.name]


def test_no_byte_of_what_she_wrote_is_readable_while_it_is_made(folder, opening):
    vault = opening(folder)
    seen = []

    class Looking(Stopper):
        def step(self, done, of):
            for path in local_place(folder).rglob("*"):
                if path.is_file():
                    content = path.read_bytes()
                    seen.append(path.name)
                    assert "程晓1".encode() not in content
                    assert not content.startswith(b"SQLite format 3")

    make(vault, Looking())
    assert {DATABASE, KEYS, "made"} <= set(seen)


def test_a_replayed_page_of_the_vault_is_found_by_its_backup(folder, opening, clock):
    """An old page put back passes every check of the file itself (security.md P5); the trail knows what the record was last."""
    vault = opening(folder)
    vault.close()
    before = (folder / DATABASE).read_bytes()
    vault = opening(folder)
    with vault.write("修改学生") as session:
        students.get(session, 5).homeroom_teacher = "周老师"
    vault.close()
    after = bytearray((folder / DATABASE).read_bytes())
    key = PASSWORD
    content = keycopies.read_copies(folder)[0].content
    raw = sqlcipher.connect(f"{(folder / DATABASE).as_uri()}?mode=ro", uri=True)
    raw.set_key(f"x'{content.open_slot(key).subkey('db/1').hex()}{content.salt.hex()}'")
    (page,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'student'").fetchone()
    raw.close()
    changed = [at for at in range(len(before) // 4096) if before[at * 4096 :][:4096] != after[at * 4096 :][:4096]]
    assert page - 1 in changed
    after[(page - 1) * 4096 : page * 4096] = before[(page - 1) * 4096 : page * 4096]
    (folder / DATABASE).write_bytes(after)
    vault = opening(folder)
    with pytest.raises(BackupDamaged) as raised:
        back_up(vault)
    assert "记录与留痕一致" in raised.value.sentence
    assert left(folder) == []
    assert outside(folder).backup is None


def test_a_container_spoilt_on_its_way_to_the_disk_is_never_named(folder, opening, monkeypatch):
    vault = opening(folder)
    honest = backup.write

    def spoiling(path, *more):
        honest(path, *more)
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)

    monkeypatch.setattr(backup, "write", spoiling)
    with pytest.raises(BackupDamaged):
        back_up(vault)
    assert left(folder) == []


def test_two_backups_of_the_same_moment_do_not_write_over_each_other(folder, opening):
    vault = opening(folder)
    first, second = make(vault, Unwatched()), make(vault, Unwatched())
    assert first.path != second.path
    assert read(first.path).manifest.counts == read(second.path).manifest.counts


def test_too_little_room_is_told_before_anything_is_written(folder, opening, monkeypatch):
    vault = opening(folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(1 << 30, 1 << 30, 0))
    with pytest.raises(NoRoom) as raised:
        back_up(vault)
    assert "MB" in raised.value.next_step
    assert left(folder) == []


def test_a_disk_that_fills_up_on_the_way_keeps_no_half_copy(tmp_path, clock, monkeypatch):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=40m", "none", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a disk of its own cannot be mounted here")
    try:
        monkeypatch.setattr(places, "LEAST_FREE", 1)
        monkeypatch.setattr(ballast, "ROOM_TO_MAKE", 1 << 40)
        monkeypatch.setattr(backup, "_refuse_without_room", lambda *_: None)
        from app.vault.opening import create_vault

        at = disk / "vault"
        vault, _ = create_vault(at, school="", room="", password=PASSWORD.text, clock=clock, kdf=CHEAP)
        for number in range(100):
            typing.keep(vault, f"note/{number}", {"text": os.urandom(30_000).hex()}, None, wait=5)
        for filler in (
            4,
            9,
            11,
            24,
        ):  # MB left over for the copy: it ends in the pages, the container, the reopened file
            with (disk / "filler").open("wb", buffering=0) as file:
                while shutil.disk_usage(disk).free > filler << 20:
                    file.write(bytes(65536))
            if filler < 24:
                with pytest.raises(NoRoom):
                    back_up(vault)
                assert left(at) == []
            else:
                back_up(vault)
            (disk / "filler").unlink()
        vault.close()
        open_vault(at, PASSWORD, clock).close()
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_the_version_written_into_backups_is_the_projects():
    import tomllib
    from pathlib import Path

    from app import VERSION

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION
    assert migrating.newest() > 0
