"""scoring.columns.numbers, texts, times: converting a column and judging one value are one rule."""

from __future__ import annotations

import datetime as dt
import json
import math
import sys
import zoneinfo
from decimal import Decimal
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scoring.columns.base import OBJECT, Kind, Refused
from scoring.columns.from_sample import column_kind, dtype_kind, values_kind

BERLIN = "Europe/Berlin"
TOKYO = zoneinfo.ZoneInfo("Asia/Tokyo")
EXACT = pd.to_datetime(["2024-01-02T03:04:05.123456789", "2024-01-02"], format="ISO8601")

#: One sample column for each kind there is.
COLUMNS: dict[str, Any] = {
    "float64": [1.5],
    "float64 with null": [1.5, None],
    "float32": np.array([1], np.float32),
    "float16": np.array([1], np.float16),
    "int64": [1],
    "int8": np.array([1], np.int8),
    "uint64": np.array([1], np.uint64),
    "bool": [True],
    "Int64": pd.array([1], dtype="Int64"),
    "UInt8": pd.array([1], dtype="UInt8"),
    "Float32": pd.array([1.5], dtype="Float32"),
    "boolean": pd.array([True], dtype="boolean"),
    "string": pd.array(["a"], dtype="string"),
    "text": ["a"],
    "text or null": ["a", None],
    "integers or null, as objects": pd.Series([1, None], dtype=object),
    "booleans or null, as objects": [True, None],
    "categories": pd.Categorical(["a", "b"]),
    "categories or null": pd.Categorical(["a", None]),
    "whole categories": pd.Categorical([1, 2]),
    "categories of float32": pd.Categorical(np.array([0.1, 1.7], np.float32)),
    "true and false as categories": pd.Categorical([True, False]),
    "dates as categories": pd.Categorical([dt.date(2024, 1, 2)]),
    "datetime64 as categories": pd.Categorical(EXACT),
    "datetime64 with zone as categories": pd.Categorical(EXACT.tz_localize("UTC")),
    "timedelta64 as categories": pd.Categorical(pd.to_timedelta(["1h", "7d"])),
    "dates": [dt.date(2024, 1, 2)],
    "dates or null": [dt.date(2024, 1, 2), None],
    "times": [dt.time(1, 2, 3)],
    "times with zone, or null": [dt.time(1, 2, 3, tzinfo=TOKYO), None],
    "datetime64": pd.to_datetime(["2024-01-02"]),
    "datetime64 in seconds, or null": pd.to_datetime(["2024-01-02", "NaT"]).as_unit("s"),
    "datetime64 in microseconds": pd.to_datetime(["2024-01-02"]).as_unit("us"),
    "datetime64 with zone": pd.to_datetime(["2024-01-02"]).tz_localize(BERLIN),
    "datetime64 in Tokyo, or null": pd.to_datetime(["2024-01-02", "NaT"]).tz_localize(TOKYO),
    "datetime64 in New York, in seconds": (
        pd.to_datetime(["2024-01-02"]).tz_localize("America/New_York").as_unit("s")
    ),
    "datetimes": pd.Series([dt.datetime(2024, 1, 2)], dtype=object),
    "datetimes in Tokyo, or null": pd.Series(
        [dt.datetime(2024, 1, 2, tzinfo=TOKYO), None], dtype=object
    ),
    "timedelta64": pd.to_timedelta(["1h"]),
    "timedelta64 in seconds": pd.to_timedelta(["1h"]).as_unit("s"),
    "timedeltas or null": pd.Series([dt.timedelta(1), None], dtype=object),
    "decimals": [Decimal("1.5")],
    "bytes": [b"ab"],
}
KINDS: dict[str, Kind] = {
    name: column_kind(pd.Series(values), name) for name, values in COLUMNS.items()
}

MOMENTS = [
    "2024-01-02T03:04:05Z",
    "2024-01-02t03:04:05.25z",
    "2024-01-02 03:04:05+02:00",
    "2024-01-02T03:04:05",
    "2024-01-02T03:04:05.123456789Z",
    "2024-01-02T03:04:05.1234567891Z",
    "2024-02-30T00:00:00Z",
    "2024-01-02T24:00:00Z",
    "2024-01-02T03:04:60Z",
    "2024-01-02T03:04:05+24:00",
    "2016-12-31T23:59:60Z",
    "2024-01-02T00:00:00",
    "2024-01-02T00:00:00.0000000Z",
    "2024-01-02T03:04:05.1234567Z",
    *("9999-12-31T23:59:59Z", "9999-12-31T23:59:59.9999999", "9999-12-31T23:59:59-00:01"),
    *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "0000-01-01T00:00:00Z"),
    *("1677-09-21T00:12:43.145224192Z", "1677-09-21T00:12:43.145224193Z", "1677-09-21T00:12:44Z"),
    *("1677-09-21T00:12:44+09:00", "1677-09-21T00:12:44-09:00", "1677-09-21T12:00:00Z"),
    *("2262-04-11T23:47:16.854775807Z", "2262-04-11T23:47:16.854775808Z", "2262-04-11T23:47:16Z"),
    *("2262-04-11T20:00:00-05:00", "2262-04-11T20:00:00+05:00", "2262-04-11T12:00:00Z"),
    "٢٠٢٤-01-02T03:04:05Z",
    "2024-01-02T03:04:05Z\n",
    "2024-01-02",
    "2024-02-30",
    "20240102",
    "03:04:05Z",
    "03:04:05.5+02:00",
    "03:04:05",
    "03:04:05.0000000Z",
    "03:04:05.1234567Z",
    "23:59:60Z",
    "25:00:00",
    "P1DT2H3M4.5S",
    "PT0.5S",
    "-PT1H",
    "P-1DT23H59M59S",
    "P1W",
    "P1W2D",
    "-P-1D",
    "P1Y",
    "P",
    "PT",
    "P999999D",
    "1 days",
    "YQ==",
    "YQ",
    "",
    "a",
    "true",
    "half a pair \ud83d",
    "a pair \U0001f600",
]
NUMBERS: list[Any] = [
    *(0, 1, -1, 1.0, 1.7, -0.0, 128, 255, 256, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63)),
    *(2**64 - 1, 2**64, 1e18, 1e19, 1e300, 65504.0, 65505.0, 65519.9, 65520.0, 70000),
    *(3.4028235e38, 3.40282356e38, 3.4028235677973362e38, 3.4028235677973366e38, 3.5e38, 0.1),
    *(10**400, -(10**400)),
    *(int(sys.float_info.max) + 1, math.nan, math.inf, -math.inf),
]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=4),
    st.sampled_from(MOMENTS),
    st.sampled_from(NUMBERS),
    st.just([1]),
    st.just({"a": 1}),
)


def series(kind: Kind, values: list[Any]) -> pd.Series[Any]:
    """Return the column that a frame has."""
    # Without a type, pandas makes datetime64 of `datetime` objects; test_tables has the frame.
    return pd.Series(kind.convert(values), dtype=OBJECT if kind.dtype == OBJECT else None)


def converts(kind: Kind, values: list[Any]) -> bool:
    try:
        kind.convert(values)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=50)
@given(values=st.lists(VALUES, max_size=3))
@example(values=[])
def test_columns_and_single_values_are_judged_alike(name: str, values: list[Any]) -> None:
    """A column is refused exactly when one of its values is."""
    kind = KINDS[name]
    assert converts(kind, values) == all(kind.accepts(value) for value in values)


#: Of those values, what each kind takes.
GOOD: dict[str, list[Any]] = {
    name: [value for value in [*MOMENTS, *NUMBERS, True, None] if kind.accepts(value)]
    for name, kind in KINDS.items()
}


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=50)
@given(data=st.data(), times=st.sampled_from([1, 20]))
def test_columns_hold_what_single_values_are(name: str, data: st.DataObject, times: int) -> None:
    """Each value of a column is what it is by itself, whatever stands beside it."""
    kind = KINDS[name]
    # Values of one length are read together.
    length = data.draw(st.sampled_from([None, *(len(v) for v in GOOD[name] if type(v) is str)]))
    good = [v for v in GOOD[name] if length is None or (type(v) is str and len(v) == length)]
    values = data.draw(st.lists(st.sampled_from(good), min_size=1, max_size=4)) * times
    column = series(kind, values).tolist()
    single = [kind.scalar(value) for value in values]
    there = [value is not None for value in single]
    assert pd.notna(pd.Series(column, dtype=object)).tolist() == there
    for cell, value in zip(column, single, strict=True):
        assert value is None or (type(cell), repr(cell)) == (type(value), repr(value))


@pytest.mark.parametrize("name", KINDS)
def test_special_values_are_judged_alike(name: str) -> None:
    """The same for values at the edges, one by one, and nothing else is raised."""
    kind = KINDS[name]
    for value in [*MOMENTS, *NUMBERS, None, True, [], {}]:
        assert converts(kind, [value]) == kind.accepts(value), value
        if kind.accepts(value):
            kind.scalar(value)


@pytest.mark.parametrize("name", KINDS)
def test_converted_columns_have_the_samples_type(name: str) -> None:
    """What reaches the model has the type of the sample, with and without rows and nulls."""
    kind, dtype = KINDS[name], pd.Series(COLUMNS[name]).dtype
    present = kind.example(pd.Series(COLUMNS[name]).iloc[0])
    columns = [[], [present], [present, present]]
    if kind.nullable:
        columns += [[None], [present, None], [None, present]]
    for column in columns:
        converted = series(kind, column)
        assert converted.dtype == dtype
        assert converted.isna().tolist() == [value is None for value in column]


@pytest.mark.parametrize("name", KINDS)
def test_samples_survive_the_journey(name: str) -> None:
    """A value written as its kind's example and read again is the value."""
    kind = KINDS[name]
    column = pd.Series(COLUMNS[name])
    sent = [None if pd.isna(value) else kind.example(value) for value in column]
    again = series(kind, json.loads(json.dumps(sent, allow_nan=False)))
    pd.testing.assert_series_equal(again, column)


#: Formats as an independent implementation knows them, or as far as it does.
FORMATS = jsonschema.FormatChecker(["date", "regex"])


@pytest.mark.parametrize(
    # jsonschema needs a further package for each of these formats; test_times has their cases.
    "name",
    [
        name
        for name, kind in KINDS.items()
        if kind.schema().get("format") not in ("byte", "date-time", "time", "duration")
        # Many a number rounds to such a category; the document lists one.
        and name != "categories of float32"
    ],
)
@settings(max_examples=50)
@given(value=VALUES)
def test_swagger_promises_what_is_accepted(name: str, value: Any) -> None:
    """What the schema allows is accepted and what it forbids is refused, by jsonschema's word."""
    kind = KINDS[name]
    schema = kind.schema()
    valid = jsonschema.Draft202012Validator(schema, format_checker=FORMATS).is_valid(value)
    if value is None:
        valid = "x-nullable" in kind.swagger()
    if isinstance(value, float) and not math.isfinite(value):
        valid = False  # no JSON
    if isinstance(value, str) and "\ud83d" in value:
        valid = False  # no Unicode, so no document can speak of it
    if schema["type"] == "number" and type(value) is int and abs(value) > sys.float_info.max:
        return  # JSON has the number and Python no float; test_special_values has the edge
    assert kind.accepts(value) == valid


def test_whole_numbers_keep_every_digit() -> None:
    """64 bits stay 64 bits; nothing goes through a double."""
    numbers = [2**63 - 1, -(2**63), 2**53 + 1]
    assert dtype_kind(np.dtype(np.int64), "x").convert(numbers).tolist() == numbers
    assert dtype_kind(np.dtype(np.uint64), "x").convert([2**64 - 1]).tolist() == [2**64 - 1]
    nullable = column_kind(pd.Series(pd.array([1], dtype="Int64")), "x")
    assert nullable.convert([2**63 - 1, None]).tolist() == [2**63 - 1, pd.NA]


def test_nan_is_accepted_where_allowed() -> None:
    """With allow_nan the literals are numbers; nothing else becomes one."""
    kind = dtype_kind(np.dtype(np.float32), "x", allow_nan=True)
    column = [math.nan, math.inf, -math.inf, 1.5]
    assert all(map(kind.accepts, column))
    np.testing.assert_array_equal(kind.convert(column), np.array(column, np.float32))
    assert not kind.accepts(None)
    assert not kind.accepts(1e39)


def test_null_and_nan_are_different() -> None:
    """In a nullable column null is accepted and the literal NaN is not."""
    kind = KINDS["float64 with null"]
    assert kind.accepts(None)
    assert not converts(kind, [None, math.nan])


def test_strings_are_never_cut_off() -> None:
    """An array of one-letter strings takes longer ones whole."""
    assert values_kind(["a"], "x").convert(["abc"]).tolist() == ["abc"]
    assert dtype_kind(np.dtype("<U1"), "x").convert(["abc"]).tolist() == ["abc"]


@pytest.mark.parametrize(
    ("name", "known", "unknown"), [("categories", "a", "c"), ("whole categories", 1, 3)]
)
def test_categories_are_packed_as_what_they_are(name: str, known: Any, unknown: Any) -> None:
    """Beside pandas' codes there are the plain values, and no value that is no category."""
    assert KINDS[name].pack([known, known]).tolist() == [known, known]
    with pytest.raises(Refused):
        KINDS[name].pack([known, unknown])


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([None, None], "no value"),
        ([1, "a"], "int, str"),
        ([[1], [2]], "list"),
        ([1j], "complex"),
        (pd.arrays.SparseArray(np.array([1.0])), "Sparse"),
        (pd.period_range("2024", periods=1, freq="D"), "period"),
        (pd.Categorical([], categories=[]), "no value"),
    ],
)
def test_a_sample_that_says_nothing_is_refused_at_start(values: Any, says: str) -> None:
    """A column whose values cannot be told is an error that names the column."""
    with pytest.raises(TypeError, match=f"col.*{says}"):
        column_kind(pd.Series(values), "col")


def test_expectations_are_words() -> None:
    """What an error says was expected."""
    assert {name: KINDS[name].expected for name in ("int64", "int8", "Int64", "categories")} == {
        "int64": "integer of 64 bits",
        "int8": "integer from -128 to 127",
        "Int64": "integer of 64 bits or null",
        "categories": 'one of "a", "b"',
    }
    many = column_kind(pd.Series(pd.Categorical([f"c{i}" for i in range(30)])), "x")
    assert many.expected.endswith("and 20 more")
