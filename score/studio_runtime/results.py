"""From what `azureml_main` returned to tables of the answer: names, types and values.

Runs in the process of the script: its objects never reach the server's.

    dtype or cells           ColumnTypes        table, classic      list, designer
    integers                 Int32, or Int64    "3"                 3
    floats                   Double             "0.3" (15 digits)   0.30000000000000004
    booleans                 Boolean            "True"              true
    strings                  String             as they are         as they are
    datetimes                DateTime           ISO 8601            ISO 8601
    timedeltas               TimeSpan           "1.02:03:04"        "1.02:03:04"
    NaN, NaT, None, NA                          null                null
    infinities                                  "Infinity"          "inf"
    bytes                    String             base64              base64
    Decimal, date, time      String             str()               str()

Anything else is an error that names column and row.
"""

from __future__ import annotations

import base64
import datetime as dt
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from scoring.problems import shorten

INT32 = (-(2**31), 2**31 - 1)
INT64 = (-(2**63), 2**63 - 1)

#: C#'s "G15", in which Studio wrote doubles.
CLASSIC_DIGITS = ".15G"

DAY = 24 * 60 * 60 * 10**7

Name = Callable[[str, int], str]
BRACKETS: Name = "{} ({})".format
UNDERSCORE: Name = "{}_{}".format


class NoTable(Exception):
    """What the script returned is no table, or has a cell that is no value of one."""


@dataclass(frozen=True)
class Table:
    """A table of the answer.

    Attributes:
        names: of the columns, all different.
        types: of the columns, in .NET's words.
        columns: their cells, as values of JSON.
    """

    names: list[str]
    types: list[str]
    columns: list[list[Any]]
    rows: int

    def as_table(self, *, details: bool) -> dict[str, Any]:
        """Return it in the old format: all cells strings or null."""
        rows = self._rows([list(map(_text, column)) for column in self.columns])
        values: dict[str, Any] = {"Values": [list(row) for row in rows]}
        if details:
            values = {"ColumnNames": self.names, "ColumnTypes": self.types, **values}
        return {"type": "table", "value": values}

    def as_list(self, *, typed: bool) -> list[dict[str, Any]]:
        """Return one object per row; its values strings unless `typed`."""
        clean = _designer if typed else _text
        rows = self._rows([list(map(clean, column)) for column in self.columns])
        return [dict(zip(self.names, row, strict=True)) for row in rows]

    def _rows(self, columns: list[list[Any]]) -> Iterable[tuple[Any, ...]]:
        return zip(*columns, strict=True) if columns else [()] * self.rows


def returned_frames(result: Any) -> list[pd.DataFrame]:
    """Return the DataFrames in what `azureml_main` returned; an empty one for a bare None.

    Raises:
        NoTable: it is anything but a DataFrame or a tuple, list or object array of one or two.
    """
    if result is None:
        return [pd.DataFrame()]
    if isinstance(result, pd.DataFrame):
        return [result]
    kind = type(result).__name__
    listed = isinstance(result, tuple | list) or (
        isinstance(result, np.ndarray) and result.ndim == 1 and result.dtype == object
    )
    if not listed:
        raise NoTable(f"azureml_main returned a {kind}; return a pandas DataFrame")
    frames = list(result)
    for frame in frames:
        if not isinstance(frame, pd.DataFrame):
            inner = type(frame).__name__
            raise NoTable(
                f"azureml_main returned a {kind} with a {inner} in it; return pandas DataFrames"
            )
    if not 1 <= len(frames) <= 2:
        raise NoTable(f"azureml_main returned a {kind} of {len(frames)}; return one DataFrame")
    return frames


def to_table(frame: pd.DataFrame, naming: Name = BRACKETS) -> Table:
    """Return a DataFrame as a table; its index is dropped, as Studio did.

    Raises:
        NoTable: a cell has no form in a table.
    """
    names = column_names(frame.columns, naming)
    read = [_column(frame.iloc[:, i], name) for i, name in enumerate(names)]
    return Table(names, [kind for kind, _ in read], [cells for _, cells in read], len(frame))


def column_names(columns: Iterable[Any], naming: Name = BRACKETS) -> list[str]:
    """Return the names of columns as strings, duplicates numbered from 1.

    A number whose name is there already is skipped; the first of a name keeps it.
    """
    names = [str(column) for column in columns]
    taken, seen, unique = set(names), set[str](), []
    for name in names:
        k, chosen = 0, name
        while chosen in (taken if k else seen):
            k += 1
            chosen = naming(name, k)
        seen.add(chosen)
        taken.add(chosen)
        unique.append(chosen)
    return unique


def _column(column: pd.Series[Any], name: str) -> tuple[str, list[Any]]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
    if column.dtype.kind in "iub" and isinstance(column.dtype, np.dtype):
        return _type(column, column.tolist()), column.tolist()
    missing = column.isna().tolist()
    cells = [
        None if gone else _plain(cell, name, i)
        for i, (cell, gone) in enumerate(zip(column.tolist(), missing, strict=True))
    ]
    return _type(column, cells), cells


def _type(column: pd.Series[Any], cells: list[Any]) -> str:
    """Return a column's type: that of its dtype, or of its cells where the dtype has none."""
    whole = [cell for cell in cells if type(cell) is int]
    api = pd.api.types
    if api.is_bool_dtype(column.dtype):
        return "Boolean"
    if api.is_integer_dtype(column.dtype):
        return _integer_type(whole)
    if api.is_float_dtype(column.dtype):
        return "Double"
    if api.is_datetime64_any_dtype(column.dtype):
        return "DateTime"
    if api.is_timedelta64_dtype(column.dtype):
        return "TimeSpan"
    kinds = set(map(type, column.dropna().tolist()))
    kinds = {next((base for base in TYPES if issubclass(kind, base)), object) for kind in kinds}
    if kinds == {int}:
        return _integer_type(whole)
    if kinds == {int, float}:
        return "Double"
    return TYPES[kinds.pop()] if len(kinds) == 1 and kinds != {object} else "String"


def _integer_type(cells: list[int]) -> str:
    low, high = min(cells, default=0), max(cells, default=0)
    if INT32[0] <= low and high <= INT32[1]:
        return "Int32"
    # What .NET has no integer for is written as digits.
    return "Int64" if INT64[0] <= low and high <= INT64[1] else "String"


#: Types of cells in columns of objects; booleans before integers, datetimes before dates.
TYPES: dict[type, str] = {
    bool: "Boolean",
    np.bool_: "Boolean",
    int: "Int32",
    float: "Double",
    dt.datetime: "DateTime",
    dt.timedelta: "TimeSpan",
}


def _plain(cell: Any, name: str, row: int) -> Any:
    """Return one cell as a bool, int, float or str."""
    if isinstance(cell, np.generic):
        cell = cell.item()
    if isinstance(cell, bool | int | float):
        return cell
    if isinstance(cell, str):
        return str.__str__(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat()
    if isinstance(cell, dt.timedelta):
        return time_span(cell)
    if isinstance(cell, bytes | bytearray):
        return base64.b64encode(cell).decode()
    if isinstance(cell, Decimal | dt.date | dt.time):
        return str(cell)
    raise NoTable(
        f"the result's column {shorten(name)} has a {type(cell).__name__} in row {row}; "
        "a cell is a number, string, boolean, date or time"
    )


def time_span(value: dt.timedelta) -> str:
    """Return a length of time as .NET's constant format has it: [-][d.]hh:mm:ss[.fffffff]."""
    # Only pandas' timedelta has nanoseconds; .NET counts in tenths of a microsecond.
    exact = value.value // 100 if isinstance(value, pd.Timedelta) else None
    ticks = exact if exact is not None else value // dt.timedelta(microseconds=1) * 10
    sign, ticks = "-" if ticks < 0 else "", abs(ticks)
    days, ticks = divmod(ticks, DAY)
    seconds, fraction = divmod(ticks, 10**7)
    minutes, second = divmod(seconds, 60)
    clock = f"{minutes // 60:02}:{minutes % 60:02}:{second:02}"
    return f"{sign}{f'{days}.' if days else ''}{clock}{f'.{fraction:07}' if fraction else ''}"


def _text(cell: Any) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        if math.isinf(cell):
            return "Infinity" if cell > 0 else "-Infinity"
        return format(cell, CLASSIC_DIGITS)
    return str(cell)


def _designer(cell: Any) -> Any:
    return str(cell) if isinstance(cell, float) and math.isinf(cell) else cell
