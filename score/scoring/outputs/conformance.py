"""Does the answer match the output that was declared?

A result of another shape or range than the declared sample would reach the client as a silent wrong
answer. The rule is the schema that inference-schema made from the sample and that the server
publishes, so the document and the answers cannot drift apart.

Values are checked many at a time, by the set of their types; only a failure is looked at value
by value, to name it in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

import numpy as np
from inference_schema.schema_util import get_output_schema, is_schema_decorated

from scoring.errors import OutputMismatch
from scoring.rfc3339.formats import FORMATS
from scoring.schemas import NULLABLE, VARIANTS, Schema

#: What the values of each type look like after `encoding.plain`. A whole number is a number.
_TYPES: dict[str, set[type]] = {
    "string": {str},
    "integer": {int},
    "number": {int, float},
    "boolean": {bool},
    "array": {list},
    "object": {dict},
}

#: The least and the largest number of each format that has any: those of OpenAPI, and the other
#: types of numpy that inference-schema names its formats after.
_RANGES: dict[str, tuple[float, float]] = {
    **{
        kind: (np.iinfo(kind).min, np.iinfo(kind).max)
        for kind in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
    },
    "float": (float(np.finfo("float32").min), float(np.finfo("float32").max)),
    "double": (float(np.finfo("float64").min), float(np.finfo("float64").max)),
}

#: Of a long list of values, an error names the first few.
_SHOWN_VALUES = 10


def declared_output(run: Callable[..., Any]) -> Schema | None:
    """Return the schema of what `run()` was declared to return; None when nothing was."""
    if not is_schema_decorated(run):
        return None
    schema: Schema = get_output_schema(run)
    # Where only the input was declared, inference-schema answers a bare {"type": "object"}.
    return schema if "example" in schema else None


def check(result: object, schema: Schema) -> None:
    """Compare a result, as `encoding.plain` returns it, with its declaration.

    Raises:
        OutputMismatch: naming the first value that differs; for the log only.
    """
    if not _fit([result], schema):
        where, expected, found = _first_misfit(result, schema, "the result")
        raise OutputMismatch(
            f"{where}: declared {expected}, returned {found}. Change what run() returns "
            "or the sample given to @output_schema."
        )


def bounds(schema: Schema) -> tuple[float, float]:
    """Return the least and the largest number that the schema of a number allows."""
    low, high = _RANGES.get(schema.get("format", ""), (float("-inf"), float("inf")))
    return schema.get("minimum", low), schema.get("maximum", high)


def _fit(values: Sequence[Any], schema: Schema) -> bool:
    if schema.get(NULLABLE):
        values = [value for value in values if value is not None]
    if VARIANTS in schema:
        return any(_fit(values, variant) for variant in schema[VARIANTS])
    if _says_nothing(schema):
        return True
    kind = schema["type"]
    if not set(map(type, values)) <= _TYPES[kind]:
        return False
    if kind == "object":
        return _objects_fit(values, schema)
    if kind == "array":
        return _widths_fit(values, schema) and _fit(
            list(chain.from_iterable(values)), schema.get("items", {})
        )
    return not values or _scalars_fit(values, schema)


def _says_nothing(schema: Schema) -> bool:
    # A bare object is what inference-schema writes for a sample it cannot describe.
    return "type" not in schema or (schema["type"] == "object" and "properties" not in schema)


def _objects_fit(values: Sequence[dict[str, Any]], schema: Schema) -> bool:
    properties = schema["properties"]
    required = set(schema.get("required", ()))
    if not all(required <= value.keys() <= properties.keys() for value in values):
        return False
    return all(
        _fit([value[name] for value in values if name in value], kind)
        for name, kind in properties.items()
    )


def _scalars_fit(values: Sequence[Any], schema: Schema) -> bool:
    if schema["type"] in ("integer", "number"):
        low, high = bounds(schema)
        if not low <= min(values) <= max(values) <= high:
            return False
    form = schema.get("format", "")
    # One instant can be written in several ways, so no text of it is the only one.
    if "enum" in schema and form != "date-time" and not set(values) <= set(schema["enum"]):
        return False
    return form not in FORMATS or FORMATS[form](set(values))


def _widths_fit(values: Sequence[list[Any]], schema: Schema) -> bool:
    low, high = schema.get("minItems", 0), schema.get("maxItems", float("inf"))
    return all(low <= len(value) <= high for value in values)


def _first_misfit(value: Any, schema: Schema, where: str) -> tuple[str, str, str]:
    """Return path, expectation and finding of the innermost value that does not fit."""
    expected, found = _expectation(schema), _finding(value)
    if VARIANTS in schema or type(value) not in _TYPES[schema["type"]]:
        return where, expected, found
    if isinstance(value, dict):
        properties = schema["properties"]
        for name, inner in value.items():
            if name not in properties:
                return where, expected, f"one with {name!r}"
            if not _fit([inner], properties[name]):
                return _first_misfit(inner, properties[name], f"{where}.{name}")
        missing = [name for name in schema.get("required", ()) if name not in value]
        return where, expected, f"one without {', '.join(missing)}"
    if isinstance(value, list) and _widths_fit([value], schema):
        for index, inner in enumerate(value):
            if not _fit([inner], schema.get("items", {})):
                return _first_misfit(inner, schema["items"], f"{where}[{index}]")
    # Not which one: a result is the client's own, and the log is read by others.
    return where, expected, found if isinstance(value, list) else f"another {found}"


def _finding(value: Any) -> str:
    if value is None:
        return "null"
    return f"a list of {len(value)}" if isinstance(value, list) else type(value).__name__


def _expectation(schema: Schema) -> str:
    if VARIANTS in schema:
        return " or ".join(_expectation(variant) for variant in schema[VARIANTS])
    kind = str(schema["type"])
    if kind == "object":
        return f"an object with {', '.join(schema['properties'])}"
    if kind == "array" and "minItems" in schema:
        return f"an array of {schema['minItems']} to {schema.get('maxItems', 'any')}"
    words = f"{kind} ({schema['format']})" if "format" in schema else kind
    if "enum" in schema:
        shown = ", ".join(map(repr, schema["enum"][:_SHOWN_VALUES]))
        more = len(schema["enum"]) - _SHOWN_VALUES
        return f"{words}: {shown}" + (f" and {more} more" if more > 0 else "")
    if "minimum" in schema or "maximum" in schema:
        return "{} from {} to {}".format(words, *bounds(schema))
    return words
