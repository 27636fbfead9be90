"""Schemas that init() completes."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from inference_schema.schema_decorators import output_schema
from inference_schema.schema_util import get_input_schema, get_output_schema
from scoring.errors import InvalidInput
from scoring.parameters.decorators import input_schema
from scoring.parameters.deferred import Deferred, declare
from scoring.parameters.nested import Nested
from scoring.parameters.results import Results
from scoring.parameters.table import Table

inputs, results = Deferred(), Deferred()


@input_schema("Inputs", inputs)
@output_schema(results)
def run(Inputs: Any = ...) -> Any:  # noqa: N803 - as at the doors
    """Return the number of rows."""
    return {"Results": [1.0] * len(Inputs["data"])}


def test_what_init_declares_is_the_schema() -> None:
    """A stand-in until it is known; then columns, required and example of the actual type."""
    assert inputs.input_to_swagger() == {"type": "object", "example": {}}
    table = Table(pd.DataFrame({"age": [1.5]}))
    actual = {"Inputs": (inputs, Nested({"data": table}))}
    declare(run, actual, (results, Results(predict=1.0)), required=["Inputs"])
    schema = get_input_schema(run)
    row = schema["properties"]["Inputs"]["properties"]["data"]["items"]
    assert list(row["properties"]) == ["age"]
    assert schema["required"] == ["Inputs"]
    assert schema["example"] == {"Inputs": {"data": [{"age": 1.5}]}}
    assert get_output_schema(run)["properties"]["Results"]["items"]["type"] == "number"
    assert run(Inputs={"data": [{"age": 2.0}]}) == {"Results": [1.0]}
    with pytest.raises(InvalidInput, match=r"Inputs\.data\[0\]\.age"):
        run(Inputs={"data": [{"age": "old"}]})
