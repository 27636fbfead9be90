"""scoring.outputs.dtype_conformance.

What the types of a result say is never more than its values do.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scoring.outputs.conformance import check
from scoring.outputs.dtype_conformance import guaranteed
from scoring.outputs.encoding import plain
from scoring.parameters.array import Array
from scoring.parameters.results import Results
from scoring.parameters.table import Table
from scoring.schemas import NULLABLE

NUMBERS = Results(predict=1.5).input_to_swagger()
LABELS = Results(predict="a", predict_proba={"a": 0.5, "b": 0.5}).input_to_swagger()
CHANCES = pd.DataFrame({"a": [0.5], "b": [0.5]})
WHEN = pd.DataFrame({"when": pd.to_datetime(["2024-01-02"]), "n": [1]})


def array(dtype: str, width: int = 2) -> dict[str, Any]:
    return Array(np.zeros((1, width), dtype)).input_to_swagger()


@pytest.mark.parametrize(
    ("schema", "result"),
    [
        (NUMBERS, {"Results": np.array([1.5, np.nan])}),
        (NUMBERS, {"Results": pd.Series([1, 2])}),
        (LABELS, {"Results": np.array(["a", "b"])}),
        (LABELS, {"Results": CHANCES}),
        (array("u1"), np.zeros((3, 2), np.uint8)),
        (array("i8"), np.zeros((3, 2), np.int64)),
        (array("f4"), np.zeros((0, 2), np.float16)),
        (Table(WHEN).input_to_swagger(), WHEN),
    ],
)
def test_types_that_say_enough(schema: Any, result: Any) -> None:
    """A result of the declared types needs no look at its values."""
    assert guaranteed(result, schema)
    check(plain(result), schema)


@pytest.mark.parametrize(
    ("schema", "result"),
    [
        (NUMBERS, {"results": np.array([1.5])}),
        (NUMBERS, {"Results": np.array(["a"])}),
        (NUMBERS, {"Results": np.array([[1.5]])}),
        (NUMBERS, {"Results": np.array([True])}),
        (LABELS, {"Results": pd.DataFrame({"a": [0.5]})}),
        (LABELS, {"Results": pd.DataFrame({"a": [0.5], "b": ["x"]})}),
        (Table(CHANCES).input_to_swagger(), CHANCES.assign(b=[np.inf])),
        (array("u1"), np.full((1, 2), 300)),
        (array("u1"), np.zeros((1, 3), np.uint8)),
        (array("f8"), np.full((1, 2), np.longdouble("1e4000"))),
        (array("f4"), np.full((1, 2), 1e300)),
        (array("f8"), np.array([[1.5, np.nan]])),
        (Table(WHEN).input_to_swagger(), WHEN.assign(when=np.array(["NaT"], "M8[s]"))),
        (array("M8[s]"), np.zeros((1, 2), "M8[D]")),
        (array("M8[s]"), np.array([["soon", "late"]])),
    ],
)
def test_types_that_do_not(schema: Any, result: Any) -> None:
    """A result of other types, or with a null that was not declared, is looked at."""
    assert not guaranteed(result, schema)


KINDS = ["bool", "u1", "i1", "u4", "i8", "u8", "f2", "f4", "f8", "U3", "M8[D]", "M8[us]"]


@given(st.data())
def test_a_guarantee_is_never_wrong(data: st.DataObject) -> None:
    """Whatever array is called guaranteed, a look at each value says the same."""
    declared, returned = data.draw(st.sampled_from(KINDS)), data.draw(st.sampled_from(KINDS))
    schema = Array(np.zeros((1, 2), declared)).input_to_swagger()
    schema["items"]["items"][NULLABLE] = data.draw(st.booleans())
    shape = (data.draw(st.integers(0, 3)), data.draw(st.integers(1, 2)))
    # Years that RFC 3339 can write.
    elements = hnp.from_dtype(np.dtype(returned), allow_nan=True, min_value=None)
    result = data.draw(hnp.arrays(returned, shape, elements=elements))
    if returned.startswith("M8"):
        result = (result.astype("i8") % 10**6).astype(returned)
    if guaranteed(result, schema):
        check(plain(result), schema)
