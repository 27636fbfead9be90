"""scoring.parameters.table, rows: a table as it was meant, or every cell that is wrong."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scoring.errors import InvalidInput
from scoring.parameters.table import Table

from tests.scoring.patients import ROW, SAMPLE, wrong


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({**ROW, "bmi": "abc"}, (".bmi", "number", 'string "abc"')),
        ({**ROW, "bmi": None}, (".bmi", "number", "null")),
        ({**ROW, "bmi": math.nan}, (".bmi", "number", "number NaN")),
        ({**ROW, "bmi": math.inf}, (".bmi", "number", "number Infinity")),
        ({**ROW, "bmi": True}, (".bmi", "number", "boolean true")),
        ({**ROW, "age": 1.7}, (".age", "integer of 64 bits", "number 1.7")),
        ({**ROW, "age": 2**63}, (".age", "integer of 64 bits", "number 9223372036854775808")),
        ({**ROW, "age": "41"}, (".age", "integer of 64 bits", 'string "41"')),
        ({**ROW, "smoker": "false"}, (".smoker", "boolean", 'string "false"')),
        ({**ROW, "smoker": 1}, (".smoker", "boolean", "number 1")),
        ({**ROW, "city": 3}, (".city", "string", "number 3")),
        ({**ROW, "city": ["x"]}, (".city", "string", "an array of 1")),
        ({**ROW, "city": {"x": 1}}, (".city", "string", "an object")),
        ({**ROW, "visits": 1.5}, (".visits", "integer of 64 bits or null", "number 1.5")),
        ([1, 2], ("", "an object with a key per column", "an array of 2")),
        (None, ("", "an object with a key per column", "null")),
    ],
)
def test_wrong_cells_are_named(row: Any, problem: tuple[str, str, str]) -> None:
    """The cell, what it should be and what it is; good rows around it change nothing."""
    where, expected, found = problem
    assert wrong(Table(SAMPLE), [ROW, ROW, row, ROW]) == [(f"[2]{where}", expected, found)]


def test_missing_extra_and_misspelt_columns() -> None:
    """A misspelt column is named twice: as missing and as unknown, each with the other's name."""
    row = {key: value for key, value in ROW.items() if key not in ("bmi", "city")}
    row |= {"BMI ": 21.5, "unrelated": 1}
    assert wrong(Table(SAMPLE), [row]) == [
        ("[0].bmi", "number", 'nothing, but there is "BMI "'),
        ("[0].city", "string", "nothing"),
        ('[0]["BMI "]', 'no key of this name (did you mean "bmi"?)', "number 21.5"),
        ("[0].unrelated", "no key of this name", "number 1"),
    ]


def test_as_many_wrong_names_as_columns() -> None:
    """The right number of columns is not enough, as it is for inference-schema."""
    assert len(wrong(Table(SAMPLE), [{name.upper(): value for name, value in ROW.items()}])) == 10


def test_columns_in_any_order() -> None:
    """Names restore the order."""
    backwards = dict(reversed(ROW.items()))
    frame = Table(SAMPLE).convert([backwards, ROW], "x")
    pd.testing.assert_frame_equal(frame, Table(SAMPLE).convert([ROW, ROW], "x"))
    assert list(frame.columns) == list(SAMPLE.columns)


def test_ten_are_listed_and_all_are_counted() -> None:
    """A thousand faults make a short answer that tells their number."""
    rows = [{**ROW, "bmi": "x", "aeg": 1} for _ in range(500)]
    with pytest.raises(InvalidInput) as caught:
        Table(SAMPLE).convert(rows, "Inputs.data")
    body = caught.value.body()
    assert body["message"].startswith("1000 problems in Inputs.data: Inputs.data[0].aeg: ")
    assert (len(body["errors"]), body["error_count"]) == (10, 1000)


def test_long_values_are_shortened() -> None:
    """An answer holds the beginning of a long value or key, never all of it."""
    long = "x" * 100_000
    with pytest.raises(InvalidInput) as caught:
        Table(SAMPLE).convert([{**ROW, "age": long, long: 1, "bmi": 10**4000}], "x")
    assert len(json.dumps(caught.value.body())) < 1_500


@pytest.mark.parametrize("value", [None, 5, "text", {}, True], ids=repr)
def test_no_table_at_all(value: Any) -> None:
    """Something else in the table's place is named as what it is."""
    assert len(wrong(Table(SAMPLE), value)) == 1


def test_an_example_without_a_complete_row() -> None:
    """Where every row of the sample has a null somewhere, the example is put together."""
    table = Table(pd.DataFrame({"a": [None, 2.0], "b": ["x", None]}))
    assert table.input_to_swagger()["example"] == [{"a": 2.0, "b": "x"}]


def test_required_and_types_of_a_record() -> None:
    """Every column is required and described, and there is no other."""
    items = Table(SAMPLE).input_to_swagger()["items"]
    assert items["required"] == list(SAMPLE)
    assert items["additionalProperties"] is False
    assert items["properties"]["visits"]["x-nullable"] is True
    assert {name: each["type"] for name, each in items["properties"].items()} == {
        "age": "integer",
        "bmi": "number",
        "smoker": "boolean",
        "city": "string",
        "visits": "integer",
    }


def test_optional_columns_are_null_when_left_out() -> None:
    """A column declared optional may be missing; then it is null."""
    table = Table(SAMPLE, optional=["visits"])
    row = {key: value for key, value in ROW.items() if key != "visits"}
    assert table.convert([row, ROW], "x")["visits"].tolist() == [pd.NA, 3]
    assert "visits" not in table.input_to_swagger()["items"]["required"]
    assert (
        wrong(table, [{**row, "vists": 1}])[0][1] == 'no key of this name (did you mean "visits"?)'
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"optional": ["bmi"]}, "null"),
        ({"optional": ["nothing"]}, "the sample has age"),
        ({"optional": ["visits"], "orient": "split"}, "no optional"),
        ({"orient": "rows"}, "records"),
    ],
)
def test_arguments_that_cannot_be_used(arguments: dict[str, Any], says: str) -> None:
    """A wrong declaration stops the service at start and says why."""
    with pytest.raises(ValueError, match=says):
        Table(SAMPLE, **arguments)


@pytest.mark.parametrize(
    "sample",
    [SAMPLE.head(0), pd.DataFrame(index=[0]), pd.DataFrame([[1, 2]], columns=["1", 1])],
    ids=["no rows", "no columns", "one name in JSON"],
)
def test_samples_that_cannot_be_used(sample: pd.DataFrame) -> None:
    """So does a sample that describes no table."""
    with pytest.raises(TypeError):
        Table(sample)


def test_column_labels_are_the_samples() -> None:
    """JSON's keys are strings; the frame has the labels of the sample again."""
    table = Table(pd.DataFrame(np.ones((1, 3))))
    frame = table.convert([{"0": 1, "1": 2, "2": 3}], "x")
    assert list(frame.columns) == [0, 1, 2]


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_frames_lie_in_memory_as_pandas_lays_them(rows: int) -> None:
    """Sums over a row come out the same to the last bit as for a frame made by pandas."""
    table = Table(pd.DataFrame({"a": [1.0], "b": [2.0]}))
    values = table.convert([{"a": 1, "b": 2}] * rows, "x").to_numpy()
    assert values.flags.f_contiguous
    assert values.dtype == np.float64


def test_nan_where_allowed() -> None:
    """allow_nan lets the literals through, as numbers."""
    frame = Table(pd.DataFrame({"a": [1.0]}), allow_nan=True).convert([{"a": math.nan}], "x")
    assert frame["a"].isna().all()


def test_datetime_objects_stay_what_the_sample_has() -> None:
    """A column of `datetime` or `timedelta` objects holds them, whether 64 bits could or not."""
    first, last = dt.datetime(2024, 1, 2), dt.datetime(9999, 12, 31)
    sample = pd.DataFrame({"at": pd.Series([first], dtype=object), "x": [1.5]})
    sample["for"] = pd.Series([dt.timedelta(1)], dtype=object)
    for moment in (first, last):
        row = {"at": f"{moment.isoformat()}Z", "x": 1.5, "for": "P1D"}
        for columns in (["at", "x", "for"], ["at"], ["for"]):
            frame = Table(sample[columns]).convert([{name: row[name] for name in columns}], "x")
            assert frame.dtypes.tolist() == sample[columns].dtypes.tolist()
            there = {"at": moment, "x": 1.5, "for": dt.timedelta(1)}
            assert frame.iloc[0].tolist() == [there[name] for name in columns]


def test_a_good_cell_beside_a_wrong_one() -> None:
    """Only the wrong one is listed, also where categories are points in time to the nanosecond."""
    moment = "2024-01-02T03:04:05.123456789Z"
    sample = pd.DataFrame({"at": pd.Categorical(pd.to_datetime([moment])), "x": [1.5]})
    good, bad = {"at": moment, "x": 1.5}, {"at": moment, "x": "a"}
    assert wrong(Table(sample), [good, bad]) == [("[1].x", "number", 'string "a"')]
