"""What other programs say of a signed PDF: pdfsig, qpdf, certutil."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any


def pdfsig(pdf: bytes, folder: Path, *, trusted_root: bytes | None = None, password: str = "") -> str:
    """pdfsig's words under a home of its own (its exit code says nothing: 0 for tampered files too)."""
    home, file = folder / "home", folder / "file.pdf"
    home.mkdir(exist_ok=True)
    file.write_bytes(pdf)
    options = ["-upw", password] if password else []
    if trusted_root is not None:
        options += ["-nssdir", f"sql:{_certificate_store(folder, trusted_root)}"]
    done = subprocess.run(
        ["pdfsig", *options, str(file)], capture_output=True, env={**os.environ, "HOME": str(home), "LC_ALL": "C.UTF-8"}
    )
    return (done.stdout + done.stderr).decode()


def _certificate_store(folder: Path, root: bytes) -> Path:
    store = folder / "nss"
    store.mkdir()
    (folder / "root.der").write_bytes(root)
    where = ["-d", f"sql:{store}"]
    subprocess.run(["certutil", "-N", "--empty-password", *where], check=True, capture_output=True)
    trust = ["-A", "-n", "root", "-t", "CT,CT,CT", "-i", str(folder / "root.der")]
    subprocess.run(["certutil", *trust, *where], check=True, capture_output=True)
    return store


def qpdf_check(pdf: bytes, folder: Path, *, password: str = "") -> str:
    """qpdf's findings; raises where it has errors or warnings."""
    file = folder / "checked.pdf"
    file.write_bytes(pdf)
    command = ["qpdf", "--check", f"--password={password}", str(file)]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def qpdf_json(pdf: bytes, folder: Path) -> list[dict[str, Any]]:
    """Every dictionary of the file, as qpdf reads it."""
    file = folder / "read.pdf"
    file.write_bytes(pdf)
    command = ["qpdf", "--json=2", "--json-key=qpdf", str(file)]
    read = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    values = [entry.get("value", entry.get("stream", {}).get("dict")) for entry in read["qpdf"][1].values()]
    return [value for value in values if isinstance(value, dict)]
