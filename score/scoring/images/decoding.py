"""Pictures from bytes that nobody has checked: decoded to RGB, or refused for a stated reason.

Only the formats named here are tried, whatever the file's name says. A picture's size is read
from its header and held against the limit before memory for its pixels is asked for. Of an
animation or a document of several pages the first one counts.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, UnidentifiedImageError
from PIL.TiffImagePlugin import IMAGELENGTH, IMAGEWIDTH, TiffImageFile

from scoring.errors import InvalidInput, Problem, TooLarge

#: What Pillow may try; its other decoders are not needed and not offered to strangers.
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")

EXPECTED = "a PNG, JPEG, GIF, BMP, WebP or TIFF image"

#: How files begin, to tell a client what arrived instead.
SIGNATURES = (
    (b"\x89PNG", "a PNG image that is damaged"),
    (b"\xff\xd8\xff", "a JPEG image that is damaged"),
    (b"GIF8", "a GIF image that is damaged"),
    (b"BM", "a BMP image that is damaged"),
    (b"II*\0", "a TIFF image that is damaged"),
    (b"MM\0*", "a TIFF image that is damaged"),
    (b"RIFF", "a WebP image that is damaged, or another RIFF file"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"8BPS", "a Photoshop document"),
)

#: The brands of ISO media files (bytes 8 to 12) that phones call photographs.
BRANDS = {b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"avif": "AVIF"}

#: EXIF 2.32, tag 0x0112: what to do with the stored picture so that its top is up.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Picture:
    """A decoded picture.

    Attributes:
        rgb: its pixels, upright, mode RGB; transparent ones over white.
        width: in pixels as received, before EXIF turned it upright.
        height: likewise.
    """

    rgb: Image.Image
    width: int
    height: int


def decode(content: bytes, where: str, max_pixels: int) -> Picture:
    """Return the picture in `content`.

    Args:
        content: a whole file.
        where: what the client calls it, such as `image[0]`.
        max_pixels: width times height that is still read.

    Raises:
        InvalidInput: not an image of a known format, cut off, or damaged.
        TooLarge: more pixels than `max_pixels`.
    """
    if not content:
        raise _refused(where, "zero bytes")
    too_large = TooLarge(
        f"{where} has more than the {max_pixels} pixels (width times height) that this service "
        "reads (setting SCORING_MAX_IMAGE_PIXELS). Send a smaller picture."
    )
    with _pixel_limit(max_pixels):
        try:
            if _webp_pixels(content) > max_pixels:
                raise too_large
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                width, height = image.size
                if width * height > max_pixels:
                    raise too_large
                if isinstance(image, TiffImageFile):
                    # Pillow turns a TIFF upright by itself and tells the size after that.
                    width, height = image.tag_v2[IMAGEWIDTH], image.tag_v2[IMAGELENGTH]
                image.load()
                return Picture(_upright(_to_rgb(image), image), width, height)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise too_large from None
        except UnidentifiedImageError:
            raise _refused(where, describe(content)) from None
        except (TooLarge, TimeoutError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - decoders fail in every way on hostile bytes
            found = f"a damaged or truncated image ({type(error).__name__})"
            raise _refused(where, found) from None


@contextmanager
def _pixel_limit(max_pixels: int) -> Iterator[None]:
    """Have Pillow raise `DecompressionBombWarning` above `max_pixels`, wherever it allocates.

    It warns above `MAX_IMAGE_PIXELS`; other warnings are of no interest to an operator.
    """
    before = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = max_pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    finally:
        Image.MAX_IMAGE_PIXELS = before


def describe(content: bytes) -> str:
    """Say what a file that is no readable image seems to be, by its first bytes."""
    size = f"{len(content)} bytes"
    for start, name in SIGNATURES:
        if content.startswith(start):
            return f"{name}, {size}"
    if content[4:8] == b"ftyp" and content[8:12] in BRANDS:
        return f"a {BRANDS[content[8:12]]} image, {size}"
    head = content[:256].lstrip().lower()
    if b"<svg" in head:
        return f"an SVG drawing, {size}"
    if head.startswith((b"<!doctype html", b"<html")):
        return f"an HTML page, {size}"
    if not any(byte < 9 or 13 < byte < 32 for byte in head):
        return f"text, {size}"
    return f"{size} of no known format"


def _refused(where: str, found: str) -> InvalidInput:
    return InvalidInput("the request", [Problem(where, EXPECTED, found)])


def _webp_pixels(content: bytes) -> int:
    """Return the pixels of a WebP file's canvas, 0 for any other file.

    Pillow hands the whole file to libwebp when it opens it, and that allocates two canvases
    at once: up to 2 GB for a file of 200 bytes. The header is described in RFC 9649.
    """
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return 0
    head, chunk = content[:30].ljust(30, b"\0"), content[12:16]
    if chunk == b"VP8X":
        return (_number(head[24:27]) + 1) * (_number(head[27:30]) + 1)
    if chunk == b"VP8L":
        bits = _number(head[21:25])
        return ((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1)
    return (_number(head[26:28]) & 0x3FFF) * (_number(head[28:30]) & 0x3FFF)


def _number(content: bytes) -> int:
    return int.from_bytes(content, "little")


def _to_rgb(image: Image.Image) -> Image.Image:
    """Return a loaded picture in mode RGB, whatever its mode was."""
    if image.mode.startswith("I;16"):
        return _gray(np.asarray(image.convert("I"), dtype=np.float64) / 257)
    if image.mode in ("I", "F"):
        # 32-bit integers and floats have no value that is white: their own range has to do.
        values = np.nan_to_num(np.asarray(image, dtype=np.float64))
        low, high = float(values.min()), float(values.max())
        return _gray((values - low) * (255 / (high - low)) if high > low else values * 0)
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        return paper.convert("RGB")
    return image.convert("RGB")


def _gray(values: npt.NDArray[np.float64]) -> Image.Image:
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8)).convert("RGB")


def _upright(picture: Image.Image, source: Image.Image) -> Image.Image:
    try:
        orientation = source.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # noqa: BLE001 - a picture with broken EXIF is still a picture
        return picture
    method = UPRIGHT.get(orientation) if isinstance(orientation, int) else None
    return picture if method is None else picture.transpose(method)
