"""One encoder for everything a model returns.

    value                                        JSON
    bool, int, str, their numpy kin              as they are
    float, of any width                          the same number; NaN and infinities: null
    None, NaT, NA, masked                        null
    array, list, tuple, Series, Index, column    array
    dict, a record of a structured array         object
    DataFrame                                    array of objects, one per row, without the index
    datetime, datetime64, date, time, timedelta  text, see `moments`
    a member of an Enum                          its value
    Decimal                                      number: exact when whole, else the nearest double
    bytes                                        base64, the "byte" of OpenAPI
    UUID                                         string
    a key                                        text; other scalars as JSON writes them: "1.5"

JSON has neither NaN nor infinity (RFC 8259 section 6). Anything else (complex numbers, sets, two
keys that become the same, ...) is a `TypeError`, so that it is noticed instead of guessed at.
Arrays are converted whole, never cell by cell.
"""

from __future__ import annotations

import base64
import datetime as dt
import enum
import json
import math
import uuid
from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from functools import singledispatch
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.rfc3339.write import duration, durations, instant, instants, time_of_day

# singledispatch registers by annotation and takes bare classes only: hence the ignores below.

#: Types that are JSON already, whatever their value.
_READY = frozenset({bool, int, str, type(None)})


def encode(result: object) -> bytes:
    """Return `result` as UTF-8 JSON.

    Raises:
        TypeError: for a value that has no JSON form.
    """
    return to_json(plain(result))


def readable(value: object) -> bytes:
    """Return what JSON can hold as UTF-8 JSON whose letters, of any language, are as they are.

    Half a surrogate pair, which UTF-8 cannot hold, becomes the escape that JSON has for it.
    """
    text = json.dumps(value, allow_nan=False, ensure_ascii=False)
    return text.encode(errors="backslashreplace")


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
@plain.register(type(None))
def _ready(value: object) -> Any:
    return value


@plain.register
def _integer(value: int) -> int:
    return int(value)


@plain.register
def _text(value: str) -> str:
    # Not str(value), which of a member of an Enum is its name.
    return str.__str__(value)


@plain.register
def _member(value: enum.Enum) -> Any:
    return plain(value.value)


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
    return instant(value)


@plain.register
def _date(value: dt.date) -> str:
    return value.isoformat()


@plain.register
def _time(value: dt.time) -> str:
    return time_of_day(value)


@plain.register
def _timedelta(value: dt.timedelta) -> str:
    return duration(value)


@plain.register
def _mapping(value: Mapping) -> dict[str, Any]:  # type: ignore[type-arg]
    return dict(zip(key_names(value), map(plain, value.values()), strict=True))


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
    if kind == "O":
        return plain(values.tolist())
    if kind == "M":
        texts, missing = instants(values)
        return _blank(texts, missing).tolist()
    if kind == "m":
        return _shaped(durations(values.ravel()), values.shape)
    if values.dtype.names is not None and values.ndim == 1:
        return _records(values.dtype.names, [values[name] for name in values.dtype.names])
    if kind == "c" or (kind == "V" and values.dtype.names is None):
        raise TypeError(f"an array of type {values.dtype} has no JSON form")
    if not values.ndim:
        return plain(values.reshape(1))[0]
    return plain(list(values))


@plain.register
def _masked(values: np.ma.MaskedArray) -> Any:  # type: ignore[type-arg]
    # Masked after it is plain: numpy makes integers of instants that become objects.
    mask: Any = np.broadcast_to(values.mask, values.shape).tolist()
    return _masked_out(plain(np.asarray(values.data)), mask)


def _masked_out(value: Any, mask: Any) -> Any:
    """Return what `plain` made with null where the mask, nested like it, is true."""
    if isinstance(mask, list):
        return list(map(_masked_out, value, mask))
    if isinstance(mask, tuple):  # of a record: one for each field
        return dict(zip(value, map(_masked_out, value.values(), mask), strict=True))
    return None if mask else value


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
    names = key_names(columns)
    if not names:
        return [{} for _ in range(length or 0)]
    rows = zip(*map(plain, values), strict=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _floats(values: npt.NDArray[np.floating[Any]]) -> Any:
    if values.itemsize > 8:
        with np.errstate(over="ignore"):  # more than a double holds is infinite
            values = values.astype(np.float64)
    finite = np.isfinite(values)
    if finite.all():
        return values.tolist()
    return _blank(values, ~finite).tolist()


def _blank(values: npt.NDArray[Any], missing: Any) -> npt.NDArray[np.object_]:
    cells = values.astype(object)
    cells[missing] = None
    return cells


def _shaped(cells: list[Any], shape: tuple[int, ...]) -> Any:
    array = np.empty(len(cells), dtype=object)
    array[:] = cells
    return array.reshape(shape).tolist()


def key_names(keys: Iterable[Hashable]) -> list[str]:
    """Return the keys of one object as strings.

    Raises:
        TypeError: a key has no JSON form or is no scalar, or two become the same.
    """
    names = [key if type(key) is str else _name(key) for key in keys]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise TypeError(f"the key or column {twice!r} appears twice")
    return names


def _name(key: Hashable) -> str:
    name = plain(key)
    if not isinstance(name, str | int | float):
        raise TypeError(f"a key of type {type(key).__name__} has no JSON form")
    return name if isinstance(name, str) else json.dumps(name)
