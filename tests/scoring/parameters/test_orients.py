"""scoring.parameters.orients: every shape in which pandas writes a table, and its Swagger."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring.errors import InvalidInput, TooLarge
from scoring.parameters.orients import ORIENTS
from scoring.parameters.table import Table
from scoring.problems import key_path
from scoring.settings import Settings

from tests.scoring.patients import ROW, SAMPLE, wrong


@pytest.mark.parametrize("orient", ORIENTS)
def test_every_orient_reads_what_pandas_writes(orient: str) -> None:
    """`DataFrame.to_json` in each of pandas' six shapes arrives as the frame, labels and all."""
    frame = SAMPLE.rename(index={0: 7, 1: 9}) if orient not in ("records", "values") else SAMPLE
    table = Table(frame, orient=orient)
    sent = json.loads(frame.to_json(orient=orient))  # type: ignore[call-overload]
    pd.testing.assert_frame_equal(table.convert(sent, "x"), frame)


def keyed(orient: str, *labels: str) -> Any:
    """Return a table of one column with these labels of the rows."""
    if orient == "index":
        return {label: {"a": 1} for label in labels}
    return {"a": dict.fromkeys(labels, 1)}


BIG = str(2**63)
NUMBERED = pd.DataFrame({"a": [1.5]})
NAMED = pd.DataFrame({"a": [1.5]}, index=["r"])


@pytest.mark.parametrize("orient", ["index", "columns"])
@pytest.mark.parametrize(
    "label", [" 7 ", "1_000", "\u0663", "01", "+1", "-0", "1.0", "", BIG, "9" * 5000]
)
def test_row_labels_are_written_as_json_writes_integers(orient: str, label: str) -> None:
    """What Python alone takes for a number, and what int64 does not hold, is refused by name."""
    found = wrong(Table(NUMBERED, orient=orient), keyed(orient, "1", label))
    assert len(found) == 1
    assert found[0][0] == key_path("" if orient == "index" else ".a", label)
    assert found[0][1] == 'integer of 64 bits as key, written like "7" or "-7"'


@pytest.mark.parametrize("orient", ["index", "columns"])
def test_row_labels_are_integers(orient: str) -> None:
    """Every integer of int64 is a label, negative ones too."""
    labels = ["0", "-7", str(2**63 - 1), str(-(2**63))]
    frame = Table(NUMBERED, orient=orient).convert(keyed(orient, *labels), "x")
    assert frame.index.tolist() == [int(label) for label in labels]
    assert frame.index.dtype == "int64"


@pytest.mark.parametrize("orient", ["index", "columns", "split"])
def test_row_labels_are_text(orient: str) -> None:
    """Half a surrogate pair is no label in any shape."""
    table = Table(NAMED, orient=orient)
    split = {"columns": ["a"], "index": ["\ud800"], "data": [[1]]}
    assert len(wrong(table, split if orient == "split" else keyed(orient, "\ud800"))) == 1
    if orient != "split":
        assert table.convert(keyed(orient, "01", "1"), "x").index.tolist() == ["01", "1"]


def test_a_column_called_as_the_labels() -> None:
    """Labels give way to a column called `index` as in pandas, and are `level_0` then."""
    frame = pd.DataFrame({"index": [1.5, 2.5], "b": [3.5, 4.5]}, index=[7, 9])
    table = Table(frame, orient="table")
    sent = json.loads(frame.to_json(orient="table"))
    assert sent["data"][0] == {"level_0": 7, "index": 1.5, "b": 3.5}
    pd.testing.assert_frame_equal(table.convert(sent, "x"), frame)
    assert table.convert({"data": [{"index": 1, "b": 2}]}, "x")["index"].tolist() == [1.0]
    assert wrong(table, {"data": [{"index": "x", "b": 2}]})[0][0] == ".data[0].index"


@pytest.mark.parametrize(
    ("columns", "name"), [(["index", "level_0"], None), (["index"], "index"), (["7"], 7)]
)
def test_labels_and_a_column_of_one_name(columns: list[str], name: Any) -> None:
    """Where both would have one key a table stops the service at start, in that shape alone."""
    frame = pd.DataFrame([[1.5] * len(columns)], columns=columns).rename_axis(name)
    with pytest.raises(ValueError, match="are both called"):
        Table(frame, orient="table")
    Table(frame, orient="records")


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
        ("split", good("split") | {"columns": ["age"]}, ".columns"),
        ("split", good("split") | {"columns": [*SAMPLE, "age"]}, ".columns[5]"),
        ("split", good("split") | {"columns": [*SAMPLE, "more"]}, ".columns[5]"),
        ("split", good("split") | {"columns": [1, 2, 3, 4, 5]}, ".columns[0]"),
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


TYPED = pd.DataFrame({"a": [1.5], "n": [2], "w": ["x"]})


def test_columns_names_only_what_was_sent() -> None:
    """A key that is no label counts once, and no column lacks it; a row is in all columns."""
    body = {"a": {"x": 1}, "n": {"0": 1, "x": 1}, "w": {"0": "q"}}
    assert wrong(Table(TYPED, orient="columns"), body) == [
        (".a.x", 'integer of 64 bits as key, written like "7" or "-7"', 'string "x"'),
        ('.a["0"]', "number", "nothing"),
    ]


def test_columns_counts_every_absent_cell() -> None:
    """Of very different columns ten cells are named, and all are counted."""
    body = {name: {str(i + 100 * k): cell for i in range(100)}
            for k, (name, cell) in enumerate([("a", 1), ("n", 1), ("w", "q")])}  # fmt: skip
    with pytest.raises(InvalidInput) as caught:
        Table(TYPED, orient="columns").convert(body, "x")
    assert caught.value.total == 600


def test_names_of_columns_are_told_by_their_place() -> None:
    """In `split` a name is wrong at its place in the list, and a missing one has no place."""
    body = {"columns": ["a", "N", 5, "a"], "data": [[1, 2, 3, 4]]}
    assert wrong(Table(TYPED, orient="split"), body) == [
        (".columns[2]", "the name of a column", "number 5"),
        (".columns[3]", "each column once", '"a" again'),
        (".columns", 'a column "n"', 'nothing, but there is "N"'),
        (".columns", 'a column "w"', "nothing"),
        (".columns[1]", 'no column of this name (did you mean "n"?)', 'string "N"'),
    ]


@pytest.mark.parametrize(
    ("orient", "body", "where"),
    [
        ("values", [["x", 1, "q"]], "[0][0]"),
        ("split", {"columns": ["w", "n", "a"], "data": [["q", 1, "x"]]}, ".data[0][2]"),
    ],
)
def test_cells_by_place_tell_their_column(orient: str, body: Any, where: str) -> None:
    """Where a path ends with a number, the column is named beside what was expected."""
    expected = 'number (column "a")'
    assert wrong(Table(TYPED, orient=orient), body) == [(where, expected, 'string "x"')]


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
