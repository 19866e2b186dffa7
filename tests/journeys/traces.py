"""What can be read in plain in files: marker words in every form a program of this PC would write them in, and whole documents."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

ENCODINGS = ("gb18030", "utf-16-le", "utf-16-be")
"""Beside UTF-8."""
SHORTEST = 6
"""Bytes; anything shorter turns up in sealed bytes by chance, and is looked for as a word of its own in texts."""
OPEN_FILES = (b"%PDF-", b"SQLite format 3\0")
"""How a document or an open database begins, anywhere in a file: their words may be packed."""
PACKED = b"PK\x03\x04"
"""How a spreadsheet or an archive begins."""
_PROSE = re.compile(rb"(?:[\t\n -~]|[\xc2-\xf4][\x80-\xbf]{1,3}){6,}|(?:[\xc2-\xf4][\x80-\xbf]{1,3}){2,}")
_STREAM = re.compile(rb"x[\x01\x5e\x9c\xda]")
_MOST_PACKED, _MOST_UNPACKED = 1 << 20, 1 << 26


class Found(NamedTuple):
    """A word, and the form it was written in."""

    word: str
    form: str


class Marks:
    """Words to look for, in every form."""

    def __init__(self, words: Iterable[str]) -> None:
        self._raw: dict[bytes, Found] = {}
        self._written: dict[bytes, Found] = {}
        self._alone: dict[str, re.Pattern[str]] = {}
        for word in filter(None, words):
            self._raw |= {needle: Found(word, form) for form, needle in _encoded(word)}
            self._written |= {needle: Found(word, form) for form, needle in _written(word)}
            if len(word.encode()) < SHORTEST:
                self._alone[word] = re.compile(f"(?<![0-9A-Za-z]){re.escape(word)}(?![0-9A-Za-z])")

    def found(self, content: bytes) -> set[Found]:
        """Which of them can be read here, packed streams and archives within it included."""
        return {found for part in unpacked(content) for found in self._in(part)}

    def _in(self, content: bytes) -> Iterator[Found]:
        prose = b"\n".join(_PROSE.findall(content))  # all that is text; little is left of sealed bytes
        yield from (found for needle, found in self._raw.items() if needle in content)
        yield from (found for needle, found in self._written.items() if needle in prose)
        if self._alone and len(prose) > 0.95 * len(content):
            text = prose.decode(errors="replace")
            yield from (Found(word, "text") for word, alone in self._alone.items() if alone.search(text))


def unpacked(content: bytes) -> Iterator[bytes]:
    """The bytes themselves, and what is packed in them by zip or zlib, as spreadsheets, backups and PDFs are."""
    yield content
    if content.startswith(PACKED):
        try:
            with zipfile.ZipFile(BytesIO(content)) as archive:
                for member in archive.infolist():
                    yield from unpacked(archive.read(member))
            return
        except (zipfile.BadZipFile, NotImplementedError):
            pass
    view = memoryview(content)
    for match in _STREAM.finditer(content):
        try:
            yield zlib.decompressobj().decompress(view[match.start() :][:_MOST_PACKED], _MOST_UNPACKED)
        except zlib.error:
            continue


def is_open(content: bytes) -> list[str]:
    """How a file shows itself as a document or an open database; archives that hide nothing but sealed files are none."""
    told = [repr(head) for head in OPEN_FILES if head in content]
    return told + [repr(PACKED)] * (content.startswith(PACKED) and not _is_backup(content))


def traces(folder: Path, words: Iterable[str], *, but: Path | None = None) -> list[str]:
    """Every file under the folder that holds one of the words, or is a document, with what was found in it."""
    words = list(words)
    marks, found, read = Marks(words), list[str](), 0
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != but:
            content = path.read_bytes()
            read += 1
            told = [f"{word} in {form}" for word, form in marks.found(content)] + is_open(content)
            found += [f"{path.relative_to(folder)}: {what}" for what in told]
        found += [f"{path.name}: its name" for word in words if word in path.name]
    assert read, "nothing was written at all"
    return found


def _encoded(word: str) -> Iterator[tuple[str, bytes]]:
    for encoding in ENCODINGS:
        needle = word.encode(encoding)
        if len(needle) >= SHORTEST:
            yield encoding, needle


def _written(word: str) -> Iterator[tuple[str, bytes]]:
    """UTF-8, and as settings files, logs, links and mails write what is not ASCII."""
    plain = word.encode()
    if len(plain) >= SHORTEST:
        yield "utf-8", plain
    for encoding, bytes_ in (("utf-8", plain), ("utf-16-le", word.encode("utf-16-le"))):
        yield f"hex of {encoding}", bytes_.hex().encode()
        yield f"HEX of {encoding}", bytes_.hex().upper().encode()
        for shift in range(3):
            yield f"base64 of {encoding}", _base64(bytes_, shift)
    if not word.isascii():
        yield "percents", urllib.parse.quote(word).encode()
        yield "small percents", urllib.parse.quote(word).lower().encode()
        yield "escapes", json.dumps(word).strip('"').encode()
        yield "bytes' escapes", "".join(f"\\x{byte:02x}" for byte in plain).encode()
        yield "octal escapes", "".join(f"\\{byte:03o}" for byte in plain).encode()
        yield "QSettings' escapes", "".join(f"\\x{ord(c):x}" for c in word).encode()
        yield "references", "".join(f"&#{ord(c)};" for c in word).encode()
        yield "hex references", "".join(f"&#x{ord(c):x};" for c in word).encode()


def _base64(content: bytes, shift: int) -> bytes:
    """The middle of it that is the same whatever stands before, ``shift`` bytes past a group of three, and after."""
    packed = base64.b64encode(bytes(shift) + content).rstrip(b"=")
    whole = (shift + len(content)) % 3 == 0
    return packed[(0, 2, 3)[shift] : len(packed) if whole else -1]


def _is_backup(content: bytes) -> bool:
    """Members stored as they are, so that they are looked through with the archive around them."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return all(member.compress_type == zipfile.ZIP_STORED for member in archive.infolist())
    except zipfile.BadZipFile:
        return False
