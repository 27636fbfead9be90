"""The body of an answer that is no error, and how many rows it holds."""

from __future__ import annotations

import json
import math
from typing import Any

from scoring.errors import OutputMismatch
from scoring.outputs.conformance import check
from scoring.outputs.dtype_conformance import guaranteed
from scoring.outputs.encoding import plain, to_json
from scoring.schemas import Schema

#: How JSON spells either half of a surrogate pair; those of whole pairs begin so too.
HALF_PAIR = b"\\ud"


def success(result: object, declared: Schema | None) -> tuple[bytes, int | None]:
    """Return the result of `run()` as JSON, and its rows.

    A text that is a JSON object or array is that JSON: many scripts return `json.dumps(...)`.
    NaN and infinities in it become null, as everywhere. A text that is another JSON value, such
    as `5`, is a text: no one can tell which of both it was meant to be.

    Args:
        result: what `run()` returned.
        declared: the schema of what it was declared to return; None where nothing was.

    Returns:
        UTF-8 JSON, and the length of the first list in it: 1 without a list, None for a text.

    Raises:
        OutputMismatch: the result has no JSON form, or is not what was declared.
    """
    if declared is None and isinstance(result, str):
        parsed, strict = _parse(result)
        if isinstance(parsed, dict | list):
            # As it is, where it can be: every digit of a number, every key that is there twice.
            return result.encode() if strict else _to_json(_to_plain(parsed)), _rows(parsed)
        return _to_json(result), None
    value = _to_plain(result)
    if declared is not None and not guaranteed(result, declared):
        check(value, declared)
    return _to_json(value), None if isinstance(value, str) else _rows(value)


def _parse(text: str) -> tuple[Any, bool]:
    """Return what a text says as JSON, and whether it is JSON as RFC 8259 has it.

    Anything but an object or array is not looked at, and None.
    """
    constants = []

    def note(constant: str) -> float:
        constants.append(constant)
        return math.nan

    if not text.lstrip().startswith(("{", "[")):
        return None, False
    try:
        parsed = json.loads(text, parse_constant=note)
        text.encode()
    except (ValueError, RecursionError):
        return None, False
    return parsed, not constants


def _to_plain(result: object) -> Any:
    try:
        return plain(result)
    except TypeError as error:
        raise _unsendable(error) from error
    except RecursionError as error:
        raise _unsendable("it is nested too deeply, or holds itself") from error


def _to_json(value: Any) -> bytes:
    try:
        body = to_json(value)
        if HALF_PAIR in body:
            # Perhaps half of a surrogate pair, which no text can have: encoding it fails.
            json.dumps(value, ensure_ascii=False).encode()
    except ValueError as error:
        raise _unsendable(error) from error
    return body


def _unsendable(reason: object) -> OutputMismatch:
    return OutputMismatch(f"run() returned what cannot be sent: {reason}.")


def _rows(value: Any) -> int:
    values = value.values() if isinstance(value, dict) else [value]
    return next((len(item) for item in values if isinstance(item, list)), 1)
