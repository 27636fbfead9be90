"""One encoder for everything a model returns.

    value                                        JSON
    bool, int, str, their numpy kin              as they are
    float, of any width                          the same number; NaN and infinities: null
    None, NaT, NA, masked                        null
    array, list, tuple, Series, Index, column    array
    dict, a record of a structured array         object
    DataFrame                                    array of objects, one per row, without the index
    datetime, datetime64, Timestamp              RFC 3339; without a zone it is taken as UTC
    date, time                                   ISO 8601
    timedelta                                    ISO 8601 duration, "P1DT2H0M0S"
    Decimal                                      number: exact when whole, else the nearest double
    bytes                                        base64, the "byte" of OpenAPI
    UUID                                         string

JSON has neither NaN nor infinity (RFC 8259 section 6). Anything else (complex numbers, sets, a
column name used twice, ...) is a `TypeError`, so that it is noticed instead of guessed at.
Arrays are converted whole, never cell by cell.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import math
import uuid
from collections.abc import Callable, Hashable, Iterable, Mapping
from decimal import Decimal
from functools import singledispatch
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

# singledispatch registers by annotation and takes bare classes only: hence the ignores below.

#: Types that are JSON already, whatever their value.
_READY = frozenset({bool, int, str, type(None)})


def encode(result: object) -> bytes:
    """Return `result` as UTF-8 JSON.

    Raises:
        TypeError: for a value that has no JSON form.
    """
    return to_json(plain(result))


def to_json(value: object) -> bytes:
    """Return what `plain` made as UTF-8 JSON."""
    return json.dumps(value, allow_nan=False).encode()


@singledispatch
def plain(value: object) -> Any:
    """Return `value` made of dict, list, str, int, float, bool and None only; see the top.

    Raises:
        TypeError: for a value that has no JSON form.
    """
    raise TypeError(f"a value of type {type(value).__name__} has no JSON form")


@plain.register(bool)
@plain.register(int)
@plain.register(type(None))
def _ready(value: object) -> Any:
    return value


@plain.register
def _text(value: str) -> str:
    return str(value)


@plain.register
def _float(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


@plain.register(type(pd.NA))
@plain.register(type(pd.NaT))  # NaT is a datetime by inheritance
def _missing(_: object) -> None:
    return None


@plain.register
def _decimal(value: Decimal) -> float | int | None:
    if not value.is_finite():
        return None
    return int(value) if value.as_tuple().exponent == 0 else plain(float(value))


@plain.register(bytes)
@plain.register(bytearray)
def _bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()


@plain.register
def _uuid(value: uuid.UUID) -> str:
    return str(value)


@plain.register
def _datetime(value: dt.datetime) -> str:
    text = value.isoformat()
    return f"{text}Z" if value.tzinfo is None else text.replace("+00:00", "Z")


@plain.register(dt.date)
@plain.register(dt.time)
def _date(value: dt.date | dt.time) -> str:
    return value.isoformat()


@plain.register
def _timedelta(value: dt.timedelta) -> str:
    return pd.Timedelta(value).isoformat()


@plain.register
def _mapping(value: Mapping) -> dict[str, Any]:  # type: ignore[type-arg]
    return dict(zip(_names(value), map(plain, value.values()), strict=True))


@plain.register(list)
@plain.register(tuple)
def _list(values: list[Any] | tuple[Any, ...]) -> list[Any]:
    kinds = set(map(type, values))
    if kinds <= _READY or (kinds == {float} and all(map(math.isfinite, values))):
        return list(values)
    return [plain(value) for value in values]


@plain.register
def _scalar(value: np.generic) -> Any:
    return plain(value.reshape(1))[0]


@plain.register
def _array(values: np.ndarray) -> Any:  # type: ignore[type-arg]
    """Return nested lists; a scalar for an array without dimensions."""
    kind = values.dtype.kind
    if kind in "biuU":
        return values.tolist()
    if kind == "f":
        return _floats(values)
    if kind == "M":
        return _instants(values)
    if values.dtype.names is not None and values.ndim == 1:
        return _records(values.dtype.names, [values[name] for name in values.dtype.names])
    if kind == "c":
        raise TypeError(f"an array of type {values.dtype} has no JSON form")
    if kind == "m":
        values = _cellwise(pd.Timedelta, values)
    return plain(list(values) if values.ndim else values.item())


@plain.register
def _masked(values: np.ma.MaskedArray) -> Any:  # type: ignore[type-arg]
    return plain(_blank(np.asarray(values.data), values.mask))


@plain.register(pd.Series)
@plain.register(pd.Index)
@plain.register(pd.api.extensions.ExtensionArray)
def _column(values: Any) -> Any:
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        # The same instants, in UTC: pandas formats zones one by one.
        return plain(pd.DatetimeIndex(values).tz_convert("UTC").tz_localize(None).to_numpy())
    if isinstance(values.dtype, np.dtype):
        return plain(values.to_numpy())
    return plain(list(values))


@plain.register
def _frame(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return _records(frame.columns, [frame.iloc[:, i] for i in range(frame.shape[1])], len(frame))


def _records(
    columns: Iterable[Hashable], values: list[Any], length: int | None = None
) -> list[dict[str, Any]]:
    """Return one dictionary per row; `length` counts for a table without columns."""
    names = _names(columns)
    if not names:
        return [{} for _ in range(length or 0)]
    rows = zip(*map(plain, values), strict=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _floats(values: npt.NDArray[np.floating[Any]]) -> Any:
    finite = np.isfinite(values)
    values = values.astype(np.float64) if values.itemsize > 8 else values
    if finite.all():
        return values.tolist()
    return _blank(values, ~finite).tolist()


def _instants(values: npt.NDArray[Any]) -> Any:
    missing = np.isnat(values)
    if np.datetime_data(values.dtype)[0] in ("Y", "M", "W", "D"):
        text = np.asarray(np.datetime_as_string(values.astype("datetime64[D]")))
    else:
        # As short as it can be: several clients read no more than six decimals.
        whole = (values == values.astype("datetime64[s]")) | missing
        micro = (values == values.astype("datetime64[us]")) | missing
        unit: Any = "s" if whole.all() else "us" if micro.all() else "ns"
        text = np.asarray(np.datetime_as_string(values, unit=unit, timezone="UTC"))
    return _blank(text, missing).tolist()


def _blank(values: npt.NDArray[Any], missing: Any) -> npt.NDArray[np.object_]:
    cells = values.astype(object)
    cells[missing] = None
    return cells


def _cellwise(
    kind: Callable[[Any], Any], values: npt.NDArray[np.generic]
) -> npt.NDArray[np.object_]:
    cells = np.empty(values.shape, dtype=object)
    cells.ravel()[:] = [kind(value) for value in values.ravel()]
    return cells


def _names(keys: Iterable[Hashable]) -> list[str]:
    """Return the keys of one object as strings.

    Raises:
        TypeError: a key is neither text nor a whole number, or two become the same.
    """
    names = []
    for key in keys:
        if isinstance(key, bool) or not isinstance(key, str | int | np.integer):
            raise TypeError(f"a key of type {type(key).__name__} has no JSON form")
        names.append(str(key))
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise TypeError(f"the column {twice!r} appears twice")
    return names
