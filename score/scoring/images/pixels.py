"""The pixels of a picture, upright and in RGB; also a program that decodes one by itself.

    python -m scoring.images.pixels MAX_PIXELS MAX_MEMORY SECONDS < FILE > RESULT

A decoder is C code that no signal interrupts, and what it allocates is out of sight. So pictures
that may take long or much are decoded by this program, which the kernel stops at its limits
(`child.py` starts it). To start fast it imports nothing of ours, and numpy late. RESULT is one
line of JSON, then the pixels row by row, three bytes each.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import ExifTags, Image, UnidentifiedImageError
from PIL.TiffImagePlugin import IMAGELENGTH, IMAGEWIDTH, TiffImageFile

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

#: What Pillow may try; its other decoders are not needed and not offered to strangers.
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")

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

#: Pixels that are brought from 16 or 32 bits to 8 at a time, so that their floats stay small.
BAND_PIXELS = 1 << 18


class NotAnImage(Exception):
    """No decoder knows the file."""


class Damaged(Exception):
    """A decoder gave up; the message is the name of what it raised."""


class TooManyPixels(Exception):
    """The picture has more pixels than are read."""


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


def read_pixels(content: bytes, max_pixels: int) -> Picture:
    """Return the picture in a file; of an animation or of several pages the first one.

    Raises:
        NotAnImage, Damaged, TooManyPixels: it cannot or may not be decoded.
        MemoryError: there is not enough for its pixels.
    """
    with opened(content, max_pixels) as image:
        width, height = image.size
        if isinstance(image, TiffImageFile):
            # Pillow turns a TIFF upright by itself and tells the size after that.
            width, height = image.tag_v2[IMAGEWIDTH], image.tag_v2[IMAGELENGTH]
        image.load()
        return Picture(_upright(_to_rgb(image), image), width, height)


@contextmanager
def opened(content: bytes, max_pixels: int) -> Iterator[Image.Image]:
    """Give the picture in a file with its header read and no pixel decoded.

    Raises:
        NotAnImage, Damaged, TooManyPixels: also for what is done with the picture inside.
    """
    with _pixel_limit(max_pixels):
        try:
            if webp_pixels(content) > max_pixels:
                raise TooManyPixels
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                if image.width * image.height > max_pixels:
                    raise TooManyPixels
                yield image
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise TooManyPixels from None
        except UnidentifiedImageError:
            raise NotAnImage from None
        except (TooManyPixels, TimeoutError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - decoders fail in every way on hostile bytes
            raise Damaged(type(error).__name__) from None


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


def webp_pixels(content: bytes) -> int:
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
        return _gray(image, 0.0, 1 / 257)
    if image.mode in ("I", "F"):
        # 32-bit integers and floats have no value that is white: their own range has to do.
        bands = [(float(band.min()), float(band.max())) for _, band in _bands(image)]
        low, high = min(low for low, _ in bands), max(high for _, high in bands)
        return _gray(image, low, 255 / (high - low) if high > low else 0.0)
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        return paper.convert("RGB")
    return image.convert("RGB")


def _gray(image: Image.Image, low: float, factor: float) -> Image.Image:
    import numpy as np

    page = Image.new("L", image.size)
    for top, band in _bands(image):
        values = np.clip((band - low) * factor, 0, 255).astype(np.uint8)
        page.paste(Image.fromarray(values), (0, top))
    return page.convert("RGB")


def _bands(image: Image.Image) -> Iterator[tuple[int, npt.NDArray[np.float64]]]:
    """Yield the top and the values of one stripe of rows after the other, as finite floats."""
    import numpy as np

    rows = max(1, BAND_PIXELS // image.width)
    for top in range(0, image.height, rows):
        part = image.crop((0, top, image.width, min(top + rows, image.height)))
        if image.mode.startswith("I;16"):
            part = part.convert("I")
        yield top, np.nan_to_num(np.asarray(part, dtype=np.float64))


def _upright(picture: Image.Image, source: Image.Image) -> Image.Image:
    try:
        orientation = source.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # noqa: BLE001 - a picture with broken EXIF is still a picture
        return picture
    method = UPRIGHT.get(orientation) if isinstance(orientation, int) else None
    return picture if method is None else picture.transpose(method)


def main() -> None:
    """Decode standard input within the limits given and write the pixels, or what was wrong."""
    max_pixels, max_memory, seconds = map(int, sys.argv[1:])
    content, pixels = sys.stdin.buffer.read(), b""
    pages, *_ = Path("/proc/self/statm").read_text().split()
    address_space = int(pages) * resource.getpagesize() + max_memory
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    # At the second of both the kernel would send SIGKILL, which says nothing of the time.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    result: dict[str, object]
    try:
        picture = read_pixels(content, max_pixels)
        size = {"width": picture.width, "height": picture.height}
        result, pixels = size | {"rgb": picture.rgb.size}, picture.rgb.tobytes()
    except (NotAnImage, Damaged, TooManyPixels, MemoryError) as error:
        result = {"error": type(error).__name__, "text": str(error)}
    sys.stdout.buffer.write(json.dumps(result).encode() + b"\n")
    sys.stdout.buffer.write(pixels)


if __name__ == "__main__":
    main()
