"""The classic door: an undecorated run() that reads the body itself.

POST {"data": [[0.04, ...ten numbers...], ...]}
200  {"result": [152.1, ...]}
GET  ?describe: which model is loaded
"""

import os
from typing import Any

import numpy as np
import pandas as pd
from scoring import Array, Nested, describable, describe_loaded, endpoint, load_model, predict
from scoring.http.json_body import json_object

loaded: Any = None
body_type: Any = None


def init() -> None:
    """Load the model; the server calls this once, before the first request."""
    global loaded, body_type
    loaded = load_model(os.environ)
    body_type = Nested({"data": Array(np.zeros((1, loaded.model.n_features_in_)))})


def describe() -> dict[str, Any]:
    """Return which model is loaded."""
    return describe_loaded(loaded)


@endpoint
@describable(describe)
def run(raw_data: str, request_headers: dict[str, str]) -> Any:
    """Score the rows of `data`, in their order; a row's numbers are in the model's own order."""
    rows = body_type.convert(json_object(raw_data, request_headers), "")["data"]
    frame = pd.DataFrame(rows, columns=loaded.model.feature_names_in_)
    return {"result": predict(loaded.model, "predict", frame)}
