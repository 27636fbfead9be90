"""The pictures a script leaves in its working folder: its graphics device."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from studio_runtime.config import Limits

SIGNATURE = b"\x89PNG\r\n\x1a\n"


class TooManyPictures(Exception):
    """More or larger pictures than the limits allow: what, the limit, and its name."""


def pictures(folder: Path, limits: Limits) -> tuple[list[bytes], list[str]]:
    """Return the PNG files at the top of a folder by name, and a warning for each bad one.

    Raises:
        TooManyPictures: a limit was exceeded.
    """
    found, warnings, pixels = [], [], 0
    files = [path for path in folder.iterdir() if path.suffix.lower() == ".png"]
    for path in sorted(files, key=lambda path: path.name):
        if path.is_symlink() or not path.is_file():
            warnings.append(f"{path.name} is no file; it is left out.")
            continue
        if path.stat().st_size > limits.image_bytes:
            raise TooManyPictures(
                f"{path.name} has {path.stat().st_size} bytes", limits.image_bytes, "image_bytes"
            )
        content = path.read_bytes()
        try:
            width, height = _size(content)
        except (OSError, SyntaxError, ValueError):
            warnings.append(f"{path.name} is no PNG picture, or a damaged one; it is left out.")
            continue
        pixels += width * height
        if pixels > limits.image_pixels:
            raise TooManyPictures(
                f"the pictures have {pixels} pixels", limits.image_pixels, "image_pixels"
            )
        found.append(content)
    if len(found) > limits.images:
        raise TooManyPictures(f"the script left {len(found)} pictures", limits.images, "images")
    return found, warnings


def concatenated(contents: Sequence[bytes]) -> bytes:
    """Return pictures below each other, on white, as one PNG."""
    images = []
    for content in contents:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
            images.append(picture.convert("RGBA"))
    size = max(image.width for image in images), sum(image.height for image in images)
    sheet = Image.new("RGBA", size, "white")
    top = 0
    for image in images:
        sheet.alpha_composite(image, (0, top))
        top += image.height
    buffer = io.BytesIO()
    sheet.convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


def _size(content: bytes) -> tuple[int, int]:
    if not content.startswith(SIGNATURE):
        raise ValueError("no PNG signature")
    with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
        size = image.size
        image.verify()
    return size
