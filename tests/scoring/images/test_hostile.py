"""Small files that make much work: the answer names the limit, and the worker stays small."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scoring.errors import TooLarge
from scoring.images.child import read_pixels_apart
from scoring.images.cost import cost_of, scans
from scoring.images.decoding import decode
from scoring.images.pixels import Damaged, NotAnImage, TooManyPixels, opened, read_pixels
from scoring.settings import Settings

from tests.scoring.images.hostile import FILES, file, progressive_jpeg

#: A worker: it decodes one file, then says how much memory it and its child took for that.
PROGRAM = """
import json, resource, sys
from scoring.errors import ClientError
from scoring.images.decoding import decode
from scoring.settings import Settings

def highest():
    with open("/proc/self/status") as status:
        return int(status.read().partition("VmHWM:")[2].split()[0]) * 1024

content, before = sys.stdin.buffer.read(), highest()
try:
    said = str(decode(content, "image", Settings(image_seconds=int(sys.argv[1]))).rgb.size)
except ClientError as error:
    said = f"{error.status.value} {error}"
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"said": said, "worker": highest() - before, "child": used.ru_maxrss * 1024,
                  "seconds": used.ru_utime}))
"""


@pytest.mark.parametrize("name", FILES)
def test_work_is_limited_before_or_while_it_is_done(root: Path, name: str) -> None:
    """Below 600 KB each, and with the default limit of memory; the worker lives to tell it."""
    make, expected = FILES[name]
    content = make()
    assert len(content) < 600_000
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "1" if expected == "SCORING_IMAGE_SECONDS" else "5"],
        input=content, capture_output=True, cwd=root / "score", check=True,
    )  # fmt: skip
    result = json.loads(done.stdout)
    # Shown by pytest --log-cli-level=INFO.
    logging.getLogger(__name__).info("%s: %s", name, result)
    if expected is None:
        assert result["said"] == "(6000, 4000)"
    else:
        assert expected in result["said"]
        assert result["said"][:3] == ("400" if "damaged" in expected else "413")
    # What is kept of 24 million pixels, once from the pipe and once as a picture, and as they are.
    assert result["worker"] < 300_000_000
    assert result["child"] < Settings().max_image_memory + 100_000_000


def picture(mode: str, side: int = 1200) -> Image.Image:
    noise = np.random.default_rng(0).integers(0, 255, (side // 8, side // 8, 3), dtype=np.uint8)
    page = Image.fromarray(noise).resize((side, side))
    if mode == "I;16":
        return Image.fromarray(np.asarray(page.convert("L")).astype(np.uint16) * 257)
    return page.convert(mode)


#: Reads a file as the child does, and prints the bytes that this took at most.
MEASURED = """
import sys
import scoring.images.pixels as pixels

def highest():
    with open("/proc/self/status") as status:
        return int(status.read().partition("VmHWM:")[2].split()[0]) * 1024

before, sys.argv = highest(), ["", "100000000", "4000000000", "60"]
pixels.main()
print(highest() - before, file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("mode", "format", "options"),
    [
        ("RGB", "JPEG", {"progressive": True, "subsampling": 0}),
        ("CMYK", "JPEG", {}),
        ("RGBA", "PNG", {}),
        ("I;16", "PNG", {}),
        ("P", "GIF", {}),
        ("RGB", "BMP", {}),
        ("RGBA", "WEBP", {"lossless": True}),
        ("F", "TIFF", {"compression": "tiff_lzw"}),
        ("RGBA", "TIFF", {"compression": "tiff_adobe_deflate"}),
    ],
)
def test_what_the_header_promises_is_enough(
    root: Path, mode: str, format: str, options: dict[str, object]
) -> None:
    """Decoding, turning upright included, takes no more memory than was told beforehand."""
    exif = Image.Exif()
    exif[0x0112] = 6
    content = file(picture(mode), format, exif=exif, **options)
    with opened(content, 10**8) as image:
        promised = cost_of(image, content).memory
    done = subprocess.run(
        [sys.executable, "-c", MEASURED],
        input=content, capture_output=True, cwd=root / "score", check=True,
    )  # fmt: skip
    assert done.stdout.startswith(b'{"width": 1200')
    assert 0.2 * promised < int(done.stderr) <= promised


def test_both_processes_see_the_same() -> None:
    """Decoded apart, a picture has the same pixels and the same size."""
    exif = Image.Exif()
    exif[0x0112] = 8
    content = file(picture("RGB", 320).crop((0, 0, 320, 200)), "PNG", exif=exif)
    here = read_pixels(content, 10**6)
    apart = read_pixels_apart(content, 10**6, 10**8, 60)
    assert (here.width, here.height) == (apart.width, apart.height) == (320, 200)
    assert here.rgb.size == (200, 320)
    assert here.rgb.tobytes() == apart.rgb.tobytes()


@pytest.mark.parametrize(
    ("content", "max_pixels", "max_memory", "expected"),
    [
        (b"no image", 10**6, 10**8, NotAnImage),
        (file(Image.effect_noise((99, 99), 50), "PNG")[:2000], 10**6, 10**8, Damaged),
        (file(Image.new("L", (99, 99)), "PNG"), 10, 10**8, TooManyPixels),
        (file(Image.new("L", (3000, 3000)), "PNG"), 10**7, 10**6, MemoryError),
    ],
)
def test_errors_cross_the_border(
    content: bytes, max_pixels: int, max_memory: int, expected: type[Exception]
) -> None:
    """What is wrong with a file is told apart in the other process as well."""
    with pytest.raises(expected):
        read_pixels_apart(content, max_pixels, max_memory, 60)


def test_only_the_pictures_own_scans_count() -> None:
    """A thumbnail in EXIF and a film behind the picture's end are no scans of it."""
    content = progressive_jpeg(30, 64)
    assert scans(content) == 30
    assert scans(content + b"\xff\xda" * 500) == 30
    exif = content[:2] + b"\xff\xe1" + segment(b"Exif\0\0" + b"\xff\xda" * 40) + content[2:]
    assert scans(exif) == 30
    assert decode(content + b"\xff\xda" * 500, "image", Settings()).rgb.size == (64, 64)


def segment(body: bytes) -> bytes:
    return (len(body) + 2).to_bytes(2, "big") + body


def test_the_memory_limit_is_the_operators() -> None:
    """The same picture is read or refused by the setting, which the message names."""
    content = file(picture("F", 600), "TIFF")
    assert decode(content, "image", Settings()).width == 600
    with pytest.raises(TooLarge, match=r"25000000 bytes .*SCORING_MAX_IMAGE_MEMORY"):
        decode(content, "image", Settings(max_image_memory=25_000_000))


def test_what_decodes_is_what_was_counted() -> None:
    """Pillow itself reads the file that is made of repeated scans: it is no broken one."""
    with Image.open(io.BytesIO(progressive_jpeg(40, 200))) as image:
        image.load()
        assert image.size == (200, 200)
