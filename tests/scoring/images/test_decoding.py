"""Decoding pictures that nobody has checked."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scoring.errors import ClientError, InvalidInput, TooLarge
from scoring.images.decoding import decode
from scoring.images.pixels import FORMATS
from scoring.settings import Settings

LIMIT = Settings(max_image_pixels=1_000_000)


def file(image: Image.Image, format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def half_and_half(mode: str = "RGB", size: tuple[int, int] = (40, 30)) -> Image.Image:
    """A picture whose left half is dark and whose right half is light."""
    values = np.zeros((size[1], size[0]), dtype=np.uint8)
    values[:, size[0] // 2 :] = 255
    return Image.fromarray(values).convert(mode)


def corners(rgb: Image.Image) -> tuple[int, int]:
    """Return the brightness on the left and on the right."""
    gray = rgb.convert("L")
    left, right = gray.getpixel((1, 1)), gray.getpixel((gray.width - 2, gray.height - 2))
    assert isinstance(left, int)
    assert isinstance(right, int)
    return left, right


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_is_read(format: str) -> None:
    """Each format named gives the pixels and the size that were saved."""
    picture = decode(file(half_and_half(), format), "image", LIMIT)
    assert picture.rgb.mode == "RGB"
    assert (picture.width, picture.height) == picture.rgb.size == (40, 30)
    left, right = corners(picture.rgb)
    assert left < 10
    assert right > 245


@pytest.mark.parametrize(
    ("mode", "format"),
    [
        ("1", "PNG"), ("L", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("P", "GIF"), ("RGBA", "PNG"),
        ("RGBA", "WEBP"), ("CMYK", "JPEG"), ("CMYK", "TIFF"), ("YCbCr", "JPEG"), ("L", "JPEG"),
        ("I", "TIFF"), ("F", "TIFF"), ("1", "TIFF"), ("1", "BMP"), ("P", "BMP"),
    ],
)  # fmt: skip
def test_every_mode_becomes_rgb(mode: str, format: str) -> None:
    """Palette, alpha, gray, CMYK, 1 bit and 32 bits all become RGB, dark staying dark."""
    left, right = corners(decode(file(half_and_half(mode), format), "image", LIMIT).rgb)
    assert left < 12
    assert right > 243


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_not_cut(format: str) -> None:
    """The middle of 16 bits is the middle of 8."""
    values = np.array([[0, 32768, 65535]] * 3, dtype=np.uint16)
    rgb = decode(file(Image.fromarray(values), format), "image", LIMIT).rgb
    assert np.asarray(rgb)[0, :, 0].tolist() == [0, 127, 255]


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparent_pixels_are_white(mode: str) -> None:
    """What lies under full transparency does not show: the ground is white."""
    image = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    content = (
        file(Image.new("P", (8, 8)), "PNG", transparency=0)
        if mode == "P"
        else file(image.convert(mode), "PNG")
    )
    assert decode(content, "image", LIMIT).rgb.getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_exif_orientation_is_followed(orientation: int, format: str) -> None:
    """A picture stored lying or mirrored comes out upright; the size is the stored one."""
    upright = half_and_half(size=(40, 20))
    stored = {
        1: [],
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }[orientation]
    image = upright
    for method in stored:
        image = image.transpose(method)
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = decode(file(image, format, exif=exif), "image", LIMIT)
    assert picture.rgb.size == upright.size
    left, right = corners(picture.rgb)
    assert left < 12
    assert right > 243
    assert (picture.width, picture.height) == image.size


@pytest.mark.parametrize("format", ["GIF", "WEBP", "TIFF", "PNG"])
def test_of_an_animation_the_first_frame_counts(format: str) -> None:
    """Later frames and pages are not looked at."""
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "blue", "blue")]
    content = file(frames[0], format, save_all=True, append_images=frames[1:])
    red, _, blue = np.asarray(decode(content, "image", LIMIT).rgb)[4, 4]
    assert red > 200
    assert blue < 50


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "zero bytes"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04....", "ZIP"),
        (b"\0\0\0\x18ftypheic....", "HEIC"),
        (b"<?xml version='1.0'?><svg/>", "SVG"),
        (b"<!DOCTYPE html><p>Sign in", "HTML"),
        (b'{"image": 1}', "text"),
        (b"\x01\x02\x03\x04", "4 bytes of no known format"),
        (b"\x89PNG\r\n\x1a\nnothing", "PNG image that is damaged"),
        (file(Image.new("RGB", (4, 4)), "ICO"), "no known format"),
    ],
)
def test_what_is_no_image_is_named(content: bytes, found: str) -> None:
    """The message says which picture, what arrived and what is read instead."""
    with pytest.raises(InvalidInput) as refused:
        decode(content, "image[3]", LIMIT)
    assert refused.value.problems[0].where == "image[3]"
    assert found in refused.value.problems[0].found
    assert "PNG, JPEG" in str(refused.value)


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_cut_off_is_refused(format: str) -> None:
    """Half a file is no picture, not a half gray one."""
    noise = np.random.default_rng(0).integers(0, 255, (60, 60, 3), dtype=np.uint8)
    content = file(Image.fromarray(noise), format)
    with pytest.raises(InvalidInput, match="damaged"):
        decode(content[: len(content) // 2], "image", LIMIT)


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds one row."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + crc

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(width * 3 + 1))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def webp_of(width: int, height: int) -> bytes:
    """An animated WebP whose canvas was made larger afterwards."""
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "blue")]
    content = bytearray(file(frames[0], "WEBP", save_all=True, append_images=frames[1:]))
    assert content[12:16] == b"VP8X"
    content[24:30] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(content)


def gif_of(width: int, height: int) -> bytes:
    """A GIF whose screen and frame were made larger afterwards."""
    content = bytearray(file(Image.new("P", (8, 8)), "GIF"))
    size = struct.pack("<HH", width, height)
    content[6:10] = size
    frame = content.index(b"\x2c", 13 + 3 * 2 ** ((content[10] & 7) + 1))
    content[frame + 5 : frame + 9] = size
    return bytes(content)


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(png_of(60_000, 60_000), id="png"),
        pytest.param(webp_of(16_383, 16_383), id="animated webp"),
        pytest.param(gif_of(60_000, 60_000), id="gif"),
        pytest.param(png_of(1001, 1000), id="png just above the limit"),
        pytest.param(webp_of(1001, 1000), id="webp just above the limit"),
        pytest.param(gif_of(1001, 1000), id="gif just above the limit"),
    ],
)
def test_a_giant_is_refused_before_its_pixels_are_allocated(bomb: bytes) -> None:
    """A small file with a huge size costs no memory and names the limit."""
    before = _virtual_memory()
    tracemalloc.start()
    with pytest.raises(TooLarge, match=r"1000000 pixels.*SCORING_MAX_IMAGE_PIXELS"):
        decode(bomb, "image", LIMIT)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000
    # libwebp allocates behind Python's back; nothing that large has been asked for.
    assert _virtual_memory() - before < 100_000_000


def test_the_limit_itself_is_read() -> None:
    """Exactly as many pixels as allowed are accepted, in every format that says so early."""
    image = Image.new("L", (1000, 1000), "white")
    for format in FORMATS:
        assert decode(file(image, format), "image", LIMIT).rgb.size == (1000, 1000)


@given(st.sampled_from(FORMATS), st.integers(0), st.binary(min_size=1, max_size=8))
def test_damage_is_always_the_clients_fault(format: str, place: int, damage: bytes) -> None:
    """Whatever bytes are changed: a picture or a refusal, never another error."""
    content = bytearray(SAMPLES[format])
    place %= len(content)
    content[place : place + len(damage)] = damage
    with suppress(ClientError):
        decode(bytes(content), "image", LIMIT)


SAMPLES = {format: file(half_and_half(), format) for format in FORMATS}


def _virtual_memory() -> int:
    with open("/proc/self/statm") as statm:  # noqa: PTH123 - a kernel interface, not a file
        return int(statm.read().split()[0]) * 4096
