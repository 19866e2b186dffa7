"""What is looked at on every PC, with real folders, real key files and a real trail."""

import shutil
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest

from app.vault import keycopies
from app.vault.environment import anywhere
from app.vault.environment.answer import Answer, Read, Standing, Unanswered
from app.vault.environment.looking import answered, reads
from app.vault.files import KEYS, KEYS_B
from app.vault.places import Kind
from tests.vault.backed import folder, made, opening  # noqa: F401 - fixtures
from tests.vault.environment.pretended import Pretended

GOOD, CARE, UNKNOWN = Standing.GOOD, Standing.CARE, Standing.UNKNOWN


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Kind(network=True), "共享盘"),
        (Kind(removable=True), "可移动"),
        (Kind(fat=True), "FAT"),
        (Kind(fleeting=True), "内存"),
    ],
)
def test_a_place_that_is_no_disk_of_this_pc_is_told(tmp_path: Path, kind: Kind, said: str) -> None:
    answer = anywhere.place(tmp_path, kind)
    assert answer.standing is CARE
    assert said in answer.said


def test_a_synced_folder_is_told_without_its_name(tmp_path: Path) -> None:
    synced = tmp_path / "OneDrive - 青禾中学" / "vault"
    synced.mkdir(parents=True)
    answer = anywhere.place(synced, Kind())
    assert answer.standing is CARE
    assert "青禾" not in answer.said + answer.fix
    assert anywhere.place(tmp_path, Kind()).standing is GOOD


def test_a_folder_or_file_that_other_accounts_may_read_is_told(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    vault.mkdir(mode=0o700)
    (vault / KEYS).touch(mode=0o644)
    assert anywhere.permissions(vault).standing is GOOD  # nobody else gets into the folder
    vault.chmod(0o755)
    assert "读到" in anywhere.permissions(vault).said
    (vault / KEYS).chmod(0o600)
    assert "看到" in anywhere.permissions(vault).said


def test_less_than_a_gibibyte_is_little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    for free, standing in (((1 << 30) - 1, CARE), (1 << 30, GOOD)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, free=free: usage(1 << 40, 0, free))
        assert anywhere.free_space(tmp_path).standing is standing


def test_a_clock_before_the_last_event_or_long_after_the_last_use_is_told(vault, open_again, clock) -> None:
    assert anywhere.clock(vault).standing is GOOD
    vault.close()
    clock.moment += timedelta(days=181)
    late = open_again()
    assert "半年" in anywhere.clock(late).said
    clock.moment -= timedelta(days=181, minutes=5)
    assert "还早" in anywhere.clock(late).said
    late.close()
    clock.moment += timedelta(days=181)
    assert anywhere.clock(open_again()).standing is GOOD


def test_minutes_of_a_clock_set_right_are_no_wrong_clock(vault, clock) -> None:
    clock.moment -= timedelta(minutes=9)
    assert anywhere.clock(vault).standing is GOOD
    clock.moment -= timedelta(minutes=2)
    assert anywhere.clock(vault).standing is CARE


def test_both_copies_of_the_key_file_must_be_whole_and_the_same(opening, folder) -> None:  # noqa: F811
    vault = opening(folder)
    assert anywhere.keys(vault).standing is GOOD
    kept = (vault.folder / KEYS_B).read_bytes()
    (vault.folder / KEYS_B).write_bytes(kept[:-40])
    assert anywhere.keys(vault).standing is CARE
    (vault.folder / KEYS_B).unlink()
    assert anywhere.keys(vault).standing is CARE
    (vault.folder / KEYS_B).write_bytes(kept)
    content = keycopies.current(vault.folder, vault.master)
    keycopies.change(vault.folder, vault.master, lambda now: now)
    (vault.folder / KEYS_B).write_bytes(kept)  # whole, but of the generation before
    assert keycopies.current(vault.folder, vault.master) != content
    assert anywhere.keys(vault).standing is CARE


def test_a_backup_elsewhere_is_asked_for_after_seven_days(clock) -> None:
    now = clock.now()
    assert anywhere.backup(False, None, now).standing is CARE
    assert anywhere.backup(True, None, now).standing is CARE
    for days, standing in ((0, GOOD), (7, GOOD), (8, CARE)):
        assert anywhere.backup(True, now - timedelta(days=days), now).standing is standing


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_every_read_answers_on_a_pc_that_tells_nothing_and_no_answer_tells_a_path_or_a_name(
    opening,  # noqa: F811
    folder: Path,  # noqa: F811
    tmp_path: Path,
    platform: str,
) -> None:
    vault = opening(folder)
    for read in reads(vault, False, None, Pretended(tmp_path / "nothing"), platform):
        answer = answered(read)
        told = answer.said.format(**answer.values) + answer.fix.format(**answer.values)
        assert answer.said
        assert (answer.standing is GOOD) is not bool(answer.fix), read.subject
        assert not [name for name in (str(vault.folder), "青禾", vault.vault_id) if name in told], told


def test_what_the_system_does_not_tell_is_unknown_and_a_bug_is_not() -> None:
    def silent() -> Answer:
        raise Unanswered

    def gone() -> Answer:
        raise FileNotFoundError

    def bug() -> Answer:
        raise KeyError

    assert answered(Read("", silent)).standing is answered(Read("", gone)).standing is UNKNOWN
    with pytest.raises(KeyError):
        answered(Read("", bug))
