"""The tabular door: a table in, one result per row out, in the shape Power BI reads.

    POST {"Inputs": {"data": [{"age": 0.04, ...}, ...]}, "GlobalParameters": {"method": "predict"}}
    200  {"Results": [152.1, ...]}
    GET  ?describe: which model is loaded

To serve another table, change SAMPLE: its columns and types are the input's.
"""

import os
from typing import Any

import pandas as pd
from inference_schema.schema_decorators import output_schema
from scoring import (
    Method,
    Nested,
    Results,
    Settings,
    Table,
    describable,
    describe_loaded,
    endpoint,
    input_schema,
    load_model,
    table_model,
)

# The first patient of scikit-learn's public diabetes data, each column scaled by its source.
SAMPLE = pd.DataFrame(
    {
        "age": [0.0380759064],
        "sex": [0.0506801187],
        "bmi": [0.0616962065],
        "bp": [0.0218723855],
        "s1": [-0.0442234984],
        "s2": [-0.0348207628],
        "s3": [-0.0434008457],
        "s4": [-0.0025922620],
        "s5": [0.0199074862],
        "s6": [-0.0176461252],
    }
)
ANSWERS = Results(predict=206.1)

# What the model predicts is answered as it is: `python -m deploy check` holds it to that.
UNCHANGED = True
model: Any = None


def init() -> None:
    """Load the model; the server calls this once, before the first request."""
    global model
    settings = Settings.from_environ(os.environ)
    model = table_model(load_model(os.environ), settings, SAMPLE, ANSWERS)


def describe() -> dict[str, Any]:
    """Return which model is loaded."""
    return describe_loaded(model.loaded)


@endpoint
@describable(describe, required=["Inputs"])
@input_schema("GlobalParameters", Nested({"method": Method("predict")}, optional=["method"]))
@input_schema("Inputs", Nested({"data": Table(SAMPLE)}))
@output_schema(ANSWERS)
def run(Inputs: Any = ..., GlobalParameters: Any = {"method": "predict"}) -> Any:  # noqa: B006 - never changed
    """Score the rows of `Inputs.data`, in their order."""
    method = GlobalParameters.get("method", "predict")
    return {"Results": model.score(method, Inputs["data"])}
