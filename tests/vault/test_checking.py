"""The checks of an opened vault find what was changed behind its back."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from app.clock import StandingClock
from app.vault import attachments, engine, triggers
from app.vault.attachments import Attachment
from app.vault.checking import check
from app.vault.keys import LEAST_MEMORY, SALT_BYTES, Kdf
from app.vault.opening import create_vault
from app.vault.vault import Vault
from tests.conftest import KEY, SALT

PASSWORD = "miantiao-jiudian-yutang-shanding-fenghuo-baita"
CHEAP = Kdf(LEAST_MEMORY, 1, 1, secrets.token_bytes(SALT_BYTES))
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


class Owner:
    __tablename__ = "owner"
    own_id = 7

    def student(self) -> int:
        return 3


def faults(vault: Vault) -> dict[str, tuple[str, ...]]:
    return {finding.check: finding.faults for finding in check(vault) if finding.faults}


@pytest.fixture
def file(vault: Vault) -> Path:
    with vault.write("添加附件") as session:
        attachments.add(session, Owner(), "a.png", PNG)
    return vault.folder / "vault.db"


def test_a_sound_vault_has_no_faults(vault: Vault, file: Path) -> None:
    assert faults(vault) == {}


def test_a_record_changed_by_plain_sql_is_found(vault: Vault, file: Path) -> None:
    raw = engine.connect(file, KEY, SALT)
    raw.execute("UPDATE attachment SET name = 'b.png'")
    raw.close()
    assert faults(vault) == {"记录与留痕一致": ("attachment 1",)}


def test_a_file_whose_bytes_were_changed_is_found(vault: Vault, file: Path) -> None:
    raw = engine.connect(file, KEY, SALT)
    raw.execute("UPDATE attachment SET content = x'89504e47'")
    raw.close()
    assert faults(vault) == {"附件与文书内容": ("attachment 1",)}


def test_a_record_removed_by_plain_sql_is_found(vault: Vault, file: Path) -> None:
    raw = engine.connect(file, KEY, SALT)
    raw.execute("DELETE FROM attachment")
    raw.close()
    assert faults(vault) == {"记录与留痕一致": ("attachment 1 lost",)}


def test_a_missing_trigger_and_a_broken_chain_are_found(vault: Vault, file: Path) -> None:
    raw = engine.connect(file, KEY, SALT)
    raw.execute("DROP TRIGGER trail_update")
    raw.execute("UPDATE trail SET what = 'x' WHERE seq = 2")
    raw.close()
    found = faults(vault)
    assert found.keys() == {"签署保护", "留痕链"}
    assert found["签署保护"] == ("trail_update",)
    assert found["留痕链"][0].startswith("从第 2 行起对不上")


def test_an_old_page_put_back_is_found(vault: Vault, open_again: Callable[[], Vault]) -> None:
    """A page of an earlier day under its own number passes the cipher's check and SQLite's; the trail knows the newer record."""
    with vault.write("添加附件") as session:
        for number in range(200):
            attachments.add(session, Owner(), f"{number}.png", PNG)
    vault.checkpoint()
    path = vault.folder / "vault.db"
    before = pages(path)
    with vault.write("保存附件名") as session:
        session.get_one(Attachment, 100).name = "new.png"
    vault.close()
    after = pages(path)
    unnoticed = []
    for at in range(1, len(before)):
        if before[at] == after[at]:
            continue
        path.write_bytes(b"".join([*after[:at], before[at], *after[at + 1 :]]))
        if not pragmas_object(path):
            again = open_again()
            unnoticed.append(faults(again))
            again.close()
    assert {"记录与留痕一致": ("attachment 100",)} in unnoticed
    assert all(unnoticed)


def test_the_command_notices_every_page_put_back(
    tmp_path: Path, clock: StandingClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the vault as it lies on the disk, opened by its password: whichever page is the one of an earlier day."""
    from app.__main__ import main

    folder = tmp_path / "vault"
    made, _ = create_vault(folder, school="", room="", password=PASSWORD, clock=clock, kdf=CHEAP)
    with made.write("添加附件") as session:
        for number in range(100):
            attachments.add(session, Owner(), f"{number}.png", PNG)
    made.checkpoint()
    before = pages(folder / "vault.db")
    with made.write("保存附件名") as session:
        session.get_one(Attachment, 50).name = "new.png"
    made.close()
    after = pages(folder / "vault.db")
    (tmp_path / "password").write_text(PASSWORD)
    said = []
    for at in range(len(before)):
        if before[at] != after[at]:
            put_back = tmp_path / f"page-{at}"
            shutil.copytree(folder, put_back)
            (put_back / "vault.db").write_bytes(b"".join([*after[:at], before[at], *after[at + 1 :]]))
            assert main(["check", str(put_back), "--password-file", str(tmp_path / "password")]) == 1, at
            said.append(capsys.readouterr().out)
    assert any("页面校验：完好\n" in one and "记录与留痕一致：有问题 attachment 50" in one for one in said)
    assert main(["check", str(folder), "--password-file", str(tmp_path / "password")]) == 0


def pages(path: Path) -> list[bytes]:
    content = path.read_bytes()
    return [content[at : at + 4096] for at in range(0, len(content), 4096)]


def pragmas_object(path: Path) -> bool:
    """Whether the checks of the cipher and of SQLite say anything."""
    raw = engine.connect(path, KEY, SALT)
    said = raw.execute("PRAGMA cipher_integrity_check").fetchall() + raw.execute("PRAGMA integrity_check").fetchall()
    raw.close()
    return said != [("ok",)]


def test_every_trigger_of_the_list_is_in_a_new_vault(vault: Vault) -> None:
    with vault.read() as session:
        assert triggers.differences(session.connection()) == []
        assert session.scalar(text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'")) == len(triggers.expected())
