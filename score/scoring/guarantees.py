"""What the type of a result says about all of its values at once.

A numpy array of 8-bit integers needs no look at its values to tell that none is over 255. Where
the types of a result say everything that its declaration asks, `conformance` need not look at
the values one by one; where they do not, nothing is lost but this question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from scoring.conformance import NULLABLE, VARIANTS, Schema, bounds
from scoring.moments import DAYS

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
    return all(
        _values_fit(cells, kind)
        for cells, kind in zip(_columns(frame), properties.values(), strict=True)
    )


def _columns(frame: pd.DataFrame) -> Iterator[Any]:
    for i in range(frame.shape[1]):
        yield frame.iloc[:, i].to_numpy() if isinstance(frame.dtypes.iloc[i], np.dtype) else None


def _array_fits(values: Any, schema: Schema) -> bool:
    for length in values.shape:
        low, high = schema.get("minItems", 0), schema.get("maxItems", length)
        if schema.get("type") != "array" or not low <= length <= high:
            return False
        schema = schema.get("items", {})
    return any(_values_fit(values, variant) for variant in schema.get(VARIANTS, [schema]))


def _values_fit(values: Any, schema: Schema) -> bool:
    """Tell whether all values of an array are what the schema of one says."""
    kind = values.dtype.kind if values is not None else ""
    if "enum" in schema or schema.get("type") not in _TYPES.get(kind, ()):
        return False
    form = schema.get("format")
    if kind == "U":
        return form is None
    if kind == "M":
        days = np.datetime_data(values.dtype)[0] in DAYS
        if form != ("date" if days else "date-time"):
            return False
    if kind in "iuf":
        low, high = bounds(schema)
        info: Any = np.finfo(values.dtype) if kind == "f" else np.iinfo(values.dtype)
        # As Python's numbers: numpy would make the declared ones of the narrower type.
        least, most = map(float if kind == "f" else int, (info.min, info.max))
        # A longdouble may become infinite where it is narrowed.
        if values.itemsize > 8 or not low <= least <= most <= high:
            return False
    if kind == "f" and not schema.get(NULLABLE):
        return bool(np.isfinite(values).all())
    return kind != "M" or bool(schema.get(NULLABLE)) or not np.isnat(values).any()
