"""One encoder for everything a model returns."""

from __future__ import annotations

import json
from typing import Any

import numpy as np


def encode(result: object) -> bytes:
    """Return `result` as UTF-8 JSON.

    Raises:
        TypeError: for a value that has no JSON form.
        ValueError: for NaN and infinities, which JSON does not have.
    """
    return json.dumps(result, default=_plain, allow_nan=False).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise TypeError(f"a result of type {type(value).__name__} cannot be written as JSON")
