"""The one way a model is loaded: checked, quietly, with everything worth knowing about it."""

from __future__ import annotations

import resource
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from scoring.errors import ModelBroken
from scoring.models.discovery import ModelPath, find_model, model_dir
from scoring.models.formats import FORMATS, format_of
from scoring.models.formats.base import Format
from scoring.models.formats.joblib import saved_with
from scoring.models.manifest import Record, installed, library_mismatches, sha256, verified_record
from scoring.settings import Settings
from scoring.signals import raised_by_signal
from scoring.telemetry.log import logger


@dataclass(frozen=True)
class LoadedModel:
    """A model and what is known of its file.

    Attributes:
        model: an estimator.
        path: the file or folder it came from.
        format: the name of the format.
        sha256: of the content.
        record: the manifest's entry; None without a manifest.
        mismatches: libraries whose version here is not the one trained with.
        loaded_at: when, RFC 3339, UTC.
        memory_bytes: by how much the process grew while loading, memory-mapped arrays left
            out; None where the system does not tell.
        name: as registered, or what its folder or file is called.
        version: as registered, else "1".
    """

    model: Any
    path: Path
    format: str
    sha256: str
    record: Record | None
    mismatches: dict[str, dict[str, str | None]]
    loaded_at: str
    memory_bytes: int | None
    name: str = "model"
    version: str = "1"


def load_model(environ: Mapping[str, str]) -> LoadedModel:
    """Load the one model that the environment tells to serve.

    Args:
        environ: `AZUREML_MODEL_DIR`, and `SCORING_MODEL` and others of `Settings`.

    Raises:
        ModelNotFound: there is none, or there are several and none is chosen.
        ModelBroken: it cannot be loaded.
        InvalidSetting: a setting cannot be used.
    """
    settings = Settings.from_environ(environ)
    return load(find_model(model_dir(environ), settings.model, settings.model_version), settings)


def load(found: ModelPath, settings: Settings) -> LoadedModel:
    """Load a model, checked against its manifest first where there is one.

    Args:
        found: a model file, or an MLflow or Spark folder, and what it is called.
        settings: `mmap`, `trusted_types` and `require_manifest` are used.

    Raises:
        ModelBroken: the file is not the manifest's, has no known format, is damaged, or needs
            a package that is not installed.
    """
    path = found.path
    kind = format_of(path)
    if kind is None:
        suffixes = ", ".join(suffix for known in FORMATS for suffix in known.suffixes)
        raise ModelBroken(
            f"{path.name} is no known model format ({suffixes} or an MLflow or Spark folder)."
        )
    record = verified_record(path)
    if record is None and settings.require_manifest:
        raise ModelBroken(
            f"{path.name} has no manifest, and SCORING_REQUIRE_MANIFEST is on: it was not loaded. "
            "Register models.json of the same training run together with it."
        )
    if record is not None and record.format not in (None, kind.name):
        raise ModelBroken(f"{path.name} is {kind.name}; its manifest says {record.format}.")
    before = _own_memory()
    model, trained_with = _load_quietly(kind, path, settings)
    after = _own_memory()
    trained_with |= record.libraries if record else {}
    mismatches = library_mismatches(trained_with)
    for library, versions in mismatches.items():
        logger.warning(
            "%s was trained with %s %s; this service has %s: train again or change env.yml.",
            path.name,
            library,
            versions["trained"],
            versions["installed"] or "none",
        )
    loaded = LoadedModel(
        name=found.name,
        version=found.version,
        model=model,
        path=path,
        format=kind.name,
        sha256=record.sha256 if record else sha256(path),
        record=record,
        mismatches=mismatches,
        loaded_at=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        memory_bytes=None if before is None or after is None else max(after - before, 0),
    )
    logger.info(
        "loaded %s: %s, sha256 %s, %s a manifest",
        path.name,
        kind.name,
        loaded.sha256,
        "with" if record else "without",
    )
    return loaded


def _load_quietly(kind: Format, path: Path, settings: Settings) -> tuple[Any, dict[str, str]]:
    """Load; return the model and the scikit-learn version that its pickle tells, if another."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            model = kind.load(path, settings)
        except ModelBroken as error:
            raise ModelBroken(f"{path.name} cannot be loaded: {error}") from error.__cause__
        except (Exception, SystemExit) as error:
            if raised_by_signal(error):
                raise
            raise ModelBroken(f"{path.name} cannot be loaded: {_explain(error, path)}") from error
    trained_with = {}
    for warning in caught:
        # sklearn.exceptions.InconsistentVersionWarning, one for every part of a pipeline.
        found = getattr(warning.message, "original_sklearn_version", None)
        if found is not None:
            trained_with["scikit-learn"] = str(found)
        else:
            logger.debug("loading %s: %s", path.name, warning.message)
    return model, trained_with


def _explain(error: BaseException, path: Path) -> str:
    """Return what went wrong while a model was read, and what to do, on one line."""
    # XGBoost appends its C++ stack.
    said = (str(error).strip().splitlines() or [""])[0].replace(str(path), path.name)
    if isinstance(error, SystemExit):
        return "reading it ends the program (sys.exit): do not trust it."
    if isinstance(error, OSError | MemoryError):
        return f"{type(error).__name__}: {said}. The machine, not the file, is at fault."
    if isinstance(error, ModuleNotFoundError):
        return (
            f"it needs the Python module {error.name!r}, which is not installed. "
            "Add the package it comes from, in the version it was trained with, to env.yml."
        )
    saved, here = saved_with(path) if path.is_file() else None, installed("scikit-learn")
    if saved is not None and saved != here:
        return (
            f"it was saved by scikit-learn {saved}; this service has {here}, which does not read "
            f"it ({type(error).__name__}: {said}). Train again with {here}, or put "
            f"scikit-learn=={saved} into env.yml."
        )
    if isinstance(error, AttributeError | ImportError):
        return (
            f"{said}. It was saved with a class or function that this service does not have: "
            "one defined in the training script itself, or in another version of a library. "
            "Move it into a package of env.yml, or train with env.yml's versions."
        )
    return f"the file is damaged or of another format ({type(error).__name__}: {said})."


def _own_memory() -> int | None:
    """Return the bytes of memory that are this process' own; None where /proc does not tell."""
    try:
        _, resident, shared, *_ = Path("/proc/self/statm").read_text().split()
    except OSError:
        return None
    return (int(resident) - int(shared)) * resource.getpagesize()
