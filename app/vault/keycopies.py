"""The two copies of the key file: which is good, and how both are written so that one is whole at every moment."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from app.errors import Problem
from app.vault.files import KEYS, KEYS_B, write_whole
from app.vault.keyfile import MOST_BYTES, KeyFile, NewerKeyFile, NotAKeyFile, dumped, mac_of, parse
from app.vault.keys import MasterKey

_changing = threading.Lock()


class KeyFileDamaged(Problem):
    """Neither copy of the key file can be used."""

    def __init__(self) -> None:
        super().__init__(
            "钥匙文件（vault.keys）已损坏，档案没有打开。",
            "口令没有错，档案内容也没有动过。请点「从备份恢复」，可以只取回钥匙文件。请不要删除任何文件。",
        )


class KeyFileMissing(Problem):
    """Neither copy of the key file is there, but the database is."""

    def __init__(self) -> None:
        super().__init__(
            "文件夹里没有钥匙文件（vault.keys），档案打不开。",
            "请点「从备份恢复」，可以只取回钥匙文件，档案内容不会变。请不要删除任何文件。",
        )


class KeyFileNewer(Problem):
    """The key file was written by a newer program."""

    def __init__(self) -> None:
        super().__init__("这份档案由更新版本的静室写成，本版本没有动它。", "请安装新版本的静室再打开。")


@dataclass(frozen=True)
class Copy:
    """One copy as found on disk, its SHA-256 in order; whether its MAC is right shows only after unlock."""

    path: Path
    content: KeyFile
    mac: str


def read_copies(folder: Path) -> list[Copy]:
    """The good copies, the newest first. Raises KeyFileMissing, KeyFileDamaged or KeyFileNewer when there is none."""
    found, bad = [], []
    for name in (KEYS, KEYS_B):
        try:
            found.append(_read(folder / name))
        except FileNotFoundError:
            continue
        except (NotAKeyFile, OSError) as error:
            bad.append(error)
    if found:
        return sorted(found, key=lambda copy: -copy.content.generation)
    if any(isinstance(error, NewerKeyFile) for error in bad):
        raise KeyFileNewer
    raise KeyFileDamaged if bad else KeyFileMissing


def contents(folder: Path) -> list[KeyFile]:
    """What the good copies say, the newest first; none where there is none."""
    try:
        return [copy.content for copy in read_copies(folder)]
    except Problem:
        return []


def is_sealed_by(copy: Copy, master: MasterKey) -> bool:
    """Whether the copy's MAC is this master key's: nobody without it has changed the file."""
    return hmac.compare_digest(copy.mac, mac_of(copy.content, master))


def write_copies(folder: Path, content: KeyFile, master: MasterKey) -> None:
    """Write both copies, one after the other, so that one of them is whole at every moment.

    Raises FileHeld, NoRoom or NotWritable; the old content then stands in one copy at least.
    """
    data = dumped(content, master)
    for name in (KEYS_B, KEYS):
        write_whole(folder / name, data)


def change(
    folder: Path, master: MasterKey, how: Callable[[KeyFile], KeyFile], *, under: MasterKey | None = None
) -> KeyFile:
    """Write the next generation, made by ``how`` from what stands there now, and give it back; one change at a time.

    It is sealed by the same master key unless ``under`` is another.

    Raises KeyFileMissing or KeyFileDamaged when no copy sealed by the master key is there, else as ``write_copies``.
    """
    with _changing:
        changed = how(current(folder, master))
        changed = replace(changed, generation=changed.generation + 1)
        write_copies(folder, changed, under or master)
        return changed


def current(folder: Path, master: MasterKey) -> KeyFile:
    """What stands there now, sealed by the master key. Raises KeyFileMissing, KeyFileDamaged or KeyFileNewer."""
    return sealed_by(read_copies(folder), master)


def sealed_by(copies: list[Copy], master: MasterKey) -> KeyFile:
    """The newest of the copies that the master key has sealed. Raises KeyFileDamaged when there is none."""
    for copy in copies:
        if copy.content.vault_id == master.vault_id and is_sealed_by(copy, master):
            return copy.content
    raise KeyFileDamaged


def mend_copies(folder: Path, content: KeyFile, master: MasterKey) -> None:
    """Write again whichever copy is missing, damaged or older than the one that just opened the vault."""
    data = dumped(content, master)
    for name in (KEYS_B, KEYS):
        try:
            kept = _read(folder / name)
            good = kept.content == content and is_sealed_by(kept, master)
        except (OSError, NotAKeyFile):
            good = False
        if not good:
            write_whole(folder / name, data)


def _read(path: Path) -> Copy:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    content, mac = parse(data)
    return Copy(path, content, mac)
