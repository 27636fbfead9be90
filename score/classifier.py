"""The tabular door for a classifier: labels, or the probability of every class.

POST {"Inputs": {"data": [{"sepal length (cm)": 5.1, ...}, ...]}}
200  {"Results": ["setosa", ...]}
POST {"Inputs": ..., "GlobalParameters": {"method": "predict_proba"}}
200  {"Results": [{"setosa": 0.97, "versicolor": 0.02, "virginica": 0.01}, ...]}
GET  ?describe: which model is loaded
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

# The first flower of scikit-learn's public iris data.
SAMPLE = pd.DataFrame(
    {
        "sepal length (cm)": [5.1],
        "sepal width (cm)": [3.5],
        "petal length (cm)": [1.4],
        "petal width (cm)": [0.2],
    }
)
PROBABILITIES = {"setosa": 0.97, "versicolor": 0.02, "virginica": 0.01}

ANSWERS = Results(predict="setosa", predict_proba=PROBABILITIES)

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
@input_schema(
    "GlobalParameters",
    Nested({"method": Method("predict", "predict_proba")}, optional=["method"]),
)
@input_schema("Inputs", Nested({"data": Table(SAMPLE)}))
@output_schema(ANSWERS)
def run(Inputs: Any = ..., GlobalParameters: Any = {"method": "predict"}) -> Any:  # noqa: B006 - never changed
    """Score the rows of `Inputs.data`, in their order."""
    method = GlobalParameters.get("method", "predict")
    return {"Results": model.score(method, Inputs["data"])}
