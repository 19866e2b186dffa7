"""What can be read in plain in the files of a folder: marker words in every encoding a program of this PC would use, and documents."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
OPEN_FILES = (b"%PDF-", b"SQLite format 3\0", b"PK\x03\x04")
"""How a document, an open database and a spreadsheet begin: their words may be packed."""


def traces(folder: Path, words: Iterable[str], *, but: Path | None = None) -> list[str]:
    """Every file under the folder that holds one of the words, or is a document, with what was found in it."""
    needles = {word.encode(encoding): f"{word} in {encoding}" for word in words for encoding in ENCODINGS}
    needles |= {head: repr(head) for head in OPEN_FILES}
    found, read = [], 0
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != but:
            content = path.read_bytes() if path.suffix != ".jsbak" else _inside(path)
            read += 1
            found += [f"{path.relative_to(folder)}: {told}" for needle, told in needles.items() if needle in content]
        found += [f"{path.name}: its name" for word in words if word in path.name]
    assert read, "nothing was written at all"
    return found


def _inside(backup: Path) -> bytes:
    """What a backup holds, without the zip around it, which is stored and hides nothing."""
    with zipfile.ZipFile(backup) as archive:
        assert all(member.compress_type == zipfile.ZIP_STORED for member in archive.infolist())
        return b"".join(archive.read(name) for name in archive.namelist())
