"""Full disks: each thing the program writes is tried with less room than it needs, on a small disk of its own, at many fillings."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast
from unittest import mock

import shiboken6
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.errors import Problem
from app.ui.exporting import write_whole
from app.ui.fields import TextField
from app.ui.forms import Form
from app.ui.keeper import Keeper
from app.vault import ballast, migrating, opening, places, typing
from app.vault.files import BALLAST
from app.vault.opening import is_vault, open_vault
from app.vault.recovery import RecoveryCode, new_code
from app.vault.vault import Vault
from tests.lab import deeds
from tests.lab.deeds import NOW, StandingClock, password
from tests.lab.trial import Outcome, user_data
from tests.lab.truth import Ledger, examine

DISK = "96m"
REAL_BALLAST = 16 << 20
KIB = 1 << 10
NEEDS = {
    "sign": 160 * KIB, "draft": 120 * KIB, "type": 100 * KIB, "import": 600 * KIB, "password": 60 * KIB,
    "backup": 18 << 20, "restore": 18 << 20, "rotate": 18 << 20, "export": 400 * KIB, "migrate": 18 << 20, "found": 2 << 20,
}  # fmt: skip
"""Each act and the room, in bytes, that is more than it needs: it is tried from none up to this."""
ONCE_WRONG = (("password", 23 * KIB), ("found", 682 * KIB), ("migrate", 0), ("rotate", 3 * KIB))
"""Fillings at which the program was once found wanting."""
EXPORTED = 300 * KIB
WRITTEN = "写到一半。" * 400
KEY = "note/new/2"


def run(count: int, seed: int, folder: Path) -> Outcome:
    """Try ``count`` fillings, spread over the acts."""
    if _may_mount(folder):
        return _run(count, seed, folder)
    return _in_a_namespace(count, seed, folder)


def _run(count: int, seed: int, folder: Path) -> Outcome:
    outcome = Outcome("full disk", "file opens, old data intact, typed text still on screen, what is needed said in MB")
    dice, code = random.Random(seed), new_code()
    application = QApplication.instance() or QApplication(sys.argv[:1])
    templates, disk = folder / "templates", folder / "disk"
    disk.mkdir(parents=True)
    with user_data(folder / "user-data"), mock.patch.object(places, "LEAST_FREE", 1):
        deeds.found(templates / "today", code)
        _older(templates / "older")
        with mock.patch.object(deeds, "SMALL_BALLAST", REAL_BALLAST), _mounted(disk):
            ballast.BALLAST_BYTES = REAL_BALLAST
            for number, (act, free) in enumerate(_points(count, dice)):
                outcome.note(number, _Trial(outcome, disk, templates, code, act, free).run())
                _clear(disk)
    del application
    return outcome


def _points(count: int, dice: random.Random) -> Iterator[tuple[str, int]]:
    yield from ONCE_WRONG
    rest = count - len(ONCE_WRONG)
    levels = -(-rest // len(NEEDS))
    for number in range(rest):
        act = list(NEEDS)[number % len(NEEDS)]
        level = number // len(NEEDS)
        yield act, round(NEEDS[act] * level / max(1, levels - 1)) + dice.randrange(4 * KIB)


class _Trial:
    """One act on one filling."""

    def __init__(self, outcome: Outcome, disk: Path, templates: Path, code: RecoveryCode, act: str, free: int) -> None:
        self._outcome, self._disk, self._code, self._act, self._free = outcome, disk, code, act, free
        self._folder = disk / "王 老师 🏫"
        self._templates = templates
        self._ledger = Ledger(code=code.characters)
        self._faults: list[str] = []

    def run(self) -> list[str]:
        """Every fault, with the act and the room there was."""
        if self._act in ("migrate", "found"):
            self._beginning()
        else:
            self._day()
        return [f"{self._act} with {self._free // KIB} KiB free: {fault}" for fault in self._faults]

    def _day(self) -> None:
        shutil.copytree(self._templates / "today", self._folder, ignore=shutil.ignore_patterns(BALLAST))
        day = deeds.Day(self._folder, password(0), self._ledger.hear)
        for number, before in enumerate(("sign", "import", "backup", "draft"), start=1):
            day.do(before, number)
        _fill(self._disk, self._free)
        self._tried(lambda: self._export() if self._act == "export" else day.do(self._act, 9))
        self._ledger.begun = None  # a Problem means that nothing has happened
        vault = day.vault
        if vault.closed:  # a restore or a change of keys ends with an opening, which may have found no room
            wrapped = b""
        else:
            wrapped = self._type(vault)
            self._close(vault)
        (self._disk / "filler").unlink()
        self._faults += examine(self._folder, self._ledger, deeply=True)
        if not vault.closed or wrapped:
            self._typed_is_there(wrapped)

    def _type(self, vault: Vault) -> bytes:
        """She goes on typing: the form has it, and it is written down in the ballast's room or sealed for the lock to hand on."""
        page = QWidget()
        form, keeper = Form(KEY, student_id=None, parent=page), Keeper(vault, page)
        QVBoxLayout(page).addWidget(form.add("text", TextField("过程")))
        keeper.watch(form)
        form.fields["text"].set_value(WRITTEN)
        kept = keeper.flush()
        if form.values() != {"text": WRITTEN}:
            self._faults.append("what was typed is not on the screen any more")
        self._outcome.met["typed text kept on the full disk" if kept else "typed text sealed for the lock"] += 1
        wrapped = keeper.wrapped()
        shiboken6.delete(page)
        return wrapped

    def _typed_is_there(self, wrapped: bytes) -> None:
        vault = open_vault(self._folder, password(self._ledger.password), StandingClock(NOW))
        with vault.read() as session:
            kept = typing.typed(session, KEY)
        content = typing.unwrap(vault, wrapped)[KEY].content if wrapped else kept.content if kept else {}
        if content != {"text": WRITTEN}:
            self._faults.append("what was typed is lost")
        vault.close()

    def _close(self, vault: Vault) -> None:
        try:
            vault.close()
        except Problem as problem:
            self._faults.append(f"closing raises {type(problem).__name__}")

    def _export(self) -> None:
        target = self._disk / "转介单.pdf"
        try:
            write_whole(target, bytes(EXPORTED))
        finally:
            left = [path.name for path in self._disk.iterdir() if path.suffix in (".tmp", ".pdf")]
            if left and left != [target.name]:
                self._faults.append(f"half an export is left: {left}")

    def _beginning(self) -> None:
        """Founding a vault, or opening one that an older program wrote."""
        if self._act == "migrate":
            shutil.copytree(self._templates / "older", self._folder)
        _fill(self._disk, self._free)
        if self._act == "found":
            through = self._tried(lambda: deeds.found(self._folder, self._code))
            if not through and is_vault(self._folder) and not self._ledger_like():
                self._faults.append("half a vault is left")
        else:
            self._tried(lambda: open_vault(self._folder, password(0), StandingClock(NOW)).close())
        (self._disk / "filler").unlink()
        if self._act == "found" and not is_vault(self._folder):
            deeds.found(self._folder, self._code)
        open_vault(self._folder, password(0), StandingClock(NOW)).close()

    def _ledger_like(self) -> bool:
        """Whether what stands there opens: the disk was full only after the vault had been founded."""
        return (self._folder / "vault.db").exists()

    def _tried(self, act: Callable[[], object]) -> bool:
        """Do it; a Problem must say how many MB are needed, anything else is a bug."""
        try:
            act()
        except Problem as problem:
            self._outcome.met[f"refused for want of room: {self._act}"] += 1
            if "MB" not in problem.next_step + problem.sentence:
                self._faults.append(f"{type(problem).__name__} does not say how many MB are needed")
            return False
        except Exception as error:
            self._faults.append(f"a {type(error).__name__} instead of a Problem: {error}")
            return False
        self._outcome.met[f"went through: {self._act}"] += 1
        return True


def _older(folder: Path) -> None:
    """A vault of the schema before the present one."""
    newest = migrating.newest()
    with mock.patch.object(migrating, "newest", return_value=newest - 1), mock.patch.object(opening, "_check_seals"):
        vault, _ = opening.create_vault(
            folder, school="", room="", password=password(0).text, clock=StandingClock(NOW), kdf=deeds.CHEAP
        )
        vault.close()


def _fill(disk: Path, free: int) -> None:
    """Leave that much room on the disk."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        room = shutil.disk_usage(disk).free
        with suppress(OSError):
            file.write(bytes(max(0, room - free)))


def _clear(disk: Path) -> None:
    for path in disk.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


@contextmanager
def _mounted(disk: Path) -> Iterator[None]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", str(disk)], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def _may_mount(folder: Path) -> bool:
    place = folder / "may-mount"
    place.mkdir()
    try:
        with _mounted(place):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


def _in_a_namespace(count: int, seed: int, folder: Path) -> Outcome:
    """Where this user may not mount, a process of its own may, as root of nothing but itself."""
    command = ["unshare", "--user", "--map-root-user", "--mount", sys.executable, "-m", "tests.lab.fulldisks"]
    try:
        done = subprocess.run(
            [*command, str(count), str(seed), str(folder)], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        outcome = Outcome("full disk", "")
        outcome.skipped.append(f"no disk of its own can be mounted here ({type(error).__name__})")
        return outcome
    fields = cast(dict[str, Any], json.loads(done.stdout.splitlines()[-1]))
    return Outcome(**{**fields, "met": Counter(fields["met"])})


if __name__ == "__main__":
    sys.stdout.write(json.dumps(vars(_run(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))))
