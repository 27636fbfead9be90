"""What a sample says: which kind its columns, elements and values are.

A column may be null when its type has a null of its own (`Int64`, `boolean`, `string`) or when
the sample holds one (None, NaN, NaT). A sample that leaves it open what a column holds is a
`TypeError` at start, not a surprise at the first request.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple, get_args

import numpy as np
import pandas as pd

from scoring.columns.base import OBJECT, Kind, is_null
from scoring.columns.categories import Category
from scoring.columns.datetimes import Date, DateTime, Duration, Time, Unit
from scoring.columns.numbers import Boolean, DecimalNumber, Integer, Number
from scoring.columns.strings import Bytes, String


class Column(NamedTuple):
    """A column of a sample table, and what its kind is made from."""

    values: pd.Series[Any]
    dtype: Any
    where: str
    nullable: bool
    allow_nan: bool


def column_kind(column: pd.Series[Any], where: str, *, allow_nan: bool = False) -> Kind:
    """Return what kind of values a column of a sample table holds.

    Args:
        column: the column, with at least one value.
        where: the column's name, for the error.
        allow_nan: whether NaN and infinities may be sent where numbers may.

    Raises:
        TypeError: the column's type cannot be sent as JSON, or says nothing.
    """
    if not allow_nan:
        refuse_infinite(column.dropna().to_numpy(), where)
    given = Column(column, column.dtype, where, bool(column.isna().any()), allow_nan)
    for fits, make in COLUMN_KINDS:
        if fits(column.dtype):
            return make(given)
    raise _not_json(where, column.dtype)


def _is_masked(dtype: Any) -> bool:
    """Tell whether a type is one of pandas' numbers that have a null of their own."""
    types = pd.api.types
    others = isinstance(dtype, pd.ArrowDtype | pd.SparseDtype)
    numeric = types.is_extension_array_dtype(dtype) and types.is_numeric_dtype(dtype)
    return bool(numeric and not others)


def _category(column: Column) -> Kind:
    inner = column_kind(pd.Series(column.dtype.categories), f"the categories of {column.where}")
    return Category(column.dtype, column.nullable, inner)


def _masked(column: Column) -> Kind:
    inner = dtype_kind(column.dtype.numpy_dtype, column.where, column.allow_nan)
    return replace(inner, dtype=column.dtype, nullable=True)


def _plain(column: Column) -> Kind:
    inner = dtype_kind(column.dtype, column.where, column.allow_nan)
    return replace(inner, nullable=column.nullable)


def _is(*types: type) -> Callable[[Any], bool]:
    return lambda dtype: isinstance(dtype, types)


#: What a column's type says: the first line that fits makes the kind.
COLUMN_KINDS: tuple[tuple[Callable[[Any], bool], Callable[[Column], Kind]], ...] = (
    (_is(pd.CategoricalDtype), _category),
    (_is(pd.DatetimeTZDtype), lambda c: DateTime(c.dtype, c.nullable, c.dtype.unit, c.dtype.tz)),
    (_is(pd.StringDtype), lambda c: String(c.dtype, nullable=True)),
    (_is(pd.BooleanDtype), lambda c: Boolean(c.dtype, nullable=True)),
    (_is_masked, _masked),
    (
        lambda dtype: bool(dtype == OBJECT),
        lambda c: values_kind(c.values.tolist(), c.where, allow_nan=c.allow_nan),
    ),
    (_is(np.dtype), _plain),
)


def dtype_kind(dtype: np.dtype[Any], where: str, allow_nan: bool = False) -> Kind:
    """Return what kind of values an array of this numpy type holds.

    Raises:
        TypeError: the type cannot be sent as JSON.
    """
    for fits, make in DTYPE_KINDS:
        if fits(dtype):
            kind = make(dtype)
            return replace(kind, allow_nan=allow_nan) if isinstance(kind, Number) else kind
    raise _not_json(where, dtype)


def _unit(dtype: np.dtype[Any]) -> Any:
    return np.datetime_data(dtype)[0]


#: The same for numpy's types.
DTYPE_KINDS: tuple[tuple[Callable[[np.dtype[Any]], bool], Callable[[Any], Kind]], ...] = (
    (lambda t: t.kind == "f" and t.itemsize <= 8, Number),
    (lambda t: t.kind in "iu", Integer),
    (lambda t: t.kind == "M" and _unit(t) == "D", Date),
    (lambda t: t.kind == "M" and _unit(t) in get_args(Unit), lambda t: DateTime(t, unit=_unit(t))),
    (lambda t: t.kind == "m" and _unit(t) in get_args(Unit), lambda t: Duration(t, unit=_unit(t))),
    (lambda t: t.kind == "b", Boolean),
    (lambda t: t.kind == "U", String),
    (lambda t: t.kind == "S", Bytes),
)


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
    if types <= {int, float} and not allow_nan:
        refuse_infinite(np.array(present, dtype=object).astype(float), where)
    for known, make in VALUE_KINDS:
        if types <= known:
            kind = make(present[0], nullable)
            return replace(kind, allow_nan=allow_nan) if isinstance(kind, Number) else kind
    names = ", ".join(sorted(each.__name__ for each in types))
    raise TypeError(f"{where} holds {names} in the sample: give it values of one scalar type")


#: The same for Python objects, by their types; `make` gets the first of them.
VALUE_KINDS: tuple[tuple[set[type], Callable[[Any, bool], Kind]], ...] = (
    ({int}, lambda _, nullable: Integer(nullable=nullable)),
    ({int, float}, lambda _, nullable: Number(nullable=nullable)),
    (
        {dt.datetime, pd.Timestamp},
        lambda first, nullable: DateTime(nullable=nullable, unit="us", zone=first.tzinfo),
    ),
    ({dt.timedelta, pd.Timedelta}, lambda _, nullable: Duration(nullable=nullable, unit="us")),
    ({dt.time}, lambda first, nullable: Time(nullable=nullable, zone=first.tzinfo)),
    ({bool}, lambda _, nullable: Boolean(nullable=nullable)),
    ({str}, lambda _, nullable: String(nullable=nullable)),
    ({bytes}, lambda _, nullable: Bytes(nullable=nullable)),
    ({dt.date}, lambda _, nullable: Date(nullable=nullable)),
    ({Decimal}, lambda _, nullable: DecimalNumber(nullable=nullable)),
)


def _not_json(where: str, dtype: object) -> TypeError:
    return TypeError(f"{where} is of type {dtype}, which cannot be read from JSON: convert it")


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
