"""What is uploaded: the files of the source folder, less what never belongs in a container.

SDK v1 packs the folder as it lies there, caches included and without reading any ignore file.
So every target is given a clean copy instead, and the list shown is the list sent. Lines in
`.amlignore` (the syntax is .gitignore's) leave out more.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pathspec

#: Left out everywhere: what tools leave behind, of no use in the container.
CACHES = (
    "__pycache__/",
    "*.py[co]",
    ".ipynb_checkpoints/",
    ".mypy_cache/",
    ".pytest_cache/",
    ".ruff_cache/",
    ".git/",
    ".DS_Store",
    ".amlignore",
)


@dataclass(frozen=True)
class Bundle:
    """The files to upload.

    Attributes:
        source: the folder they are in.
        files: their paths, relative to `source`, sorted.
        left_out: how many files are not uploaded.
        made: files that are not in `source` but made for this deployment, and their text.
    """

    source: Path
    files: tuple[Path, ...]
    left_out: int
    made: Mapping[Path, str] = field(default_factory=dict)

    def sizes(self) -> dict[str, int]:
        """Return each file's size in bytes by its path."""
        sizes = {str(file): (self.source / file).stat().st_size for file in self.files}
        return sizes | {str(file): len(text.encode()) for file, text in self.made.items()}

    def digests(self) -> dict[str, str]:
        """Return each file's SHA-256 by its path."""
        found = {
            str(file): hashlib.sha256((self.source / file).read_bytes()).hexdigest()
            for file in self.files
        }
        made = {str(f): hashlib.sha256(text.encode()).hexdigest() for f, text in self.made.items()}
        return found | made

    def copy_to(self, folder: Path) -> None:
        """Copy the files below `folder`, which is made; symbolic links become files."""
        for file in self.files:
            target = folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.source / file, target)
        for file, text in self.made.items():
            (folder / file).write_text(text, encoding="utf-8")


def collect(source: Path) -> Bundle:
    """Return what would be uploaded from `source`."""
    ignore_file = source / ".amlignore"
    lines = ignore_file.read_text(encoding="utf-8").splitlines() if ignore_file.is_file() else []
    ignored = pathspec.PathSpec.from_lines("gitwildmatch", [*CACHES, *lines])
    every = sorted(p.relative_to(source) for p in source.rglob("*") if not p.is_dir())
    files = tuple(file for file in every if not ignored.match_file(file))
    return Bundle(source, files, len(every) - len(files))
