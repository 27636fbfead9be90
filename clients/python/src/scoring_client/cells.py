"""What a result is in a file: a cell of a CSV, or a value of a JSON line."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

#: With one of these a spreadsheet takes a text for a formula, and runs it.
#: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

#: The column of a prediction that is one value.
RESULT_COLUMN = "Results"


def with_result(row: Mapping[str, Any], result: Any) -> dict[str, Any]:
    """Return a row with its prediction; columns of the input keep their names and values."""
    found = dict(row)
    for name, value in (result if isinstance(result, dict) else {RESULT_COLUMN: result}).items():
        free = str(name)
        while free in found:
            free += " (predicted)"
        found[free] = value
    return found


def harmless(result: Any) -> Any:
    """Return a result, names of its fields included, without formulas.

    Text that a spreadsheet would take for one gets an apostrophe in front; numbers are none.
    """
    if isinstance(result, dict):
        return {harmless(name): harmless(value) for name, value in result.items()}
    if not isinstance(result, str) or not result.startswith(FORMULA_STARTS):
        return result
    try:
        float(result)
    except ValueError:
        return f"'{result}"
    return result


def flat(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields without nested objects: `probabilities` becomes `probabilities.0`, ..."""
    found: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, dict):
            found.update({f"{name}.{inner}": deep for inner, deep in flat(value).items()})
        else:
            found[name] = value
    return found


def cell(value: Any) -> Any:
    """Return a value as a CSV has it; lists as JSON."""
    return json_text(value) if isinstance(value, list) else value


def json_text(value: Any) -> str:
    """Return valid JSON, whatever the value: NaN becomes null, infinity the text "Infinity".

    Proto3 spells it so as well: https://protobuf.dev/programming-guides/json/
    """
    try:
        return json.dumps(value, default=_text, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), default=_text, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {name: _finite(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return value


def _text(value: Any) -> str:
    """Return a value of the input that JSON has not: a Parquet file's date, or bytes."""
    return str(value.isoformat() if hasattr(value, "isoformat") else value)
