"""Power BI's contract on a scoring service, checked on its Swagger document.

Microsoft's "Integrate Azure Machine Learning in Power BI": the first parameter is `Inputs`, an
optional one is `GlobalParameters`, the answer has `Results`; all three case sensitive. Power BI
makes each field of a row a parameter of a Power Query function, so a column is a plain value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deploy.openapi.schemas import VARIANTS

#: Swagger type and format to the type of the function's parameter.
PARAMETERS = {
    ("string", None): "text",
    ("string", "date-time"): "datetime",
    ("integer", None): "whole number",
    ("number", None): "decimal number",
    ("boolean", None): "true/false",
}

#: Formats that narrow a number without changing what Power BI makes of it.
NUMBER_FORMATS = ("int32", "int64", "float", "double")

#: What one result can be besides a record of these; a format does not matter in an answer.
VALUES = ("string", "integer", "number", "boolean")


def parameter_type(schema: dict[str, Any]) -> str | None:
    """Return what Power BI makes of a field's Swagger schema; None where it has nothing for it."""
    form = schema.get("format")
    return PARAMETERS.get((schema.get("type", ""), None if form in NUMBER_FORMATS else form))


def uses_power_bi_names(document: dict[str, Any]) -> bool:
    """Tell whether a service means to keep the contract: it has `Inputs` in some letter case."""
    return any(name.lower() == "inputs" for name in _properties(document, "ServiceInput"))


def power_bi_problems(document: dict[str, Any]) -> list[str]:
    """Return what keeps Power BI from using the service; nothing when it can.

    Args:
        document: the service's Swagger 2.0 document.
    """
    taken, given = _properties(document, "ServiceInput"), _properties(document, "ServiceOutput")
    problems = []
    if "Inputs" not in taken:
        named = f"it has {', '.join(taken)}" if taken else "its fields are not described"
        problems.append(f"the input has no Inputs (letter case counts): {named}")
    others = sorted(taken.keys() - {"Inputs", "GlobalParameters"})
    if others:
        problems.append(f"the input has {', '.join(others)} beside Inputs and GlobalParameters")
    if "Results" not in given:
        named = f"it has {', '.join(given)}" if given else "its fields are not described"
        problems.append(f"the answer has no Results (letter case counts): {named}")
    for part, schema in taken.items():
        if part in ("Inputs", "GlobalParameters"):
            problems += _part_problems(document, part, _resolve(document, schema))
    if "Results" in given:
        problems += _result_problems(document, _resolve(document, given["Results"]))
    return problems


def _part_problems(document: dict[str, Any], part: str, schema: dict[str, Any]) -> list[str]:
    fields = schema.get("properties")
    if part == "Inputs":
        if not fields:
            return [f'Inputs is {_said(schema)}, not an object with the table: {{"data": [...]}}']
        tables = fields.items()
        return [
            p for name, table in tables for p in _column_problems(document, f"{part}.{name}", table)
        ]
    if not fields:
        fine = parameter_type(schema)
        return [] if fine else [f"{part} is {_said(schema)}, not an object with plain values"]
    return list(_not_plain(document, part, fields))


def _column_problems(document: dict[str, Any], name: str, schema: Any) -> list[str]:
    row = _resolve(document, _resolve(document, schema).get("items", schema))
    if parameter_type(row):
        return []
    columns = row.get("properties", {})
    if not columns:
        return [f"{name} has no named columns"]
    return list(_not_plain(document, name, columns))


def _not_plain(document: dict[str, Any], where: str, fields: dict[str, Any]) -> Iterator[str]:
    for key, field in fields.items():
        schema = _resolve(document, field)
        if not parameter_type(schema):
            yield f"{where}.{key} is {_said(schema)}, not a plain value"


def _result_problems(document: dict[str, Any], results: dict[str, Any]) -> list[str]:
    """Return what is wrong with the results; of those without a type nothing is known.

    Where methods answer different things, Swagger 2.0 has no word for it and no type stands
    there: the forms are looked at one by one.
    """
    if results.get("type") != "array":
        return [f"Results is {_said(results)}, not an array with one result per row"]
    items = _resolve(document, results.get("items", {}))
    problems = []
    for form in items.get(VARIANTS, [items]):
        for key, field in form.get("properties", {}).items():
            if _resolve(document, field).get("type") not in VALUES:
                problems.append(f"Results[].{key} is {_said(field)}, not a plain value")
        kind = form.get("type")
        if kind and kind not in VALUES and not form.get("properties"):
            problems.append(f"Results[] is {_said(form)}, not a plain value or a record of such")
    return problems


def _said(schema: dict[str, Any]) -> str:
    """Return type and format in words: `a string (time)`."""
    form = f" ({schema['format']})" if "format" in schema else ""
    return f"{schema.get('type', 'of no type')}{form}"


def _properties(document: dict[str, Any], definition: str) -> dict[str, Any]:
    schema = document.get("definitions", {}).get(definition, {})
    properties: dict[str, Any] = _resolve(document, schema).get("properties", {})
    return properties


def _resolve(document: dict[str, Any], schema: Any) -> dict[str, Any]:
    """Return the schema that a local `$ref` points to, or the schema itself."""
    while isinstance(schema, dict) and "$ref" in schema:
        schema = document.get("definitions", {}).get(schema["$ref"].rpartition("/")[2], {})
    return schema if isinstance(schema, dict) else {}
