"""Tables of every kind, on the way to JSON and back."""

from __future__ import annotations

import datetime as dt
import decimal
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring_client.tables import dumps, frame_of, table_of


def sent(data: Any) -> Any:
    """What arrives at the service for a table."""
    table = table_of(data)
    return json.loads(dumps(table.rows(0, len(table))))


def test_every_type_of_column() -> None:
    """Each column keeps its type in JSON: integers stay integers, dates become RFC 3339."""
    frame = pd.DataFrame(
        {
            "int": [1, 2],
            "float": [0.1, np.nan],
            "bool": [True, False],
            "text": ["007", None],
            "nullable": pd.array([2**62 + 1, None], dtype="Int64"),
            "category": pd.Categorical(["a", "b"]),
            "naive": pd.to_datetime(["2024-01-02T03:04:05.123456", "NaT"]),
            "aware": pd.to_datetime(["2024-01-02T03:04:05", "2024-07-01T00:00:00"]).tz_localize(
                "Europe/Berlin"
            ),
            "date": [dt.date(2024, 1, 2), None],
            "decimal": [decimal.Decimal("1.5"), None],
        }
    )
    assert sent(frame) == [
        {
            "int": 1,
            "float": 0.1,
            "bool": True,
            "text": "007",
            "nullable": 2**62 + 1,
            "category": "a",
            "naive": "2024-01-02T03:04:05.123456",
            "aware": "2024-01-02T03:04:05+01:00",
            "date": "2024-01-02",
            "decimal": 1.5,
        },
        {
            "int": 2,
            "float": None,
            "bool": False,
            "text": None,
            "nullable": None,
            "category": "b",
            "naive": None,
            "aware": "2024-07-01T00:00:00+02:00",
            "date": None,
            "decimal": None,
        },
    ]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_floats_arrive_to_the_last_bit(values: list[float]) -> None:
    """Every finite double arrives as it is, from each kind of table."""
    assert [row["x"] for row in sent(pd.DataFrame({"x": values}))] == values
    assert [row[0] for row in sent(np.array(values).reshape(-1, 1))] == values
    assert [row["x"] for row in sent([{"x": value} for value in values])] == values


def test_values_in_records() -> None:
    """Records may hold what frames and arrays hold."""
    row = {"a": np.float32(0.5), "b": np.int64(3), "c": float("nan"), "d": pd.NaT, "e": (1, 2)}
    assert sent([row]) == [{"a": 0.5, "b": 3, "c": None, "d": None, "e": [1, 2]}]


@pytest.mark.parametrize("value", [float("inf"), np.float64("-inf")])
def test_infinity_is_refused(value: float) -> None:
    """Infinity is refused, as JSON cannot say it."""
    for data in ([{"x": value}], pd.DataFrame({"x": [value]}), np.array([[value]])):
        with pytest.raises(ValueError, match="infinite"):
            sent(data)


def test_what_has_no_json_form() -> None:
    """A value without a JSON form is refused with its type."""
    with pytest.raises(TypeError, match="type bytes"):
        sent([{"x": b"abc"}])


def test_columns_with_one_name() -> None:
    """Two columns of one name cannot both be sent, so neither is."""
    with pytest.raises(ValueError, match="name of its own"):
        table_of(pd.DataFrame([[1, 2]], columns=["a", "a"]))


def test_records_become_columns() -> None:
    """Results that are records become a DataFrame with the index of the input."""
    results = [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]
    expected = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}, index=[7, 8])
    pd.testing.assert_frame_equal(frame_of(results, pd.Index([7, 8])), expected)


@pytest.mark.parametrize(
    ("texts", "dtype"),
    [
        (["2024-01-02T03:04:05Z", "2024-01-02T03:04:05.5+02:00"], "datetime64[ns, UTC]"),
        (["2024-01-02T03:04:05", None], "datetime64[ns]"),
        (["2024-01-02T03:04:05", "2024-01-02T03:04:05Z"], "object"),
        (["2024-01-02T03:04:05", "soon"], "object"),
        (["2024-01-02", "2024-01-03"], "object"),
        ([None, None], "object"),
    ],
)
def test_date_times_come_back(texts: list[str | None], dtype: str) -> None:
    """Results that are all date-times of one sort become date-times; others stay as they are."""
    assert str(frame_of(texts, None).dtype) == dtype


def test_whole_numbers_stay_whole() -> None:
    """Integers and labels are not turned into something else."""
    assert frame_of([1, 2], None).dtype == np.int64
    assert frame_of(["a", "b"], None).tolist() == ["a", "b"]
    assert frame_of([True, False], None).dtype == bool


def test_an_array_of_records() -> None:
    """For an array, results that are records become one column each."""
    answer = table_of(np.zeros((2, 1))).answer([{"no": 0.25, "yes": 0.75}, {"no": 1.0, "yes": 0.0}])
    assert np.array_equal(answer, [[0.25, 0.75], [1.0, 0.0]])


def test_neither_pandas_nor_numpy_is_needed(root: Path) -> None:
    """Lists are scored where neither is installed."""
    program = (
        "import sys; sys.modules['numpy'] = sys.modules['pandas'] = None\n"
        "import scoring_client.cli\n"
        "from scoring_client.tables import dumps, table_of\n"
        "print(dumps(table_of([{'x': float('nan')}]).rows(0, 1)).decode())"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=root / "clients" / "python" / "src",
    )
    assert run.stdout == '[{"x": null}]\n'
