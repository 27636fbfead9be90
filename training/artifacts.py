"""What a training leaves in its output folder: the model and what vouches for it.

    model.joblib        the fitted model
    models.json         manifest: hash, versions, metrics, fingerprint of the data
    sample_input.json   one typical record, from which a service learns the columns
    *.png               the picture that the script drew

The service refuses a model whose hash is not the manifest's, so the two travel together.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import numpy.typing as npt
import pandas as pd

#: Packages whose version decides whether a pickled scikit-learn model can be loaded elsewhere.
LIBRARIES = ("scikit-learn", "numpy", "pandas", "joblib")

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
    entry = {
        "file": name,
        "sha256": hashlib.sha256(part.read_bytes()).hexdigest(),
        "format": "joblib",
        "libraries": {library: version(library) for library in LIBRARIES},
        "python": platform.python_version(),
        "trained_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "by": by,
        "parameters": dict(parameters),
        "metrics": dict(metrics),
        "data_sha256": fingerprint(df),
        "predictions_sha256": predictions_hash(model, features),
    }
    (folder / "models.json").write_text(json.dumps({"models": [entry]}, indent=2) + "\n")
    if isinstance(features, pd.DataFrame):
        sample = json.dumps(typical_record(features).to_dict("records"), indent=2)
        (folder / "sample_input.json").write_text(sample + "\n")
    part.replace(folder / name)
    return entry


def fingerprint(df: pd.DataFrame) -> str:
    """Return the SHA-256 of a table's column names, types and values, whatever file held them."""
    digest = hashlib.sha256(json.dumps(df.dtypes.astype(str).to_dict()).encode())
    digest.update(pd.util.hash_pandas_object(df, index=False).to_numpy().tobytes())
    return digest.hexdigest()


def predictions_hash(model: Any, features: pd.DataFrame | npt.NDArray[Any]) -> str:
    """Return the SHA-256 of the model's predictions; equal for trainings that are equal.

    Numbers count with `DIGITS` digits: in those after them processors differ, and so would the
    hashes of one training on two machines.
    """
    predicted = np.asarray(model.predict(features))
    if predicted.dtype.kind == "f":
        predicted = np.char.mod(f"%.{DIGITS}g", predicted)
    return hashlib.sha256(json.dumps(predicted.tolist()).encode()).hexdigest()


def typical_record(features: pd.DataFrame) -> pd.DataFrame:
    """Return one row with each column's middle value.

    The sample becomes public in the service's Swagger document, so it is no row of the data.
    """
    return pd.DataFrame({n: [features[n].sort_values().iloc[len(features) // 2]] for n in features})
