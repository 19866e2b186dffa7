"""Approved letters: their words as text, their pages as small pictures. A letter that changes must be looked at again.

``JINGSHI_APPROVE=1 python -m pytest …`` writes what is drawn now; look at it before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter, ImageStat

from tests.documents.reading import pages_of

_FOLDER = Path(__file__).parent
_DPI = 40
_APPROVING = bool(os.environ.get("JINGSHI_APPROVE"))


def assert_words(name: str, text: str) -> None:
    """The text is the one approved under this name; white space, which readers put differently, apart."""
    path = _FOLDER / f"{name}.txt"
    if _APPROVING:
        path.write_text(text, "utf-8", newline="\n")
    assert "".join(text.split()) == "".join(path.read_text("utf-8").split()), f"the words of {name} are not those approved"


def assert_pages(name: str, pdf: bytes) -> None:
    """The pages look as approved: small shifts of a point and another renderer's edges are let pass, a line or a word not."""
    for number, page in enumerate(pages_of(pdf, _DPI), 1):
        path = _FOLDER / f"{name}-{number}.png"
        if _APPROVING:
            page.quantize(16).save(path, optimize=True)
        with Image.open(path) as kept:
            worst = difference(page, kept.convert("L"))
        assert worst < 12, f"page {number} of {name} does not look as approved ({worst:.1f})"
    assert not (_FOLDER / f"{name}-{number + 1}.png").exists(), f"{name} has lost pages"


def difference(page: Image.Image, kept: Image.Image) -> float:
    """The greatest mean difference in grey (0 to 255) over any square of 20 points, both slightly blurred."""
    if page.size != kept.size:
        return 255.0
    soft = ImageFilter.GaussianBlur(1.2)
    apart = ImageChops.difference(page.convert("L").filter(soft), kept.filter(soft))
    squares = ((x, y, x + 20, y + 20) for x in range(0, page.width, 10) for y in range(0, page.height, 10))
    return max(ImageStat.Stat(apart.crop(square)).mean[0] for square in squares)
