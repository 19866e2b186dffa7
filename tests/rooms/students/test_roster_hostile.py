"""Files that are no class list, or worse: a clear sentence, nothing half done, and quickly."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from xlwt.CompoundDoc import XlsDoc

from app.errors import Problem
from app.rooms.students import roster
from app.rooms.students.classlist import child, reading
from app.rooms.students.classlist.reading import NotATable, TableBroken, read
from app.vault.vault import Vault
from tests.rooms.students import lists

HEAD = ["学号", "姓名", "性别", "班级"]


def corner(path: Path) -> Path:
    """A file of 5 KB whose one cell far away makes a reader ask for 550 GB."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("名单")
    sheet.write_row(0, 0, HEAD)
    sheet.write_string(1_048_575, 16_383, "x")
    book.close()
    return path


def test_five_kilobytes_that_ask_for_550_gigabytes(tmp_path: Path, vault: Vault) -> None:
    path = corner(tmp_path / "a.xlsx")
    assert path.stat().st_size < 6_000
    begun = time.monotonic()
    with pytest.raises(TableBroken) as raised:
        roster.preview(vault, path)
    assert time.monotonic() - begun < 5
    assert raised.value.sentence.startswith("这个表格太大或已损坏")
    assert raised.value.next_step


def test_a_very_long_list_is_refused_and_a_long_one_is_not(tmp_path: Path) -> None:
    rows = [HEAD, *([str(n), "林晓舟", "女", "八(3)班"] for n in range(child.MOST_ROWS + 2))]
    with pytest.raises(TableBroken):
        read(lists.text(tmp_path / "a.csv", rows))
    assert len(read(lists.text(tmp_path / "b.csv", rows[:5000])).sheets[0].rows) == 5000


def packed(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_zip_bombs_are_refused_before_anything_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the child was started")

    monkeypatch.setattr(reading, "_ask_child", never)
    many = {"xl/workbook.xml": b"", **{f"xl/{n}.xml": b"" for n in range(201)}}
    dense = {"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": bytes(20_000_000)}
    large = {"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": bytes(51 * 1024 * 1024)}
    for name, members in (("many", many), ("dense", dense), ("large", large)):
        with pytest.raises(TableBroken):
            read(packed(tmp_path / f"{name}.xlsx", members))


def test_other_files_are_named_for_what_they_are(tmp_path: Path) -> None:
    for name, content in (("a.xlsx", b"PK\x03\x04broken"), ("b.xls", reading._OLE + bytes(600))):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(TableBroken):
            read(tmp_path / name)
    with pytest.raises(NotATable):
        read(packed(tmp_path / "c.docx", {"word/document.xml": b"<w/>"}))
    for name, content in (
        ("d.xls", b"<html><table><tr><td>\xe5\xad\xa6\xe5\x8f\xb7"),
        ("e.xlsx", b"%PDF-1.7\n"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(Problem, match="其实不是"):
            read(tmp_path / name)
    (tmp_path / "g.csv").write_bytes(b"")
    with pytest.raises(Problem, match="空的"):
        read(tmp_path / "g.csv")
    (tmp_path / "h.csv").write_bytes(b"a\x00b" * 40)
    with pytest.raises(NotATable):
        read(tmp_path / "h.csv")
    with pytest.raises(Problem, match="打不开"):
        read(tmp_path / "not there.xlsx")
    with pytest.raises(Problem, match="打不开"):
        read(tmp_path)


def test_a_workbook_with_a_password(tmp_path: Path) -> None:
    encrypted = tmp_path / "a.xlsx"
    encrypted.write_bytes(ole_with_stream("EncryptedPackage"))
    with pytest.raises(Problem, match="口令"):
        read(encrypted)


def ole_with_stream(name: str) -> bytes:
    """A compound file with one stream of this name, as an encrypted workbook is packed."""
    held = io.BytesIO()
    XlsDoc().save(held, b"x" * 5000)
    content, entry = held.getvalue(), "Workbook\0".encode("utf-16-le").ljust(64, b"\0")
    at = content.index(entry)
    written = f"{name}\0".encode("utf-16-le")
    return content[:at] + written.ljust(64, b"\0") + len(written).to_bytes(2, "little") + content[at + 66 :]


def test_a_renamed_workbook_is_read_by_what_it_is(tmp_path: Path) -> None:
    rows = [HEAD, ["01", "林晓舟", "女", "八(3)班"]]
    lists.xls(tmp_path / "a.xls", {"s": rows}).rename(tmp_path / "a.xlsx")
    assert len(lists.come_to(tmp_path / "a.xlsx").entries) == 1
    lists.xlsx(tmp_path / "b.xlsx", {"s": rows}).rename(tmp_path / "b.csv")
    assert len(lists.come_to(tmp_path / "b.csv").entries) == 1


def test_a_workbook_without_anything_to_see(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="没有内容"):
        read(lists.xlsx(tmp_path / "a.xlsx", {"s": [], "t": []}))
    with pytest.raises(Problem, match="没有内容"):
        read(lists.xlsx(tmp_path / "b.xlsx", {"s": [], "t": [HEAD, ["1"]]}, hidden=["t"]))


def test_a_file_without_a_list(tmp_path: Path, vault: Vault) -> None:
    with pytest.raises(Problem, match="没有在这个文件里找到学生名单"):
        roster.preview(vault, lists.xlsx(tmp_path / "a.xlsx", {"s": [["周次", "内容"], [1, "班会"]]}))


def test_a_list_without_a_needed_column_says_which(tmp_path: Path, vault: Vault) -> None:
    shown = roster.preview(
        vault, lists.xlsx(tmp_path / "a.xlsx", {"s": [["学号", "姓名", "班级"], ["01", "林晓舟", "八(3)班"]]})
    )
    assert shown.missing == ("性别",)
    assert shown.usual() == frozenset()


def test_cancel_ends_the_child_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("import time; time.sleep(60)", encoding="utf-8")
    monkeypatch.setattr(child, "__file__", str(slow))
    asked: list[int] = []

    class Stopped(Exception):
        pass

    def step(_done: int, _of: int) -> None:
        asked.append(1)
        if len(asked) == 3:
            raise Stopped

    begun = time.monotonic()
    with pytest.raises(Stopped):
        read(corner(tmp_path / "a.xlsx"), step)
    assert time.monotonic() - begun < 5


def test_a_child_that_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("import time; time.sleep(60)", encoding="utf-8")
    monkeypatch.setattr(child, "__file__", str(slow))
    monkeypatch.setattr(reading, "SECONDS", 0.3)
    with pytest.raises(TableBroken):
        read(corner(tmp_path / "a.xlsx"))


def test_member_names_that_climb_and_entities_that_grow_do_nothing(tmp_path: Path) -> None:
    good = lists.xlsx(tmp_path / "good.xlsx", {"s": [HEAD, ["01", "林晓舟", "女", "八(3)班"]]})
    with zipfile.ZipFile(good) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["../../climbs.txt"] = b"x"
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    members["xl/sharedStrings.xml"] = members["xl/sharedStrings.xml"].replace(b"<sst", entity + b"<sst", 1)
    found = lists.come_to(packed(tmp_path / "bad.xlsx", members))
    assert [entry.name for entry in found.entries] == ["林晓舟"]
    assert not (tmp_path.parent / "climbs.txt").exists()


def test_cells_that_come_from_another_file_are_read_as_they_were_last_shown(tmp_path: Path) -> None:
    """External links: neither the other workbook nor the address is looked for."""
    other = lists.xlsx(tmp_path / "other.xlsx", {"s": [["另一个姓名"]]})
    book = xlsxwriter.Workbook(tmp_path / "good.xlsx")
    sheet = book.add_worksheet("s")
    sheet.write_row(0, 0, HEAD)
    sheet.write_string(1, 0, "01")
    sheet.write_formula(1, 1, "=[1]s!$A$1", None, "林晓舟")
    sheet.write_formula(1, 2, '=WEBSERVICE("http://127.0.0.1:9/x")', None, "女")
    sheet.write_url(1, 3, "http://127.0.0.1:9/y", None, "八(3)班")
    book.close()
    with zipfile.ZipFile(tmp_path / "good.xlsx") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    spreadsheet, office = (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    )
    members["xl/externalLinks/externalLink1.xml"] = (
        b'<externalLink xmlns="'
        + spreadsheet
        + b'" xmlns:r="'
        + office
        + b'"><externalBook r:id="rId1"/></externalLink>'
    )
    members["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        b'Type="' + office + b'/externalLinkPath" Target="' + other.as_uri().encode() + b'" TargetMode="External"/>'
        b"</Relationships>"
    )
    members["xl/_rels/workbook.xml.rels"] = members["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="' + office + b'/externalLink" Target="externalLinks/externalLink1.xml"/>'
        b"</Relationships>",
    )
    members["xl/workbook.xml"] = members["xl/workbook.xml"].replace(
        b"<calcPr", b'<externalReferences><externalReference r:id="rId99"/></externalReferences><calcPr'
    )
    found = lists.come_to(packed(tmp_path / "linked.xlsx", members))
    assert [lists.short(entry) for entry in found.entries] == [("01", "林晓舟", "女", 8, 3)]


def test_the_zip_check_reads_no_more_than_the_directory() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    reading._check_zip(held.getvalue())
