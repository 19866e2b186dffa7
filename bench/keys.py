"""What changing keys costs: the password alone, and all keys with the whole database rewritten and checked."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path

from app.clock import Clock
from app.vault import keycopies
from app.vault.keyfile import PASSWORD
from app.vault.keys import Password
from app.vault.opening import open_vault
from app.vault.recovery import new_code
from app.vault.renewing import change_password
from app.vault.rotating import NewSecrets, rotate

Figure = tuple[str, float, float, str]
OTHER = "zhuzi-shanpo-yuntian-hebian-laoshu-taiyang"
TIMES = 5


def keys(folder: Path, password: str) -> list[Figure]:
    """On a copy: the password there and back a few times, then every key."""
    copy = Path(tempfile.mkdtemp()) / "vault"
    shutil.copytree(folder, copy)
    vault = open_vault(copy, Password(password), Clock())
    time.sleep(5)  # the page checks end
    beyond, now, then = [], password, OTHER
    for _ in range(TIMES):
        kdf = keycopies.current(copy, vault.master).slots[PASSWORD].kdf
        started = time.perf_counter()
        kdf.derive(b"one")
        kdf.derive(b"two")
        derivations = time.perf_counter() - started
        started = time.perf_counter()
        change_password(vault, now, then)
        beyond.append((time.perf_counter() - started - derivations) * 1000)
        now, then = then, now
    megabytes = (copy / "vault.db").stat().st_size / 1e6
    started = time.perf_counter()
    rotate(vault, now, NewSecrets("yuntian-zhuzi-laoshu-taiyang-shanpo-hebian", new_code()))
    seconds = time.perf_counter() - started
    shutil.rmtree(copy.parent)
    return [
        ("password change, beyond its two derivations", statistics.median(beyond), 1000.0, "ms"),
        ("all keys changed, per 200 MB (floor: a restore's)", seconds * 200 / megabytes, 60.0, "s"),
    ]
