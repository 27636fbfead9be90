"""scoring.parameters.array: rank, inner dimensions, elements and fields, each named when wrong."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from scoring.errors import InvalidInput, TooLarge
from scoring.parameters.array import Array
from scoring.settings import Settings

MATRIX = Array(np.zeros((1, 3)))
TEXTS = Array(np.array(["abc"]))
BYTES = Array(np.array([b"abc"]))
WORDS = Array(np.array([("ab", b"cd", 1)], dtype=[("s", "U3"), ("b", "S2"), ("u", "u1")]))
CUBE = Array(np.zeros((1, 2, 3)))
WHOLE = Array(np.zeros((2, 2, 2), np.int8))
FIELDS = Array(np.array([(1.5, 2)], dtype=[("x", float), ("n", np.int32)]))


def wrong(array: Array, value: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(InvalidInput) as caught:
        array.convert(value, "data")
    return [(p.where, p.expected, p.found) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("array", "value", "problem"),
    [
        (MATRIX, 5, ("data", "an array of arrays of 3", "number 5")),
        (CUBE, 5, ("data", "an array of arrays of 2 arrays of 3", "number 5")),
        (CUBE, [5], ("data[0]", "an array of 2 arrays of 3", "number 5")),
        (CUBE, [[[1], 5]], ("data[0][0]", "an array of 3", "an array of 1")),
        (TEXTS, 5, ("data", "an array", "number 5")),
        (MATRIX, [1, 2, 3], ("data[0]", "an array of 3", "number 1")),
        (MATRIX, [[1, 2, 3], [1, 2]], ("data[1]", "an array of 3", "an array of 2")),
        (MATRIX, [[[1, 2, 3]]], ("data[0]", "an array of 3", "an array of 1")),
        (MATRIX, [[1, 2, [3]]], ("data[0][2]", "number", "an array of 1")),
        (MATRIX, [[1, 2, "3"]], ("data[0][2]", "number", 'string "3"')),
        (MATRIX, [[1, None, 3]], ("data[0][1]", "number", "null")),
        (MATRIX, [[1, 2, math.nan]], ("data[0][2]", "number", "number NaN")),
        (MATRIX, [[1, 2, True]], ("data[0][2]", "number", "boolean true")),
        (MATRIX, [[1, 2, 1e999]], ("data[0][2]", "number", "number Infinity")),
        (WHOLE, [[[1, 2], [3, 128]]], ("data[0][1][1]", "integer from -128 to 127", "number 128")),
        (WHOLE, [[[1, 2], [3]]], ("data[0][1]", "an array of 2", "an array of 1")),
        (FIELDS, [{"x": 1, "n": 1.5}], ("data[0].n", None, "number 1.5")),
        (FIELDS, [{"x": 1}], ("data[0].n", None, "nothing")),
        (FIELDS, [[1, 2]], ("data[0]", "an object with a key per column", "an array of 2")),
    ],
)
def test_wrong_elements_are_named(array: Array, value: Any, problem: tuple[Any, ...]) -> None:
    """The first problem has the path of the element, what it should be and what it is."""
    where, expected, found = wrong(array, value)[0]
    assert (where, expected if problem[1] else None, found) == problem


@given(st.data())
def test_arrays_survive_the_journey(data: st.DataObject) -> None:
    """What numpy writes as nested lists arrives as the same array."""
    dtype = np.dtype(data.draw(st.sampled_from(["f8", "f4", "i8", "u1", "u8", "?", "<U5"])))
    shape = data.draw(npst.array_shapes(max_dims=4, max_side=3))
    values: dict[str, Any] = (
        {"allow_nan": False, "allow_infinity": False} if dtype.kind == "f" else {}
    )
    elements = npst.from_dtype(dtype, **values)
    array = data.draw(npst.arrays(dtype, shape, elements=elements))
    sent = json.loads(json.dumps(array.tolist()))
    again = Array(array).convert(sent, "x")
    np.testing.assert_array_equal(again, array)
    assert again.dtype.kind == dtype.kind
    assert again.shape == array.shape


@pytest.mark.parametrize("array", [MATRIX, WHOLE, FIELDS], ids=["matrix", "cube", "fields"])
def test_zero_rows_keep_shape_and_type(array: Array) -> None:
    """No rows are an array of no rows, of the sample's width and type."""
    empty = array.convert([], "x")
    assert empty.shape == (0, *array.sample_input.shape[1:])
    assert empty.dtype == array.sample_input.dtype


def test_fields_by_name() -> None:
    """A structured type is sent as objects, in any order of the keys."""
    array = FIELDS.convert([{"n": 3, "x": 0.5}], "x")
    assert array.tolist() == [(0.5, 3)]
    assert array.dtype == FIELDS.sample_input.dtype


def test_texts_in_fields_are_never_cut_off() -> None:
    """A field of fixed width is widened for what is longer, and is the sample's otherwise."""
    rows = WORDS.convert(
        [{"s": "abcdefgh", "b": "YWJjZGVm", "u": 1}, {"s": "", "b": "", "u": 2}], "x"
    )
    assert rows.tolist() == [("abcdefgh", b"abcdef", 1), ("", b"", 2)]
    assert rows.dtype == [("s", "U8"), ("b", "S6"), ("u", "u1")]
    short = WORDS.convert([{"s": "a", "b": "YQ==", "u": 1}], "x")
    assert short.dtype == WORDS.sample_input.dtype


def test_a_widened_type_stays_aligned() -> None:
    """A sample laid out as C does gives arrays laid out as C does."""
    aligned = np.zeros(1, np.dtype([("s", "S1"), ("x", "f8")], align=True))
    wide = Array(aligned).convert([{"s": "YWJjZGVm", "x": 1}], "x")
    assert wide.dtype.isalignedstruct
    assert wide.tolist() == [(b"abcdef", 1.0)]


@pytest.mark.parametrize(
    ("array", "value", "where"),
    [
        (TEXTS, ["a", "a\0"], "data[1]"),
        (TEXTS, ["\0"], "data[0]"),
        (BYTES, ["YQ==", "AAA="], "data[1]"),
        (WORDS, [{"s": "a\0", "b": "", "u": 1}], "data[0].s"),
        (WORDS, [{"s": "a", "b": "YQA=", "u": 1}], "data[0].b"),
    ],
)
def test_nul_at_the_end_is_refused(array: Array, value: Any, where: str) -> None:
    """The element that numpy would shorten without a word is named, and why."""
    (problem,) = wrong(array, value)
    assert problem[0] == where
    assert problem[1].endswith("without NUL at its end, which numpy would drop")


@pytest.mark.parametrize("text", ["", "\0a", "a\0b", "a\0\n", "a\0", "\0", "\0\0"])
def test_swagger_knows_of_nul(text: str) -> None:
    """The pattern in the Swagger allows the texts that the array keeps, and no other."""
    pattern = TEXTS.input_to_swagger()["items"]["pattern"]
    if re.search(pattern, text):
        assert TEXTS.convert([text], "x").tolist() == [text]
    else:
        wrong(TEXTS, [text])


def test_swagger_tells_the_width() -> None:
    """Inner dimensions are fixed, the first is free; the example is accepted."""
    assert MATRIX.input_to_swagger() == {
        "type": "array",
        "items": {
            "type": "array",
            "items": {"type": "number", "format": "double"},
            "minItems": 3,
            "maxItems": 3,
        },
        "format": "numpy.ndarray",
        "example": [[0.0, 0.0, 0.0]],
    }
    for array in (MATRIX, WHOLE, FIELDS):
        sent = json.loads(json.dumps(array.input_to_swagger()["example"]))
        np.testing.assert_array_equal(array.convert(sent, "x"), array.sample_input)


@pytest.mark.parametrize(
    "sample",
    [np.array(1.5), np.array([1j]), np.array([object()]), np.zeros(1, [("a", float, (2,))])],
    ids=["no dimension", "complex", "objects", "an array in a field"],
)
def test_samples_that_cannot_be_used(sample: Any) -> None:
    """A sample that JSON cannot describe stops the service at start."""
    with pytest.raises(TypeError):
        Array(sample)


def test_limits() -> None:
    """Rows and cells are limited before anything is converted."""
    settings = Settings(max_rows=2, max_cells=5)
    array = Array(np.zeros((1, 3)), settings=settings)
    with pytest.raises(TooLarge, match="SCORING_MAX_ROWS"):
        array.convert([[1, 2, 3]] * 3, "x")
    with pytest.raises(TooLarge, match="6 cells; the limit is 5"):
        array.convert([[1, 2, 3]] * 2, "x")
