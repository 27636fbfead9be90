"""`Model.get_model_path` of SDK v1, for scripts that used it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from scoring.errors import ModelNotFound
from scoring.models.discovery import AZURE_FOLDER, _entries, nearest, tree, version_key
from scoring.models.formats import format_of


def get_model_path(
    model_name: str, version: int | None = None, environ: Mapping[str, str] | None = None
) -> str:
    """Return the path to a model, as `azureml.core.Model.get_model_path` does.

    For scripts that are moved here and used the SDK: it is looked for where the SDK looks
    (`$AML_APP_ROOT/azureml-models/NAME/VERSION/<the one entry>`, then `./NAME`), and before that
    in and above `AZUREML_MODEL_DIR`, which the SDK ignores.

    Args:
        model_name: as registered.
        version: as registered; the highest without.
        environ: the environment; the process' own without.

    Returns:
        The model's file or folder: the single entry of its version's folder.

    Raises:
        ModelNotFound: it is not there, or its version's folder holds other than one entry.
    """
    environ = os.environ if environ is None else environ
    looked = []
    for folder in _sdk_folders(environ):
        named = next((d for d in _entries(folder) if d.name == model_name and d.is_dir()), None)
        looked.append(f"{folder}/{model_name}")
        if named is None:
            continue
        versions = sorted((d.name for d in _versions(named)), key=version_key)
        wanted = str(version) if version is not None else next(reversed(versions), None)
        if wanted in versions:
            return str(_only_entry(named / wanted))
        looked[-1] += f" (versions: {', '.join(versions) or 'none'})"
    if version is None:
        local = next((p for p in _entries(Path.cwd()) if p.name == model_name), None)
        looked.append(f"./{model_name}")
        if local is not None:
            return model_name
    asked = model_name if version is None else f"{model_name} version {version}"
    there = [p.name for folder in _sdk_folders(environ) for p in _entries(folder)]
    raise ModelNotFound(
        f"No model {asked}.{nearest(model_name, there)} Looked for: {', '.join(looked)}.\n"
        + "\n".join(tree(folder) for folder in _sdk_folders(environ) if folder.is_dir())
    )


def _versions(folder: Path) -> list[Path]:
    return [d for d in _entries(folder) if d.is_dir() and d.name.isdecimal()]


def _sdk_folders(environ: Mapping[str, str]) -> list[Path]:
    """Return the folders that hold NAME/VERSION, the most likely first."""
    folders = [Path(environ.get("AML_APP_ROOT", ""), AZURE_FOLDER), Path(AZURE_FOLDER)]
    if value := environ.get("AZUREML_MODEL_DIR"):
        given = Path(value).absolute()
        folders = [given, given.parent.parent, *folders]
    return list(dict.fromkeys(folder.absolute() for folder in folders))


def _only_entry(folder: Path) -> Path:
    """Return the one entry of a version's folder, or, where a manifest lies beside it, the model.

    The SDK accepts the first only.
    """
    entries = _entries(folder)
    for candidates in (entries, [entry for entry in entries if format_of(entry) is not None]):
        if len(candidates) == 1:
            return candidates[0]
    names = ", ".join(entry.name for entry in entries) or "nothing"
    raise ModelNotFound(
        f"{folder} must hold one file or folder, as the SDK has it; it holds {names}. "
        "Register the files as one folder, or use scoring.models.discovery.find_model()."
    )
