"""Files kept with a record, as hostile as they come (security.md §4, Attachments): their names are labels and lead nowhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.errors import Problem
from app.rooms.students.record import Student
from app.vault import attachments
from app.vault.attachments import LARGEST, read_file
from app.vault.vault import Vault

PDF = b"%PDF-1.7 a page"


@pytest.fixture
def owner(vault: Vault) -> Student:
    with vault.write("加学生") as session:
        made = Student(student_no="1", name="程辰", grade=9, class_no=2)
        session.add(made)
    return made


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("..\\..\\x.pdf", "x.pdf"),
        ("../../x.pdf", "x.pdf"),
        ("C:x.pdf", "C_x.pdf"),
        ("\\\\srv\\share\\x.pdf", "x.pdf"),
        ("CON", "CON"),
        ("a.txt:ads", "a.txt_ads"),
        ("x.pdf. . ", "x.pdf"),
        (".pdf", "pdf"),
        ("fdp.\u202eexe.pdf", "fdp.exe.pdf"),
        ("a\nb\x00c\u200b.pdf", "abc.pdf"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
        ("a." + "b" * 300, "a." + "b" * 118),
        ("a" * 115 + ". " * 20 + ".pdf", "a" * 115 + ".pdf"),
        ("...", "附件"),
        ("\udcff\udcfe.pdf", "pdf"),
    ],
)
def test_a_name_is_a_harmless_label(vault: Vault, owner: Student, name: str, kept: str) -> None:
    with vault.write("添加附件") as session:
        attachments.add(session, owner, name, PDF)
    with vault.read() as session:
        (file,) = attachments.of(session, owner)
        assert file.name == kept
        assert attachments.content(session, file.id) == PDF
    assert len(kept) <= 120


def test_a_refusal_shows_the_label_not_the_name() -> None:
    with pytest.raises(Problem) as told:
        attachments.add(None, None, "..\\\u202efdp.exe", b"MZ")  # type: ignore[arg-type]
    assert told.value.sentence == "「fdp.exe」不是 PDF、JPEG 或 PNG，没有添加。"


def test_two_of_one_name_are_two_files(vault: Vault, owner: Student) -> None:
    with vault.write("添加附件") as session:
        for content in (PDF, PDF + b" and another"):
            attachments.add(session, owner, "扫描件.pdf", content)
    with vault.read() as session:
        first, second = attachments.of(session, owner)
        assert (first.name, second.name) == ("扫描件.pdf", "扫描件.pdf")
        assert attachments.content(session, second.id) == PDF + b" and another"
        assert attachments.content(session, first.id) == PDF


class TestReading:
    """From a path to bytes, whole or not at all."""

    def test_of_a_link_it_takes_what_it_leads_to(self, tmp_path: Path) -> None:
        (tmp_path / "scan.pdf").write_bytes(PDF)
        (tmp_path / "link.pdf").symlink_to(tmp_path / "scan.pdf")
        assert read_file(tmp_path / "link.pdf") == PDF

    def test_what_leads_nowhere_or_is_no_file_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "gone.pdf").symlink_to(tmp_path / "nothing")
        (tmp_path / "round.pdf").symlink_to(tmp_path / "round.pdf")
        (tmp_path / "folder.pdf").mkdir()
        for name in ("gone.pdf", "round.pdf", "folder.pdf"):
            with pytest.raises(Problem, match="读不出来"):
                read_file(tmp_path / name)

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such pipes on this system")
    def test_a_pipe_does_not_hold_it_up(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.pdf")
        with pytest.raises(Problem, match="读不出来"):
            read_file(tmp_path / "pipe.pdf")

    def test_two_gigabytes_are_not_read(self, tmp_path: Path) -> None:
        with (tmp_path / "film.pdf").open("wb") as file:
            file.truncate(2 << 30)
        assert len(read_file(tmp_path / "film.pdf")) == LARGEST + 1

    @pytest.mark.parametrize("grows", [True, False])
    def test_a_file_that_changes_while_it_is_read_is_not_taken(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, grows: bool
    ) -> None:
        path = tmp_path / "scan.pdf"
        path.write_bytes(PDF * 1000)
        real = os.fstat

        def slow(handle: int) -> os.stat_result:
            found = real(handle)
            if not changed:
                changed.append(True)
                with path.open("r+b") as file:  # another program goes on writing
                    file.seek(0, os.SEEK_END) if grows else file.truncate(10)
                    file.write(b" more")
            return found

        changed: list[bool] = []
        monkeypatch.setattr(os, "fstat", slow)
        with pytest.raises(Problem, match="正在被改动"):
            read_file(path)
