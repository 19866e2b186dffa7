"""Pictures for paper: only sound, still PNG and JPEG, small and rid of all they tell beside their points."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from app.documents.pictures import LONGEST_SIDE, clean
from app.errors import Problem


def saved(image: Image.Image, kind: str, **more: object) -> bytes:
    target = BytesIO()
    image.save(target, kind, **more)  # type: ignore[arg-type]
    return target.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def bomb(side: int) -> bytes:
    """A PNG of side × side points of one bit: hundreds of kilobytes that would take gigabytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    row = b"\0" * (side // 8 + 1)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


GREEN = Image.new("RGB", (300, 200), (0, 160, 60))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_png_of_every_kind_becomes_a_plain_one(mode: str) -> None:
    image = Image.new("I;16", (30, 20), 40_000) if mode == "I;16" else GREEN.convert("RGBA").convert(mode)
    result = opened(clean(saved(image, "PNG")))
    assert result.format == "PNG"
    assert result.mode in ("RGB", "RGBA")
    assert result.size == image.size
    if mode == "I;16":
        assert result.getpixel((0, 0)) == (156, 156, 156)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpeg_becomes_png(mode: str) -> None:
    assert opened(clean(saved(GREEN.convert(mode), "JPEG"))).mode == "RGB"


def test_transparency_is_kept() -> None:
    see_through = Image.new("RGBA", (10, 10), (10, 20, 30, 0))
    assert opened(clean(saved(see_through, "PNG"))).getpixel((5, 5)) == (10, 20, 30, 0)


def test_a_large_picture_is_made_small_with_its_proportions() -> None:
    result = opened(clean(saved(Image.new("RGB", (4800, 2400)), "PNG")))
    assert result.size == (LONGEST_SIDE, LONGEST_SIDE // 2)


def test_place_time_and_words_in_the_file_are_gone_and_it_stands_upright() -> None:
    told = Image.Exif()
    told[0x010E] = "王静的签名"
    told[0x0132] = "2026:11:20 10:00:00"
    told[0x0112] = 6
    told.get_ifd(0x8825)[1] = "N"
    result = opened(clean(saved(GREEN, "JPEG", exif=told, comment=b"secret")))
    assert result.size == (200, 300)
    assert not result.info
    assert not result.getexif()


def test_a_phone_picture_with_a_second_one_inside_gives_the_first() -> None:
    both = saved(GREEN, "MPO", save_all=True, append_images=[Image.new("RGB", (300, 200))])
    assert opened(clean(both)).getpixel((150, 100))[1] > 100  # type: ignore[index]


FRAMES = [Image.new("RGB", (8, 8), (n * 80, 0, 0)) for n in range(3)]
PNG = saved(GREEN, "PNG")
JPEG = saved(GREEN.resize((900, 900)), "JPEG")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        PNG[:60],
        PNG[:-40],
        JPEG[:200],
        JPEG[: len(JPEG) // 2],
        PNG[:40] + bytes([PNG[40] ^ 255]) + PNG[41:],
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        saved(FRAMES[0], "GIF", save_all=True, append_images=FRAMES[1:]),
        saved(FRAMES[0], "PNG", save_all=True, append_images=FRAMES[1:]),
        saved(GREEN, "BMP"),
        saved(GREEN, "WEBP"),
        saved(GREEN, "TIFF"),
        b"%PDF-1.7",
        bomb(60_000),
        bomb(12_000),
        bomb(5_004),
        PNG + b"\0" * (20 * 1024 * 1024),
    ],
    ids=lambda data: f"{data[:8]!r}-{len(data)}",
)
def test_anything_else_is_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(Problem) as refused:
        clean(data)
    assert refused.value.sentence
    assert "PNG" in refused.value.next_step


@pytest.mark.parametrize("cut", range(8, len(PNG) - 12, 37))
def test_a_png_cut_anywhere_is_refused(cut: int) -> None:
    with pytest.raises(Problem):
        clean(PNG[:cut])
