"""What decoding a picture will take, from its header: memory, and passes over its pixels.

A limit on the file's size is none on the work that it makes: a progressive JPEG draws over the
whole picture as often as it has scans, 2 bytes each; a TIFF is cut into as many strips as it likes.
The figures are bounds; the tests hold them against what decoding takes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

#: TIFF 6.0: where each strip or tile begins.
STRIPS, TILES = 273, 324

#: Bytes that Pillow keeps for a pixel; in all other modes four.
BYTES_PER_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}

#: A picture in RGB, turned upright or laid on white, and both as bytes: twelve for a pixel.
RGB_BYTES = 12

#: libwebp keeps two canvases and the frame, Pillow copies the canvas twice more.
WEBP_BYTES = 24

#: A strip or tile that is unpacked beside the picture.
TIFF_BYTES = 4

#: What decoding takes whatever the picture's size; numpy, where it is needed, is most of it.
FIXED_BYTES = 24_000_000

#: What is decoded in the worker itself. More, and another process does it.
IN_WORKER_BYTES = 100_000_000
IN_WORKER_PASSES = 20

#: ITU T.81 table B.1: markers that a segment follows, or that end the picture.
MARKER = re.compile(rb"\xff[\x02-\xcf\xd8-\xfe]")
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9


@dataclass(frozen=True)
class Cost:
    """What decoding takes at most.

    Attributes:
        memory: in bytes.
        passes: over all pixels; 1 where each is decoded once.
        parts: strips or tiles that are decoded one by one.
        predictable: whether the format's decoder takes no more than the header says.
    """

    memory: int
    passes: int = 1
    parts: int = 1
    predictable: bool = True

    @property
    def is_small(self) -> bool:
        """Whether a worker may decode it itself."""
        small = self.memory <= IN_WORKER_BYTES and self.passes <= IN_WORKER_PASSES
        return small and self.predictable


def cost_of(image: Image.Image, content: bytes) -> Cost:
    """Return what decoding takes.

    Args:
        image: opened, its header read, no pixel decoded.
        content: its file.
    """
    each = BYTES_PER_PIXEL.get(image.mode, 4) + RGB_BYTES
    pixels = image.width * image.height
    if isinstance(image, TiffImageFile):
        parts = image.tag_v2.get(STRIPS) or image.tag_v2.get(TILES) or ()
        memory = FIXED_BYTES + pixels * (each + TIFF_BYTES)
        return Cost(memory, parts=len(parts), predictable=False)
    # A progressive JPEG's coefficients are 2 bytes a component, given back before it is RGB.
    passes = scans(content) if image.format in ("JPEG", "MPO") else 1
    return Cost(FIXED_BYTES + pixels * each, passes)


def webp_cost(pixels: int) -> Cost:
    """Return what a WebP canvas takes; libwebp asks for it before it tells the size."""
    return Cost(FIXED_BYTES + pixels * WEBP_BYTES)


def scans(jpeg: bytes) -> int:
    """Return how many scans a JPEG has; what follows its end (a film, say) does not count."""
    count, at = 0, 2
    while match := MARKER.search(jpeg, at):
        at, kind = match.end(), jpeg[match.end() - 1]
        if kind == END_OF_IMAGE:
            break
        count += kind == START_OF_SCAN
        at += int.from_bytes(jpeg[at : at + 2], "big")
    return count
