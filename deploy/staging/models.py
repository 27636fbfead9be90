"""The models to deploy: where they lie on this machine and the names they are registered by."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from deploy.errors import UsageError

#: Written beside a model by training: the file names with their hashes.
MANIFEST = "models.json"


@dataclass(frozen=True)
class ModelSource:
    """A model on this machine.

    Attributes:
        name: the name it is registered by.
        path: a file, or a folder that is registered as a whole.
        version: the version it has in a layout made on this machine; Azure counts by itself.
    """

    name: str
    path: Path
    version: str = "1"

    def files(self) -> list[Path]:
        """Return its files, sorted; none when there is no such path."""
        if self.path.is_dir():
            return sorted(file for file in self.path.rglob("*") if file.is_file())
        return [self.path] if self.path.is_file() else []

    def size(self) -> int:
        """Return its size in bytes."""
        return sum(file.stat().st_size for file in self.files())

    def digest(self) -> str:
        """Return the SHA-256 of its content, as `content_digest` has it."""
        return content_digest(self.path)


def content_digest(path: Path) -> str:
    """Return the SHA-256 of a file's or a folder's content, in hexadecimal.

    A folder's is that of the lines `<sha256>  <path>` of its files, sorted by path, without
    its manifest: the format of `models.json` (docs/models.md).
    """
    total = hashlib.sha256()
    if path.is_dir():
        names = {f.relative_to(path).as_posix(): f for f in path.rglob("*") if f.is_file()}
        names.pop(MANIFEST, None)
        for name in sorted(names):
            total.update(f"{content_digest(names[name])}  {name}\n".encode())
        return total.hexdigest()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            total.update(block)
    return total.hexdigest()


def parse_model(text: str) -> ModelSource:
    """Return the model that `NAME=PATH` or `PATH` on the command line means.

    Without a name, `models/NAME/VERSION` gives both; any other path gives its last part.

    Raises:
        UsageError: the name is not one that Azure takes.
    """
    name, separator, rest = text.partition("=")
    path = Path(rest if separator else text)
    version = path.name if path.name.isdecimal() else "1"
    if not separator:
        name = path.parent.name if path.name.isdecimal() and path.parent.name else path.stem
    if not re.fullmatch(MODEL_NAME, name):
        raise UsageError(
            f"--model {text}: {name!r} is no model name. Write --model NAME=PATH with letters, "
            "digits, dashes, periods and underscores, starting with a letter or digit."
        )
    return ModelSource(name, path, version)


#: Registered models' names, as `azureml-core` checks them.
MODEL_NAME = r"^[a-zA-Z0-9][a-zA-Z0-9\-\._]{0,254}$"
