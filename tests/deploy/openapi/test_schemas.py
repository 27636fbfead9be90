"""deploy.openapi.schemas: one schema in the words of each version."""

from __future__ import annotations

from typing import Any

import pytest

from deploy.openapi.schemas import Writer, camel, schema_of, with_nulls

NUMBER = {"type": "number", "x-nullable": True}
RECORD = {"type": "object", "properties": {"a": NUMBER}}


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("2", {"type": "number", "x-nullable": True}),
        ("3", {"type": "number", "nullable": True}),
        ("3.1", {"type": ["number", "null"]}),
    ],
)
def test_null(version: str, expected: Any) -> None:
    """Each version says in its own way that a value may be null."""
    assert Writer(version).top(NUMBER, "Input") == expected


def test_null_is_one_of_the_words() -> None:
    """An enum that may be null lists null, without which 3.x refuses it."""
    schema = {"type": "string", "enum": ["a"], "x-nullable": True}
    assert Writer("3").top(schema, "Input")["enum"] == ["a", None]
    assert Writer("2").top(schema, "Input")["enum"] == ["a"]


def test_objects_get_names() -> None:
    """In 3.x an object inside is a component, in 2.0 it stays and has a title."""
    schema = {"type": "object", "properties": {"the data": {"type": "array", "items": RECORD}}}
    writer = Writer("3")
    items = writer.top(schema, "Input")["properties"]["the data"]["items"]
    assert items == {"$ref": "#/components/schemas/TheDataRow"}
    assert writer.named == {
        "TheDataRow": {
            "type": "object",
            "properties": {"a": {"type": "number", "nullable": True}},
        }
    }
    assert Writer("2").top(schema, "Input")["properties"]["the data"]["items"]["title"] == (
        "TheDataRow"
    )


def test_a_name_is_given_once() -> None:
    """Two different objects of the same name get two names, equal ones share theirs."""
    other = {"type": "object", "properties": {"b": NUMBER}}
    writer = Writer("3.1")
    for part in (RECORD, RECORD, other):
        writer.top({"type": "object", "properties": {"x": part}}, "Output")
    assert list(writer.named) == ["X", "OutputX"]


def test_names_that_are_taken() -> None:
    """An object called as a schema of the server gets another name, equal or not."""
    writer = Writer("3", taken=["ServiceInput"])
    writer.top({"type": "object", "properties": {"service_input": RECORD}}, "Input")
    assert list(writer.named) == ["InputServiceInput"]


def test_bounds_that_only_repeat_the_format() -> None:
    """The bounds of float32, which NSwag cannot read, are left out; others stay."""
    large = {"type": "number", "format": "float", "minimum": -3.4e38, "maximum": 3.4e38}
    assert Writer("2").top(large, "Input") == {"type": "number", "format": "float"}
    half = large | {"minimum": -65504.0, "maximum": 65504.0}
    assert Writer("3").top(half, "Input") == half


def test_variants() -> None:
    """Results of several methods are oneOf in 3.x; 2.0 keeps the extension."""
    schema = {
        "x-one-of": [{"type": "string", "title": "predict"}, {**RECORD, "title": "predict_proba"}]
    }
    writer = Writer("3")
    assert writer.top(schema, "Output") == {
        "oneOf": [{"type": "string"}, {"$ref": "#/components/schemas/PredictProbaResult"}]
    }
    assert "x-one-of" in Writer("2").top(schema, "Output")


def test_variants_that_overlap() -> None:
    """Where a value may fit two variants, or one stands for another, it is not oneOf."""
    texts = [{"type": "string"}, {"type": "string", "format": "date-time"}]
    assert Writer("3").top({"x-one-of": texts}, "Input") == {"anyOf": texts}
    numbers = [{"type": "integer"}, {"type": "number"}]
    assert Writer("3").top({"x-one-of": numbers}, "Input") == {"type": "number"}


def test_variants_of_a_request() -> None:
    """Where requests are told apart, what they have in common is left out; 2.0 says only that."""
    common = {"type": "object", "required": ["a"], "properties": {"a": {}}}
    one = {"title": "my_model", "type": "object", "properties": {"a": RECORD}}
    writer = Writer("3.1")
    written = writer.top({**common, "x-one-of": [one]}, "Input")
    assert written == {"oneOf": [{"$ref": "#/components/schemas/MyModelInput"}]}
    assert list(writer.named) == ["A", "MyModelInput"]
    assert Writer("2").top({**common, "x-one-of": [one]}, "Input")["required"] == ["a"]


def test_a_schema_from_a_sample() -> None:
    """Rows have the sample's length, lists of rows any; numbers of an answer may be null."""
    schema = schema_of(
        {"data": [[1.5, 2.5]], "n": 1, "ok": True, "s": "a", "none": None, "e": [], "o": {}}
    )
    row = {
        "type": "array",
        "minItems": 2,
        "maxItems": 2,
        "items": {"type": "number", "format": "double"},
    }
    assert schema["properties"] == {
        "data": {"type": "array", "items": row},
        "n": {"type": "integer"},
        "ok": {"type": "boolean"},
        "s": {"type": "string"},
        "none": {},
        "e": {"type": "array", "items": {}},
        "o": {"type": "object", "additionalProperties": True},
    }
    assert with_nulls(schema)["properties"]["data"]["items"]["items"]["x-nullable"]


def test_names_of_classes() -> None:
    """A name is made of the letters and digits of the field that ASCII has."""
    assert camel("sepal length (cm)") == "SepalLengthCm"
    assert camel("GlobalParameters") == "GlobalParameters"
    assert camel("été chaud") == "EteChaud"
    assert camel("日本") == "Part"
