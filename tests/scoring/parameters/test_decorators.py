"""scoring.parameters.decorators: the decorator names parameters and takes their defaults."""

from __future__ import annotations

from itertools import count
from typing import Any

import pandas as pd
import pytest
from inference_schema.parameter_types.abstract_parameter_type import AbstractParameterType
from inference_schema.schema_util import get_input_schema, get_supported_versions
from scoring.errors import InvalidInput
from scoring.parameters.decorators import input_schema
from scoring.parameters.nested import Nested
from scoring.parameters.table import Table

NUMBER = count()
TABLE = pd.DataFrame({"a": [1.5]})
DEFAULT = {"method": "predict"}


class OnlyOpenApi3(AbstractParameterType):  # type: ignore[misc]
    """A parameter type of somebody else's that 2.0 cannot describe."""

    def deserialize_input(self, input_data: Any) -> Any:
        """Return the input."""
        return input_data

    def input_to_swagger(self) -> dict[str, Any]:
        """Return a schema whose example is of two types, as inference-schema asks for."""
        return {"type": "array", "items": {}, "example": [1, "a"]}


def declared(inner: Any = None) -> Any:
    """Return a run() with a table and parameters that have a default."""

    def run(Inputs: Any, GlobalParameters: Any = DEFAULT) -> Any:  # noqa: N803 - Power BI's
        return Inputs, GlobalParameters

    # inference-schema's registry is keyed by name.
    run.__name__ = f"run_of_schema_{next(NUMBER)}"
    run = input_schema("GlobalParameters", inner or Nested(DEFAULT))(run)
    return input_schema("Inputs", Nested({"data": Table(TABLE)}))(run)


def test_the_parameter_is_in_the_path() -> None:
    """An error's path starts with the key at the top of the body."""
    with pytest.raises(InvalidInput, match=r"1 problem in Inputs\.data: Inputs\.data\[0\]\.a: "):
        declared()(Inputs={"data": [{"a": "x"}]}, GlobalParameters=DEFAULT)


@pytest.mark.parametrize("given", [None, DEFAULT, {"method": "predict"}])
def test_a_parameter_with_a_default_may_be_null(given: Any) -> None:
    """Null, the default and the same said aloud are one."""
    _, parameters = declared()(Inputs={"data": []}, GlobalParameters=given)
    assert parameters == DEFAULT


def test_a_parameter_without_default_may_not() -> None:
    """Null for the input itself is a fault."""
    with pytest.raises(InvalidInput, match="Inputs: expected an object with data, found null"):
        declared()(Inputs=None, GlobalParameters=DEFAULT)


def test_positional_arguments() -> None:
    """Drivers that pass the input by position are served too."""
    frame = declared()({"data": [{"a": 1}]}, {"method": "x"})[0]["data"]
    pd.testing.assert_frame_equal(frame, pd.DataFrame({"a": [1.0]}))


def test_unknown_parameters_are_refused_at_start() -> None:
    """A misspelt name in the decorator is named with those that exist."""
    with pytest.raises(TypeError, match=r"no parameter 'inputs'; it has Inputs, GlobalParameters"):
        input_schema("inputs", Nested(DEFAULT))(declared())


def test_registered_as_inference_schema_does() -> None:
    """The server finds the schema where inference-schema puts it."""
    schema = get_input_schema(declared())
    assert set(schema["properties"]) == {"Inputs", "GlobalParameters"}
    assert schema["example"]["Inputs"] == {"data": [{"a": 1.5}]}
    assert get_supported_versions(declared()) == ["2.0", "3.0", "3.1"]


def test_versions_are_those_of_all_parameters() -> None:
    """One parameter without 2.0 makes a script without 2.0, whichever was declared last."""
    assert get_supported_versions(declared(OnlyOpenApi3([1, "a"]))) == ["3.0", "3.1"]
    inside = Nested({"x": OnlyOpenApi3([1, "a"])})
    assert get_supported_versions(declared(inside)) == ["3.0", "3.1"]
