"""The vaults that are measured and drawn: made once by the demo command's own functions and kept under build/."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from itertools import chain
from pathlib import Path

from app.clock import Clock
from app.demo import making
from app.resources import migrations, resource
from app.rooms.school.calendar import monday_of
from app.vault.opening import Password, open_vault
from app.vault.vault import Vault

# Each run is a user who has opened no vault yet: copies of one vault would be taken for older files put back.
for variable in ("XDG_DATA_HOME", "LOCALAPPDATA"):
    os.environ[variable] = tempfile.mkdtemp()

FULL = Path("build/bench-vault")
SMALL = Path("build/demo-vault")


def full() -> tuple[Path, str]:
    """5,000 students and 50,000 notes; gives the folder and the password, and says how long making it took."""
    return _made(FULL, 5000, 50_000)


def small() -> tuple[Path, str]:
    """Enough people to draw every page."""
    return _made(SMALL, 60, 240)


def opened(folder: Path, password: str) -> Vault:
    """The vault, unlocked."""
    return open_vault(folder, Password(password), Clock())


def _made(folder: Path, students: int, notes: int) -> tuple[Path, str]:
    said = folder.with_suffix(".json")
    stamp = _stamp()
    if not said.exists() or json.loads(said.read_text(encoding="utf-8")).get("stamp") != stamp:
        shutil.rmtree(folder, ignore_errors=True)
        started = time.perf_counter()
        made = making.make(folder.resolve(), [], students, notes, 7, None)
        facts = {"stamp": stamp, "password": made.password, "seconds": round(time.perf_counter() - started, 1)}
        said.write_text(json.dumps(facts), encoding="utf-8")
    facts = json.loads(said.read_text(encoding="utf-8"))
    return folder.resolve(), str(facts["password"])


def _stamp() -> str:
    """What the vault is made from, and the week it is about: one made from anything else is made anew."""
    made_by = (Path(making.__file__).parent.glob("*.py"), resource("demo").glob("*.json"))
    files = sorted((*migrations().glob("versions/*.py"), migrations() / "triggers.sql", *chain.from_iterable(made_by)))
    week = monday_of(Clock().today()).isoformat().encode()
    return hashlib.sha256(b"".join((week, *(path.read_bytes() for path in files)))).hexdigest()[:16]


def seconds_to_make(folder: Path) -> float:
    """How long the vault took when it was made."""
    return float(json.loads(folder.with_suffix(".json").read_text(encoding="utf-8"))["seconds"])
