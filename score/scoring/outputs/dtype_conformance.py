"""What the type of a result says about all of its values at once.

A numpy array of 8-bit integers needs no look at its values to tell that none is over 255. Where
the types of a result say everything that its declaration asks, `conformance` need not look at
the values one by one; where they do not, nothing is lost but this question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from scoring.outputs.conformance import bounds
from scoring.rfc3339.write import DAYS
from scoring.schemas import NULLABLE, VARIANTS, Schema

#: What JSON values the kinds of numpy types become.
_TYPES = {
    "b": {"boolean"},
    "i": {"integer", "number"},
    "u": {"integer", "number"},
    "f": {"number"},
    "M": {"string"},
    "U": {"string"},
}


def guaranteed(result: object, schema: Schema) -> bool:
    """Tell whether the types alone say that a result is what was declared.

    Args:
        result: what `run()` returned, before `encoding.plain`.
        schema: of what was declared.

    Returns:
        False says nothing about the result: its values have to be looked at.
    """
    if isinstance(result, Mapping):
        properties = schema.get("properties", {})
        return result.keys() == properties.keys() and all(
            guaranteed(value, properties[name]) for name, value in result.items()
        )
    if schema.get("type") != "array":
        return False
    if isinstance(result, pd.DataFrame):
        items = schema.get("items", {})
        return any(_frame_fits(result, variant) for variant in items.get(VARIANTS, [items]))
    if isinstance(result, pd.Series) and isinstance(result.dtype, np.dtype):
        result = result.to_numpy()
    return type(result) is np.ndarray and _array_fits(result, schema)


def _frame_fits(frame: pd.DataFrame, schema: Schema) -> bool:
    properties = schema.get("properties", {})
    if schema.get("type") != "object" or list(frame.columns) != list(properties):
        return False
    columns = enumerate(zip(frame.dtypes.tolist(), properties.values(), strict=True))
    return all(
        isinstance(dtype, np.dtype) and _values_fit(dtype, partial(_column, frame, i), kind)
        for i, (dtype, kind) in columns
    )


def _column(frame: pd.DataFrame, index: int) -> Any:
    return frame.iloc[:, index].to_numpy()


def _array_fits(array: Any, schema: Schema) -> bool:
    for length in array.shape:
        low, high = schema.get("minItems", 0), schema.get("maxItems", length)
        if schema.get("type") != "array" or not low <= length <= high:
            return False
        schema = schema.get("items", {})
    return any(
        _values_fit(array.dtype, lambda: array, variant)
        for variant in schema.get(VARIANTS, [schema])
    )


def _values_fit(dtype: np.dtype[Any], values: Callable[[], Any], schema: Schema) -> bool:
    """Tell whether all values of an array are what the schema of one says.

    Args:
        dtype: of the array.
        values: returns the array; only called where a null matters.
        schema: of one value.
    """
    if "enum" in schema or schema.get("type") not in _TYPES.get(dtype.kind, ()):
        return False
    if dtype.kind in "iuf":
        return _range_fits(dtype, schema) and (
            dtype.kind != "f" or bool(schema.get(NULLABLE)) or bool(np.isfinite(values()).all())
        )
    if dtype.kind == "M":
        form = "date" if np.datetime_data(dtype)[0] in DAYS else "date-time"
        return schema.get("format") == form and (
            bool(schema.get(NULLABLE)) or not np.isnat(values()).any()
        )
    return "format" not in schema


def _range_fits(dtype: np.dtype[Any], schema: Schema) -> bool:
    low, high = bounds(schema)
    info: Any = np.finfo(dtype) if dtype.kind == "f" else np.iinfo(dtype)
    # As Python's numbers: numpy would make the declared ones of the narrower type.
    least, most = map(float if dtype.kind == "f" else int, (info.min, info.max))
    # A longdouble may become infinite where it is narrowed.
    return dtype.itemsize <= 8 and low <= least <= most <= high
