"""Reads a class list's file into sheets: spreadsheets in a child process with limits, text files here."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import time
import zipfile
from datetime import date
from io import FileIO
from pathlib import Path
from typing import Any

from app.errors import Problem
from app.rooms.students.classlist import child
from app.rooms.students.classlist.sheets import Cell, Sheet, SheetRow, Step, Workbook, no_step

MOST_BYTES = 50 * 1024 * 1024
MOST_MEMBERS = 200
MOST_RATIO = 100
"""security.md §4: a zip whose parts unpack to more than this many times their size is refused."""
SECONDS = 20.0
"""Time the child process has."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The name of the stream that an encrypted workbook is packed in."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class TableBroken(Problem):
    """The reader died, ran out of time or memory, or met what it cannot read."""

    def __init__(self) -> None:
        super().__init__(
            "这个表格太大或已损坏，没有读入。", "请用表格软件打开它，只保留名单本身，另存为一份新的 .xlsx 再试。"
        )


class NotATable(Problem):
    """The file is something else."""

    def __init__(self) -> None:
        super().__init__("这个文件不是表格。", "请选择 .xlsx、.xls、.ods 或 .csv 的学生名册。")


class HasPassword(Problem):
    """The workbook is encrypted."""

    def __init__(self) -> None:
        super().__init__("这个表格有打开口令。", "请用表格软件打开它，去掉口令后另存一份再导入；导入后请删掉那一份。")


def read(path: Path, step: Step = no_step) -> Workbook:
    """The sheets of a file. Raises Problem for what cannot be read, and whatever ``step`` raises to stop the reading."""
    try:
        with path.open("rb", buffering=0) as file:
            book = _book(path.name, file, step)
    except OSError:
        raise Problem(
            "打不开这个文件。", "请确认文件还在，没有被别的程序占用，再试一次。如果它在 U 盘上，请先复制到电脑里。"
        ) from None
    if not any(sheet.rows for sheet in book.sheets):
        raise Problem("这个表格里没有内容。", "请确认名单所在的工作表没有被隐藏，再试一次。")
    return book


def _book(name: str, file: FileIO, step: Step) -> Workbook:
    content = file.read(MOST_BYTES + 1)
    if not content:
        raise Problem("这个文件是空的。", "请向教务处再要一份名单。")
    if len(content) > MOST_BYTES:
        raise TableBroken
    if content.startswith(_ZIP):
        _check_zip(content)
    elif not content.startswith(_OLE):
        return Workbook(name, (_text(content),))
    elif _ENCRYPTED in content:
        raise HasPassword
    file.seek(0)
    return _spreadsheet(name, file, step)


def _check_zip(content: bytes) -> None:
    """Refuse what would unpack beyond measure, before anything unpacks it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise TableBroken from None
    whole = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or whole > MOST_BYTES or whole > MOST_RATIO * len(content):
        raise TableBroken
    if not any(member.filename in ("xl/workbook.xml", "xl/workbook.bin", "content.xml") for member in members):
        raise NotATable


def _spreadsheet(name: str, file: FileIO, step: Step) -> Workbook:
    answer = _ask_child(file, step)
    wrong = answer.get("wrong")
    if wrong == child.PASSWORD:
        raise HasPassword
    if wrong is not None:
        raise TableBroken
    sheets = tuple(
        Sheet(
            sheet["name"],
            tuple(SheetRow(number, tuple(map(_cell, cells))) for number, cells in sheet["rows"]),
            tuple((top, left, bottom, right) for top, left, bottom, right in sheet["merged"]),
        )
        for sheet in answer["sheets"]
    )
    return Workbook(name, sheets, tuple(answer["hidden"]))


def _cell(cell: Any) -> Cell:
    if isinstance(cell, dict):
        return date.fromisoformat(cell["day"])
    return cell  # type: ignore[no-any-return]


def _ask_child(file: FileIO, step: Step) -> dict[str, Any]:
    """Have a process of its own read the workbook from its standard input. Its death is the file's fault."""
    process = subprocess.Popen(
        _program(),
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    try:
        written = _wait(process, step)
    finally:
        process.kill()
        process.communicate()
    try:
        answer: dict[str, Any] = json.loads(written)
    except ValueError:  # it died before it could answer
        raise TableBroken from None
    return answer


def _program() -> list[str]:
    """The child's command line; a frozen program is its own interpreter and knows the word ``read-table``."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "read-table"]
    return [sys.executable, "-P", child.__file__]


def _wait(process: subprocess.Popen[bytes], step: Step) -> bytes:
    ends = time.monotonic() + SECONDS
    while True:
        try:
            return process.communicate(timeout=0.05)[0]
        except subprocess.TimeoutExpired:
            step(0, 0)
            if time.monotonic() > ends:
                raise TableBroken from None


def _text(content: bytes) -> Sheet:
    """The rows of a text file: comma, semicolon or tab; UTF-8 or GB18030."""
    words = _decoded(content)
    start = words.lstrip()[:200].casefold()
    if start.startswith(("<!doctype", "<html", "<?xml", "<table", "%pdf", "{\\rtf")) or "\x00" in words:
        raise Problem(
            "这个文件看起来是表格，其实不是(里面是网页或别的格式)。", "请用表格软件打开它，另存为 .xlsx 再导入。"
        )
    separator = max(",;\t", key=lambda mark: _fields(words, mark))
    rows = []
    csv.field_size_limit(1 << 20)
    try:
        reader = csv.reader(io.StringIO(words, newline=""), delimiter=separator)
        for number, cells in enumerate(reader, 1):
            if any(cell.strip() for cell in cells):
                rows.append(SheetRow(number, tuple(cells)))
            if len(rows) > child.MOST_ROWS:
                raise TableBroken
    except csv.Error:
        raise TableBroken from None
    return Sheet("", tuple(rows))


def _fields(words: str, mark: str) -> int:
    """How many lines of the first 200 have the most usual number of this separator, at least one."""
    counts = [line.count(mark) for line in words.splitlines()[:200] if line.count(mark)]
    return max((counts.count(count) * count for count in set(counts)), default=0)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # 「Unicode 文本」 as Excel saves it
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            words = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_written(words):
            return words
    from charset_normalizer import from_bytes

    best = from_bytes(content[: 1 << 20]).best()
    if best is None or not _is_written(str(best)):
        raise NotATable
    return content.decode(best.encoding, errors="replace")


def _is_written(words: str) -> bool:
    """Whether decoded text looks like writing: hardly a control character in it."""
    control = sum(1 for c in words[:20_000] if ord(c) < 32 and c not in "\t\r\n")
    return control * 100 <= min(len(words), 20_000)
