"""Decoding in a process of its own, which its limits of time and memory stop; the worker lives."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

from PIL import Image

from scoring.images.pixels import Damaged, NotAnImage, Picture, TooManyPixels

ERRORS = {kind.__name__: kind for kind in (NotAnImage, Damaged, TooManyPixels, MemoryError)}

#: How many times the processor time is waited for on a busy machine.
PATIENCE = 5


class TookTooLong(Exception):
    """Decoding was stopped at its limit of time."""


def read_pixels_apart(content: bytes, max_pixels: int, max_memory: int, seconds: int) -> Picture:
    """Return the picture in a file, decoded by another process.

    Args:
        content: a whole file.
        max_pixels: width times height that is still read.
        max_memory: bytes that decoding may allocate.
        seconds: of processor time.

    Raises:
        NotAnImage, Damaged, TooManyPixels, MemoryError: as `read_pixels`.
        TookTooLong: the time is over.
    """
    # Without site: the packages are where they are for us.
    program = [sys.executable, "-S", "-m", "scoring.images.pixels"]
    # Threads of numpy's BLAS, which is not needed, would reserve memory for each core.
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "OPENBLAS_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            [*program, str(max_pixels), str(max_memory), str(seconds)],
            input=content, capture_output=True, env=environ, check=False,
            timeout=PATIENCE * seconds,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise TookTooLong from None
    head, newline, pixels = done.stdout.partition(b"\n")
    if not newline:
        raise _why_it_ended(done.returncode)
    result = json.loads(head)
    if "error" in result:
        raise ERRORS[result["error"]](result["text"])
    rgb = Image.frombytes("RGB", tuple(result["rgb"]), pixels)
    return Picture(rgb, result["width"], result["height"])


def _why_it_ended(returncode: int) -> Exception:
    """Return what ended the process before it could say anything."""
    if returncode == -signal.SIGXCPU:
        return TookTooLong()
    # The kernel's answer where a container is full; a Python that cannot even say MemoryError.
    if returncode in (-signal.SIGKILL, 1):
        return MemoryError()
    return Damaged(f"its decoder ended with {returncode}")
