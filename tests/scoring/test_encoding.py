"""scoring.encoding: what a model returns leaves as valid JSON."""

from __future__ import annotations

import datetime as dt
import json
import math
import uuid
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scoring.encoding import encode

EAST = dt.timezone(dt.timedelta(hours=2))
FRAME = pd.DataFrame(
    {
        "n": pd.array([1, None], dtype="Int64"),
        "kind": pd.Categorical(["a", None]),
        "when": pd.to_datetime(["2024-01-02T03:04:05+02:00", "NaT"]),
    },
    index=[7, 9],
)


def strict(text: bytes) -> Any:
    """Read JSON as RFC 8259 has it: NaN and infinities are refused."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (np.bool_(True), True),
        (np.int64(2**62), 2**62),
        (2**70, 2**70),
        (np.float32(0.5), 0.5),
        (np.longdouble(0.25), 0.25),
        (np.str_("é"), "é"),
        (float("nan"), None),
        (float("-inf"), None),
        (np.float64("inf"), None),
        (pd.NA, None),
        (pd.NaT, None),
        (np.datetime64("NaT"), None),
        (np.array(1.5), 1.5),
        (np.array(np.nan), None),
        (np.array([[1.0, np.nan], [np.inf, 2.0]]), [[1.0, None], [None, 2.0]]),
        (np.zeros((0, 3)), []),
        (np.array(["a", None, 1.5, {"k": np.int8(1)}], dtype=object), ["a", None, 1.5, {"k": 1}]),
        (np.array([(1, 2.5)], dtype=[("a", "i4"), ("b", "f8")]), [{"a": 1, "b": 2.5}]),
        (np.ma.MaskedArray([1.0, 2.0], [False, True]), [1.0, None]),  # type: ignore[no-untyped-call]
        (pd.Series([1.5, None]), [1.5, None]),
        (pd.Series([True, None], dtype="boolean"), [True, None]),
        (pd.Index(["a", "b"]), ["a", "b"]),
        ([np.float64(1.0), (np.int32(2),), [float("nan")]], [1.0, [2], [None]]),
        ({"a": {1: np.array([1])}}, {"a": {"1": [1]}}),
        (dt.datetime(2024, 1, 2, 3, 4, 5), "2024-01-02T03:04:05Z"),
        (dt.datetime(2024, 1, 2, 3, 4, 5, tzinfo=dt.timezone.utc), "2024-01-02T03:04:05Z"),
        (dt.datetime(2024, 1, 2, 3, 4, 5, tzinfo=EAST), "2024-01-02T03:04:05+02:00"),
        (pd.Timestamp("2024-01-02"), "2024-01-02T00:00:00Z"),
        (np.datetime64("2024-01-02T03:04:05.25"), "2024-01-02T03:04:05.250000Z"),
        (np.datetime64("2024-01-02"), "2024-01-02"),
        (np.datetime64(1, "ns"), "1970-01-01T00:00:00.000000001Z"),
        (dt.date(2024, 1, 2), "2024-01-02"),
        (dt.time(3, 4, 5), "03:04:05"),
        (dt.timedelta(days=1, hours=2), "P1DT2H0M0S"),
        (np.array([1, "NaT"], dtype="timedelta64[s]"), ["P0DT0H0M1S", None]),
        (Decimal("0.1"), 0.1),
        (Decimal("12345678901234567890"), 12345678901234567890),
        (Decimal("NaN"), None),
        (Decimal("1E+999"), None),
        (b"abc", "YWJj"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (
            FRAME,
            [
                {"n": 1, "kind": "a", "when": "2024-01-02T01:04:05Z"},
                {"n": None, "kind": None, "when": None},
            ],
        ),
        (pd.DataFrame({"a": []}), []),
        (pd.DataFrame(index=[0, 1]), [{}, {}]),
    ],
)
def test_every_kind_of_value_has_its_form(value: Any, expected: Any) -> None:
    """Each value arrives as the JSON that the top of the module promises, of the same type."""
    got = strict(encode(value))
    assert got == expected
    assert type(got) is type(expected)


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (1j, "complex"),
        (np.array([1j]), "complex128"),
        ({1, 2}, "set"),
        (object(), "object"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "'a' appears twice"),
        ({1: "x", "1": "y"}, "'1' appears twice"),
        ({(1, 2): 3}, "tuple"),
        ({True: 1}, "bool"),
    ],
)
def test_what_has_no_form_is_an_error(value: Any, named: str) -> None:
    """A value without a JSON form is named, never guessed at."""
    with pytest.raises(TypeError, match=named):
        encode([value])


@given(hnp.arrays(np.float64, hnp.array_shapes(max_dims=3)))
def test_floats_keep_every_bit(values: np.ndarray[Any, Any]) -> None:
    """A finite float comes back the same to the last bit, any other as null."""
    back = np.array(strict(encode(values)), dtype=object).reshape(values.shape)
    for sent, got in zip(values.ravel(), back.ravel(), strict=True):
        if math.isfinite(sent):
            assert np.float64(got).tobytes() == sent.tobytes()
        else:
            assert got is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_plain_python_agrees_with_the_standard_library(value: Any) -> None:
    """Where json.dumps gives valid JSON, ours means the same."""
    encoded = strict(encode(value))
    try:
        assert encoded == json.loads(json.dumps(value, allow_nan=False))
    except ValueError:
        assert "null" in encode(value).decode()
