"""The classic door: an undecorated run() that reads the body itself.

POST {"data": [[0.04, ...ten numbers...], ...]}
200  {"result": [152.1, ...]}
"""

import os
from typing import Any

import pandas as pd
from scoring.endpoint import endpoint
from scoring.jsonbody import json_object, matrix
from scoring.loading import load_configured

model: Any = None


def init() -> None:
    """Load the model; the server calls this once, before the first request."""
    global model
    model = load_configured(os.environ).model


@endpoint
def run(raw_data: str, request_headers: dict[str, str]) -> Any:
    """Score the rows of `data`, in their order; a row's numbers are in the model's own order."""
    body = json_object(raw_data, request_headers)
    rows = matrix(body, "data", columns=model.n_features_in_)
    if not len(rows):
        return {"result": []}
    return {"result": model.predict(pd.DataFrame(rows, columns=model.feature_names_in_))}
