"""The classic door: an undecorated run() that reads the body itself.

POST {"data": [[0.04, ...ten numbers...], ...]}
200  {"result": [152.1, ...]}
"""

import os
from typing import Any

import numpy as np
import pandas as pd
from scoring.arrays import Array
from scoring.endpoint import endpoint
from scoring.jsonbody import json_object
from scoring.loading import load_configured
from scoring.nested import Nested

model: Any = None
body_type: Any = None


def init() -> None:
    """Load the model; the server calls this once, before the first request."""
    global model, body_type
    model = load_configured(os.environ).model
    body_type = Nested({"data": Array(np.zeros((1, model.n_features_in_)))})


@endpoint
def run(raw_data: str, request_headers: dict[str, str]) -> Any:
    """Score the rows of `data`, in their order; a row's numbers are in the model's own order."""
    rows = body_type.convert(json_object(raw_data, request_headers), "")["data"]
    if not len(rows):
        return {"result": []}
    return {"result": model.predict(pd.DataFrame(rows, columns=model.feature_names_in_))}
