"""Making and opening a vault: what each kind of damage is told as, and that no error creates or deletes anything."""

import hashlib
import json
import os
import shutil
import threading
import time
from contextlib import suppress

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from app.errors import Problem
from app.vault import ballast, engine, founding, keycopies, keyfile, keys, migrating, opening, typing
from app.vault.backup import back_up, local_place
from app.vault.backupplaces import listed
from app.vault.files import BALLAST, DATABASE, KEYS, KEYS_B, LOCK, NoRoom
from app.vault.keys import Kdf
from app.vault.locking import AlreadyOpen
from app.vault.opening import (
    KeyFileDamaged,
    KeyFileMissing,
    NewerVault,
    Password,
    VaultDamaged,
    VaultMissing,
    WrongPassword,
    WrongRecoveryCode,
    create_vault,
    open_vault,
    outside,
)
from app.vault.passwords import PasswordRefused
from app.vault.places import FolderRefused
from app.vault.recovery import RecoveryCodeMistyped, new_code, read_code
from app.vault.renewing import renew_password
from app.vault.trail import Link
from app.vault.vault import Closed, DiskFull

QUICK = Kdf(64 * 1024, 1, 4, bytes(16))
PASSWORD = Password("今天天气真好我们去爬山吧")
NEW_PASSWORD = "明天天气也好我们去划船吧"
WRITTEN = "还没保存的一段文字"
PAGE = 4096


def make(folder, clock, school="明德中学"):
    return create_vault(folder, school=school, room="心理辅导室", password=PASSWORD.text, clock=clock, kdf=QUICK)


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A closed vault with a few hundred pages, made once; tests work on copies."""
    from datetime import datetime, timedelta, timezone

    from app.clock import StandingClock

    clock = StandingClock(datetime(2026, 11, 20, 9, 0, tzinfo=timezone(timedelta(hours=8))))
    folder = tmp_path_factory.mktemp("made") / "王 老师 🏫"
    vault, code = make(folder, clock)
    for number in range(40):
        typing.keep(vault, f"note/{number}", {"text": WRITTEN + os.urandom(6000).hex()}, None, wait=5)
    vault.close()
    return folder, code


@pytest.fixture
def folder(made, tmp_path):
    shutil.copytree(made[0], tmp_path / "vault")
    return tmp_path / "vault"


@pytest.fixture
def code(made):
    return made[1]


@pytest.fixture
def opened(clock):
    """Opens a vault and closes it when the test ends."""
    vaults = []

    def opening_(folder, secret=PASSWORD, **more):
        vaults.append(open_vault(folder, secret, clock, **more))
        return vaults[-1]

    yield opening_
    for vault in vaults:
        vault.close()


def content(folder):
    """Every file but the lock, by name and digest."""
    files = (path for path in folder.iterdir() if path.is_file() and path.name != LOCK)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def raw(folder, *statements):
    """Run SQL on the file with the right key, beside the program."""
    copy = keycopies.read_copies(folder)[0].content
    master = copy.open_slot(PASSWORD)
    connection = engine.connect(folder / DATABASE, master.subkey("db/1"), copy.salt)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def texts(vault):
    with vault.read() as session:
        return [row.content["text"][: len(WRITTEN)] for row in typing.everything(session)]


def trail(vault):
    with vault.read() as session:
        return [(link.what, link.act) for link in session.query(Link).order_by(Link.seq)]


def refused(folder, clock, problem, secret=PASSWORD):
    """Opening raises the problem with a next step, and leaves every file as it was."""
    before = content(folder)
    with pytest.raises(problem) as raised:
        open_vault(folder, secret, clock)
    assert content(folder) == before
    assert raised.value.next_step
    assert not isinstance(raised.value.__cause__, sqlcipher.Error)
    return raised.value


# making


def test_a_new_vault_opens_by_its_password_and_by_its_code(tmp_path, clock, opened):
    vault, code = make(tmp_path / "a" / "b", clock)
    assert vault.schema == migrating.newest()
    vault.close()
    for secret in (PASSWORD, code, read_code(code.written.lower().replace("0", "o"))):
        opened(tmp_path / "a" / "b", secret).close()
    assert sorted(content(tmp_path / "a" / "b")) == [BALLAST, DATABASE, KEYS, KEYS_B]


def test_no_file_of_a_new_vault_holds_plain_text_or_can_be_read_by_others(made):
    folder, code = made
    for path in folder.iterdir():
        data = path.read_bytes()
        for secret in (WRITTEN, PASSWORD.text, code.characters, code.written, "CREATE TABLE"):
            assert not any(secret.encode(c) in data for c in ("utf-8", "utf-16-le", "gb18030"))
        if os.name == "posix":
            assert path.stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0 or os.name != "posix"


def test_the_names_outside_are_those_she_gave_and_none_if_she_left_them_out(made, tmp_path, clock):
    assert (outside(made[0]).school, outside(made[0]).room) == ("明德中学", "心理辅导室")
    vault, _ = create_vault(tmp_path / "v", school="", room="", password=PASSWORD.text, clock=clock, kdf=QUICK)
    vault.close()
    assert "明德" not in (tmp_path / "v" / KEYS).read_text("utf-8")


def test_the_first_records_are_in_the_file_before_it_bears_its_name(tmp_path, clock, monkeypatch, opened):
    def first(session):
        session.add(typing.Typed(form="first", student_id=None, content={}, at=clock.now()))

    def power_cut(*_words):
        raise SystemExit

    with monkeypatch.context() as cut:
        cut.setattr(opening, "prove", power_cut)  # the moment after the file was named
        with pytest.raises(SystemExit):
            create_vault(
                tmp_path / "v", school="", room="", password=PASSWORD.text, clock=clock, kdf=QUICK, first=first
            )
    vault = opened(tmp_path / "v")
    with vault.read() as session:
        assert [kept.form for kept in typing.everything(session)] == ["first"]
        assert vault.trail.first_broken(session) is None


def test_a_first_record_that_fails_makes_no_vault(tmp_path, clock):
    def first(_session):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        create_vault(tmp_path / "v", school="", room="", password=PASSWORD.text, clock=clock, kdf=QUICK, first=first)
    assert content(tmp_path / "v") == {}
    make(tmp_path / "v", clock)[0].close()


def test_a_weak_password_or_a_taken_folder_makes_nothing(folder, tmp_path, clock):
    with pytest.raises(PasswordRefused):
        create_vault(
            tmp_path / "new", school="明德中学", room="", password="我们明德中学的心理老师", clock=clock, kdf=QUICK
        )
    assert not (tmp_path / "new").exists()
    before = content(folder)
    with pytest.raises(FolderRefused):
        make(folder, clock)
    assert content(folder) == before


@pytest.mark.parametrize("broken", ["create_private", "connect", "write_copies", "rename", "upgrade"])
def test_a_failure_while_making_leaves_no_half_vault_and_can_be_tried_again(tmp_path, clock, monkeypatch, broken):
    def fail(*_, **__):
        raise OSError(28, "no space left")

    home = {"write_copies": keycopies, "upgrade": migrating, "rename": os}.get(broken, founding)
    monkeypatch.setattr(home, broken, fail)
    with pytest.raises(NoRoom):
        make(tmp_path / "v", clock)
    assert content(tmp_path / "v") == {}
    monkeypatch.undo()
    make(tmp_path / "v", clock)[0].close()


def test_what_a_crash_left_while_making_does_not_stand_in_the_way(tmp_path, clock):
    folder = tmp_path / "v"
    folder.mkdir()
    for name in (f"{DATABASE}.tmp-999", f"{DATABASE}.tmp-999-wal", f"{KEYS}.tmp-999", LOCK):
        (folder / name).write_bytes(b"x" * 100)
    make(folder, clock)[0].close()
    assert sorted(content(folder)) == [BALLAST, DATABASE, KEYS, KEYS_B]


@pytest.mark.parametrize("named", [(KEYS, KEYS_B), (KEYS_B,)])
def test_a_founding_cut_off_before_the_last_name_is_finished_by_the_next_opening(tmp_path, clock, opened, named):
    folder = tmp_path / "v"
    make(folder, clock)[0].close()
    (folder / DATABASE).rename(folder / f"{DATABASE}.tmp-999")
    for name in {KEYS, KEYS_B} - set(named):
        (folder / name).unlink()
    opened(folder, PASSWORD).close()
    assert sorted(content(folder)) == [BALLAST, DATABASE, KEYS, KEYS_B]


# unlocking


@pytest.mark.parametrize(
    "wrong",
    ["", PASSWORD.text + " ", " " + PASSWORD.text, PASSWORD.text + "\n", "x" * 1_000_000, "🦊" * 12, "今天天氣真好我们去爬山吧",
     "１２３", "\ud800", "\x00"],
)  # fmt: skip
def test_a_wrong_password_is_told_as_that_after_a_derivation_and_changes_nothing(folder, clock, wrong, monkeypatch):
    derived = []
    real = keys.hash_secret_raw
    monkeypatch.setattr(keys, "hash_secret_raw", lambda *values: derived.append(1) or real(*values))
    problem = refused(folder, clock, WrongPassword, Password(wrong))
    assert derived == [1]
    assert not wrong.strip() or wrong not in problem.sentence + problem.next_step


def test_full_width_digits_are_another_password(tmp_path, clock, opened):
    wide = "一二三 ２０２６ 木头人和猫"
    vault, _ = create_vault(tmp_path / "v", school="", room="", password=wide, clock=clock, kdf=QUICK)
    vault.close()
    opened(tmp_path / "v", Password(wide)).close()
    refused(tmp_path / "v", clock, WrongPassword, Password(wide.replace("２０２６", "2026")))


def test_a_code_of_another_vault_is_told_as_that(folder, clock):
    refused(folder, clock, WrongRecoveryCode, new_code())


def test_a_mistyped_code_never_reaches_a_file(code):
    swapped = code.characters[1] + code.characters[0] + code.characters[2:]
    if swapped != code.characters:
        with pytest.raises(RecoveryCodeMistyped):
            read_code(swapped)


def test_opening_by_code_and_a_new_password_replace_that_slot_alone(folder, clock, code, opened):
    vault = opened(folder, code)
    before = outside(folder)
    renew_password(vault, NEW_PASSWORD)
    after = outside(folder)
    assert after.slots["recovery"] == before.slots["recovery"]
    assert after.slots["password"] != before.slots["password"]
    assert vault.check_password(NEW_PASSWORD)
    assert not vault.check_password(PASSWORD.text)
    assert trail(vault)[-2:] == [("用恢复码打开档案", "open"), ("更换口令", "keys")]
    vault.close()
    refused(folder, clock, WrongPassword)
    assert texts(opened(folder, Password(NEW_PASSWORD))) == [WRITTEN] * 40


def test_a_weak_new_password_leaves_the_old_one(folder, code, opened):
    vault = opened(folder, code)
    before = outside(folder)
    with pytest.raises(PasswordRefused):
        renew_password(vault, "明德中学心理辅导室二〇二六")
    assert outside(folder) == before


def test_the_second_to_open_is_told_and_changes_nothing(folder, clock, opened):
    opened(folder)
    with pytest.raises(AlreadyOpen):
        open_vault(folder, PASSWORD, clock)
    with pytest.raises(Problem):
        make(folder, clock)


def test_after_a_refusal_or_a_close_the_lock_is_free(folder, clock, opened):
    refused(folder, clock, WrongPassword, Password("x"))
    opened(folder).close()
    assert texts(opened(folder)) == [WRITTEN] * 40


def test_a_closed_vault_neither_reads_nor_writes(folder, opened):
    vault = opened(folder)
    vault.close()
    with pytest.raises(Closed), vault.read():
        pass
    with pytest.raises(Closed), vault.write("试"):
        pass


def test_a_closed_vault_is_one_file_with_its_keys(folder, opened):
    opened(folder).close()
    assert sorted(content(folder)) == [BALLAST, DATABASE, KEYS, KEYS_B]


# the key file


@pytest.mark.parametrize("name", [KEYS, KEYS_B])
def test_a_damaged_or_missing_copy_is_mended_at_opening(folder, opened, name):
    good = (folder / KEYS).read_bytes()
    for spoil in (
        lambda p: p.unlink(),
        lambda p: p.write_bytes(good[: len(good) // 2]),
        lambda p: p.write_bytes(b"[" * 9999),
    ):
        spoil(folder / name)
        opened(folder).close()
        assert (folder / KEYS).read_bytes() == (folder / KEYS_B).read_bytes()
        assert outside(folder).slots == keyfile.parse(good)[0].slots


def test_a_planted_copy_of_a_higher_generation_does_not_win(folder, opened):
    planted = json.loads((folder / KEYS).read_text("utf-8"))
    planted["gen"], planted["school"] = 999, "别的学校"
    del planted["sha256"], planted["mac"]
    canonical = json.dumps(planted, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    planted |= {"sha256": hashlib.sha256(canonical).hexdigest(), "mac": "00" * 32}
    (folder / KEYS).write_text(json.dumps(planted), "utf-8")
    opened(folder).close()
    assert outside(folder).school == "明德中学"
    assert outside(folder).generation < 999
    for name in (KEYS, KEYS_B):
        (folder / name).write_text(json.dumps(planted), "utf-8")


def test_both_copies_changed_by_another_are_told_as_damaged_keys(folder, clock):
    test_a_planted_copy_of_a_higher_generation_does_not_win(folder, lambda f: open_vault(f, PASSWORD, clock))
    refused(folder, clock, KeyFileDamaged)


def test_lost_and_damaged_keys_are_different_sentences_and_nothing_is_made(folder, clock):
    for name in (KEYS, KEYS_B):
        (folder / name).write_bytes(b"\x00" * 700)
    damaged = refused(folder, clock, KeyFileDamaged)
    for name in (KEYS, KEYS_B):
        (folder / name).unlink()
    missing = refused(folder, clock, KeyFileMissing)
    assert damaged.sentence != missing.sentence


# the database


def cut(size):
    return lambda data: data[:size] if size >= 0 else data[: len(data) + size]


def flipped(place):
    return lambda data: data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


@pytest.mark.parametrize(
    "spoil",
    [
        cut(0),
        cut(100),
        cut(PAGE),
        cut(PAGE - 1),
        cut(-1),
        cut(-17),
        cut(-PAGE),
        flipped(100),
        flipped(PAGE - 1),
        lambda data: os.urandom(len(data)),
        lambda data: bytes(len(data)),
        lambda data: b"SQLite format 3\x00" + data[16:],
        lambda data: data + b"x",
        lambda data: data[PAGE : 2 * PAGE] + data[:PAGE] + data[2 * PAGE :],
    ],
)
def test_a_spoiled_database_is_told_as_damaged_and_left_as_it_is(folder, clock, spoil):
    database = folder / DATABASE
    database.write_bytes(spoil(database.read_bytes()))
    before = content(folder)
    told = []
    try:
        wait_for_checks(open_vault(folder, PASSWORD, clock, damaged=told.append))
    except VaultDamaged as problem:
        told.append(problem)
        after = content(folder)
    else:
        after = before
    (problem,) = told
    assert type(problem) is VaultDamaged
    assert "口令没有问题" in problem.sentence
    assert after == before


def wait_for_checks(vault):
    """Until the page checks that follow an opening are through."""
    for thread in threading.enumerate():
        if thread.name == "page-check":
            thread.join(20)
            assert not thread.is_alive()
    return vault


def test_an_empty_database_is_damage_even_with_a_log_beside_it(folder, clock):
    (folder / DATABASE).write_bytes(b"")
    (folder / f"{DATABASE}-wal").write_bytes(b"x" * 5000)
    refused(folder, clock, VaultDamaged)


def test_a_missing_database_is_not_made_anew(folder, clock):
    (folder / DATABASE).unlink()
    refused(folder, clock, VaultMissing)
    refused(folder, clock, VaultMissing, Password("x"))


def test_a_folder_without_a_vault_stays_as_it_is(tmp_path, clock):
    for place in (tmp_path, tmp_path / "gone"):
        with pytest.raises(VaultMissing):
            open_vault(place, PASSWORD, clock)
    assert list(tmp_path.iterdir()) == []


def test_a_plain_database_is_refused(folder, clock):
    (folder / DATABASE).unlink()
    plain = sqlcipher.connect(str(folder / DATABASE))
    plain.execute("CREATE TABLE meta (key, value)")
    plain.commit()
    plain.close()
    refused(folder, clock, VaultDamaged)


def test_another_vaults_database_is_refused(folder, tmp_path, clock):
    vault, _ = make(tmp_path / "other", clock)
    vault.close()
    shutil.copy(tmp_path / "other" / DATABASE, folder / DATABASE)
    refused(folder, clock, VaultDamaged)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("PRAGMA user_version=9999", NewerVault),
        ("PRAGMA user_version=0", VaultDamaged),
        ("PRAGMA application_id=7", VaultDamaged),
        ("UPDATE meta SET value='0' WHERE key='vault_id'", VaultDamaged),
        ("DROP TABLE meta", VaultDamaged),
    ],
)
def test_a_database_that_says_something_else_of_itself_is_refused(folder, clock, statement, problem):
    raw(folder, statement)
    said = refused(folder, clock, problem)
    if problem is NewerVault:
        assert "9999" in said.sentence


def test_a_trigger_taken_away_or_added_is_told_at_opening(folder, clock):
    raw(folder, "DROP TRIGGER trail_update")
    assert "签署" in refused(folder, clock, VaultDamaged).sentence
    raw(folder, "CREATE TRIGGER trail_update BEFORE UPDATE ON trail BEGIN SELECT 1; END")
    refused(folder, clock, VaultDamaged)


def test_a_trail_row_changed_near_its_end_is_told_at_opening(folder, clock):
    rows = "UPDATE trail SET what='x' WHERE seq=(SELECT max(seq) FROM trail)"
    (trigger,) = [sql for name, sql in opening.triggers.expected().items() if name == "trail_update"]
    raw(folder, "DROP TRIGGER trail_update", rows, trigger)
    assert "留痕" in refused(folder, clock, VaultDamaged).sentence


def test_a_bit_changed_in_any_page_closes_the_vault(folder, clock, tmp_path):
    pages = (folder / DATABASE).stat().st_size // PAGE
    assert pages > 100
    for page in range(0, pages, 11):
        copy = tmp_path / f"copy{page}"
        shutil.copytree(folder, copy)
        data = bytearray((copy / DATABASE).read_bytes())
        data[page * PAGE + 50 + page] ^= 1
        (copy / DATABASE).write_bytes(data)
        told = []
        try:
            vault = open_vault(copy, PASSWORD, clock, damaged=told.append)
        except VaultDamaged:
            continue
        wait_for_checks(vault)
        assert [type(problem) for problem in told] == [VaultDamaged]
        assert vault.closed
        wait_for_checks(open_vault(copy, PASSWORD, clock, damaged=told.append))  # the lock is free: no AlreadyOpen
        assert len(told) == 2


def test_a_sound_vault_stays_open_after_its_checks_while_it_is_written(folder, opened):
    told = []
    vault = opened(folder, damaged=told.append)
    for number in range(20):
        typing.keep(vault, f"more/{number}", {"text": "x" * 5000}, None, wait=5)
    wait_for_checks(vault)
    assert told == []
    assert not vault.closed


def test_with_its_first_16_bytes_gone_it_opens_all_the_same(folder, opened):
    data = (folder / DATABASE).read_bytes()
    (folder / DATABASE).write_bytes(bytes(16) + data[16:])
    told = []
    vault = wait_for_checks(opened(folder, damaged=told.append))
    assert texts(vault) == [WRITTEN] * 40
    assert told == []


# write-ahead logs and journals


def leave_log(folder, clock, secret=PASSWORD, count=20):
    """Write and go as a killed process goes: the log stays beside the file."""
    beside = folder.with_name(folder.name + "-killed")
    vault = open_vault(folder, secret, clock)
    wait_for_checks(vault)
    for number in range(count):
        typing.keep(vault, f"late/{number}", {"text": WRITTEN + os.urandom(3000).hex()}, None, wait=5)
    shutil.copytree(folder, beside, ignore=shutil.ignore_patterns(LOCK, "*-shm"))
    vault.abandon()
    assert (beside / f"{DATABASE}-wal").stat().st_size > 0
    return beside


def test_a_killed_session_loses_nothing(folder, clock, opened):
    killed = leave_log(folder, clock)
    assert texts(opened(killed)) == [WRITTEN] * 60


def test_a_torn_last_page_is_mended_by_the_log(folder, clock, opened):
    killed = leave_log(folder, clock)
    data = (killed / DATABASE).read_bytes()
    (killed / DATABASE).write_bytes(data + os.urandom(1000))
    told = []
    assert texts(wait_for_checks(opened(killed, damaged=told.append))) == [WRITTEN] * 60
    assert told == []


def test_a_log_of_another_vault_never_gets_into_the_database(folder, tmp_path, clock, opened):
    other = tmp_path / "other"
    vault, _ = make(other, clock)
    for number in range(40):
        typing.keep(vault, f"note/{number}", {"text": os.urandom(6000).hex()}, None, wait=5)
    vault.close()
    killed = leave_log(other, clock)
    shutil.copy(killed / f"{DATABASE}-wal", folder / f"{DATABASE}-wal")
    before = (folder / DATABASE).read_bytes()
    with pytest.raises(VaultDamaged):
        open_vault(folder, PASSWORD, clock)
    assert (folder / DATABASE).read_bytes() == before
    (folder / f"{DATABASE}-wal").unlink()
    assert texts(opened(folder)) == [WRITTEN] * 40


def test_a_log_of_another_day_never_gets_into_the_database(folder, clock, opened):
    killed = leave_log(folder, clock)
    vault = opened(folder)
    for number in range(60):
        typing.keep(vault, f"note/{number}", {"text": WRITTEN + os.urandom(9000).hex()}, None, wait=5)
    for _ in range(5):
        vault.begin_session()
    vault.close()
    before = (folder / DATABASE).read_bytes()
    shutil.copy(killed / f"{DATABASE}-wal", folder / f"{DATABASE}-wal")
    with pytest.raises(VaultDamaged):
        open_vault(folder, PASSWORD, clock)
    assert (folder / DATABASE).read_bytes() == before


def test_a_log_deleted_after_a_crash_leaves_the_last_state_brought_in(folder, clock, opened):
    killed = leave_log(folder, clock, count=3)
    (killed / f"{DATABASE}-wal").unlink()
    told = []
    vault = wait_for_checks(opened(killed, damaged=told.append))
    assert texts(vault) == [WRITTEN] * 40
    assert told == []


def test_a_rollback_journal_is_set_aside_not_played_back_and_not_deleted(folder, opened):
    (folder / f"{DATABASE}-journal").write_bytes(os.urandom(9000))
    journal = (folder / f"{DATABASE}-journal").read_bytes()
    assert texts(opened(folder)) == [WRITTEN] * 40
    assert (folder / f"{DATABASE}-journal.aside-1").read_bytes() == journal


# the disk


def test_a_full_disk_at_opening_costs_the_ballast_and_nothing_else(folder, clock, opened, monkeypatch):
    real, asked = opening.Vault.begin_session, []

    def full_once(vault, what="打开档案"):
        asked.append(what)
        if len(asked) == 1:
            raise DiskFull
        real(vault, what)

    monkeypatch.setattr(opening.Vault, "begin_session", full_once)
    monkeypatch.setattr(ballast, "ROOM_TO_MAKE", 2**70)
    assert texts(opened(folder)) == [WRITTEN] * 40
    assert not (folder / BALLAST).exists()


def test_a_network_folder_is_not_opened(folder, clock, monkeypatch):
    from app.vault import places

    monkeypatch.setattr(places, "kind_of", lambda _: places.Kind(network=True))
    refused(folder, clock, FolderRefused)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_folder_is_a_problem_of_its_own(folder, clock):
    folder.chmod(0o500)
    try:
        with pytest.raises(Problem):
            open_vault(folder, PASSWORD, clock)
    finally:
        folder.chmod(0o700)


# an older schema


def test_an_older_vault_is_backed_up_and_brought_up_to_date(tmp_path, clock, opened, monkeypatch):
    newest = migrating.newest()
    monkeypatch.setattr(migrating, "newest", lambda: newest - 1)
    older = newest - 1
    monkeypatch.setattr(opening, "_check_seals", lambda *_: None)
    vault, _ = make(tmp_path / "v", clock)
    assert vault.schema == older
    vault.close()
    monkeypatch.undo()
    vault = opened(tmp_path / "v")
    assert vault.schema == newest
    (found,) = listed(local_place(tmp_path / "v"))
    assert found.manifest.schema == older
    assert found.container.is_sealed_by(vault.master)
    assert outside(tmp_path / "v").backup.counts == found.manifest.counts


def test_a_failed_migration_leaves_the_vault_as_it_was(tmp_path, clock, monkeypatch):
    newest = migrating.newest()
    monkeypatch.setattr(migrating, "newest", lambda: newest - 1)
    monkeypatch.setattr(opening, "_check_seals", lambda *_: None)
    make(tmp_path / "v", clock)[0].close()
    monkeypatch.undo()
    before = (tmp_path / "v" / DATABASE).read_bytes()

    def broken(*_):
        raise RuntimeError("a bug in the migration")

    monkeypatch.setattr(opening.migrating.triggers, "remake", broken)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            open_vault(tmp_path / "v", PASSWORD, clock)
    monkeypatch.undo()
    assert len(listed(local_place(tmp_path / "v"))) == 1
    assert (tmp_path / "v" / DATABASE).read_bytes() == before
    open_vault(tmp_path / "v", PASSWORD, clock).close()


@pytest.mark.parametrize("backed_up", [True, False])
def test_a_reference_that_dangles_before_a_migration_is_damage_and_nothing_is_migrated(
    folder, clock, opened, monkeypatch, backed_up
):
    vault = opened(folder)
    kept = back_up(vault) if backed_up else None
    vault.close()
    newest = migrating.newest()
    dangling = "INSERT INTO note_memo (note_id, student_id, text) VALUES (4711, 4711, '')"
    raw(folder, "PRAGMA foreign_keys=OFF", dangling)
    before = content(folder)
    monkeypatch.setattr(migrating, "newest", lambda: newest + 1)
    with pytest.raises(VaultDamaged) as told:
        open_vault(folder, PASSWORD, clock)
    assert content(folder) == before
    assert "口令没有问题" in told.value.sentence
    assert ("2026-11-20" in told.value.next_step) is backed_up
    assert [found.path for found in listed(local_place(folder))] == ([kept.path] if kept else [])


# closing


def test_closing_while_the_page_checks_run_takes_no_second(folder, clock):
    for _ in range(10):
        vault = open_vault(folder, PASSWORD, clock)
        began = time.perf_counter()
        vault.close()
        assert time.perf_counter() - began < 1
        assert vault.closed


def test_damage_found_while_the_vault_is_being_closed_stops_neither(folder, clock):
    data = bytearray((folder / DATABASE).read_bytes())
    data[-200] ^= 1
    (folder / DATABASE).write_bytes(data)
    for _ in range(10):
        vault = open_vault(folder, PASSWORD, clock)
        vault.close()
        wait_for_checks(vault)
        assert vault.closed


# an older file put in its place


def test_an_older_database_put_back_is_opened_and_said(folder, clock, opened):
    older = (folder / DATABASE).read_bytes()
    for _ in range(2):
        vault = opened(folder)
        assert not vault.behind
        vault.close()
    (folder / DATABASE).write_bytes(older)
    vault = opened(folder)
    assert vault.behind
    assert texts(vault) == [WRITTEN] * 40
    assert "旧" in trail(vault)[-1][0]
    vault.close()
    assert not opened(folder).behind


def test_a_session_killed_before_its_end_is_not_taken_for_an_older_file(folder, clock, opened):
    killed = leave_log(folder, clock)
    assert not opened(killed).behind


def test_a_key_file_that_cannot_be_written_leaves_the_old_password_and_no_row(folder, code, opened, monkeypatch):
    vault = opened(folder, code)
    before, rows = content(folder)[KEYS], trail(vault)
    with monkeypatch.context() as patched:
        patched.setattr(keycopies, "write_whole", raising(NoRoom()))
        with pytest.raises(NoRoom):
            renew_password(vault, NEW_PASSWORD)
    assert content(folder)[KEYS] == before
    assert trail(vault) == rows
    assert vault.check_password(PASSWORD.text)


def raising(problem):
    def act(*_):
        raise problem

    return act


def test_a_lock_in_the_middle_of_a_new_password_loses_neither(folder, code, opened):
    for number in range(5):
        vault = opened(folder, code)
        worker = threading.Thread(target=renew_quietly, args=(vault, f"{NEW_PASSWORD}{number}"))
        worker.start()
        time.sleep(0.02 * number)
        vault.close()
        worker.join()
        again = opened(folder, code)
        said = trail(again)
        again.close()
        changed = [what for what, _ in said].count("更换口令")
        opened_by = [Password(f"{NEW_PASSWORD}{n}") for n in range(number + 1)] + [PASSWORD]
        good = [secret for secret in opened_by if works(folder, secret)]
        assert len(good) == 1
        assert (good[0] == PASSWORD) == (changed == 0)


def renew_quietly(vault, password):
    with suppress(Closed):
        renew_password(vault, password)


def works(folder, secret):
    try:
        outside(folder).open_slot(secret)
    except keys.WrongKey:
        return False
    return True
