"""The 'Restore' row of the hostile files: every file that is not a whole backup of this vault is refused with its reason."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.clock import StandingClock
from app.errors import Problem
from app.vault import backup, keycopies, migrating
from app.vault import opening as opening_module
from app.vault.backup import back_up
from app.vault.backupfile import (
    BackupDamaged,
    Container,
    NewerBackup,
    NotABackup,
    OtherVault,
    Unwatched,
    compare,
    read,
    unpack,
    write,
)
from app.vault.engine import connect
from app.vault.files import DATABASE
from app.vault.keyfile import dumped
from app.vault.opening import open_vault
from app.vault.restoring import Opened, refuse_other
from tests.vault.backed import NOW, PASSWORD, folder, made, opening

__all__ = ["folder", "made", "opening"]


@pytest.fixture(scope="module")
def good(made, tmp_path_factory):
    """A backup, and the master key that has sealed it; made once, changed in copies."""
    home = tmp_path_factory.mktemp("good") / "档案"
    shutil.copytree(made[0], home)
    vault = open_vault(home, PASSWORD, StandingClock(NOW))
    container = back_up(vault)
    vault.close()
    return container, vault.master


def rebuilt(good, to, *, leave=(), members=(), compression=zipfile.ZIP_STORED, **changed):
    """The container with other members: ``changed`` by the name's stem (db, keys, manifest), ``members`` beside them."""
    with zipfile.ZipFile(good[0].path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    names = {"db": "vault.db", "keys": "vault.keys", "manifest": "manifest.json"}
    held |= {names[stem]: data for stem, data in changed.items()}
    with zipfile.ZipFile(to, "w", compression) as archive:
        for name, data in held.items():
            if name not in leave:
                archive.writestr(name, data)
        for name, data in members:
            archive.writestr(name, data)
    return to


def manifest(good):
    with zipfile.ZipFile(good[0].path) as archive:
        return json.loads(archive.read("manifest.json"))


def opened(path, good, tmp_path):
    with Opened(read(path), good[1], tmp_path / "scratch", StandingClock(NOW), Unwatched()) as looked:
        return looked.container


def refused(path, good, tmp_path, kind):
    with pytest.raises(kind) as raised:
        opened(path, good, tmp_path)
    assert raised.value.sentence
    assert raised.value.next_step
    scratch = tmp_path / "scratch"
    assert not scratch.exists() or list(scratch.iterdir()) == []
    return raised.value


def test_the_good_one_opens(good, tmp_path):
    assert opened(good[0].path, good, tmp_path).manifest == good[0].manifest


@pytest.mark.parametrize("part", [0, 1, 3, 10, 100, 1000, 99_900, 99_999, 100_000])
def test_cut_off_anywhere(good, tmp_path, part):
    data = good[0].path.read_bytes()
    cut = tmp_path / "x.jsbak"
    cut.write_bytes(data[: min(len(data) * part // 100_000, len(data) - 1)])
    refused(cut, good, tmp_path, (BackupDamaged, NotABackup))


def test_a_truncated_one_of_ours_is_called_incomplete(good, tmp_path):
    cut = tmp_path / "x.jsbak"
    cut.write_bytes(good[0].path.read_bytes()[:-200_000])
    assert "不完整" in refused(cut, good, tmp_path, BackupDamaged).sentence


def test_files_of_another_kind(good, tmp_path):
    for name, data in (
        ("leer", b""),
        ("text", b"hello" * 500),
        ("pdf", b"%PDF-1.7\n"),
        ("zip", b"PK\x05\x06" + bytes(18)),
    ):
        path = tmp_path / f"{name}.jsbak"
        path.write_bytes(data)
        refused(path, good, tmp_path, NotABackup)
    (tmp_path / "d.jsbak").mkdir()
    with pytest.raises(Problem):
        read(tmp_path / "d.jsbak")
    with pytest.raises(Problem):
        read(tmp_path / "nothing.jsbak")


@pytest.mark.parametrize(
    "name",
    [
        "../vault.keys",
        "..\\vault.db",
        "/etc/passwd",
        "a/../../b",
        "vault.db-wal",
        "vault.db",
        "VAULT.DB",
        "autorun.inf",
        " ",
    ],
)
def test_members_beside_ours_or_with_paths(good, tmp_path, name, recwarn):
    path = rebuilt(good, tmp_path / "x.jsbak", members=[(name, b"evil")])
    before = sorted(os.listdir(tmp_path))
    refused(path, good, tmp_path, NotABackup)
    assert sorted(name for name in os.listdir(tmp_path) if name != "scratch") == before


@pytest.mark.parametrize("name", ["vault.db", "vault.keys", "manifest.json"])
def test_a_member_missing_or_replaced_by_one_with_a_path(good, tmp_path, name):
    refused(rebuilt(good, tmp_path / "x.jsbak", leave=[name]), good, tmp_path, NotABackup)
    moved = rebuilt(good, tmp_path / "y.jsbak", leave=[name], members=[(f"../{name}", b"x")])
    refused(moved, good, tmp_path, NotABackup)


def test_packed_members_could_burst_and_are_refused_unread(good, tmp_path):
    path = rebuilt(good, tmp_path / "x.jsbak", compression=zipfile.ZIP_DEFLATED, db=bytes(50_000_000))
    refused(path, good, tmp_path, NotABackup)
    refused(rebuilt(good, tmp_path / "y.jsbak", manifest=b" " * 300_000), good, tmp_path, NotABackup)
    refused(rebuilt(good, tmp_path / "z.jsbak", keys=b" " * 300_000), good, tmp_path, NotABackup)


def test_a_newer_programs_backup(good, tmp_path):
    said = manifest(good)
    container = good[0]
    newer = rebuilt(good, tmp_path / "v.jsbak", manifest=json.dumps({**said, "v": 2, "program": "9.1"}).encode())
    assert "9.1" in refused(newer, good, tmp_path, NewerBackup).sentence
    of_schema = replace(container.manifest, schema=migrating.newest() + 1, program="2.0")
    write_as(good, tmp_path / "s.jsbak", of_schema)
    assert "2.0" in refused(tmp_path / "s.jsbak", good, tmp_path, NewerBackup).sentence


def test_a_database_newer_than_its_manifest_says(good, tmp_path):
    write_as(good, tmp_path / "x.jsbak", good[0].manifest, f"PRAGMA user_version={migrating.newest() + 1}")
    refused(tmp_path / "x.jsbak", good, tmp_path, NewerBackup)


def test_another_vaults_backup(good, folder, opening, tmp_path, clock):
    from app.vault.opening import create_vault
    from tests.vault.backed import CHEAP

    other, _ = create_vault(tmp_path / "b", school="", room="", password=PASSWORD.text, clock=clock, kdf=CHEAP)
    container = back_up(other)
    with pytest.raises(OtherVault):
        refuse_other(container, folder)
    refuse_other(good[0], folder)
    with pytest.raises(BackupDamaged):
        opened(container.path, good, tmp_path)
    other.close()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("counts", {"student": 99}),
        ("generation", 3),
        ("audit_head", "0" * 64),
        ("made_at", "2030-01-01T00:00:00+08:00"),
        ("made_at", "2030-01-01"),
        ("made_at", 5),
        ("vault_id", "0" * 32),
        ("schema", 1),
        ("files", {}),
        ("mac", "é" * 64),
        ("extra", 1),
        ("magic", "X"),
    ],
)
def test_a_manifest_somebody_has_changed(good, tmp_path, field, value):
    path = rebuilt(good, tmp_path / "x.jsbak", manifest=json.dumps({**manifest(good), field: value}).encode())
    refused(path, good, tmp_path, (BackupDamaged, NotABackup))


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"null", b"{" * 100_000, b"\xff\xfe", b'{"magic": "JINGSHI-BACKUP"}']
)
def test_a_manifest_that_is_none(good, tmp_path, data):
    refused(rebuilt(good, tmp_path / "x.jsbak", manifest=data), good, tmp_path, (BackupDamaged, NotABackup))


def test_a_manifest_that_tells_other_counts_though_it_is_sealed(good, tmp_path):
    """Whoever has the key could seal anything: the database is asked itself."""
    container = good[0]
    for wrong in (
        replace(container.manifest, counts={**container.manifest.counts, "student": 13}),
        replace(container.manifest, generation=container.manifest.generation - 1),
        replace(container.manifest, head="0" * 64),
    ):
        path = tmp_path / f"{wrong.generation}{wrong.head[:4]}{wrong.counts['student']}.jsbak"
        write_as(good, path, wrong)
        assert "清单" in refused(path, good, tmp_path, BackupDamaged).sentence


HOSTILE = (
    "CREATE TRIGGER evil AFTER INSERT ON trail BEGIN DELETE FROM student; END",
    "CREATE VIEW evil AS SELECT * FROM student",
    "DROP TRIGGER note_sealed_update",
    "CREATE VIRTUAL TABLE evil USING fts5(words)",
    "UPDATE student SET name = '别人' WHERE id = 3",
    "DELETE FROM guardian",
)


@pytest.mark.parametrize("statement", HOSTILE)
def test_a_database_with_something_slipped_into_it(good, tmp_path, statement):
    path = tmp_path / "x.jsbak"
    write_as(good, path, good[0].manifest, statement, recount=True)
    refused(path, good, tmp_path, BackupDamaged)


def test_a_trigger_in_an_older_backup_never_runs(made, tmp_path, clock, monkeypatch):
    """What is slipped into a database of an earlier schema is dropped before the migration touches a row."""
    monkeypatch.setattr(opening_module, "_check_seals", lambda *_: None)  # an older program knew fewer of them
    monkeypatch.setattr(migrating, "newest", lambda: newest - 1)
    newest = int(max(path.name[:4] for path in (migrating.migrations() / "versions").glob("0*.py")))
    from app.vault.opening import create_vault
    from tests.vault.backed import CHEAP

    older, _ = create_vault(tmp_path / "older", school="", room="", password=PASSWORD.text, clock=clock, kdf=CHEAP)
    monkeypatch.undo()
    container = backup.make(older, Unwatched())
    path = tmp_path / "x.jsbak"
    evil = "CREATE TRIGGER evil AFTER UPDATE ON alembic_version BEGIN INSERT INTO meta(key, value) VALUES ('evil', '1'); END"
    write_as((container, older.master), path, container.manifest, evil)
    with (
        Opened(read(path), older.master, tmp_path / "scratch", clock, Unwatched()) as looked,
        looked.vault.read() as session,
    ):
        rows = session.connection().exec_driver_sql("SELECT key FROM meta").scalars().all()
        assert "evil" not in rows
        assert looked.vault.schema == migrating.newest()
    older.close()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_bit_anywhere_is_noticed(good, tmp_path, at, bit):
    data = bytearray(good[0].path.read_bytes())
    data[int(at * len(data))] ^= 1 << bit
    path = tmp_path / "x.jsbak"
    path.write_bytes(data)
    try:
        container = read(path)
        compare(container, Unwatched())
        assert container.is_sealed_by(good[1])
    except Problem:
        return
    assert same_inside(container, good[0]), "a bit of the zip's own that says nothing about what is in it"


def same_inside(one: Container, other: Container) -> bool:
    with zipfile.ZipFile(one.path) as a, zipfile.ZipFile(other.path) as b:
        return all(a.read(name) == b.read(name) for name in b.namelist())


def write_as(good, to, manifest, *statements, recount=False):
    """A container as whoever has the key could write it: the database changed beside the program, the manifest sealed."""
    container, master = good
    beside = to.with_suffix(".work")
    beside.mkdir()
    unpack(container, beside, Unwatched())
    content = container.keys.content
    connection = connect(beside / DATABASE, master.subkey(f"db/{content.epoch}"), content.salt)
    for statement in statements:
        connection.execute(statement)
    if recount:
        counts = dict(manifest.counts)
        for kind in ("student", "guardian"):
            counts[kind] = connection.execute(f"SELECT count(*) FROM {kind}").fetchone()[0]
        if "evil" in " ".join(statements) and "VIRTUAL" in " ".join(statements):
            counts |= {
                name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
                for name in evil_tables(connection)
            }
        manifest = replace(manifest, counts=dict(sorted(counts.items())))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()
    write(to, beside / DATABASE, dumped(content, master), manifest, master, Unwatched())
    assert keycopies.is_sealed_by(read(to).keys, master)


def evil_tables(connection):
    return [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'evil%'")
    ]
