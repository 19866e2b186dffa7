"""``jingshi verify`` as it is called from a shell: exit codes, one sentence, JSON, passwords from files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.clock import Clock
from app.documents import issuing, pades
from app.documents.certificates import NewCertificate
from app.documents.signing import open_signing
from app.documents.verify_command import main
from app.vault.attachments import Attachment
from app.vault.keys import LEAST_MEMORY, Kdf
from app.vault.opening import create_vault
from tests.documents import tampering
from tests.documents.conftest import HOLDER, NOW, PASSWORD, one_page, signer_of
from tests.documents.test_issuing import letter
from tests.ui.forwhom import HOSPITAL

PDF_PASSWORD = "给医院的口令 8"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a real vault, the papers it issued, and the passwords in files."""
    shelf = tmp_path_factory.mktemp("shelf")
    kdf = Kdf(LEAST_MEMORY, 3, 4, bytes(16))
    vault, _ = create_vault(
        shelf / "vault", school="启明中学", room="心理辅导室", password=PASSWORD, clock=Clock(), kdf=kdf
    )
    signing = open_signing(vault, PASSWORD, HOLDER)
    with vault.write("添加附件") as session:
        record = Attachment(
            kind="student", record_id=7, student_id=7, name="a.pdf", media="", size=1, sha256="", content=b"x"
        )
        session.add(record)

    with vault.write("签发文件") as session:
        issued = issuing.issue(vault, session, signing, prefix="心转", school_year=2026, about=record, compose=letter)
        (shelf / "issued.pdf").write_bytes(issuing.pdf_of(session, issued.id))
    with vault.write("导出") as session:
        (shelf / "locked.pdf").write_bytes(issuing.protected_copy(vault, session, signing, issued, PDF_PASSWORD, HOSPITAL))
    vault.close()
    (shelf / "password").write_text(f"{PASSWORD}\n", encoding="utf-8")
    (shelf / "pdf-password").write_text(PDF_PASSWORD, encoding="utf-8")
    (shelf / "wrong").write_text("something else\n", encoding="utf-8")
    (shelf / "text.pdf").write_text("改了名的文本", encoding="utf-8")
    (shelf / "changed.pdf").write_bytes(tampering.annotation_added((shelf / "issued.pdf").read_bytes()))
    return shelf


def verify(shelf: Path, file: str, *more: str) -> int:
    return main([str(shelf / file), *more])


def with_vault(shelf: Path) -> list[str]:
    return ["--vault", str(shelf / "vault"), "--password-file", str(shelf / "password")]


def test_with_the_vault_it_is_green(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(shelf, "issued.pdf", *with_vault(shelf)) == 0
    assert capsys.readouterr().out.startswith("未改动且本机签发：与 ")


def test_without_the_vault_it_is_amber(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(shelf, "issued.pdf") == 1
    assert "未改动但签名人未知" in capsys.readouterr().out


@pytest.mark.parametrize("file", ["changed.pdf", "text.pdf"])
def test_changed_or_no_pdf_is_red_with_and_without_the_vault(
    shelf: Path, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(shelf, file) == 2
    assert verify(shelf, file, *with_vault(shelf)) == 2
    assert capsys.readouterr().out.count("已改动或无签名：") == 2


def test_a_stranger_with_the_same_name_is_amber(
    shelf: Path, forged: NewCertificate, capsys: pytest.CaptureFixture[str]
) -> None:
    (shelf / "forged.pdf").write_bytes(pades.sign(one_page(), signer_of(forged), NOW))
    assert verify(shelf, "forged.pdf", *with_vault(shelf)) == 1
    assert "谨防冒名" in capsys.readouterr().out


def test_a_protected_copy_asks_for_its_password(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(shelf, "locked.pdf", *with_vault(shelf)) == 3
    assert "需要文件口令" in capsys.readouterr().out
    assert verify(shelf, "locked.pdf", "--pdf-password-file", str(shelf / "wrong")) == 3
    assert "需要文件口令" in capsys.readouterr().out
    with_password = ["--pdf-password-file", str(shelf / "pdf-password")]
    assert verify(shelf, "locked.pdf", *with_password) == 1
    assert verify(shelf, "locked.pdf", *with_password, *with_vault(shelf)) == 0


@pytest.mark.parametrize("file", ["missing.pdf", "vault", "no\0name.pdf"])
def test_what_cannot_be_read_is_3(shelf: Path, file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(shelf, file) == 3
    assert "文件读不出来" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [[], ["issued.pdf", "more.pdf"], ["--json"], ["issued.pdf", "--wrong"], ["issued.pdf", "--vault", "vault"],
     ["issued.pdf", "--password-file", "password"],
     ["issued.pdf", "--vault", "vault", "--password-file", "-", "--pdf-password-file", "-"],
     ["issued.pdf", "--vault", "nowhere", "--password-file", "password"],
     ["issued.pdf", "--vault", "vault", "--password-file", "wrong"],
     ["issued.pdf", "--vault", "vault", "--password-file", "missing"]],
)  # fmt: skip
def test_wrong_usage_is_3(shelf: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shelf)
    assert main(arguments) == 3


def test_json_is_one_line_with_the_verdict_and_its_reason(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(shelf, "issued.pdf", "--json", *with_vault(shelf)) == 0
    lines = capsys.readouterr().out.splitlines()
    told = json.loads(lines[0])
    assert len(lines) == 1
    assert (told["verdict"], told["number"], told["signer"]) == ("green", "心转〔2026〕第001号", "王静")
    assert told["reason"].endswith("逐字节一致。")
    assert (verify(shelf, "text.pdf", "--json"), verify(shelf, "locked.pdf", "--json")) == (2, 3)
    assert verify(shelf, "missing.pdf", "--json") == 3
    verdicts = [json.loads(line)["verdict"] for line in capsys.readouterr().out.splitlines()]
    assert verdicts == ["red", "locked", None]


def test_it_runs_from_the_shell_with_the_password_on_standard_input(shelf: Path) -> None:
    command = [sys.executable, "-m", "app", "verify", str(shelf / "issued.pdf"), "--vault", str(shelf / "vault")]
    done = subprocess.run(
        [*command, "--password-file", "-"],
        input=f"{PASSWORD}\n".encode(), capture_output=True, env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    assert "未改动且本机签发" in done.stdout.decode()
