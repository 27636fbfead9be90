"""Pictures from bytes that nobody has checked: decoded to RGB, or refused for a stated reason.

Only the formats named in `pixels.py` are tried, whatever the file's name says. What decoding will
take is told by the header (`cost.py`) and held against the limits before it begins; what may take
long or much is decoded by a process of its own (`child.py`). Of an animation or a document of
several pages the first one counts.
"""

from __future__ import annotations

from scoring.errors import InvalidInput, Problem, TooLarge
from scoring.images.child import TookTooLong, read_pixels_apart
from scoring.images.cost import Cost, cost_of, webp_cost
from scoring.images.found import describe_file
from scoring.images.pixels import (
    Damaged,
    NotAnImage,
    Picture,
    TooManyPixels,
    opened,
    read_pixels,
    webp_pixels,
)
from scoring.settings import Settings

EXPECTED = "a PNG, JPEG, GIF, BMP, WebP or TIFF image"

#: Scans of a JPEG. Encoders write about ten; libjpeg-turbo's own programs stop at 500 when told
#: to mistrust a file (`-maxscans`), which at 25 million pixels is still a minute.
MAX_PASSES = 100

#: Strips or tiles of a TIFF; a scan of 20 000 rows with a strip for each row has that many.
MAX_PARTS = 20_000


def decode(content: bytes, where: str, settings: Settings) -> Picture:
    """Return the picture in `content`.

    Args:
        content: a whole file.
        where: what the client calls it, such as `image[0]`.
        settings: `max_image_pixels`, `max_image_memory` and `image_seconds` are used.

    Raises:
        InvalidInput: not an image of a known format, cut off, or damaged.
        TooLarge: more pixels, memory or work than is allowed.
    """
    if not content:
        raise _refused(where, "zero bytes")
    max_pixels, max_memory = settings.max_image_pixels, settings.max_image_memory
    try:
        cost = _cost(content, max_pixels)
        _check(cost, where, max_memory)
        if cost.is_small:
            return read_pixels(content, max_pixels)
        return read_pixels_apart(content, max_pixels, max_memory, settings.image_seconds)
    except TooManyPixels:
        raise TooLarge(
            f"{where} has more than the {max_pixels} pixels (width times height) that this "
            "service reads (setting SCORING_MAX_IMAGE_PIXELS). Send a smaller picture."
        ) from None
    except NotAnImage:
        raise _refused(where, describe_file(content)) from None
    except Damaged as error:
        raise _refused(where, f"a damaged or truncated image ({error})") from None
    except MemoryError:
        raise _too_much_memory(where, max_memory) from None
    except TookTooLong:
        raise TooLarge(
            f"{where} takes longer to decode than the {settings.image_seconds} seconds that this "
            "service spends on one picture (setting SCORING_IMAGE_SECONDS). Save it as plain PNG "
            "or baseline JPEG."
        ) from None


def _cost(content: bytes, max_pixels: int) -> Cost:
    canvas = webp_pixels(content)
    if 0 < canvas <= max_pixels:
        return webp_cost(canvas)
    with opened(content, max_pixels) as image:
        return cost_of(image, content)


def _check(cost: Cost, where: str, max_memory: int) -> None:
    if cost.memory > max_memory:
        raise _too_much_memory(where, max_memory)
    for found, most, unit, instead in (
        (cost.passes, MAX_PASSES, "scans", "a baseline JPEG"),
        (cost.parts, MAX_PARTS, "strips or tiles", "a TIFF with larger strips, or as PNG"),
    ):
        if found > most:
            raise TooLarge(
                f"{where} consists of {found} {unit}; this service decodes {most}. "
                f"Save it as {instead}."
            )


def _too_much_memory(where: str, max_memory: int) -> TooLarge:
    return TooLarge(
        f"{where} needs more memory to decode than the {max_memory} bytes that this service has "
        "for one picture (setting SCORING_MAX_IMAGE_MEMORY). Send a smaller picture, or one of "
        "8 bits per channel."
    )


def _refused(where: str, found: str) -> InvalidInput:
    return InvalidInput("the request", [Problem(where, EXPECTED, found)])
