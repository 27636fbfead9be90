"""Images as the files of a multipart request."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

#: How each format that the service reads begins.
SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
    b"RIFF": "image/webp",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
}

File = tuple[str, tuple[str, bytes, str]]


def check_images(images: Sequence[Any]) -> None:
    """Refuse what cannot be sent before anything is.

    Raises:
        OSError: there is no such file.
        TypeError: an image is of none of the three kinds, or `images` is a single one.
    """
    if isinstance(images, str | os.PathLike | bytes | bytearray | memoryview):
        raise TypeError("Give a list of images, also for a single one.")
    for number, image in enumerate(images):
        if isinstance(image, str | os.PathLike):
            Path(image).stat()
        elif hasattr(image, "__array_interface__"):
            _check_pixels(image)
        elif not isinstance(image, bytes | bytearray | memoryview):
            raise TypeError(
                f"Image {number} is of type {type(image).__name__}; "
                "give a path, the bytes of a file or an array of pixels."
            )


def multipart(images: Sequence[Any], first: int) -> list[File]:
    """Return images as requests' `files`, each in the field `image`.

    Args:
        images: paths, bytes of image files, or arrays of pixels (height x width, or height x
            width x 3) of type uint8; as `check_images` lets them pass.
        first: the number of the first one; names what has no name.

    Raises:
        OSError: a path cannot be read.
    """
    return [_file(image, first + offset) for offset, image in enumerate(images)]


def _file(image: Any, number: int) -> File:
    name = f"image-{number}"
    if isinstance(image, str | os.PathLike):
        path = Path(image)
        content, name = path.read_bytes(), path.name
    else:
        content = _png(image) if hasattr(image, "__array_interface__") else bytes(image)
    kind = next((SIGNATURES[s] for s in SIGNATURES if content.startswith(s)), None)
    return "image", (name, content, kind or "application/octet-stream")


def _png(pixels: Any) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def _check_pixels(pixels: Any) -> None:
    if pixels.dtype != "uint8":
        raise TypeError(f"An array of pixels has type uint8 (0 to 255), not {pixels.dtype}.")
