"""docs/reliability.md, written from what the parts of the lab brought back; each part's last result is kept under build/lab/."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import PySide6
import sqlcipher3.dbapi2 as sqlcipher

from app import VERSION
from tests.lab.trial import Outcome

KEPT = Path("build/lab")
WORDS = Path(__file__).with_name("report.md")
"""What was done and how, in words; the figures are put in."""
DOCUMENT = Path("docs/reliability.md")
MOST_LISTED = 20


@dataclass(frozen=True)
class Kept:
    """One part's last run."""

    part: str
    outcome: Outcome
    seconds: float
    at: str


def keep(part: str, outcome: Outcome, seconds: float, at: datetime) -> None:
    """Write a part's result down."""
    KEPT.mkdir(parents=True, exist_ok=True)
    fields = {**vars(outcome), "seconds": round(seconds), "at": at.strftime("%Y-%m-%d %H:%M")}
    (KEPT / f"{part}.json").write_text(json.dumps(fields, ensure_ascii=False, indent=1), encoding="utf-8")


def kept(parts: Iterable[str]) -> list[Kept]:
    """The last results of those parts that have run."""
    found = []
    for part in parts:
        if (KEPT / f"{part}.json").exists():
            fields = json.loads((KEPT / f"{part}.json").read_text(encoding="utf-8"))
            seconds, at = fields.pop("seconds"), fields.pop("at")
            found.append(Kept(part, Outcome(**{**fields, "met": Counter(fields["met"])}), seconds, at))
    return found


def write(parts: dict[str, int]) -> None:
    """Write the document."""
    text = WORDS.read_text(encoding="utf-8")
    results = {result.part: result for result in kept(parts)}
    text = text.replace("${machine}", _machine()).replace("${table}", _table(parts, results))
    for part in parts:
        text = text.replace(f"${{{part}}}", _details(results[part]) if part in results else "Not run yet.")
    DOCUMENT.write_text(text, encoding="utf-8")


def _table(parts: dict[str, int], results: dict[str, Kept]) -> str:
    rows = ["| part | promised | trials | failures | run | minutes |", "|---|---|---|---|---|---|"]
    for part in parts:
        result = results.get(part)
        if result is None:
            rows.append(f"| {part} | | not run | | | |")
            continue
        outcome = result.outcome
        failures = len(outcome.failures)
        rows.append(
            f"| {outcome.part} | {outcome.promise} | {outcome.tried:,} | {failures or '**0**'} | {result.at} | {result.seconds / 60:.1f} |"
        )
    return "\n".join(rows)


def _details(result: Kept) -> str:
    outcome = result.outcome
    lines = [
        f"- {what}: {times:,}" for what, times in sorted(outcome.met.items(), key=lambda item: (-item[1], item[0]))
    ]
    lines += [f"- not tried here: {skipped}" for skipped in outcome.skipped]
    lines += [f"- **failed:** {failure}" for failure in outcome.failures[:MOST_LISTED]]
    if len(outcome.failures) > MOST_LISTED:
        lines.append(f"- **failed:** and {len(outcome.failures) - MOST_LISTED} more")
    return "\n".join(lines)


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    lines = [
        f"- {_processor()}, {os.cpu_count()} cores, {memory:.0f} GB of memory, {platform.system()} {platform.release().partition('-')[0]}",
        f"- file system of the trials: {_file_system(Path(tempfile.gettempdir()))}; of the full disks: tmpfs",
        f"- Jingshi {VERSION}, Python {platform.python_version()}, PySide6 {PySide6.__version__}, SQLCipher {_cipher()},"
        f" SQLite {sqlcipher.sqlite_version}",
    ]
    return "\n".join(lines)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _file_system(path: Path) -> str:
    findmnt = shutil.which("findmnt")
    if findmnt is None:
        return "unknown"
    said = subprocess.run([findmnt, "-n", "-o", "FSTYPE", "-T", str(path)], capture_output=True, text=True, check=False)
    return said.stdout.strip() or "unknown"


def _cipher() -> str:
    connection = sqlcipher.connect(":memory:")
    try:
        return str(connection.execute("PRAGMA cipher_version").fetchone()[0])
    finally:
        connection.close()
