"""The models: there, whole, and where the SDK takes them from."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.checks.context import Check, Context
from deploy.findings import Finding, Level, Rule
from deploy.staging.models import MANIFEST, ModelSource, content_digest

TWICE = Rule(
    "model.name-twice",
    Level.FAULT,
    "Two models of one name would be two versions of one model.",
    "`--model a=one.pkl --model a=two.pkl`",
    "Name them apart: --model NAME=PATH.",
)
MISSING = Rule(
    "model.missing",
    Level.FAULT,
    "There is no such file or folder, or the folder is empty.",
    "`--model models/model.pkl` before training",
    "Train it, or correct --model.",
)
OUTSIDE = Rule(
    "model.outside",
    Level.FAULT,
    "`Model.register` takes nothing from outside the working folder.",
    "`--model ../models/model.pkl` with an Azure target",
    "Move it below the working folder, or start the command above it.",
)
NO_MANIFEST = Rule(
    "model.no-manifest",
    Level.WARNING,
    "Without a list of hashes nobody can tell whether the files are those that were trained.",
    "a folder with model.joblib alone",
    "Package it: python -m training package.",
)
MANIFEST_BROKEN = Rule(
    "model.manifest",
    Level.FAULT,
    "The model's files are not those that its models.json describes.",
    "a model.joblib that was replaced by hand",
    "Train the model again, or get the file back: it is not the one described.",
)


def check_models(context: Context) -> Iterator[Finding]:
    """Yield what is wrong with the models."""
    models = context.plan.models
    names = [model.name for model in models]
    for model in models:
        if names.count(model.name) > 1:
            yield TWICE.at(model.path, f"Two models are called {model.name}.")
        if not model.files():
            yield _nothing_there(model.path)
        elif not model.path.resolve().is_relative_to(Path.cwd().resolve()):
            fix = f"Move it below {Path.cwd()}, or start the command above it."
            level = Level.FAULT if context.in_azure else Level.WARNING
            yield OUTSIDE.at(model.path, "It lies outside the working folder.", fix, level)
        else:
            yield from _check_manifest(model)


def _nothing_there(path: Path) -> Finding:
    if path.is_dir():
        return MISSING.at(path, "The model folder is empty.", "Train the model into it.")
    parent = path.parent
    there = sorted(p.name for p in parent.iterdir()) if parent.is_dir() else []
    fix = f"Train it, or correct --model; found in {parent}: {', '.join(there) or 'nothing'}."
    return MISSING.at(path, "There is no such model.", fix)


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
        problem = f"No {MANIFEST} lies beside it: its files are not verified."
        yield NO_MANIFEST.at(model.path, problem, fix)
    for manifest in manifests:
        yield from _check_entries(manifest)


def _check_entries(manifest: Path) -> Iterator[Finding]:
    try:
        entries = _entries(json.loads(manifest.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError):
        fix = "Train the model again, or remove the file."
        yield MANIFEST_BROKEN.at(manifest, "Not a manifest.", fix)
        return
    for name, digest in entries.items():
        file = manifest.parent / name
        if not file.exists():
            problem = f"Lists {name}, which is not there."
            yield MANIFEST_BROKEN.at(manifest, problem, "Train the model again.")
        elif content_digest(file) != digest:
            yield MANIFEST_BROKEN.at(file, f"Does not match its SHA-256 in {manifest.name}.")


def _entries(document: dict[str, Any]) -> dict[str, str]:
    """Return the files that a manifest describes, with their hashes."""
    return {str(entry["file"]): str(entry["sha256"]) for entry in document["models"]}


CHECK = Check(check_models, (TWICE, MISSING, OUTSIDE, NO_MANIFEST, MANIFEST_BROKEN))
