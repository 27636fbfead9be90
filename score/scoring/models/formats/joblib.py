"""Pickles, as joblib writes them; large arrays are mapped, so that workers share them."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Any

import joblib

from scoring.settings import Settings
from scoring.telemetry.log import logger

#: Smaller files are read into memory: sharing them saves nothing worth a file handle per array.
MMAP_BYTES = 50_000_000


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
