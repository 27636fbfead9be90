"""deploy.openapi.disjoint: whether a value can fit two schemas."""

from __future__ import annotations

from typing import Any

import pytest

from deploy.openapi.disjoint import all_apart, without_covered

WHOLE = {"type": "integer", "format": "int64"}
NUMBER = {"type": "number", "format": "double"}
TEXT = {"type": "string"}


def tied(name: str, *required: str) -> dict[str, Any]:
    properties = {"model": {"type": "string", "enum": [name]}, "n": NUMBER}
    return {"type": "object", "required": list(required), "properties": properties}


@pytest.mark.parametrize(
    ("schemas", "apart"),
    [
        ([NUMBER, TEXT, {"type": "object"}], True),
        ([WHOLE, NUMBER], False),
        ([TEXT, {**TEXT, "format": "date-time"}], False),
        ([NUMBER, {**TEXT, "x-nullable": True}], True),
        ([{**NUMBER, "x-nullable": True}, {**TEXT, "x-nullable": True}], False),
        ([TEXT, {}], False),
        ([{**TEXT, "enum": ["a"]}, {**TEXT, "enum": ["b"]}], True),
        ([{**TEXT, "enum": ["a", "b"]}, {**TEXT, "enum": ["b"]}], False),
        ([tied("a"), tied("b", "model")], True),
        ([tied("a"), tied("b")], False),
        ([tied("a", "n"), tied("b", "n")], False),
        ([{"type": "object", "required": ["x"]}, {"type": "object"}], False),
    ],
)
def test_what_is_told_apart(schemas: list[dict[str, Any]], apart: bool) -> None:
    """Schemas are apart when their types, words or a required property exclude each other."""
    assert all_apart(schemas) is apart
    assert all_apart(schemas[::-1]) is apart


@pytest.mark.parametrize(
    ("schemas", "left"),
    [
        ([WHOLE, TEXT, NUMBER], [NUMBER, TEXT]),
        ([WHOLE, {**NUMBER, "maximum": 9}], [WHOLE, {**NUMBER, "maximum": 9}]),
        ([{**WHOLE, "x-nullable": True}, NUMBER], [{**WHOLE, "x-nullable": True}, NUMBER]),
    ],
)
def test_a_number_stands_for_integers(schemas: Any, left: Any) -> None:
    """An integer is left out where a number without bounds has its values, null included."""
    assert without_covered(schemas) == left
