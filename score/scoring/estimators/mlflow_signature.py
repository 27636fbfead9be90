"""What an MLflow model says of its input: a signature, and an example."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scoring.estimators.learned import NUMBER, TEXT
from scoring.models.formats.mlflow import MLFLOW_FILE


def signed_sample(path: Path) -> tuple[pd.DataFrame, tuple[str, ...]] | None:
    """Return a sample by an MLflow model's signature, and the columns that may be left out.

    None for another model, without a signature, or with one of tensors.
    """
    if not (path / MLFLOW_FILE).is_file():
        return None
    from mlflow.models import Model

    signature = Model.load(str(path)).signature
    if signature is None or signature.inputs is None or signature.inputs.is_tensor_spec():
        return None
    specified = signature.inputs.inputs
    # A second row, where a null in it is needed to say that a column may be null.
    rows = 1 if all(column.required for column in specified) else 2
    columns = {}
    for i, column in enumerate(specified):
        name = f"x{i}" if column.name is None else column.name
        columns[name] = _signed_cells(np.dtype(column.type.to_pandas()), column.required, rows)
    return pd.DataFrame(columns), ()


def _signed_cells(kind: np.dtype[Any], required: bool, rows: int) -> pd.Series[Any]:
    """Return a column of a signature's type, with a null in its last row unless required."""
    fillers: dict[str, Any] = {"M": pd.Timestamp(2026, 1, 1), "b": False, "f": NUMBER}
    first = TEXT if kind.kind in "OUS" else fillers.get(kind.kind, 0)
    if required:
        return pd.Series([first] * rows, dtype=kind)
    # numpy has no null among whole numbers, where MLflow itself asks for floats, and booleans.
    nullable = {"i": "float64", "u": "float64", "b": "object"}.get(kind.kind, kind)
    return pd.Series([first, None], dtype=nullable)
