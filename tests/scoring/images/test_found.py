"""Naming what arrived instead of a picture."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image, features
from scoring.images.found import describe_file


def box(major: bytes, *compatible: bytes) -> bytes:
    body = b"ftyp" + major + b"\0\0\0\0" + b"".join(compatible)
    return (len(body) + 4).to_bytes(4, "big") + body + b"\0\0\0\x20meta"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (box(b"heic", b"mif1"), "a HEIC image"),
        (box(b"hevx"), "a HEIC image"),
        (box(b"mif1", b"heic"), "a HEIC image"),
        (box(b"mif1", b"miaf", b"avif"), "an AVIF image"),
        (box(b"msf1"), "a HEIF image"),
        (box(b"avis", b"msf1"), "an AVIF image"),
        (box(b"isom", b"mp41"), "bytes of no known format"),
        # What follows the first box is no brand.
        (box(b"isom") + b"avif", "bytes of no known format"),
    ],
)
def test_photographs_of_phones_are_named(content: bytes, expected: str) -> None:
    """By the major brand, and by those that the file is compatible with."""
    assert expected in describe_file(content)


@pytest.mark.skipif(not features.check("avif"), reason="this Pillow was built without AVIF")
def test_a_real_avif_is_named() -> None:
    """As Pillow writes it."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "AVIF")
    assert describe_file(buffer.getvalue()).startswith("an AVIF image")


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP"])
def test_base64_sent_as_a_picture_is_named(format: str) -> None:
    """A picture's text where its bytes belong, with or without data URI."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, format)
    text = base64.b64encode(buffer.getvalue())
    for body in (text, b"data:image/png;base64," + text):
        assert "base64 text" in describe_file(body)
    assert describe_file(b"GIFs are welcome").startswith("text")
