"""What a script returned becomes tables of the answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_runtime.results import (
    UNDERSCORE,
    NoTable,
    column_names,
    returned_frames,
    time_span,
    to_table,
)

FRAME = pd.DataFrame({"a": [1]})


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        (["a", "a", "a"], ["a", "a (1)", "a (2)"]),
        (["a", "a", "a (1)"], ["a", "a (2)", "a (1)"]),
        ([1, "1", 1.0], ["1", "1 (1)", "1.0"]),
        ([("x", 1), ("x", 2)], ["('x', 1)", "('x', 2)"]),
        (["a (1)", "a", "a"], ["a (1)", "a", "a (2)"]),
    ],
)
def test_column_names(columns: list[Any], names: list[str]) -> None:
    """Strings, all different, the first of a name unchanged."""
    assert column_names(columns) == names


def test_an_underscore_instead() -> None:
    """Where the service says so."""
    assert column_names(["a", "a"], UNDERSCORE) == ["a", "a_1"]


@given(st.lists(st.sampled_from(["a", "a (1)", "a (2)", "a (1) (1)", "b"]), max_size=8))
def test_names_are_unique_and_the_originals_stay(columns: list[str]) -> None:
    """Whatever comes, no name is twice, and the first of each is as it was."""
    names = column_names(columns)
    assert len(set(names)) == len(names)
    assert all(names[columns.index(column)] == column for column in columns)


def object_array(*items: Any) -> Any:
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


@pytest.mark.parametrize("returned", [FRAME, (FRAME,), [FRAME], object_array(FRAME)])
def test_one_frame(returned: Any) -> None:
    """Bare, or the only one of a tuple, list or object array."""
    (frame,) = returned_frames(returned)
    assert frame is FRAME


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (np.array([FRAME]), "ndarray"),
        ((), "a tuple of 0"),
        ([FRAME] * 3, "a list of 3"),
        ((FRAME, None), "a NoneType in it"),
        ({"a": 1}, "a dict"),
        ("text", "a str"),
        (FRAME["a"], "a Series"),
    ],
)
def test_anything_else_is_named(returned: Any, said: str) -> None:
    """By its type."""
    with pytest.raises(NoTable, match=said):
        returned_frames(returned)


@pytest.mark.parametrize(
    ("values", "kind", "text"),
    [
        ([0.1 + 0.2], "Double", "0.3"),
        ([1e-5], "Double", "1E-05"),
        ([100749.893789066], "Double", "100749.893789066"),
        ([float("-inf")], "Double", "-Infinity"),
        ([float("nan")], "Double", None),
        ([2**31 - 1], "Int32", "2147483647"),
        ([2**31], "Int64", "2147483648"),
        ([2**63], "String", "9223372036854775808"),
        (pd.array([1, None], dtype="Int64"), "Int32", "1"),
        ([True], "Boolean", "True"),
        (pd.array([True, None], dtype="boolean"), "Boolean", "True"),
        ([True, None], "Boolean", "True"),
        ([1, None, "x"], "String", "1"),
        (pd.Categorical(["b", "a"]), "String", "b"),
        (
            pd.to_datetime(["2010-05-30"]).tz_localize("UTC"),
            "DateTime",
            "2010-05-30T00:00:00+00:00",
        ),
        ([np.float32(0.5), None], "Double", "0.5"),
        ([], "String", None),
    ],
)
def test_types_and_texts(values: Any, kind: str, text: str | None) -> None:
    """Each column has .NET's type and the text that the old service wrote."""
    column = pd.Series(values, dtype=None if len(values) else object, name="c")
    if kind == "Boolean" and None in list(values):
        column = pd.Series(values, dtype=getattr(values, "dtype", object), name="c")
    made = to_table(column.to_frame())
    assert made.types == [kind]
    rows = made.as_table(details=False)["value"]["Values"]
    assert (rows[0][0] if rows else None) == text


def test_the_index_is_dropped() -> None:
    """`df.set_index("a")` loses `a`, as it did."""
    frame = pd.DataFrame({"a": [1], "b": [2]}).set_index("a")
    assert to_table(frame).as_list(typed=True) == [{"b": 2}]


def test_rows_without_columns_stay() -> None:
    """A frame of two rows and no column has two rows."""
    assert to_table(pd.DataFrame(index=[0, 1])).as_list(typed=True) == [{}, {}]


@pytest.mark.parametrize("cell", [[1], {"a": 1}, 1j, {1}, pd.Period("2010"), pd.Interval(0, 1)])
def test_a_cell_that_is_no_value_is_named(cell: Any) -> None:
    """By column and row."""
    with pytest.raises(NoTable, match=r'"c" has a .* in row 1'):
        to_table(pd.DataFrame({"c": pd.Series([None, cell], dtype=object)}))


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (pd.Timedelta("1 days 02:03:04.5"), "1.02:03:04.5000000"),
        (pd.Timedelta("-1 hours"), "-01:00:00"),
        (pd.Timedelta(nanoseconds=100), "00:00:00.0000001"),
        (pd.Timedelta(0).to_pytimedelta(), "00:00:00"),
    ],
)
def test_time_spans_are_dotnets(span: Any, text: str) -> None:
    """[-][d.]hh:mm:ss[.fffffff]."""
    assert time_span(span) == text
