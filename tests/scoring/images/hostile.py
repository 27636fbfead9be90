"""Small files that make much work, one or more for each format that is read."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image

#: TIFF 6.0.
ROWS_PER_STRIP = 278


def file(image: Image.Image, format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def progressive_jpeg(scans: int, side: int = 2000) -> bytes:
    """A progressive JPEG whose last scan is repeated until it has so many."""
    content = file(Image.new("RGB", (side, side), "gray"), "JPEG", progressive=True)
    last, end = content.rindex(b"\xff\xda"), content.rindex(b"\xff\xd9")
    more = scans - content.count(b"\xff\xda")
    return content[:end] + content[last:end] * more + content[end:]


def tiff_of_strips(strips: int) -> bytes:
    """A gray TIFF with a strip for each of its rows of one pixel."""
    return file(Image.new("L", (1, strips)), "TIFF", tiffinfo={ROWS_PER_STRIP: 1})


def png_of_texts() -> bytes:
    """A PNG whose compressed texts are 80 MB in all."""
    content = file(Image.new("L", (8, 8)), "PNG")
    body = b"a\0\0" + zlib.compress(bytes(1_000_000))
    text = struct.pack(">I", len(body)) + b"zTXt" + body
    text += struct.pack(">I", zlib.crc32(b"zTXt" + body))
    after_header = 8 + 25
    return content[:after_header] + text * 80 + content[after_header:]


def bmp_of_nothing() -> bytes:
    """A BMP of 24 million pixels that ends after its header."""
    content = bytearray(file(Image.new("RGB", (8, 8)), "BMP")[:54])
    content[18:26] = struct.pack("<ii", 6000, 4000)
    return bytes(content)


def gif_of_nothing() -> bytes:
    """A GIF of 24 million pixels with the data of 64."""
    content = bytearray(file(Image.new("P", (8, 8)), "GIF"))
    size = struct.pack("<HH", 6000, 4000)
    content[6:10] = size
    frame = content.index(b"\x2c", 13 + 3 * 2 ** ((content[10] & 7) + 1))
    content[frame + 5 : frame + 9] = size
    return bytes(content)


def flat(mode: str, format: str, **options: Any) -> bytes:
    """24 million equal pixels."""
    return file(Image.new(mode, (6000, 4000)), format, **options)


#: What makes each, and what is said of it; None where it is a picture like any other.
FILES: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "JPEG of 2 000 scans": (lambda: progressive_jpeg(2000), "2000 scans"),
    "JPEG of 90 scans": (lambda: progressive_jpeg(90, 4800), "SCORING_IMAGE_SECONDS"),
    "PNG of texts": (png_of_texts, "damaged"),
    "PNG of one color": (lambda: flat("1", "PNG"), None),
    "GIF of nothing": (gif_of_nothing, "damaged"),
    "BMP of nothing": (bmp_of_nothing, "damaged"),
    "WebP of one color": (
        lambda: flat("RGB", "WEBP", lossless=True, method=0), "SCORING_MAX_IMAGE_MEMORY"
    ),
    "TIFF of floats": (lambda: flat("F", "TIFF", compression="tiff_adobe_deflate"),
                       "SCORING_MAX_IMAGE_MEMORY"),
    "TIFF of strips": (lambda: tiff_of_strips(30_000), "30000 strips"),
}  # fmt: skip
