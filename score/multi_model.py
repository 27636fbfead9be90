"""The door for every model in the folder: a request names the one that scores.

    POST {"Inputs": {"data": [{...}, ...]},
          "GlobalParameters": {"model": "my_second_model", "version": "1", "method": "predict"}}
    200  {"Results": [...], "model": "my_second_model", "version": "1"}
    GET  ?describe: which models are deployed, and in which state

Traffic split, shadow and memory are settings; see docs/models.md.
"""

import os
from typing import Any

from inference_schema.schema_decorators import output_schema
from scoring import Deferred, ModelService, describable, endpoint, input_schema, request_id

# What the model predicts is answered as it is: `python -m deploy check` holds it to that.
UNCHANGED = True
models: Any = None
inputs, parameters, results = Deferred(), Deferred(), Deferred()


def init() -> None:
    """Load the models and declare what they have in common, which is known only now."""
    global models
    models = ModelService(os.environ)
    models.declare(run, inputs, parameters, results)


def describe() -> Any:
    """Return which models are deployed."""
    return models.describe()


@endpoint
@describable(describe, required=["Inputs"])
@input_schema("GlobalParameters", parameters)
@input_schema("Inputs", inputs)
@output_schema(results)
def run(Inputs: Any = ..., GlobalParameters: Any = {}) -> Any:  # noqa: B006 - never changed
    """Score the rows of `Inputs.data` with the model that `GlobalParameters` names."""
    return models.score(Inputs["data"], GlobalParameters, request_id())
