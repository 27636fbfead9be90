"""The door without code: point AZUREML_MODEL_DIR at a model file and it serves.

    POST {"Inputs": {"data": [{"age": 0.04, ...}, ...]}, "GlobalParameters": {"method": "predict"}}
    200  {"Results": [152.1, ...]}
    GET  ?describe: which model is loaded

The columns are the model's own, or those of `sample_input.json` beside it; see docs/models.md.
"""

import os
from typing import Any

from inference_schema.schema_decorators import output_schema
from scoring import (
    Deferred,
    Method,
    Nested,
    Results,
    Settings,
    declare,
    describable,
    describe_loaded,
    endpoint,
    input_schema,
    load_model,
    table_model,
)

# What the model predicts is answered as it is: `python -m deploy check` holds it to that.
UNCHANGED = True
model: Any = None
inputs, parameters, results = Deferred(), Deferred(), Deferred()


def init() -> None:
    """Load the model and declare its input and its answers, which are known only now."""
    global model
    model = table_model(load_model(os.environ), Settings.from_environ(os.environ))
    choices = {"method": Method(*model.answers), **model.parameters}
    declare(
        run,
        {
            "Inputs": (inputs, Nested({"data": model.table})),
            "GlobalParameters": (parameters, Nested(choices, optional=list(choices))),
        },
        (results, Results(**model.answers)),
        required=["Inputs"],
    )


def describe() -> dict[str, Any]:
    """Return which model is loaded."""
    return describe_loaded(model.loaded)


@endpoint
@describable(describe, required=["Inputs"])
@input_schema("GlobalParameters", parameters)
@input_schema("Inputs", inputs)
@output_schema(results)
def run(Inputs: Any = ..., GlobalParameters: Any = {}) -> Any:  # noqa: B006 - never changed
    """Score the rows of `Inputs.data`, in their order."""
    method = GlobalParameters.get("method", next(iter(model.answers)))
    return {"Results": model.score(method, Inputs["data"], GlobalParameters)}
