"""Folders that MLflow saves: what its pyfunc flavour loads."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from scoring.extras import optional
from scoring.settings import Settings

#: What makes a folder an MLflow model.
MLFLOW_FILE = "MLmodel"


def _load_mlflow(path: Path, _settings: Settings) -> Any:
    # MLflow reports its use to its makers unless told otherwise; a service must not.
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    with optional("mlflow-skinny"):
        from mlflow import pyfunc
        from mlflow.models import Model
    # Through pyfunc a scikit-learn model would lose predict_proba().
    if "sklearn" in Model.load(str(path)).flavors:
        from mlflow import sklearn

        return sklearn.load_model(str(path))
    return pyfunc.load_model(str(path))
