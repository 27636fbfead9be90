"""The classic door: an undecorated run() that reads the body itself.

POST {"data": [[0.04, ...ten numbers...], ...]}
200  {"result": [152.1, ...]}
GET  ?describe: which model is loaded
"""

import os
from typing import Any

from scoring import (
    Nested,
    Settings,
    Table,
    describable,
    describe_loaded,
    endpoint,
    load_model,
    table_model,
)
from scoring.http.json_body import json_object

# What the model predicts is answered as it is: `python -m deploy check` holds it to that.
UNCHANGED = True
model: Any = None
body_type: Any = None


def init() -> None:
    """Load the model; the server calls this once, before the first request."""
    global model, body_type
    model = table_model(load_model(os.environ), Settings.from_environ(os.environ))
    body_type = Nested({"data": Table(model.table.sample_input, orient="values")})


def describe() -> dict[str, Any]:
    """Return which model is loaded."""
    return describe_loaded(model.loaded)


@endpoint
@describable(describe)
def run(raw_data: str, request_headers: dict[str, str]) -> Any:
    """Score the rows of `data`, in their order; a row's values are in the model's own order."""
    rows = body_type.convert(json_object(raw_data, request_headers), "")["data"]
    return {"result": model.score(next(iter(model.answers)), rows)}
