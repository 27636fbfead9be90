"""Pickles, as joblib writes them; large arrays are mapped, so that workers share them."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib

from scoring.settings import Settings
from scoring.telemetry.log import logger

#: Smaller files are read into memory: sharing them saves nothing worth a file handle per array.
MMAP_BYTES = 50_000_000


#: How far into a pickle the version is looked for: it stands behind the first part's own data.
SEARCHED_BYTES = 100_000_000


def open_plain(path: Path) -> Any:
    """Open a file that is not compressed."""
    return path.open("rb")


#: Endings of pickles, also of compressed ones.
PICKLES = tuple(
    ending + packed
    for ending in (".joblib", ".pkl", ".pickle")
    for packed in ("", ".gz", ".bz2", ".xz", ".lzma", ".z")
)

#: How a pickle of protocol 2 and above begins.
PICKLE = re.compile(rb"\x80[\x02-\x05]")

#: What reads the compressed files that joblib reads; not zlib's own, whose start says little.
READERS: tuple[Callable[[Path], Any], ...] = (open_plain, gzip.open, bz2.open, lzma.open)

#: What a scikit-learn estimator's pickle says of the version it was saved with.
SAVED_WITH = re.compile(rb"_sklearn_version[^\d]{1,8}(\d+\.\d+[\w.]*)")


def begins_pickle(path: Path) -> bool:
    """Tell whether a file is a pickle by its content, compressed or not."""
    return any(PICKLE.match(_first_bytes(read, path, 2)) for read in READERS)


def saved_with(path: Path) -> str | None:
    """Return the version of scikit-learn that saved a pickle; None where it does not say."""
    for read in READERS:
        if PICKLE.match(_first_bytes(read, path, 2)):
            found = SAVED_WITH.search(_first_bytes(read, path, SEARCHED_BYTES))
            return found[1].decode() if found else None
    return None


def _first_bytes(read: Callable[[Path], Any], path: Path, count: int) -> bytes:
    try:
        with read(path) as stream:
            content: bytes = stream.read(count)
            return content
    except (OSError, EOFError, lzma.LZMAError):
        return b""


def _load_joblib(path: Path, settings: Settings) -> Any:
    if not settings.mmap or path.stat().st_size < MMAP_BYTES:
        return joblib.load(path)
    try:
        # "c", copy on write: some estimators need arrays they may write to.
        model = joblib.load(path, mmap_mode="c")
    except OSError as error:
        logger.warning("%s is read into memory, not mapped: %s", path.name, error)
        return joblib.load(path)
    # Each mapped array keeps a file handle; a boosted ensemble can have thousands.
    handles = sum(1 for _ in Path("/dev/fd").iterdir())
    if handles > resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2:
        logger.warning("%s is read into memory: it has too many arrays to map.", path.name)
        del model
        return joblib.load(path)
    return model
