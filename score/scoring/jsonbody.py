"""Reading a JSON body by hand, for doors without a schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.errors import ClientError, InvalidInput, Problem

#: How much of a client's value an answer repeats.
SHOWN_CHARACTERS = 40


def json_object(raw_data: str, request_headers: Mapping[str, str]) -> dict[str, Any]:
    """Return the body as a dictionary.

    Args:
        raw_data: the body as the server hands it over.
        request_headers: the request's headers.

    Raises:
        ClientError: the body is empty, no JSON, or no JSON object.
    """
    if not raw_data:
        # The server reads the body of a form, which is curl's default, as a form: nothing is left.
        content_type = request_headers.get("Content-Type", "none")
        raise ClientError(
            f"The body is empty (content type: {content_type[:SHOWN_CHARACTERS]}). "
            "Send a JSON object with Content-Type: application/json."
        )
    try:
        body = json.loads(raw_data)
    except ValueError as error:
        raise ClientError(f"The body is not JSON: {error}.") from None
    except RecursionError:
        raise ClientError("The body is nested too deeply.") from None
    if not isinstance(body, dict):
        raise InvalidInput(
            "the body", [Problem("body", "an object", f"a JSON {type(body).__name__}")]
        )
    return body


def matrix(body: Mapping[str, Any], key: str, columns: int) -> npt.NDArray[np.float64]:
    """Return `body[key]`, a list of rows of `columns` finite numbers, as (rows, columns) floats.

    Raises:
        InvalidInput: the key is missing, or a row or a cell is not as it should be.
    """
    rows = body.get(key)
    if not isinstance(rows, list):
        found = "nothing" if key not in body else _describe(rows)
        raise InvalidInput(
            "the body", [Problem(key, f"a list of rows of {columns} numbers", found)]
        )
    problems = [
        problem for i, row in enumerate(rows) for problem in _problems(row, key, i, columns)
    ]
    if problems:
        raise InvalidInput(key, problems)
    return np.array(rows, dtype=np.float64).reshape(len(rows), columns)


def _problems(row: Any, key: str, index: int, columns: int) -> list[Problem]:
    where = f"{key}[{index}]"
    if not isinstance(row, list):
        return [Problem(where, f"a list of {columns} numbers", _describe(row))]
    if len(row) != columns:
        return [Problem(where, f"{columns} numbers", str(len(row)))]
    return [
        Problem(f"{where}[{j}]", "a finite number", _describe(cell))
        for j, cell in enumerate(row)
        if isinstance(cell, bool)
        or not isinstance(cell, int | float)
        or not abs(cell) < float("inf")
    ]


def _describe(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}..."
