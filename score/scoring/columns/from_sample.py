"""What a sample says: which kind its columns, elements and values are.

A column may be null when its type has a null of its own (`Int64`, `boolean`, `string`) or when
the sample holds one (None, NaN, NaT). A sample that leaves it open what a column holds is a
`TypeError` at start, not a surprise at the first request.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any, get_args

import numpy as np
import pandas as pd

from scoring.columns.base import OBJECT, Kind, is_null
from scoring.columns.categories import Category
from scoring.columns.datetimes import Date, DateTime, Duration, Time, Unit
from scoring.columns.numbers import Boolean, DecimalNumber, Integer, Number
from scoring.columns.strings import Bytes, String


def column_kind(column: pd.Series[Any], where: str, *, allow_nan: bool = False) -> Kind:
    """Return what kind of values a column of a sample table holds.

    Args:
        column: the column, with at least one value.
        where: the column's name, for the error.
        allow_nan: whether NaN and infinities may be sent where numbers may.

    Raises:
        TypeError: the column's type cannot be sent as JSON, or says nothing.
    """
    dtype = column.dtype
    nullable = bool(column.isna().any())
    if not allow_nan:
        refuse_infinite(column.dropna().to_numpy(), where)
    if isinstance(dtype, pd.CategoricalDtype):
        inner = column_kind(pd.Series(dtype.categories), f"the categories of {where}")
        return Category(dtype, nullable, inner)
    if isinstance(dtype, pd.DatetimeTZDtype):
        return DateTime(dtype, nullable, dtype.unit, dtype.tz)
    if isinstance(dtype, pd.StringDtype):
        return String(dtype, nullable=True)
    if isinstance(dtype, pd.BooleanDtype):
        return Boolean(dtype, nullable=True)
    if pd.api.types.is_extension_array_dtype(dtype) and pd.api.types.is_numeric_dtype(dtype):
        masked: Any = dtype
        if not isinstance(dtype, pd.ArrowDtype | pd.SparseDtype):
            inner = dtype_kind(masked.numpy_dtype, where, allow_nan)
            return replace(inner, dtype=masked, nullable=True)
    if dtype == OBJECT:
        return values_kind(column.tolist(), where, allow_nan=allow_nan)
    if isinstance(dtype, np.dtype):
        return replace(dtype_kind(dtype, where, allow_nan), nullable=nullable)
    raise TypeError(f"{where} is of type {dtype}, which cannot be read from JSON: convert it")


def dtype_kind(dtype: np.dtype[Any], where: str, allow_nan: bool = False) -> Kind:
    """Return what kind of values an array of this numpy type holds.

    Raises:
        TypeError: the type cannot be sent as JSON.
    """
    if dtype.kind == "f" and dtype.itemsize <= 8:
        return Number(dtype, allow_nan=allow_nan)
    if dtype.kind in "iu":
        return Integer(dtype)
    if dtype.kind in "mM":
        unit: Any = np.datetime_data(dtype)[0]
        if unit == "D" and dtype.kind == "M":
            return Date(dtype)
        if unit in get_args(Unit):
            return Duration(dtype, unit=unit) if dtype.kind == "m" else DateTime(dtype, unit=unit)
    others: dict[str, Kind] = {"b": Boolean(dtype), "U": String(dtype), "S": Bytes(dtype)}
    if dtype.kind not in others:
        raise TypeError(f"{where} is of type {dtype}, which cannot be read from JSON: convert it")
    return others[dtype.kind]


def values_kind(values: Iterable[Any], where: str, *, allow_nan: bool = False) -> Kind:
    """Return what kind of Python objects these are.

    Raises:
        TypeError: they are of several kinds, all null, or of a kind without JSON form.
    """
    everything = [value.item() if isinstance(value, np.generic) else value for value in values]
    present = [value for value in everything if not is_null(value)]
    types = {type(value) for value in present}
    nullable = len(present) < len(everything)
    if not types:
        raise TypeError(f"{where} holds no value in the sample, so its type is not known")
    first = present[0]
    if types <= {int, float}:
        if not allow_nan:
            refuse_infinite(np.array(present, dtype=object).astype(float), where)
        if float in types:
            return Number(nullable=nullable, allow_nan=allow_nan)
        return Integer(nullable=nullable)
    if types <= {dt.datetime, pd.Timestamp}:
        return DateTime(nullable=nullable, unit="us", zone=first.tzinfo)
    if types <= {dt.timedelta, pd.Timedelta}:
        return Duration(nullable=nullable, unit="us")
    if types == {dt.time}:
        return Time(nullable=nullable, zone=first.tzinfo)
    kinds: dict[type, Any] = {
        bool: Boolean,
        str: String,
        bytes: Bytes,
        dt.date: Date,
        Decimal: DecimalNumber,
    }
    if len(types) == 1 and type(first) in kinds:
        kind: Kind = kinds[type(first)](nullable=nullable)
        return kind
    names = ", ".join(sorted(each.__name__ for each in types))
    raise TypeError(f"{where} holds {names} in the sample: give it values of one scalar type")


def refuse_infinite(values: np.ndarray[Any, Any], where: str) -> None:
    """Refuse a sample that no client may send.

    Args:
        values: numpy values of any type, without missing ones.
        where: what holds them.

    Raises:
        TypeError: there is an infinity.
    """
    if values.dtype.kind == "f" and np.isinf(values).any():
        raise TypeError(
            f"{where} holds an infinity in the sample, which JSON does not have: give it a "
            "number, or say allow_nan=True"
        )
