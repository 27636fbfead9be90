"""Registered models: what is told of a new one, and how the old one is got back."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from azure_ml.errors import azure
from azure_ml.workspace import workspace

#: What the no-code deployment of a registered model gets, unless its deployment says otherwise.
CPU, MEMORY_GB = 1, 0.5


class NotRegistered(ValueError):
    """The model cannot be registered; the message says why and what to do."""


def registration(model: Path) -> dict[str, Any]:
    """Return what a model is registered with, from the manifest beside it.

    Framework, its version and resources are what the no-code deployment of SDK v1 reads.

    Args:
        model: the output folder of a training, or the model file in it.

    Raises:
        NotRegistered: there is no model or no manifest, or they do not belong together.
    """
    from azureml.core import Model
    from azureml.core.resource_configuration import ResourceConfiguration

    folder = model if model.is_dir() else model.parent
    manifest = folder / "models.json"
    if not manifest.is_file():
        raise NotRegistered(f"No models.json in {folder}: train first, for instance with train.py.")
    entry, *_ = json.loads(manifest.read_text())["models"]
    file = folder / entry["file"]
    if not file.is_file() or (model.is_file() and model.name != file.name):
        raise NotRegistered(f"{manifest} describes {file.name}, not what is to be registered.")
    if hashlib.sha256(file.read_bytes()).hexdigest() != entry["sha256"]:
        raise NotRegistered(f"{file} is not the file that {manifest} describes: train again.")
    metrics = {name: f"{value:.6g}" for name, value in entry["metrics"].items()}
    return {
        "model_framework": Model.Framework.SCIKITLEARN,
        "model_framework_version": entry["libraries"]["scikit-learn"],
        "resource_configuration": ResourceConfiguration(cpu=CPU, memory_in_gb=MEMORY_GB),
        "tags": metrics | {"trained_by": entry["by"]},
        "properties": {key: entry[key] for key in ("sha256", "data_sha256", "trained_at")},
    }


def register(name: str, model: Path, tags: Mapping[str, str] | None = None) -> Any:
    """Register a local model file or output folder with SDK v1 and return it.

    Args:
        name: as it is registered.
        model: see `registration`.
        tags: beside those that the manifest gives.

    Raises:
        NotRegistered: see `registration`.
        AzureFailed: Azure gave up.
    """
    from azureml.core import Model

    described = registration(model)
    described["tags"] |= dict(tags or {})
    # The SDK refuses what lies outside of the working folder.
    path = os.path.relpath(model)
    with azure("the registration"):
        return Model.register(workspace(), model_path=path, model_name=name, **described)


def register_from_run(run: Any, name: str, folder: str, described: Mapping[str, Any]) -> Any:
    """Register what a run has uploaded under `folder`, linked to that run."""
    return run.register_model(model_name=name, model_path=folder, **described)


def latest(name: str, folder: Path) -> tuple[str, Path] | None:
    """Download the newest version of a registered model.

    Args:
        name: as it is registered.
        folder: where to.

    Returns:
        `NAME:VERSION`, and its file or folder; None where there is no such model.

    Raises:
        AzureFailed: Azure gave up.
    """
    from azureml.core import Model

    with azure("the download of the registered model"):
        space = workspace()
        versions = Model.list(space, name=name, latest=True)
        if not versions:
            return None
        newest = max(versions, key=lambda version: int(version.version))
        path = newest.download(target_dir=str(folder), exist_ok=True)
    return f"{newest.name}:{newest.version}", Path(path)
