"""deploy.checks.power_bi: what keeps Power BI from using a service."""

from __future__ import annotations

from typing import Any

import pytest

from deploy.checks.power_bi import parameter_type, power_bi_problems, uses_power_bi_names


def document(column: Any, inputs: str = "Inputs", results: str = "Results") -> dict[str, Any]:
    """Return a Swagger 2.0 document of a table with one column."""
    row = {"type": "object", "properties": {"bmi": column}}
    table = {"type": "object", "properties": {"data": {"type": "array", "items": row}}}
    return {
        "definitions": {
            "ServiceInput": {"properties": {inputs: {"$ref": "#/definitions/Table"}}},
            "ServiceOutput": {"properties": {results: {"type": "array"}}},
            "Table": table,
        }
    }


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "format": "date-time"}, "datetime"),
        ({"type": "integer", "format": "int64"}, "whole number"),
        ({"type": "number", "format": "double"}, "decimal number"),
        ({"type": "boolean"}, "true/false"),
        ({"type": "string", "format": "date"}, None),
        ({"type": "object"}, None),
        ({}, None),
    ],
)
def test_fields_become_parameters(schema: Any, kind: str | None) -> None:
    """A scalar has a type in Power Query; anything else has none."""
    assert parameter_type(schema) == kind


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (document({"type": "number"}), None),
        (document({"type": "number"}, inputs="inputs"), "no Inputs"),
        (document({"type": "number"}, results="results"), "no Results"),
        (document({"type": "string", "format": "time"}), "Inputs.data.bmi is string (time)"),
        (document({"type": "object"}), "Inputs.data.bmi is object"),
        (document({}), "Inputs.data.bmi is of no type"),
    ],
)
def test_problems_name_the_field(given: dict[str, Any], says: str | None) -> None:
    """Each fault is named with the field; a document without one has none."""
    problems = power_bi_problems(given)
    assert bool(problems) == bool(says)
    assert says is None or says in problems[0]
    assert uses_power_bi_names(given)
