"""``make lab``: every part with its full count, and docs/reliability.md from what they bring back.

``python -m tests.lab kills codes`` runs those parts alone; the report then keeps the others' last results, with their days.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from datetime import datetime
from importlib import import_module
from pathlib import Path

from tests.lab import report

PARTS = {
    "kills": 1000,
    "powercuts": 2000,
    "fulldisks": 200,
    "damage": 1,
    "codes": 500,
    "surroundings": 1,
    "hostile": 10_000,
    "texts": 2000,
    "markers": 39,
}
"""Each part's module and its full count."""
SEED = 20261122


def main() -> int:
    """Run what was asked for; gives 1 if anything failed."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for part in sys.argv[1:] or PARTS:
        folder = Path(tempfile.mkdtemp(prefix="lab-"))
        began = time.monotonic()
        outcome = import_module(f"tests.lab.{part}").run(PARTS[part], SEED, folder)
        shutil.rmtree(folder)
        report.keep(part, outcome, time.monotonic() - began, datetime.now().astimezone())
        sys.stdout.write(f"{part}: {outcome.tried} trials, {len(outcome.failures)} failures\n")
    report.write(PARTS)
    return int(any(kept.outcome.failures for kept in report.kept(PARTS)))


if __name__ == "__main__":
    sys.exit(main())
