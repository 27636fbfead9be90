"""scoring.parameters.nested.

Every level of a dictionary is checked, and tables in it know their path.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inference_schema.parameter_types.abstract_parameter_type import AbstractParameterType
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from scoring.errors import InvalidInput, Problem, TooLarge
from scoring.parameters.array import Array
from scoring.parameters.base import CheckedType
from scoring.parameters.choice import Choice
from scoring.parameters.nested import Nested, as_checked
from scoring.parameters.table import Table
from scoring.parameters.third_party import ThirdParty
from scoring.settings import Settings

TABLE = pd.DataFrame({"a": [1.5], "n": [2]})
SAMPLE = {
    "data": Table(TABLE),
    "matrix": Array(np.ones((1, 2))),
    "name": "x",
    "flag": True,
    "count": 3,
    "share": 0.5,
    "day": dt.date(2024, 1, 2),
    "words": ["a", "b"],
    "maybe": [1, None],
    "inner": {"deep": {"deeper": [{"x": 1}]}, "free": Nested({"o": 1, "p": 2}, optional=["p"])},
}
GOOD: dict[str, Any] = {
    "data": [{"a": 1.5, "n": 2}],
    "matrix": [[1, 1]],
    "name": "x",
    "flag": True,
    "count": 3,
    "share": 1,
    "day": "2024-01-02",
    "words": [],
    "maybe": [None, 1],
    "inner": {"deep": {"deeper": [{"x": 1}, {"x": 2}]}, "free": {"o": 1}},
}


class OnlyText(AbstractParameterType):  # type: ignore[misc]
    """A type of somebody else's."""

    def deserialize_input(self, input_data: Any) -> Any:
        """Return the text as it came."""
        return input_data

    def input_to_swagger(self) -> dict[str, Any]:
        """Return a schema of text."""
        return {"type": "string", "example": "a"}


def problems(value: Any, **arguments: Any) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        Nested(SAMPLE, **arguments).convert(value, "Inputs")
    return caught.value


def changed(path: list[Any], value: Any) -> Any:
    """Return GOOD with the value at a path replaced."""
    body = copy.deepcopy(GOOD)
    target: Any = body
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return body


def test_everything_is_converted() -> None:
    """Scalars, lists, tables and arrays arrive as the sample has them."""
    result = Nested(SAMPLE).convert(GOOD, "Inputs")
    pd.testing.assert_frame_equal(result.pop("data"), TABLE)
    assert result.pop("matrix").tolist() == [[1.0, 1.0]]
    assert result == {
        **{key: GOOD[key] for key in ("name", "flag", "count", "words", "maybe", "inner")},
        "share": 1.0,
        "day": dt.date(2024, 1, 2),
    }


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (["name"], 5, "Inputs.name"),
        (["flag"], "false", "Inputs.flag"),
        (["count"], True, "Inputs.count"),
        (["count"], 2**63, "Inputs.count"),
        (["share"], None, "Inputs.share"),
        (["share"], float("nan"), "Inputs.share"),
        (["day"], "2024-02-30", "Inputs.day"),
        (["words"], ["a", 5], "Inputs.words[1]"),
        (["words"], "a", "Inputs.words"),
        (["maybe"], [1.5], "Inputs.maybe[0]"),
        (["data"], [{"a": "x", "n": 1}], "Inputs.data[0].a"),
        (["matrix"], [[1]], "Inputs.matrix[0]"),
        (["inner"], None, "Inputs.inner"),
        (["inner", "deep"], {}, "Inputs.inner.deep.deeper"),
        (["inner", "deep", "deeper"], [{"x": 1}, {"y": 1}], "Inputs.inner.deep.deeper[1].x"),
        (["inner", "deep", "deeper"], {"x": 1}, "Inputs.inner.deep.deeper"),
        (["inner", "free"], {"o": 1, "q": 1}, "Inputs.inner.free.q"),
        (["new key"], 1, 'Inputs["new key"]'),
    ],
)
def test_wrong_values_are_named_at_every_level(path: list[Any], value: Any, where: str) -> None:
    """The path leads to the value, however deep."""
    assert problems(changed(path, value)).problems[0].where == where


def test_missing_keys_are_named_with_what_they_would_hold() -> None:
    """All of them, and a misspelt one with the right name."""
    error = problems({**{key: GOOD[key] for key in ("matrix", "inner", "name")}, "Data": []})
    assert error.total == 8
    assert [(p.where, p.found) for p in error.problems][:2] == [
        ("Inputs.data", 'nothing, but there is "Data"'),
        ("Inputs.flag", "nothing"),
    ]


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (1, "integer of 64 bits"),
        ("a", "string"),
        ([1], "an array"),
        ({"a": 1, "b": 2}, "an object with a, b"),
        (Table(TABLE), "an array"),
        (Table(TABLE, orient="split"), "an object"),
        (Choice(["a", "b"]), 'one of "a", "b"'),
        (OnlyText("a"), "string"),
    ],
)
def test_a_missing_key_tells_what_it_would_hold(inner: Any, expected: str) -> None:
    """The type of what is missing is the one that the Swagger has."""
    with pytest.raises(InvalidInput) as caught:
        Nested({"x": inner}).convert({}, "G")
    assert caught.value.problems == [Problem("G.x", expected, "nothing")]


SMALL = Settings(max_rows=3, max_cells=8)


@pytest.mark.parametrize(
    ("sample", "value", "found"),
    [
        ([{"x": 1}], [{"x": 1}] * 4, "4 rows; the limit is 3.*SCORING_MAX_ROWS"),
        ([[1]], [[]] * 4, "4 rows; the limit is 3.*SCORING_MAX_ROWS"),
        ([1.5], [1] * 9, "9 cells; the limit is 8.*SCORING_MAX_CELLS"),
        ([1.5], ["x"] * 9, "9 cells; the limit is 8.*SCORING_MAX_CELLS"),
        ([{"x": 1, "y": {"a": 1, "b": 1}}], [{}] * 3, "9 cells; the limit is 8"),
        ({"a": {"b": [1]}, "c": [1]}, {"a": {"b": [1] * 5}, "c": [1] * 4}, "9 cells"),
        ([{"x": [1]}], [{"x": [1, 2, 3]}] * 3, "9 cells"),
        ({"a": [{"x": 1}], "b": [{"x": 1}]}, {"a": [{"x": 1}] * 2, "b": [{"x": 1}] * 2}, "4 rows"),
    ],
)
def test_lists_are_limited(sample: Any, value: Any, found: str) -> None:
    """Items of all lists count together: objects and lists as rows, plain values as cells."""
    with pytest.raises(TooLarge, match=f"^P has {found}"):
        Nested(sample, settings=SMALL).convert(value, "P")


@pytest.mark.parametrize(
    ("sample", "value"),
    [([{"x": 1}], [{"x": 1}] * 3), ([1.5], [1.5] * 8), ({"a": 1}, {"a": 2}), ([[1]], [[1] * 8])],
)
def test_up_to_the_limit(sample: Any, value: Any) -> None:
    """What is as large as the limits allow is read."""
    assert Nested(sample, settings=SMALL).convert(value, "P") == value


def test_the_message_names_the_innermost_place() -> None:
    """One faulty part is named itself; several are the whole's fault."""
    table = [{"a": "x", "n": 1}]
    assert str(problems(changed(["data"], table))).startswith("1 problem in Inputs.data: ")
    both = changed(["data"], table) | {"name": 5}
    assert str(problems(both)).startswith("2 problems in Inputs: ")


def test_declared_optional_keys() -> None:
    """An optional key may be missing and is checked when it is there."""
    nested = Nested({"method": "predict", "n": 1}, optional=["method"])
    assert nested.convert({"n": 1}, "P") == {"n": 1}
    assert nested.input_to_swagger()["required"] == ["n"]
    with pytest.raises(InvalidInput):
        nested.convert({"n": 1, "method": 5}, "P")
    with pytest.raises(ValueError, match="no such key"):
        Nested({"n": 1}, optional=["m"])


def test_all_optional() -> None:
    """Without required keys the schema has no empty list of them, which 2.0 forbids."""
    nested = Nested({"method": "predict"}, optional=["method"])
    assert "required" not in nested.input_to_swagger()
    assert nested.convert({}, "P") == {}


@pytest.mark.parametrize(
    "sample", [None, {}, [], [1, "a"], [{"a": 1}, {"b": 1}], {1: 2}, {"a": {}}], ids=repr
)
def test_samples_that_say_nothing(sample: Any) -> None:
    """A sample from which no rule can be made stops the service at start."""
    with pytest.raises(TypeError):
        Nested(sample)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner),
    )
)
def test_swagger_and_check_agree(value: Any) -> None:
    """What jsonschema calls valid by our Swagger is accepted, everything else is refused."""
    nested = Nested({"a": {"b": [1]}, "c": True, "d": "x"}, optional=["c", "d"])
    for body in (value, {"a": value}, {"a": {"b": value}}, {"a": {"b": [1]}, "c": value}):
        valid = jsonschema.Draft202012Validator(nested.input_to_swagger()).is_valid(body)
        try:
            nested.convert(body, "x")
            accepted = True
        except InvalidInput:
            accepted = False
        assert accepted == valid


def test_the_swagger_example_is_accepted() -> None:
    """The example is JSON that the type itself reads."""
    nested = Nested(SAMPLE)
    example = json.loads(json.dumps(nested.input_to_swagger()["example"], allow_nan=False))
    jsonschema.validate(example, nested.input_to_swagger())
    nested.convert(example, "x")


PLAIN = StandardPythonParameterType
MATRIX = np.zeros((1, 2))


@pytest.mark.parametrize(
    ("plain", "ours"),
    [
        (PLAIN(5), Nested(5)),
        (PLAIN({"a": PLAIN(1), "b": [1]}), Nested({"a": 1, "b": [1]})),
        (PandasParameterType(TABLE), Table(TABLE)),
        (PandasParameterType(TABLE, orient="split"), Table(TABLE, orient="split")),
        (NumpyParameterType(MATRIX), Array(MATRIX)),
        (PLAIN({"data": PandasParameterType(TABLE)}), Nested({"data": Table(TABLE)})),
    ],
    ids=["scalar", "dictionary", "table", "split", "array", "table inside"],
)
def test_plain_types_become_ours(plain: AbstractParameterType, ours: CheckedType) -> None:
    """They are checked as ours with their sample are, inside and alone."""
    checked = as_checked(plain)
    assert type(checked) is type(ours)
    assert checked.input_to_swagger() == ours.input_to_swagger()
    inside, mine = Nested({"x": plain}), Nested({"x": ours})
    assert inside.input_to_swagger() == mine.input_to_swagger()


class Own(StandardPythonParameterType):  # type: ignore[misc]
    """A plain type with a name of its own."""


@pytest.mark.parametrize(
    "given",
    [
        Own(5),
        NumpyParameterType(MATRIX, enforce_shape=False),
        NumpyParameterType(MATRIX, enforce_column_type=False),
        PandasParameterType(TABLE, enforce_shape=False),
        PandasParameterType(TABLE, enforce_column_type=False),
    ],
)
def test_others_convert_by_themselves(given: AbstractParameterType) -> None:
    """A type of somebody else's, and one that was told to be lax, keeps its freedom."""
    checked = as_checked(given)
    assert type(checked) is ThirdParty
    assert checked.input_to_swagger() == given.input_to_swagger()


@pytest.mark.parametrize("sample", [{}, [], None, bytearray(b"a")])
def test_plain_samples_that_say_nothing(sample: Any) -> None:
    """A plain type's sample has to say as much as ours, at start."""
    with pytest.raises(TypeError):
        as_checked(PLAIN(sample))


@pytest.mark.parametrize(("sent", "where"), [(True, "x.n"), (10**30, "x.n"), ("5", "x.n")])
def test_plain_numbers_are_checked(sent: Any, where: str) -> None:
    """What Python itself would take for an integer is refused in a plain type too."""
    with pytest.raises(InvalidInput) as caught:
        Nested({"n": PLAIN(5)}).convert({"n": sent}, "x")
    assert caught.value.problems[0].where == where


def test_ours_may_be_inside_theirs() -> None:
    """A Table in inference-schema's own dictionary type is checked as well."""
    theirs = StandardPythonParameterType({"data": Table(TABLE)})
    assert theirs.input_to_swagger()["properties"]["data"]["items"]["required"] == ["a", "n"]
