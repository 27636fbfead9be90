"""The manifest beside a model, `models.json`: hash, versions, metrics, fingerprint of the data.

The service refuses a model whose hash is not the manifest's, so the two travel together.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring_model.libraries import libraries

#: The manifest's name, beside the model.
MANIFEST = "models.json"

#: Read at a time while hashing.
CHUNK_BYTES = 1 << 20

#: Of predictions, as they are hashed. A sum's last digits of about 16 depend on the processor.
DIGITS = 9


def write_model(
    folder: Path,
    model: Any,
    *,
    by: str,
    df: pd.DataFrame,
    features: pd.DataFrame | npt.NDArray[Any],
    metrics: Mapping[str, float],
    parameters: Mapping[str, Any],
    name: str = "model.joblib",
    content: Any = None,
) -> dict[str, Any]:
    """Write model, manifest and, where features have names, sample into `folder`.

    Args:
        folder: exists already.
        model: a fitted scikit-learn estimator.
        by: the script, as the manifest names it.
        df: everything that was read, for the fingerprint of the data.
        features: the held-out rows, (n, columns); predictions for them are hashed.
        metrics: how good the model is on the held-out rows.
        parameters: what it was trained with, seed included.
        name: file name of the model.
        content: what the file is to hold, where that is more than the model.

    Returns:
        The model's entry in the manifest.
    """
    # Written aside and moved: whoever looks meanwhile never finds half a model.
    part = folder / f"{name}.part"
    joblib.dump(model if content is None else content, part)
    entry = described(
        part, name=name, by=by, versions=libraries(model), parameters=parameters, metrics=metrics
    ) | {
        "data_sha256": fingerprint(df),
        "predictions_sha256": predictions_hash(model.predict(features)),
    }
    write_manifest(folder, entry)
    if isinstance(features, pd.DataFrame):
        sample = json.dumps(typical_record(features).to_dict("records"), indent=2)
        (folder / "sample_input.json").write_text(sample + "\n")
    part.replace(folder / name)
    return entry


def described(
    path: Path,
    *,
    name: str,
    by: str,
    versions: Mapping[str, str],
    parameters: Mapping[str, Any],
    metrics: Mapping[str, float],
    model_format: str = "joblib",
) -> dict[str, Any]:
    """Return a model's entry in the manifest.

    Args:
        path: the model's file or folder, as it is.
        name: what it will be called; "." for the folder itself.
        by: who or what trained it.
        versions: package to version.
        parameters: what it was trained with.
        metrics: how good it is on rows that were held out.
        model_format: as the service names it.
    """
    return {
        "file": name,
        "sha256": sha256(path),
        "format": model_format,
        "libraries": dict(versions),
        "python": platform.python_version(),
        "trained_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "by": by,
        "parameters": dict(parameters),
        "metrics": dict(metrics),
    }


def write_manifest(folder: Path, entry: Mapping[str, Any]) -> None:
    """Write the manifest of a folder with one model."""
    (folder / MANIFEST).write_text(json.dumps({"models": [entry]}, indent=2) + "\n")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, or of a folder as docs/models.md defines it."""
    digest = hashlib.sha256()
    if path.is_dir():
        files = {f.relative_to(path).as_posix(): f for f in path.rglob("*") if f.is_file()}
        files.pop(MANIFEST, None)
        for name in sorted(files):
            digest.update(f"{sha256(files[name])}  {name}\n".encode())
        return digest.hexdigest()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def fingerprint(df: pd.DataFrame) -> str:
    """Return the SHA-256 of a table's column names, types and values, whatever file held them."""
    digest = hashlib.sha256(json.dumps(df.dtypes.astype(str).to_dict()).encode())
    digest.update(pd.util.hash_pandas_object(df, index=False).to_numpy().tobytes())
    return digest.hexdigest()


def predictions_hash(predictions: Any) -> str:
    """Return the SHA-256 of a model's predictions; equal for trainings that are equal.

    Numbers count with `DIGITS` digits: in those after them processors differ, and so would the
    hashes of one training on two machines.
    """
    predicted = np.asarray(predictions)
    if predicted.dtype.kind == "f":
        predicted = np.char.mod(f"%.{DIGITS}g", predicted)
    return hashlib.sha256(json.dumps(predicted.tolist()).encode()).hexdigest()


def typical_record(features: pd.DataFrame) -> pd.DataFrame:
    """Return one row with each column's middle value.

    The sample becomes public in the service's Swagger document, so it is no row of the data.
    """
    return pd.DataFrame({n: [features[n].sort_values().iloc[len(features) // 2]] for n in features})
