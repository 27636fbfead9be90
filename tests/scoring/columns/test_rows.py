"""scoring.columns.rows: rows as objects and as arrays."""

from __future__ import annotations

from typing import Any

import pytest
from scoring.columns.base import Kind, Refused
from scoring.columns.numbers import Boolean, Integer, Number
from scoring.columns.rows import Positions, Records
from scoring.problems import Problems
from scoring.schemas import object_schema, one_of

KINDS: dict[str, Kind] = {"a": Number(), "b": Integer(nullable=True)}


def explained(rows: Records | Positions, row: Any) -> list[str]:
    problems = Problems("t")
    rows.explain(row, "t", "t[0]", problems)
    return [f"{each.where}: {each.expected}" for each in problems._listed]


def test_records_are_read_in_the_samples_order() -> None:
    """All cells come row by row, whatever the order of the keys."""
    assert Records(KINDS).read([{"b": 2, "a": 1}, {"a": 3, "b": 4}]) == [1, 2, 3, 4]
    assert Records({"a": Number()}).read([{"a": 1}, {"a": 2}]) == [1, 2]


def test_optional_columns_are_null() -> None:
    """A column that is left out is null, where it may be left out."""
    assert Records(KINDS, optional=["b"]).read([{"a": 1}, {"a": 2, "b": 3}]) == [1, None, 2, 3]


@pytest.mark.parametrize("rows", [[5], [{"a": 1}], [{"a": 1, "b": 2, "c": 3}], [{"a": 1, "c": 2}]])
def test_other_objects_are_refused(rows: list[Any]) -> None:
    """A row that is no object with exactly the columns refuses the whole table."""
    with pytest.raises(Refused):
        Records(KINDS).read(rows)


@pytest.mark.parametrize("rows", [[5], [[1]], [[1, 2, 3]], [{"a": 1, "b": 2}]])
def test_other_arrays_are_refused(rows: list[Any]) -> None:
    """So does a row that is no array of the right length."""
    with pytest.raises(Refused):
        Positions(KINDS).read(rows)


def test_faults_of_a_record() -> None:
    """Every wrong cell of a row is named by its column."""
    assert explained(Records(KINDS), {"a": "x", "b": 1.5}) == [
        "t[0].a: number",
        "t[0].b: integer of 64 bits or null",
    ]
    assert explained(Records(KINDS), []) == ["t[0]: an object with a key per column"]


def test_faults_of_an_array() -> None:
    """Every wrong cell of a row is named by its place."""
    assert explained(Positions(KINDS), [None, 1]) == ['t[0][0]: number (column "a")']
    assert explained(Positions(KINDS), [1]) == ["t[0]: an array of 2"]


def test_schemas() -> None:
    """An object lists what it needs and nothing else; an array has a fixed width."""
    record = Records(KINDS, optional=["b"]).schema()
    assert (record["required"], record["additionalProperties"]) == (["a"], False)
    array = Positions(KINDS).schema()
    assert (array["minItems"], array["maxItems"]) == (2, 2)
    assert "required" not in object_schema({"a": {}}, optional=["a"])


def test_equal_schemas_are_one() -> None:
    """Variants are listed only where they differ."""
    number, flag = Number().swagger(), Boolean().swagger()
    assert one_of([number, number]) == number
    assert one_of([number, flag, number]) == {"x-one-of": [number, flag]}
