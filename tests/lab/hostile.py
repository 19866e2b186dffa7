"""Hostile files and texts: backups made up or changed, attachments' names, pictures, and any text from the form to the paper."""

from __future__ import annotations

import random
import re
import shutil
import struct
import unicodedata
import zipfile
from io import BytesIO
from pathlib import Path

from PIL import Image

from app.clock import StandingClock
from app.documents import pictures
from app.errors import Problem
from app.ui.exporting import safe_name
from app.vault import attachments
from app.vault.backup import BACKUPS
from app.vault.backupfile import MANIFEST, Unwatched, read
from app.vault.files import DATABASE, KEYS
from app.vault.recovery import new_code
from app.vault.restoring import Opened, unlocked
from tests.lab import deeds
from tests.lab.deeds import NOW, password
from tests.lab.trial import Outcome, user_data

NAMES = (
    "..\\..\\x", "C:x", "\\\\srv\\x", "CON", "a.txt:ads", "长" * 300 + ".pdf", "x. .", "\u202efdp.exe", "../../etc/passwd",
    "nul.pdf", "a\0b.png", "a\nb", ".", "..", "", "com1.txt", "ａ：ｂ", "<script>", "a/b/../c", "\ud800.png", "x" * 300,
)  # fmt: skip
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def run(count: int, seed: int, folder: Path) -> Outcome:
    """``count`` names and pictures in all, and a tenth as many backups."""
    outcome = Outcome("hostile files", "refused with the reason and nothing changed, or taken in without their harm")
    dice = random.Random(seed)
    with user_data(folder / "user-data"):
        _backups(outcome, dice, count // 20, folder)
    _names(outcome, dice, count // 2)
    _pictures(outcome, dice, count // 10)
    return outcome


def _backups(outcome: Outcome, dice: random.Random, count: int, folder: Path) -> None:
    """A good backup, changed in one way each time, never opens as anything but what it was."""
    here, other = folder / "here", folder / "other"
    for place in (here, other):
        deeds.found(place, new_code())
        deeds.live(place, password(0), len, ["sign", "import", "backup"], 1)
    (good,) = [path.read_bytes() for path in (here / BACKUPS).iterdir()]
    (foreign,) = [path.read_bytes() for path in (other / BACKUPS).iterdir()]
    path, before = folder / "备份.jsbak", (here / DATABASE).read_bytes()
    for number in range(count):
        way = dice.choice(list(WAYS))
        path.write_bytes(WAYS[way](good, foreign, dice))
        faults = _restored(path, good, here, folder / "scratch")
        if (here / DATABASE).read_bytes() != before:
            faults.append("the vault was changed")
        outcome.met[f"backup {way}"] += 1
        outcome.note(number, [f"backup {way}: {fault}" for fault in faults])


def _restored(path: Path, good: bytes, here: Path, scratch: Path) -> list[str]:
    """What is wrong with how a restore takes it."""
    try:
        container = read(path)
        master = unlocked(container, password(0), scratch)
        with Opened(container, master, scratch, StandingClock(NOW), Unwatched()):
            pass
    except Problem as problem:
        return [] if problem.next_step else ["refused without a next step"]
    except Exception as error:
        return [f"a {type(error).__name__} instead of a Problem"]
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    same = _members(path.read_bytes()) == _members(good)
    return [] if same else ["taken, though it is not what was written"]


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _flip(good: bytes, _foreign: bytes, dice: random.Random) -> bytes:
    data = bytearray(good)
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(data)


def _cut(good: bytes, _foreign: bytes, dice: random.Random) -> bytes:
    return good[: dice.randrange(len(good))]


def _noise(good: bytes, _foreign: bytes, dice: random.Random) -> bytes:
    data, at = bytearray(good), dice.randrange(len(good) - 600)
    data[at : at + 512] = dice.randbytes(512)
    return bytes(data)


def _tail(good: bytes, _foreign: bytes, dice: random.Random) -> bytes:
    data, at = bytearray(good), len(good) - 1 - dice.randrange(400)
    data[at] = dice.randrange(256)
    return bytes(data)


def _mixed(good: bytes, foreign: bytes, dice: random.Random) -> bytes:
    """One member comes from another vault's backup."""
    ours, theirs = _members(good), _members(foreign)
    return _zipped(ours | {name: theirs[name] for name in dice.sample([DATABASE, KEYS, MANIFEST], dice.randint(1, 2))})


def _renamed(good: bytes, _foreign: bytes, dice: random.Random) -> bytes:
    members = _members(good)
    members[dice.choice(["../vault.db", "/etc/x", "C:\\x", "a/../../b", "vault.db-wal"])] = members[DATABASE][:4096]
    if dice.random() < 0.5:
        del members[dice.choice([DATABASE, KEYS, MANIFEST])]
    return _zipped(members)


def _packed(good: bytes, _foreign: bytes, _dice: random.Random) -> bytes:
    return _zipped(_members(good) | {DATABASE: bytes(50 << 20)}, zipfile.ZIP_DEFLATED)


def _lying(good: bytes, _foreign: bytes, dice: random.Random) -> bytes:
    """The manifest says something else."""
    members = _members(good)
    text = members[MANIFEST].decode()
    numbers = list(re.finditer(r"\d+", text))
    chosen = dice.choice(numbers)
    text = text[: chosen.start()] + str(dice.randrange(10**9)) + text[chosen.end() :]
    return _zipped(members | {MANIFEST: text.encode()})


def _zipped(members: dict[str, bytes], packing: int = zipfile.ZIP_STORED) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", packing) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


WAYS = {
    "with one bit changed": _flip, "cut off": _cut, "with noise in it": _noise, "with its directory changed": _tail,
    "mixed with another vault's": _mixed, "with strange members": _renamed, "packed to burst": _packed, "that lies": _lying,
}  # fmt: skip


def _names(outcome: Outcome, dice: random.Random, count: int) -> None:
    """A file's name is a label inside the vault, and harmless again when it leaves it."""
    for number in range(count):
        name = NAMES[number] if number < len(NAMES) else "".join(chr(_point(dice)) for _ in range(dice.randrange(40)))
        label, out = attachments.label(name), safe_name(attachments.label(name))
        faults = []
        if not label or len(label) > 120 or set(label) & set('/\\:<>"|?*') or not label.isprintable():
            faults.append(f"label {label!r}")
        if not out or set(out) & set('/\\:<>"|?*') or RESERVED.fullmatch(out) or out.endswith((".", " ")):
            faults.append(f"file name {out!r}")
        if any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in out):
            faults.append(f"unseen characters in {out!r}")
        outcome.met["attachment's name"] += 1
        outcome.note(number, faults)


def _point(dice: random.Random) -> int:
    return dice.choice(
        (dice.randrange(0x80), dice.randrange(0x2000, 0x2070), dice.randrange(0x4E00, 0x9FFF), dice.randrange(0x110000))
    )


def _pictures(outcome: Outcome, dice: random.Random, count: int) -> None:
    """A changed picture is refused in one sentence, or becomes a small sound one."""
    seeds = [_saved(kind, size) for kind in ("PNG", "JPEG", "GIF", "TIFF") for size in ((40, 30), (300, 200))]
    for number in range(count):
        data = bytearray(dice.choice(seeds))
        for _ in range(dice.randrange(1, 12)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        if dice.random() < 0.2:
            del data[dice.randrange(len(data)) :]
        if dice.random() < 0.1 and len(data) > 30:
            data[16:24] = struct.pack(">II", dice.randrange(1 << 31), dice.randrange(1 << 31))
        faults = []
        try:
            clean = pictures.clean(bytes(data))
            with Image.open(BytesIO(clean)) as image:
                image.load()
                if image.format != "PNG" or max(image.size) > pictures.LONGEST_SIDE or image.info.get("exif"):
                    faults.append(f"not made harmless: {image.format} {image.size}")
            outcome.met["picture taken, made anew"] += 1
        except Problem:
            outcome.met["picture refused"] += 1
        except Exception as error:
            faults.append(f"picture: a {type(error).__name__} instead of a Problem")
        outcome.note(number, faults)


def _saved(kind: str, size: tuple[int, int]) -> bytes:
    data = BytesIO()
    Image.radial_gradient("L").convert("RGB").resize(size).save(data, kind)
    return data.getvalue()
