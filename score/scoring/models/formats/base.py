"""One line of the table of formats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scoring.settings import Settings


@dataclass(frozen=True)
class Format:
    """One line of the table.

    Attributes:
        name: as in a manifest.
        suffixes: endings of its files, lower case; none for a folder.
        load: returns the model in a file.
        signature: how the file begins, for endings that other files have as well.
    """

    name: str
    suffixes: tuple[str, ...]
    load: Callable[[Path, Settings], Any]
    signature: bytes = b""
