"""Stands in for Azure's own code for models without an entry script, which nobody publishes."""

import json
import os
from pathlib import Path
from typing import Any

import joblib
import pandas as pd

model: Any = None


def init():
    """Load the one model."""
    global model
    folder = Path(os.environ["AZUREML_MODEL_DIR"])
    model = joblib.load(next(iter(folder.rglob("*.joblib"))))


def run(raw_data):
    """Answer `{"data": [[...]], "method": "predict"}` as Azure documents it."""
    body = json.loads(raw_data)
    frame = pd.DataFrame(body["data"], columns=model.feature_names_in_)
    return {"result": getattr(model, body["method"])(frame).tolist()}
