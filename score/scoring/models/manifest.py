"""The manifest of a model, `models.json`: what the file was when it was trained.

A pickle runs code when it is loaded, so a file that is not the one its manifest names is
refused before it is opened. The format is described in docs/models.md.

The hash of a folder (an MLflow model) is the SHA-256 of the lines `<sha256>  <path>` of its
files, sorted by path: what `sha256sum` prints, so that it can be checked without this code.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from scoring.errors import ModelBroken
from scoring.telemetry.log import logger

#: The manifest's name, beside the model file or inside the model folder.
MANIFEST = "models.json"

#: Read at a time while hashing: large enough for the disk, small beside any model.
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Record:
    """What a manifest says of one model.

    Attributes:
        file: the model file's name in the manifest's folder; "." is the folder itself.
        sha256: the file's SHA-256, 64 lower-case hexadecimal digits.
        format: the name of the format, such as "joblib"; None when not said.
        libraries: package name to the version that the model was trained with.
        trained_at: date-time as in RFC 3339; None when not said.
        by: who or what trained it; None when not said.
    """

    file: str
    sha256: str
    format: str | None = None
    libraries: dict[str, str] = field(default_factory=dict)
    trained_at: str | None = None
    by: str | None = None


def verified_record(model: Path) -> Record | None:
    """Return what the manifest says of a model whose content matches it.

    Args:
        model: the model's file or folder.

    Returns:
        None when there is no manifest; a warning is logged, once per process.

    Raises:
        ModelBroken: the manifest cannot be read, does not list the model, or gives another
            hash than the content's.
    """
    # Only what is not there is not there: a link to nowhere or a folder of this name may be what
    # somebody put in a manifest's place.
    found = next(((path, name) for path, name in _candidates(model) if os.path.lexists(path)), None)
    if found is None:
        _warn_unverified()
        return None
    manifest, name = found
    if not manifest.is_file():
        raise ModelBroken(
            f"{MANIFEST} beside {model.name} is a folder or a link to nothing, so nothing tells "
            "which model was trained. It was not loaded. Put the manifest there, or remove it."
        )
    _refuse_links(model)
    records = read_manifest(manifest)
    if name not in records:
        listed = ", ".join(sorted(records)) or "nothing"
        raise ModelBroken(
            f"{MANIFEST} beside {model.name} does not list it (it lists: {listed}). "
            "Add it with its sha256, or remove the manifest."
        )
    record, actual = records[name], sha256(model)
    if record.sha256 != actual:
        raise ModelBroken(
            f"{model.name} is not the file that {MANIFEST} describes: its SHA-256 is {actual}, "
            f"the manifest says {record.sha256}. It was not loaded. "
            "Register the model together with the manifest of the same training run."
        )
    return record


def read_manifest(path: Path) -> dict[str, Record]:
    """Return the records of a manifest by the file they describe.

    Raises:
        ModelBroken: the manifest is not JSON or not in the documented form.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except RecursionError:
        raise ModelBroken(f"{path.name} is nested too deeply.") from None
    except ValueError as error:
        raise ModelBroken(f"{path.name} is not JSON: {error}.") from None
    models = content.get("models") if isinstance(content, dict) else None
    if not isinstance(models, list):
        raise ModelBroken(f'{path.name} must be {{"models": [...]}}; see docs/models.md.')
    records = [_record(item, f"{path.name}: models[{i}]") for i, item in enumerate(models)]
    files = [record.file for record in records]
    twin = next((file for i, file in enumerate(files) if file in files[:i]), None)
    if twin is not None:
        raise ModelBroken(f"{path.name} lists {twin!r} twice: which hash is right, nothing tells.")
    return {record.file: record for record in records}


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's or a folder's content in hexadecimal."""
    if path.is_file():
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
        return digest.hexdigest()
    names = {file.relative_to(path).as_posix(): file for file in path.rglob("*") if file.is_file()}
    # A manifest inside the folder cannot contain its own hash.
    names.pop(MANIFEST, None)
    lines = (f"{sha256(names[name])}  {name}\n" for name in sorted(names))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _refuse_links(folder: Path) -> None:
    """Refuse a folder that holds links: what they lead to is read, but is in no hash.

    Raises:
        ModelBroken: naming the first.
    """
    links = (path for path in folder.rglob("*") if path.is_symlink()) if folder.is_dir() else ()
    link = next(iter(links), None)
    if link is not None:
        raise ModelBroken(
            f"{link.relative_to(folder)} in {folder.name} is a link, whose content {MANIFEST} does "
            "not vouch for. It was not loaded. Put a copy in its place and make the hash again."
        )


def library_mismatches(libraries: dict[str, str]) -> dict[str, dict[str, str | None]]:
    """Return the libraries whose installed version is not the one trained with.

    Returns:
        `{"scikit-learn": {"trained": "1.6.1", "installed": "1.7.2"}}`; installed is None for a
        package that is missing here.
    """
    pairs = {name: (trained, installed(name)) for name, trained in libraries.items()}
    return {
        name: {"trained": trained, "installed": here}
        for name, (trained, here) in pairs.items()
        if trained != here
    }


def installed(package: str) -> str | None:
    """Return the version of an installed package, None when it is missing."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _candidates(model: Path) -> Iterator[tuple[Path, str]]:
    if model.is_dir():
        yield model / MANIFEST, "."
    yield model.parent / MANIFEST, model.name


def _record(item: Any, where: str) -> Record:
    if not isinstance(item, dict):
        raise ModelBroken(f"{where} must be an object.")
    for key in ("file", "sha256"):
        if not isinstance(item.get(key), str):
            raise ModelBroken(f"{where} needs a text {key!r}.")
    for key in ("format", "trained_at", "by"):
        if not isinstance(item.get(key), str | None):
            raise ModelBroken(f"{where}.{key} must be a text.")
    libraries = item.get("libraries", {})
    if not isinstance(libraries, dict) or not all(isinstance(v, str) for v in libraries.values()):
        raise ModelBroken(f"{where}.libraries must map package names to versions.")
    return Record(
        file=item["file"],
        sha256=item["sha256"].lower(),
        format=item.get("format"),
        libraries=libraries,
        trained_at=item.get("trained_at"),
        by=item.get("by"),
    )


@cache
def _warn_unverified() -> None:
    # Cached, so that a folder of forty models says it once; the description says which.
    logger.warning(
        "A model has no %s beside it, so nothing tells whether it is the file that was trained; "
        "a pickle runs code when it is loaded. See docs/models.md.",
        MANIFEST,
    )
