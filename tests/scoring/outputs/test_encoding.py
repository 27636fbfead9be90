"""scoring.outputs.encoding: what a model returns leaves as valid JSON."""

from __future__ import annotations

import datetime as dt
import enum
import json
import math
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scoring.outputs.encoding import encode, readable


class Colour(str, enum.Enum):
    """A member's `str()` is its name."""

    RED = "red"


class Size(enum.IntEnum):
    """A member is an integer."""

    LARGE = 3


class Plain(enum.Enum):
    """A member is nothing but itself."""

    YES = 0.5


RECORD = [("a", "i4"), ("b", "f8")]
ODD = dt.timezone(dt.timedelta(minutes=19, seconds=32))
EAST = dt.timezone(dt.timedelta(hours=2))
FRAME = pd.DataFrame(
    {
        "n": pd.array([1, None], dtype="Int64"),
        "kind": pd.Categorical(["a", None]),
        "when": pd.to_datetime(["2024-01-02T03:04:05+02:00", "NaT"]),
    },
    index=[7, 9],
)


def masked(values: Any, mask: Any) -> Any:
    return np.ma.MaskedArray(values, mask)  # type: ignore[no-untyped-call]


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
        (np.longdouble("1e4000"), None),
        (np.array([1, np.longdouble("1e4000")]), [1.0, None]),
        (Colour.RED, "red"),
        ([Size.LARGE, Plain.YES], [3, 0.5]),
        ({Colour.RED: Colour.RED}, {"red": "red"}),
        ({0.0: 1, True: 2, np.float32(1.5): 3}, {"0.0": 1, "true": 2, "1.5": 3}),
        ({dt.date(2024, 1, 2): 1}, {"2024-01-02": 1}),
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
        (np.array([(1, 2.5)], dtype=RECORD), [{"a": 1, "b": 2.5}]),
        (np.array((1, 2.5), dtype=RECORD), {"a": 1, "b": 2.5}),
        (np.array(None, dtype=object), None),
        (masked([1.0, 2.0], [False, True]), [1.0, None]),
        (masked([1.0, 2.0], False), [1.0, 2.0]),
        (masked([[1], [2]], [[True], [False]]), [[None], [2]]),
        (masked(np.array(["2024-01-02"], "M8[ns]"), [False]), ["2024-01-02T00:00:00Z"]),
        (masked(np.array([(1, 2.5)], RECORD), [(True, False)]), [{"a": None, "b": 2.5}]),
        (np.ma.masked, None),
        (pd.Series(pd.arrays.SparseArray(np.array([0.0, np.nan]))), [0.0, None]),
        (pd.MultiIndex.from_tuples([(1, "a")]), [[1, "a"]]),
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
        (dt.datetime(2024, 1, 2, 3, 4, 5, 6, tzinfo=ODD), "2024-01-02T02:44:33.000006Z"),
        (dt.time(3, 4, 5), "03:04:05Z"),
        (dt.time(3, 4, 5, tzinfo=EAST), "03:04:05+02:00"),
        (dt.timedelta(days=1, hours=2), "P1DT2H0M0S"),
        (dt.timedelta(days=999999999), "P999999999DT0H0M0S"),
        (np.array([1, "NaT"], dtype="timedelta64[s]"), ["P0DT0H0M1S", None]),
        (Decimal("0.1"), 0.1),
        (Decimal("12345678901234567890"), 12345678901234567890),
        (Decimal("NaN"), None),
        (Decimal("sNaN"), None),
        (Decimal("-Infinity"), None),
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
        ((x for x in [1]), "generator"),
        (memoryview(b"a"), "memoryview"),
        (Path("a"), "Path"),
        (pd.Period("2024"), "Period"),
        (pd.Interval(0, 1), "Interval"),
        (pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")])), "tuple"),
        (np.array([b"ab"], dtype="V2"), "V2"),
        (np.timedelta64(1, "Y"), "Unit Y"),
        (np.timedelta64(1), "without a unit"),
        (np.array(["2024-01-02", "12024-01-02"], "M8[s]"), "years 1 to 9999"),
        (np.datetime64("-0005-01-02"), "years 1 to 9999"),
        (pd.Timestamp(np.datetime64("12024-01-02", "s")), "years 1 to 9999"),
        (dt.datetime(1, 1, 1, tzinfo=ODD), "years 1 to 9999"),
        (object(), "object"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "'a' appears twice"),
        ({1: "x", "1": "y"}, "'1' appears twice"),
        ({(1, 2): 3}, "tuple"),
        ({True: 1, "true": 2}, "'true' appears twice"),
        ({None: 1}, "NoneType"),
        ({math.nan: 1}, "float"),
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


def test_letters_of_every_language_stay_readable() -> None:
    """What a person reads has its letters; what UTF-8 cannot hold is JSON's own escape."""
    value = {"where": "größe", "found": "年齢 \ud800"}
    body = readable(value)
    assert "größe".encode() in body
    assert "年齢 \\ud800".encode() in body
    assert json.loads(body) == value
