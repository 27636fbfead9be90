"""scoring.tables, orients, rows: a table as it was meant, or every cell that is wrong."""

from __future__ import annotations

import copy
import json
import math
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring.errors import InvalidInput, TooLarge
from scoring.orients import ORIENTS
from scoring.settings import Settings
from scoring.tables import Table

SAMPLE = pd.DataFrame(
    {
        "age": [41, 52],
        "bmi": [21.5, 30.25],
        "smoker": [True, False],
        "city": ["Bern", "Basel"],
        "visits": pd.array([3, None], dtype="Int64"),
    }
)
ROW = {"age": 41, "bmi": 21.5, "smoker": True, "city": "Bern", "visits": 3}


def wrong(table: Table, value: Any) -> list[tuple[str, str, str]]:
    """Return the problems of a value at `Inputs.data`."""
    with pytest.raises(InvalidInput) as caught:
        table.convert(value, "Inputs.data")
    return [
        (p.where.removeprefix("Inputs.data"), p.expected, p.found) for p in caught.value.problems
    ]


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
        ('[0]["BMI "]', 'no such key; did you mean "bmi"?', "number 21.5"),
        ("[0].unrelated", "no such key", "number 1"),
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


@pytest.mark.parametrize("orient", ORIENTS)
def test_every_orient_reads_what_pandas_writes(orient: str) -> None:
    """`DataFrame.to_json` in each of pandas' six shapes arrives as the frame, labels and all."""
    frame = SAMPLE.rename(index={0: 7, 1: 9}) if orient not in ("records", "values") else SAMPLE
    table = Table(frame, orient=orient)
    sent = json.loads(frame.to_json(orient=orient))  # type: ignore[call-overload]
    pd.testing.assert_frame_equal(table.convert(sent, "x"), frame)


@pytest.mark.parametrize("orient", ["split", "index", "columns", "table"])
def test_every_named_orient_restores_the_order(orient: str) -> None:
    """Where a shape has names, the columns may come in any order."""
    backwards = SAMPLE[SAMPLE.columns[::-1]]
    sent = json.loads(backwards.to_json(orient=orient))  # type: ignore[call-overload]
    pd.testing.assert_frame_equal(Table(SAMPLE, orient=orient).convert(sent, "x"), SAMPLE)


@pytest.mark.parametrize(
    ("orient", "empty"),
    [
        ("records", []),
        ("values", []),
        ("split", {"columns": list(SAMPLE), "data": []}),
        ("table", {"data": []}),
        ("index", {}),
        ("columns", {name: {} for name in SAMPLE}),
    ],
)
def test_zero_rows_have_columns_and_types(orient: str, empty: Any) -> None:
    """No rows are a table of no rows."""
    frame = Table(SAMPLE, orient=orient).convert(empty, "x")
    assert len(frame) == 0
    pd.testing.assert_series_equal(frame.dtypes, SAMPLE.dtypes)


def good(orient: str) -> Any:
    return json.loads(SAMPLE.to_json(orient=orient))  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("orient", "value", "where"),
    [
        ("values", [[1, 2.0, True, "a"]], "[0]"),
        ("values", [[1, 2.0, True, 5, 1]], "[0][3]"),
        ("values", [1], "[0]"),
        ("values", {}, ""),
        ("split", good("split") | {"columns": ["age"]}, ".columns.bmi"),
        ("split", good("split") | {"columns": [*SAMPLE, "age"]}, ".columns"),
        ("split", good("split") | {"columns": [1, 2, 3, 4, 5]}, ".columns"),
        ("split", good("split") | {"columns": 5}, ".columns"),
        ("split", {"columns": list(SAMPLE), "data": [[1]]}, ".data[0]"),
        ("split", {"columns": list(SAMPLE), "data": [["x", 1, True, "a", 1]]}, ".data[0][0]"),
        ("split", good("split") | {"index": [1]}, ".index"),
        ("split", good("split") | {"index": ["a", 1]}, ".index[0]"),
        ("split", {"data": []}, ".columns"),
        ("split", [], ""),
        ("index", {"0": {**ROW, "age": "x"}}, '["0"].age'),
        ("index", {"a": ROW}, ".a"),
        ("index", {"0": 5}, '["0"]'),
        ("index", [ROW], ""),
        ("columns", good("columns") | {"age": {"0": 1}}, '.age["1"]'),
        ("columns", good("columns") | {"age": {"0": 1, "1": "x"}}, '.age["1"]'),
        ("columns", good("columns") | {"age": 5}, ".age"),
        ("columns", good("columns") | {"extra": {}}, ".extra"),
        ("columns", {}, ".age"),
        ("columns", [], ""),
        ("table", {"data": [{**ROW, "age": "x"}]}, ".data[0].age"),
        ("table", {"data": [{**ROW, "index": "x"}]}, ".data[0].index"),
        ("table", {"data": [{**ROW, "index": 1}, ROW]}, ".data[1].index"),
        ("table", {"data": 5}, ".data"),
        ("table", {"data": [], "schema": 5}, ".schema"),
        ("table", {}, ".data"),
        ("table", [], ""),
    ],
)
def test_every_orient_names_what_is_wrong(orient: str, value: Any, where: str) -> None:
    """The first problem's path leads to the fault in the shape that was sent."""
    assert wrong(Table(SAMPLE, orient=orient), value)[0][0] == where


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=3),
)


@st.composite
def bodies(draw: st.DrawFn, orient: str) -> Any:
    """Return a body in this shape with up to two things changed in it."""
    body = copy.deepcopy(good(orient))
    for _ in range(draw(st.integers(0, 2))):
        parents = [body]
        for _ in range(draw(st.integers(0, 3))):
            inner = parents[-1].values() if isinstance(parents[-1], dict) else parents[-1]
            containers = [each for each in inner if isinstance(each, dict | list) and each]
            if containers:
                parents.append(draw(st.sampled_from(containers)))
        parent = parents[-1]
        keys = list(parent) if isinstance(parent, dict) else list(range(len(parent)))
        if not keys:
            continue
        key = draw(st.sampled_from(keys))
        match draw(st.sampled_from(["replace", "remove", "add"])):
            case "replace":
                parent[key] = draw(CELLS)
            case "remove":
                del parent[key]
            case _ if isinstance(parent, dict):
                parent[draw(st.text(max_size=3))] = draw(CELLS)
            case _:
                parent.append(draw(CELLS))
    return body


def nullable(schema: Any) -> Any:
    """Return a copy in which `x-nullable` is said in the words of JSON Schema."""
    if isinstance(schema, list):
        return [nullable(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: nullable(value) for key, value in schema.items()}
    return {"anyOf": [inner, {"type": "null"}]} if schema.get("x-nullable") is True else inner


def accepts(table: Table, body: Any) -> bool:
    try:
        table.convert(copy.deepcopy(body), "x")
    except InvalidInput:
        return False
    return True


@pytest.mark.parametrize("orient", ["records", "index"])
@settings(max_examples=150)
@given(data=st.data())
def test_swagger_and_check_agree(orient: str, data: st.DataObject) -> None:
    """What jsonschema calls valid by our Swagger is accepted, everything else is a 400."""
    table = Table(SAMPLE.rename(index=str), orient=orient)
    body = data.draw(bodies(orient))
    valid = jsonschema.Draft202012Validator(nullable(table.input_to_swagger())).is_valid(body)
    assert accepts(table, body) == valid


@pytest.mark.parametrize("orient", ["split", "columns", "values", "table"])
@settings(max_examples=100)
@given(data=st.data())
def test_what_is_accepted_is_valid_by_the_swagger(orient: str, data: st.DataObject) -> None:
    """These shapes are stricter than JSON Schema can say, and never laxer."""
    table = Table(SAMPLE, orient=orient)
    body = data.draw(bodies(orient))
    if accepts(table, body):
        schema = nullable(table.input_to_swagger())
        assert jsonschema.Draft202012Validator(schema).is_valid(body)


@pytest.mark.parametrize("orient", ORIENTS)
def test_the_swagger_example_is_accepted(orient: str) -> None:
    """The example is JSON, has no null, and reads as rows of the sample."""
    table = Table(SAMPLE, orient=orient)
    sent = json.loads(json.dumps(table.input_to_swagger()["example"], allow_nan=False))
    assert "null" not in json.dumps(sent)
    pd.testing.assert_frame_equal(table.convert(sent, "x"), SAMPLE.head(1))


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
    assert wrong(table, [{**row, "vists": 1}])[0][1] == 'no such key; did you mean "visits"?'


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


@pytest.mark.parametrize("orient", ORIENTS)
def test_limits_name_themselves(orient: str) -> None:
    """More rows or cells than allowed is 413, with the limit and its setting."""
    sent = json.loads(SAMPLE.to_json(orient=orient))  # type: ignore[call-overload]
    few_rows = Table(SAMPLE, orient=orient, settings=Settings(max_rows=1))
    with pytest.raises(TooLarge, match=r"2 rows; the limit is 1\b.*SCORING_MAX_ROWS"):
        few_rows.convert(sent, "Inputs.data")
    few_cells = Table(SAMPLE, orient=orient, settings=Settings(max_cells=9))
    with pytest.raises(TooLarge, match=r"10 cells; the limit is 9\b.*SCORING_MAX_CELLS"):
        few_cells.convert(sent, "Inputs.data")
    assert TooLarge.status == 413


def test_nan_where_allowed() -> None:
    """allow_nan lets the literals through, as numbers."""
    frame = Table(pd.DataFrame({"a": [1.0]}), allow_nan=True).convert([{"a": math.nan}], "x")
    assert frame["a"].isna().all()
