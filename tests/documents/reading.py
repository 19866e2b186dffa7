"""What other programs read in a PDF: its words by pdftotext, its pages as pictures by pdftoppm."""

from __future__ import annotations

import subprocess
import tempfile
import unicodedata
from io import BytesIO
from pathlib import Path

from PIL import Image

from app.documents.fonts import visible


def words_of(pdf: bytes, *, body_only: bool = False, as_drawn: bool = False) -> list[str]:
    """The words of each page, by pdftotext; ``body_only`` leaves out what stands around the text area.

    ``as_drawn`` takes them in the order they are in the file: pdftotext takes wide room in several lines for columns.
    """
    area = ["-x", "79", "-y", "100", "-W", "460", "-H", "646"] if body_only else []
    done = subprocess.run(
        ["pdftotext", *["-raw"] * as_drawn, *area, "-", "-"], input=pdf, capture_output=True, check=True
    )
    return done.stdout.decode("utf-8").split("\f")[:-1]


def bare(text: str) -> str:
    """A text without white space and without what cannot be seen."""
    return "".join(c for c in visible(text) if not c.isspace() and unicodedata.category(c) != "Cc")


def pages_of(pdf: bytes, dpi: int = 40) -> list[Image.Image]:
    """The pages as grey pictures."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["pdftoppm", "-r", str(dpi), "-gray", "-", f"{folder}/page"]
        subprocess.run(command, input=pdf, capture_output=True, check=True)
        return [Image.open(BytesIO(path.read_bytes())) for path in sorted(Path(folder).iterdir())]
