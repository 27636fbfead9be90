"""Package a model that MLflow's `log_model` has written: its signature is what a table says."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scoring_model.asking import ask
from scoring_model.errors import NotServable
from scoring_model.folders import made
from scoring_model.manifest import described, write_manifest
from scoring_model.sample import WORD
from scoring_model.saving import write_answer, write_sample

#: What makes a folder an MLflow model.
MLMODEL = "MLmodel"


def save_mlflow_model(source: str | Path, folder: str | Path) -> Path:
    """Copy an MLflow model and write manifest, sample and answer beside its files.

    Args:
        source: the folder that holds `MLmodel`.
        folder: made if need be; it must be empty.

    Returns:
        The folder.

    Raises:
        NotServable: it has no signature of columns, or does not answer a sample of them.
        OSError: the folder cannot be written.
    """
    from mlflow.models import Model

    source, target = Path(source), Path(folder)
    if target.exists() and any(target.iterdir()):
        raise NotServable(f"{target} is not empty: an MLflow model is a folder of its own")
    model = Model.load(str(source))
    rows = _from_signature(model.signature)
    with made(target), tempfile.TemporaryDirectory(dir=target, prefix=".") as part:
        place = Path(part, "model")
        shutil.copytree(source, place)
        asked = write_sample(place, rows)
        (answer,) = ask(place, [asked])
        write_answer(place, answer)
        requirements = (place / "requirements.txt").read_text().splitlines()
        versions = dict(line.split("==") for line in requirements if line.count("==") == 1)
        entry = described(
            place, name=".", by="mlflow", versions=versions, parameters={}, metrics={},
            model_format="mlflow",
        )  # fmt: skip
        write_manifest(place, entry)
        for path in place.iterdir():
            path.replace(target / path.name)
    return target


def _from_signature(signature: Any) -> pd.DataFrame:
    """Return one made-up row, and a second one with null in the columns that are not required."""
    if signature is None or signature.inputs is None or signature.inputs.is_tensor_spec():
        raise NotServable(
            "the MLflow model has no signature with columns: log it again with "
            "signature=infer_signature(X, model.predict(X)) or input_example=X.head()"
        )
    columns, optional = {}, []
    for i, column in enumerate(signature.inputs.inputs):
        name = f"x{i}" if column.name is None else column.name
        dtype = np.dtype(column.type.to_pandas())
        fillers: dict[str, Any] = {"b": False, "f": 0.0, "i": 0, "u": 0,
                                   "M": pd.Timestamp(2026, 1, 1)}  # fmt: skip
        columns[name] = pd.Series([fillers.get(dtype.kind, WORD)], dtype=dtype)
        if not column.required:
            optional.append(name)
    rows = pd.DataFrame(columns)
    if not optional:
        return rows
    nulls = rows.astype(dict.fromkeys(optional, object)).assign(**dict.fromkeys(optional, None))
    return pd.concat([rows, nulls], ignore_index=True)
