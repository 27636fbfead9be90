"""Doors that are described by hand, and how the server comes to publish what was written.

azmlinfsrv publishes Swagger files that lie in its app root, for whichever entry script it runs:
they are no part of `score/`, the app root of every door. They are added where one door is
deployed or served by itself.
"""

from __future__ import annotations

import ast
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from deploy.findings import Finding, notice
from deploy.openapi.document import FILES
from deploy.openapi.image_door import DIGITS, Pictures, declared, image_documents
from deploy.openapi.studio_door import studio_documents
from deploy.staging.files import Bundle
from deploy.staging.layouts import Layout

#: The files the server looks for. It reads swagger.json before swagger2.json.
OWN_FILES = ("swagger.json", *FILES.values())

#: Raw-HTTP doors: no schema or sample in the script says what they take. With what a script of
#: such a name imports where it is ours, and not a user's own.
DESCRIBED_BY_HAND = {"image": "scoring.images", "studio": "studio_runtime"}

#: Lies beside a model of pictures and says what it takes and answers (docs/images.md).
PICTURES = "image_input.json"


@dataclass(frozen=True)
class AppRoot:
    """Where the server is to look for files, and where for the code.

    Attributes:
        folder: AML_APP_ROOT; None leaves it to the entry script's folder.
        environ: what the server needs to find the code all the same.
    """

    folder: Path | None
    environ: Mapping[str, str]


def with_swagger(
    bundle: Bundle, entry: Path, layout: Layout, models: Sequence[Path] = ()
) -> tuple[Bundle, list[Finding]]:
    """Add a door's documents beside its entry script, where the layout's server reads them.

    Args:
        bundle: the files that are uploaded; Swagger files among them are the deployer's own.
        entry: the entry script, relative to the bundle's folder.
        layout: the app root is the entry script's folder in v2, one above all code in v1.
        models: the files and folders that are deployed with it.
    """
    if not _described(bundle.source / entry) or _own(bundle, entry.parent):
        return bundle, []
    if layout is Layout.V1:
        fix = "Nothing, or --layout v2; deploy swagger writes it for your clients."
        text = "In the v1 layout the server cannot publish this door's own Swagger."
        return bundle, [notice(bundle.source / entry, text, fix, "swagger.not-published")]
    # With the service's own limits: a deployment in this layout has no variables yet.
    documents = hand_made(entry.stem, {}, models=models)
    made = {entry.parent / name: _text(content) for name, content in documents.items()}
    return replace(bundle, made=made), []


@contextmanager
def app_root(
    entry: Path, environ: Mapping[str, str], model: Path | None = None
) -> Iterator[AppRoot]:
    """Make an app root with a door's documents, for serving it from where it lies.

    Args:
        entry: the entry script.
        environ: the environment variables it will be served with.
        model: its model's file or folder.
    """
    if not _described(entry):
        yield AppRoot(None, {})
        return
    with tempfile.TemporaryDirectory() as folder:
        models = [model] if model else []
        write(hand_made(entry.stem, environ, models=models), Path(folder))
        # The server appends this to the app root, as Python joins paths: in full, it stands.
        yield AppRoot(Path(folder), {"AZUREML_SOURCE_DIRECTORY": str(entry.resolve().parent)})


def hand_made(
    door: str, environ: Mapping[str, str], url: str = "", models: Sequence[Path] = ()
) -> dict[str, dict[str, Any]]:
    """Return file name to document for a door that is described by hand.

    Args:
        door: a key of `DESCRIBED_BY_HAND`.
        environ: the service's environment variables, some of which are limits.
        url: where the service is; empty when the documents are not bound to one place.
        models: the model's files and folders, which say what pictures they take.
    """
    if door == "studio":
        return studio_documents(environ, url)
    return image_documents(environ, url, _pictures(models))


def _pictures(models: Sequence[Path]) -> Pictures:
    """Return what the declaration beside the first model that has one says; else the sample's."""
    for model in models:
        folder = model if model.is_dir() else model.parent
        for path in sorted(folder.rglob(PICTURES)):
            try:
                declaration = json.loads(path.read_text(encoding="utf-8"))
            except ValueError:
                # The service refuses to start with it, and says why.
                return DIGITS
            return declared(declaration) if isinstance(declaration, dict) else DIGITS
    return DIGITS


def write(files: Mapping[str, dict[str, Any]], out: Path) -> list[Path]:
    """Write documents into a folder, made if it is not there; return their paths."""
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (out / name).write_text(_text(content), encoding="utf-8")
    return [out / name for name in files]


def _described(entry: Path) -> bool:
    """Tell whether our documents are about this script: one of its name that decodes as ours."""
    if entry.stem not in DESCRIBED_BY_HAND:
        return False
    try:
        tree = ast.parse(entry.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return False
    ours = DESCRIBED_BY_HAND[entry.stem]
    imported = (node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return any(module.startswith(ours) for module in imported)


def _own(bundle: Bundle, folder: Path) -> bool:
    return any(file.parent == folder and file.name in OWN_FILES for file in bundle.files)


def _text(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
