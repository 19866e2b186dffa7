"""Pictures for paper: the handwritten signature and the room's stamp, checked, made small and rid of all metadata."""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageOps

from app.errors import Problem

LARGEST_FILE = 20 * 1024 * 1024
MOST_PIXELS = 25_000_000
LONGEST_SIDE = 2000
_MAGIC = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff"}
_ANOTHER = "请换一张 PNG 或 JPEG 图片(手机拍照或扫描都可以)。"


def clean(data: bytes) -> bytes:
    """The picture as a PNG of at most 2,000 points a side and nothing but its points: no place, no time, no name.

    Raises Problem for anything but a sound, still PNG or JPEG of at most 25 million points.
    """
    kind = next((kind for kind, magic in _MAGIC.items() if data.startswith(magic)), None)
    if kind is None:
        raise Problem("这个文件不是 PNG 或 JPEG 图片。", _ANOTHER)
    if len(data) > LARGEST_FILE:
        raise Problem("图片文件太大(超过 20 MB)。", _ANOTHER)
    try:
        image = _read(data, kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Problem("图片的尺寸太大，没有打开。", _ANOTHER) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Problem("图片已损坏，读不出来。", _ANOTHER) from error
    target = BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def _read(data: bytes, kind: str) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(BytesIO(data), formats=[kind]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            if kind == "PNG" and getattr(opened, "n_frames", 1) > 1:
                raise Problem("这张图片会动，不能用在纸上。", _ANOTHER)
            opened.load()
            upright = ImageOps.exif_transpose(opened)
            colours = _plain_colours(upright)
    colours.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new(colours.mode, colours.size)
    bare.paste(colours)
    return bare


def _plain_colours(image: Image.Image) -> Image.Image:
    """Red, green, blue, with its transparency where it has one; sixteen bits a colour become eight."""
    if image.mode.startswith("I"):
        image = image.convert("I").point([value / 256 for value in range(65536)], "L")
    if "A" in image.getbands() or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("RGB")
