"""Folders that MLflow saves: what its pyfunc flavour loads."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scoring.errors import InvalidInput, Problem
from scoring.extras import optional
from scoring.settings import Settings

#: What makes a folder an MLflow model.
MLFLOW_FILE = "MLmodel"


class PyfuncModel:
    """An MLflow model that is given tables as MLflow's own scoring server gives them.

    Its signature is enforced by MLflow. There a column that may be left out is left out where
    nothing is in it, as whole numbers and booleans have no null.

    Args:
        model: what `mlflow.pyfunc` loaded.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        signature = model.metadata.signature
        schema = signature.inputs if signature is not None else None
        self._tensor = None
        self._columns: list[Any] = []
        if schema is not None and schema.is_tensor_spec():
            self._tensor = schema.inputs[0]
        elif schema is not None:
            self._columns = list(schema.inputs)

    def predict(self, frame: pd.DataFrame, params: Mapping[str, Any] | None = None) -> Any:
        """Return what the model predicts.

        Args:
            frame: (rows, columns).
            params: the signature's parameters; those left out have their default.

        Raises:
            InvalidInput: a column of whole numbers or booleans is null in some rows only.
        """
        given: Any = frame
        if self._tensor is not None:
            given = frame.to_numpy(dtype=self._tensor.type)
        elif self._columns:
            given = self._left_out(frame)
        return (
            self._model.predict(given, params=dict(params))
            if params
            else self._model.predict(given)
        )

    def _left_out(self, frame: pd.DataFrame) -> pd.DataFrame:
        kept = {}
        for name, spec in zip(frame.columns, self._columns, strict=True):
            column, missing = frame[name], frame[name].isna()
            if not spec.required and missing.all():
                continue
            kind = np.dtype(spec.type.to_pandas())
            if kind.kind in "iub":
                if missing.any():
                    row = int(np.flatnonzero(missing)[0])
                    where = f"Inputs.data[{row}].{name}"
                    expected = "a value, as other rows have one (leave it out of all, or of none)"
                    raise InvalidInput("Inputs.data", [Problem(where, expected, "null")])
                column = column.astype(kind)
            kept[name] = column
        return pd.DataFrame(kept, index=frame.index)


def _load_mlflow(path: Path, _settings: Settings) -> Any:
    # MLflow reports its use to its makers unless told otherwise; a service must not.
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    with optional("mlflow-skinny"):
        from mlflow import pyfunc
        from mlflow.models import Model
    described = Model.load(str(path))
    # Through pyfunc a scikit-learn model would lose predict_proba(), but only pyfunc has params.
    has_params = described.signature is not None and described.signature.params is not None
    if "sklearn" in described.flavors and not has_params:
        from mlflow import sklearn

        return sklearn.load_model(str(path))
    return PyfuncModel(pyfunc.load_model(str(path)))
