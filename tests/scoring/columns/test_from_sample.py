"""scoring.columns.from_sample: a sample that clients could not send is refused at start."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scoring.parameters.array import Array
from scoring.parameters.base import CheckedType
from scoring.parameters.nested import Nested
from scoring.parameters.table import Table

#: Each with a number that JSON does not have, and the arguments that allow it.
NUMBERS: dict[str, Callable[..., Any]] = {
    "column": lambda **given: Table(pd.DataFrame({"a": [1.0, math.inf]}), **given),
    "column of objects": lambda **given: Table(
        pd.DataFrame({"a": pd.Series([1.0, -math.inf], dtype=object)}), **given
    ),
    "scalar": lambda **given: Nested({"x": math.inf}, **given),
    "list": lambda **given: Nested({"x": [1.0, math.inf]}, **given),
    "array": lambda **given: Array(np.array([[1.0, math.nan]]), **given),
    "field": lambda **given: Array(np.array([(math.inf,)], dtype=[("a", "f4")]), **given),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_that_json_lacks(name: str) -> None:
    """NaN and infinities are refused, or allowed and then not published."""
    with pytest.raises(TypeError, match="allow_nan=True"):
        NUMBERS[name]()
    allowed: CheckedType = NUMBERS[name](allow_nan=True)
    example = allowed.input_to_swagger()["example"]
    allowed.convert(json.loads(json.dumps(example, allow_nan=False)), "x")


@pytest.mark.parametrize(
    "sample",
    [
        np.array(["2024-01-01", "NaT"], dtype="datetime64[s]"),
        np.array(["NaT"], dtype="timedelta64[s]"),
        np.array([("NaT",)], dtype=[("day", "datetime64[D]")]),
    ],
)
def test_an_array_has_no_null(sample: Any) -> None:
    """What stands for null in a column of a table has no place in an array."""
    with pytest.raises(TypeError, match="NaT"):
        Array(sample)


def test_nan_in_a_table_stands_for_null() -> None:
    """A column with one is nullable, which is what pandas means by it."""
    items = Table(pd.DataFrame({"a": [1.0, math.nan]})).input_to_swagger()["items"]
    assert items["properties"]["a"]["x-nullable"] is True
