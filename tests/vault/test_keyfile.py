"""The key file: damage of any kind leads to the good copy or to a clear sentence, never to a hang or a wrong key."""

import hashlib
import json
import os
import time
from contextlib import suppress
from dataclasses import replace

import pytest

from app.vault import keycopies, keyfile, keys
from app.vault.files import KEYS, KEYS_B, FileHeld, NoRoom, NotWritable
from app.vault.keycopies import (
    KeyFileDamaged,
    KeyFileMissing,
    KeyFileNewer,
    is_sealed_by,
    mend_copies,
    read_copies,
    write_copies,
)
from app.vault.keyfile import Anchor, NotAKeyFile, Verified, new_key_file, new_slot, parse
from app.vault.keys import Kdf, Password, WrongKey, new_master_key
from app.vault.recovery import new_code

LEAST = Kdf(64 * 1024, 1, 4, bytes(16))
PASSWORD = Password("今天天气真好我们去爬山吧")
MASTER, CODE = new_master_key(), new_code()


@pytest.fixture(scope="module")
def content():
    return new_key_file(MASTER, PASSWORD, CODE, LEAST, school="明德中学{}", room="心理辅导室")


@pytest.fixture
def folder(tmp_path, content):
    write_copies(tmp_path, content, MASTER)
    return tmp_path


def resealed(raw):
    """A planted file: its SHA-256 made right again, which anyone can do."""
    raw = {key: value for key, value in raw.items() if key not in ("sha256", "mac")}
    canonical = json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return json.dumps({**raw, "sha256": hashlib.sha256(canonical).hexdigest(), "mac": "00" * 32}).encode()


def test_both_secrets_open_it_and_nothing_else_does(folder, content):
    (first, second) = read_copies(folder)
    assert first.content == second.content == content
    assert first.content.open_slot(PASSWORD).is_same(MASTER)
    assert first.content.open_slot(CODE).is_same(MASTER)
    assert is_sealed_by(first, MASTER)
    for wrong in (Password(PASSWORD.text + " "), Password(""), Password(CODE.written), new_code()):
        with pytest.raises(WrongKey):
            first.content.open_slot(wrong)


def test_it_says_what_it_may_and_no_more(folder, content):
    raw = json.loads((folder / KEYS).read_text("utf-8"))
    assert raw.keys() == {
        "magic",
        "v",
        "vault_id",
        "gen",
        "db_epoch",
        "db_salt",
        "slots",
        "school",
        "room",
        "backup",
        "anchor",
        "sha256",
        "mac",
    }
    assert [slot["id"] for slot in raw["slots"]] == ["password", "recovery"]
    salts = {slot["kdf"]["salt"] for slot in raw["slots"]}
    assert len(salts) == 2
    assert MASTER.key.hex() not in (folder / KEYS).read_text("utf-8")
    if os.name == "posix":
        assert (folder / KEYS).stat().st_mode & 0o777 == 0o600
        assert (folder / KEYS_B).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", [KEYS, KEYS_B])
def test_one_copy_missing_or_damaged_is_read_from_the_other_and_mended(folder, content, name):
    for spoil in (lambda p: p.unlink(), lambda p: p.write_bytes(b""), lambda p: p.write_bytes(p.read_bytes()[:-9])):
        spoil(folder / name)
        (good,) = read_copies(folder)
        assert good.content == content
        mend_copies(folder, good.content, MASTER)
        assert [copy.content for copy in read_copies(folder)] == [content, content]


def test_both_missing_and_both_damaged_are_different_sentences(folder):
    for name in (KEYS, KEYS_B):
        (folder / name).write_bytes(b"{}")
    with pytest.raises(KeyFileDamaged) as damaged:
        read_copies(folder)
    for name in (KEYS, KEYS_B):
        (folder / name).unlink()
    with pytest.raises(KeyFileMissing) as missing:
        read_copies(folder)
    assert damaged.value.sentence != missing.value.sentence
    assert damaged.value.next_step
    assert missing.value.next_step
    assert list(folder.iterdir()) == []


def test_truncated_at_every_byte_it_is_no_key_file(folder):
    data = (folder / KEYS).read_bytes().rstrip()
    for length in range(len(data)):
        with pytest.raises(NotAKeyFile):
            parse(data[:length])


def test_with_any_byte_changed_it_is_no_key_file_or_says_the_same(folder, content):
    data = (folder / KEYS).read_bytes()
    for place in range(len(data)):
        for flip in (0x01, 0x20, 0x80, 0xFF):
            spoiled = data[:place] + bytes([data[place] ^ flip]) + data[place + 1 :]
            try:
                read, mac = parse(spoiled)
            except NotAKeyFile:
                continue
            assert read == content
            if mac != keyfile.mac_of(content, MASTER):
                assert b'"mac"' in data[: place + 1]  # the MAC itself is checked after unlock


def test_an_editor_that_adds_a_mark_and_windows_line_ends_does_no_harm(folder, content):
    data = (folder / KEYS).read_bytes()
    assert parse(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"))[0] == content


def test_the_higher_generation_wins_and_the_older_is_mended(folder, content):
    newer = content.with_slot(MASTER, Password("另一个足够长的新口令啊啊"), LEAST.fresh())
    keycopies.write_whole(folder / KEYS_B, keyfile.dumped(newer, MASTER))
    best, older = read_copies(folder)
    assert best.content.generation == content.generation + 1 == older.content.generation + 1
    with pytest.raises(WrongKey):
        best.content.open_slot(PASSWORD)
    assert best.content.open_slot(CODE).is_same(MASTER)
    mend_copies(folder, best.content, MASTER)
    assert [copy.content for copy in read_copies(folder)] == [newer, newer]


@pytest.mark.parametrize(
    "values",
    [
        {"m_kib": 4 * 1024**3},
        {"t": 10**9},
        {"p": 200},
        {"m_kib": 8},
        {"alg": "argon2d"},
        {"ver": 16},
        {"t": 2.5},
        {"t": True},
    ],
)
def test_a_planted_derivation_is_refused_before_it_runs(folder, content, values, monkeypatch):
    monkeypatch.setattr(keys, "hash_secret_raw", lambda *_: pytest.fail("it was derived"))
    raw = json.loads((folder / KEYS).read_text("utf-8"))
    raw["slots"][0]["kdf"].update(values)
    raw["gen"] = 999
    with pytest.raises(NotAKeyFile):
        parse(resealed(raw))
    (folder / KEYS).write_bytes(resealed(raw))
    assert [copy.content for copy in read_copies(folder)] == [content]


def test_a_slot_of_another_vault_or_weaker_values_does_not_open(folder, content):
    other = new_key_file(new_master_key(), PASSWORD, CODE, LEAST, school="", room="")
    swapped = replace(content, slots={**content.slots, "password": other.slots["password"]})
    with pytest.raises(WrongKey):
        swapped.open_slot(PASSWORD)
    exchanged = replace(content, slots={"password": content.slots["recovery"], "recovery": content.slots["password"]})
    with pytest.raises(WrongKey):
        exchanged.open_slot(CODE)
    slot = content.slots["password"]
    cheaper = replace(content, slots={"password": replace(slot, kdf=replace(slot.kdf, lanes=1))})
    with pytest.raises(WrongKey):
        cheaper.open_slot(PASSWORD)


def test_a_changed_field_with_its_sum_made_right_breaks_the_seal(folder):
    raw = json.loads((folder / KEYS).read_text("utf-8"))
    raw["gen"], raw["school"] = 999, "别的学校"
    (folder / KEYS).write_bytes(resealed(raw))
    planted, good = read_copies(folder)
    assert planted.content.generation == 999
    assert not is_sealed_by(planted, MASTER)
    assert is_sealed_by(good, MASTER)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 4096,
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b"[" * 100_000_000,
        b"null",
        b"7",
        b'"x"',
        b"[]",
        b"[1]",
        b"{}",
        b'{"mac":1,"sha256":2}',
        b'{"mac":"","sha256":"","magic":"COUNSEL-KEYS"}',
        b"9" * 60_000,
        b'{"v":NaN}',
        b'{"v":1,"v":1}',
        b'{"mac":"\\ud800","sha256":"\\ud800","magic":"COUNSEL-KEYS","v":1}',
        b"\xff\xfe{\x00}\x00",
        b"SQLite format 3\x00" + bytes(4080),
    ],
)  # fmt: skip
def test_rubbish_is_refused_at_once(folder, data):
    for name in (KEYS, KEYS_B):
        (folder / name).write_bytes(data)
    began = time.perf_counter()
    with pytest.raises(KeyFileDamaged):
        read_copies(folder)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    "change",
    [
        {"gen": -1},
        {"gen": 2**60},
        {"gen": "1"},
        {"db_salt": "00"},
        {"db_salt": "ZZ" * 16},
        {"vault_id": "AB" * 16},
        {"slots": []},
        {"slots": {}},
        {"slots": None},
        {"slots": ["x"]},
        {"school": None},
        {"school": "长" * 300},
        {"room": 7},
        {"backup": {}},
        {"backup": {"at": 1, "counts": {}}},
        {"backup": {"at": "2026-11-20T10:00:00+08:00", "counts": {"note": -1}}},
        {"backup": {"at": "昨天", "counts": {}}},
        {"backup": {"at": "2026-11-20T10:00:00", "counts": {}}},
        {"more": 1},
        {"anchor": {}},
        {"anchor": {"audit_head": "00", "audit_count": 1}},
        {"anchor": {"audit_head": "00" * 32, "audit_count": -1}},
        {"magic": "x"},
        {"v": 0},
        {"v": "1"},
    ],
)
def test_a_field_out_of_order_is_refused_even_with_its_sum_right(folder, change):
    raw = json.loads((folder / KEYS).read_text("utf-8"))
    with pytest.raises(NotAKeyFile):
        parse(resealed({**raw, **change}))


def test_a_field_left_out_is_refused(folder):
    raw = json.loads((folder / KEYS).read_text("utf-8"))
    for field in raw.keys() - {"sha256", "mac"}:
        with pytest.raises(NotAKeyFile):
            parse(resealed({key: value for key, value in raw.items() if key != field}))


def test_a_key_file_of_a_newer_program_is_left_alone(folder):
    raw = json.loads((folder / KEYS).read_text("utf-8"))
    for name in (KEYS, KEYS_B):
        (folder / name).write_bytes(resealed({**raw, "v": 2, "news": {}}))
    before = [(folder / name).read_bytes() for name in (KEYS, KEYS_B)]
    with pytest.raises(KeyFileNewer):
        read_copies(folder)
    assert before == [(folder / name).read_bytes() for name in (KEYS, KEYS_B)]


def test_the_last_verified_backup_is_kept_and_the_names_may_be_left_out(tmp_path, content):
    told = replace(
        content,
        school="",
        room="",
        backup=Verified("2026-11-20T10:00:00+08:00", {"student": 5000}),
        anchor=Anchor("0f" * 32, 7),
    )
    write_copies(tmp_path, told, MASTER)
    assert read_copies(tmp_path)[0].content == told


def test_while_epochs_are_exchanged_both_are_listed_and_the_new_master_key_knows_the_old(tmp_path, content):
    newer = replace(MASTER, key=os.urandom(32))
    slot = new_slot(keyfile.PASSWORD, newer, PASSWORD, LEAST.fresh())
    both = replace(content, epoch=2, salt=os.urandom(16), slots={keyfile.PASSWORD: slot}).replacing(
        content, MASTER, newer
    )
    write_copies(tmp_path, both, newer)
    read = read_copies(tmp_path)[0].content
    assert read == both
    assert (read.previous.epoch, read.previous.salt) == (1, content.salt)
    assert read.before(read.open_slot(PASSWORD)).is_same(MASTER)
    with pytest.raises(WrongKey):
        read.before(MASTER)
    for bent in ({"epoch": 3}, {"salt": os.urandom(16)}):
        with pytest.raises(WrongKey):
            replace(read, previous=replace(read.previous, **bent)).before(newer)
    raw = json.loads((tmp_path / KEYS).read_text("utf-8"))
    for wrong in (
        None,
        {},
        {**raw["previous"], "db_epoch": -1},
        {**raw["previous"], "more": 1},
        {**raw["previous"], "wrap": {}},
    ):
        with pytest.raises(NotAKeyFile):
            parse(resealed({**raw, "previous": wrong}))


def test_the_sealed_code_of_the_school_opens_beside_the_recovery_code_and_only_in_its_own_slot(content):
    code = new_code()
    slot = new_slot(keyfile.ENVELOPE, MASTER, code, LEAST.fresh())
    with_envelope = replace(content, slots={**content.slots, keyfile.ENVELOPE: slot})
    assert with_envelope.unlock(code)[0] == keyfile.ENVELOPE
    assert with_envelope.unlock(CODE)[0] == keyfile.RECOVERY
    assert with_envelope.unlock(code)[1].is_same(MASTER)
    moved = replace(content, slots={keyfile.PASSWORD: content.slots[keyfile.PASSWORD], keyfile.RECOVERY: slot})
    with pytest.raises(WrongKey):
        moved.open_slot(code)
    assert with_envelope.slots_digest() != content.slots_digest()
    assert replace(content, generation=99, school="").slots_digest() == content.slots_digest()


def test_a_crash_at_any_step_of_a_new_password_leaves_one_of_the_two_passwords_working(folder, content, monkeypatch):
    newer = content.with_slot(MASTER, Password("另一个足够长的新口令啊啊"), LEAST.fresh())
    steps = ("open", "fsync", "replace")
    for step in steps:
        for countdown in range(6):
            write_copies(folder, content, MASTER)
            fail_at(monkeypatch, step, countdown)
            with suppress(NotWritable):
                write_copies(folder, newer, MASTER)
            monkeypatch.undo()
            best = read_copies(folder)[0]
            assert best.content in (content, newer)
            assert is_sealed_by(best, MASTER)


def fail_at(monkeypatch, step, countdown):
    real, left = getattr(os, step), [countdown]

    def failing(*args, **kwargs):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(5, "input/output error")
        return real(*args, **kwargs)

    monkeypatch.setattr(os, step, failing)


def test_a_full_disk_is_said_and_the_old_file_stands(folder, content, monkeypatch):
    def full(*_):
        raise OSError(28, "no space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NoRoom):
        write_copies(folder, replace(content, generation=9), MASTER)
    monkeypatch.undo()
    assert [copy.content for copy in read_copies(folder)] == [content, content]
    assert sorted(path.name for path in folder.iterdir()) == [KEYS, KEYS_B]


def test_a_file_held_by_another_program_is_waited_for_then_said(folder, content, monkeypatch):
    monkeypatch.setattr("sys.platform", "win32")
    waits = []
    monkeypatch.setattr("time.sleep", waits.append)

    def held(*_):
        raise PermissionError(13, "held")

    real = os.replace
    monkeypatch.setattr(os, "replace", held)
    with pytest.raises(FileHeld):
        write_copies(folder, replace(content, generation=9), MASTER)
    assert 5 < sum(waits) <= 6
    waits.clear()
    monkeypatch.setattr(os, "replace", lambda *a: real(*a) if sum(waits) > 5 else held())
    write_copies(folder, replace(content, generation=9), MASTER)
    assert read_copies(folder)[1].content.generation == 9
