"""An older database, an older key file or both put back are noticed, told exactly, written into the trail, and never refused (P15)."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import app.demo.making  # noqa: F401 - every kind of record, which a backup is checked by
from app.clock import StandingClock
from app.vault import keycopies, outeranchor, typing
from app.vault.backup import back_up, local_place
from app.vault.backupfile import Unwatched
from app.vault.files import DATABASE, KEYS, KEYS_B
from app.vault.keys import LEAST_MEMORY, Kdf, Password
from app.vault.opening import create_vault, open_vault
from app.vault.renewing import change_password
from app.vault.restoring import Opened, stage
from app.vault.trail import Link
from app.vault.vault import Vault
from tests.sweeps import WHOLE

CHEAP = Kdf(LEAST_MEMORY, 1, 4, bytes(16))
PASSWORD, OTHER_PASSWORD = "今天天气真好我们去爬山吧", "明天天气也好我们去划船吧"
FILES = {"database": (DATABASE,), "keys": (KEYS, KEYS_B), "both": (DATABASE, KEYS, KEYS_B)}
TOLD = {"database": "档案文件比", "keys": "钥匙文件比", "both": "档案文件和钥匙文件都比"}

Open = Callable[..., Vault]


@pytest.fixture
def folder(tmp_path: Path, clock: StandingClock) -> Path:
    vault, _ = create_vault(tmp_path / "vault", school="", room="", password=PASSWORD, clock=clock, kdf=CHEAP)
    vault.close()
    return tmp_path / "vault"


@pytest.fixture
def opened(folder: Path, clock: StandingClock) -> Iterator[Open]:
    vaults: list[Vault] = []

    def opening(password: str = PASSWORD) -> Vault:
        vaults.append(open_vault(folder, Password(password), clock))
        return vaults[-1]

    yield opening
    for vault in vaults:
        vault.close()


def kept(folder: Path, to: Path) -> Path:
    shutil.copytree(folder, to)
    return to


def put_back(copy: Path, folder: Path, names: tuple[str, ...]) -> None:
    for name in names:
        shutil.copy(copy / name, folder / name)


def last_row(vault: Vault) -> str:
    with vault.read() as session:
        return session.scalars(select(Link.what).order_by(Link.seq.desc()).limit(1)).one()


def write(vault: Vault, words: str) -> None:
    typing.keep(vault, f"note/{words}", {"text": words}, None, wait=5)


def written(vault: Vault) -> set[str]:
    with vault.read() as session:
        return {typed.content["text"] for typed in typing.everything(session)}


def test_each_time_an_older_file_put_back_is_noticed_and_nothing_is_refused(
    folder: Path, tmp_path: Path, clock: StandingClock, opened: Open
) -> None:
    chance = random.Random(15)
    copies: list[tuple[Path, set[str]]] = []
    for number in range(50 if WHOLE else 12):
        vault = opened()
        assert vault.behind is None
        write(vault, f"第{number}天")
        now = written(vault)
        vault.close()
        copies.append((kept(folder, tmp_path / f"copy-{number}"), now))
        clock.moment += timedelta(hours=20)
        vault = opened()
        assert vault.behind is None
        vault.close()
        what = chance.choice(list(FILES))
        copy, then = chance.choice(copies)
        put_back(copy, folder, FILES[what])
        vault = opened()
        assert vault.behind is not None
        assert vault.behind.event.startswith(TOLD[what])
        assert last_row(vault) == f"打开档案（{TOLD[what]}上次关闭时旧）"
        assert written(vault) == (now if what == "keys" else then)
        vault.close()


def test_what_is_older_is_told_with_when_and_how_much(
    folder: Path, tmp_path: Path, clock: StandingClock, opened: Open
) -> None:
    opened().close()
    copy = kept(folder, tmp_path / "copy")
    clock.moment += timedelta(days=2, hours=3)
    vault = opened()
    with vault.read() as session:
        length = vault.trail.length(session)
    vault.close()
    put_back(copy, folder, FILES["database"])
    behind = opened().behind
    assert behind is not None
    told = f"上次关闭于 2026-11-22 13:00，留痕第 {length} 条；现在的文件只到 2026-11-20 10:00，第 {length - 1} 条。"
    assert told in behind.sentence
    assert "照常使用" in behind.next_step


def test_another_line_of_the_same_vault_is_no_longer_behind_and_still_told(
    folder: Path, tmp_path: Path, clock: StandingClock, opened: Open
) -> None:
    copy = kept(folder, tmp_path / "copy")
    opened().close()
    with pytest.MonkeyPatch.context() as elsewhere:  # the copy is used on another PC, for longer
        for variable in ("XDG_DATA_HOME", "LOCALAPPDATA"):
            elsewhere.setenv(variable, str(tmp_path / "other-pc"))
        clock.moment += timedelta(hours=1)
        for _ in range(4):
            open_vault(copy, Password(PASSWORD), clock).close()
    put_back(copy, folder, FILES["both"])
    behind = opened().behind
    assert behind is not None
    assert "另外写下来" in behind.sentence


def test_it_is_told_once(folder: Path, tmp_path: Path, opened: Open) -> None:
    copy = kept(folder, tmp_path / "copy")
    opened().close()
    put_back(copy, folder, FILES["both"])
    vault = opened()
    assert vault.behind is not None
    vault.close()
    assert opened().behind is None


def test_an_older_key_file_that_opens_by_the_old_password_again_is_told(
    folder: Path, tmp_path: Path, opened: Open
) -> None:
    copy = kept(folder, tmp_path / "copy")
    vault = opened()
    change_password(vault, PASSWORD, OTHER_PASSWORD)
    vault.close()
    put_back(copy, folder, FILES["keys"])
    behind = opened(PASSWORD).behind
    assert behind is not None
    assert "已经作废的口令" in behind.sentence + behind.next_step


def test_on_a_pc_that_never_opened_the_vault_old_slots_are_noticed_by_the_database(
    folder: Path, tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = kept(folder, tmp_path / "copy")
    vault = opened()
    change_password(vault, PASSWORD, OTHER_PASSWORD)
    vault.close()
    put_back(copy, folder, FILES["keys"])
    for variable in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "other-pc"))
    vault = opened(PASSWORD)
    assert last_row(vault) == "口令或恢复码有变动，没有留下是哪一项"
    vault.close()
    vault = opened(PASSWORD)
    assert last_row(vault) == "打开档案"


def test_the_vault_on_another_pc_is_not_taken_for_an_older_one(
    folder: Path, tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened().close()
    for variable in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "other-pc"))
    assert opened().behind is None


def test_a_copy_opened_elsewhere_is_told_if_older_and_does_not_make_the_vault_itself_suspect(
    folder: Path, tmp_path: Path, clock: StandingClock, opened: Open
) -> None:
    copy = kept(folder, tmp_path / "copy")
    opened().close()
    clock.moment += timedelta(hours=1)
    elsewhere = open_vault(copy, Password(PASSWORD), clock)
    assert elsewhere.behind is not None
    elsewhere.close()
    assert opened().behind is None


def test_a_vault_moved_to_another_folder_is_compared_with_where_it_was(
    folder: Path, tmp_path: Path, clock: StandingClock, opened: Open
) -> None:
    opened().close()
    moved = open_vault(folder.rename(tmp_path / "moved"), Password(PASSWORD), clock)
    assert moved.behind is None
    moved.close()


def test_commits_write_no_anchor_and_a_close_writes_both(folder: Path, opened: Open) -> None:
    vault = opened()
    outer = outeranchor.place(vault.vault_id)
    before = (outer.read_bytes(), (folder / KEYS).read_bytes())
    for number in range(20):
        write(vault, str(number))
    assert (outer.read_bytes(), (folder / KEYS).read_bytes()) == before
    with vault.read() as session:
        head = vault.trail.head(session)
    master = vault.master
    vault.close()
    anchor = keycopies.current(folder, master).anchor
    assert anchor is not None
    assert anchor.head == head
    assert head in outer.read_text()


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff\xfe", b'{"mac": 7}', b'{"mac": "00", "folders": {}}'])
def test_an_outer_anchor_that_is_no_anchor_of_ours_keeps_nobody_out(folder: Path, opened: Open, content: bytes) -> None:
    vault = opened()
    vault.close()
    outeranchor.place(vault.vault_id).write_bytes(content)
    vault = opened()
    assert vault.behind is None
    vault.close()
    assert opened().behind is None


def test_a_forged_outer_anchor_does_not_count(folder: Path, opened: Open) -> None:
    vault = opened()
    vault.close()
    outer = outeranchor.place(vault.vault_id)
    outer.write_text(outer.read_text().replace('"generation": ', '"generation": 9'))
    assert opened().behind is None


def test_a_user_folder_that_cannot_be_written_keeps_nobody_from_closing(folder: Path, opened: Open) -> None:
    vault = opened()
    outer = outeranchor.place(vault.vault_id)
    shutil.rmtree(outer.parent)
    outer.parent.write_text("a file where the folder should be")
    vault.close()
    assert opened().behind is None


def test_her_own_restore_is_not_reported_as_somebodys_doing(folder: Path, clock: StandingClock, opened: Open) -> None:
    vault = opened()
    container = back_up(vault)
    change_password(vault, PASSWORD, OTHER_PASSWORD)
    vault.close()
    clock.moment += timedelta(days=1)
    vault = opened(OTHER_PASSWORD)
    write(vault, "以后写的")
    with Opened(container, vault.master, local_place(folder), clock, Unwatched()) as looked:
        stage(looked, folder)
    vault.close()
    vault = opened(OTHER_PASSWORD)
    assert vault.behind is None
    assert last_row(vault) == "打开档案"
    assert written(vault) == set()
    vault.abandon()  # as a kill: nothing is written down at its end
    assert opened(OTHER_PASSWORD).behind is None
