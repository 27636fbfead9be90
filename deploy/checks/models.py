"""The models: there, whole, and where the SDK takes them from."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from deploy.findings import Finding, fault, warning
from deploy.staging.models import MANIFEST, ModelSource, content_digest


def check_models(models: Sequence[ModelSource], working_folder: Path) -> list[Finding]:
    """Return what is wrong with the models.

    Args:
        models: the models to deploy.
        working_folder: `Model.register` takes nothing from outside it.
    """
    found: list[Finding] = []
    names = [model.name for model in models]
    for model in models:
        if names.count(model.name) > 1:
            problem = f"Two models are called {model.name}."
            found.append(fault(model.path, problem, "Name them apart: --model NAME=PATH."))
        if not model.files():
            found.append(_nothing_there(model.path))
        elif not model.path.resolve().is_relative_to(working_folder.resolve()):
            fix = f"Move it below {working_folder}, or start the command above it."
            found.append(fault(model.path, "It lies outside the working folder.", fix))
        else:
            found += _check_manifest(model)
    return found


def _nothing_there(path: Path) -> Finding:
    if path.is_dir():
        return fault(path, "The model folder is empty.", "Train the model into it.")
    parent = path.parent
    there = sorted(p.name for p in parent.iterdir()) if parent.is_dir() else []
    fix = f"Train it, or correct --model; found in {parent}: {', '.join(there) or 'nothing'}."
    return fault(path, "There is no such model.", fix)


def _check_manifest(model: ModelSource) -> Iterator[Finding]:
    manifests = [file for file in model.files() if file.name == MANIFEST]
    beside = model.path.parent / MANIFEST
    if not manifests and model.path.is_file() and beside.is_file():
        manifests = [beside]
    if not manifests:
        files = model.files()
        file = files[0] if len(files) == 1 else model.path
        fix = (
            f"Package it: .venv/bin/python -m training package {shlex.quote(str(file))} --sample "
            "DATA.csv, with the table it was trained on."
        )
        yield warning(model.path, f"No {MANIFEST} lies beside it: its files are not verified.", fix)
    for manifest in manifests:
        yield from _check_entries(manifest)


def _check_entries(manifest: Path) -> Iterator[Finding]:
    try:
        entries = _entries(json.loads(manifest.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError):
        yield fault(manifest, "Not a manifest.", "Train the model again, or remove the file.")
        return
    for name, digest in entries.items():
        file = manifest.parent / name
        if not file.exists():
            yield fault(manifest, f"Lists {name}, which is not there.", "Train the model again.")
        elif content_digest(file) != digest:
            fix = "Train the model again, or get the file back: it is not the one described."
            yield fault(file, f"Does not match its SHA-256 in {manifest.name}.", fix)


def _entries(document: dict[str, Any]) -> dict[str, str]:
    """Return the files that a manifest describes, with their hashes."""
    return {str(entry["file"]): str(entry["sha256"]) for entry in document["models"]}
