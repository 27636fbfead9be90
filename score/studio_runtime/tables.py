"""From a table of the request to the DataFrame that the script gets.

Cells of the old format are strings. Without a schema a column of strings is read as

    integers    all cells are: no leading zeros, within 64 bits
    decimals    all cells are: digits with a point or an exponent, or integers
    booleans    all cells are True or False
    strings     otherwise; never dates

where an empty string counts as missing if the other cells are none of strings. Cells that are
typed JSON keep their type.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import numpy as np
import pandas as pd
from scoring.problems import describe, shorten

from studio_runtime.config import Limits
from studio_runtime.errors import BadArgument, LimitExceeded

INTEGER = re.compile(r"0|-?[1-9][0-9]*", re.ASCII)
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)?(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?", re.ASCII)
INT64 = (-(2**63), 2**63 - 1)
INTEGERS = {"Int32": (-(2**31), 2**31 - 1), "Int64": INT64}
BOOLEANS = {"true": True, "false": False, "1": True, "0": False}

SCALARS = (str, int, float, type(None))


def read_table(
    table: Any, name: str, schema: Mapping[str, str] | None, limits: Limits
) -> pd.DataFrame:
    """Return one input as a DataFrame whose index counts from 0.

    Args:
        table: {"ColumnNames", "Values"} or a list of objects.
        name: of the input, for messages.
        schema: column to type; None finds the types out.
        limits: rows, columns and cells.

    Raises:
        BadArgument: InputParseError, with the row and the column.
        LimitExceeded: there are too many rows, columns or cells.
    """
    names, rows = (_table if isinstance(table, dict) else _list)(table, name, limits)
    if schema is not None:
        rows, names = _in_order(names, rows, schema, name), list(schema)
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in names]
    for column, cells in zip(names, columns, strict=True):
        _check_scalars(cells, name, column)
    read = {
        i: _typed(cells, schema[column], f"{name}, column {shorten(column)}")
        if schema is not None
        else infer(cells)
        for i, (column, cells) in enumerate(zip(names, columns, strict=True))
    }
    frame = pd.DataFrame(read, index=pd.RangeIndex(len(rows)))
    frame.columns = pd.Index(names, dtype=object)
    return frame


def infer(cells: list[Any]) -> pd.Series[Any]:
    """Return a column of strings or of typed JSON values with the type that its cells have."""
    kinds = set(map(type, cells)) - {type(None)}
    if kinds == {str}:
        return _from_strings(cells)
    if kinds == {bool}:
        return _nullable(cells, "boolean", "bool")
    if kinds == {int} and all(c is None or INT64[0] <= c <= INT64[1] for c in cells):
        return _nullable(cells, "Int64", "int64")
    if kinds == {float} or kinds == {int, float}:
        return pd.Series([math.nan if c is None else c for c in cells], dtype="float64")
    return pd.Series(cells, dtype=object)


def _from_strings(cells: list[str | None]) -> pd.Series[Any]:
    filled = [cell or None for cell in cells]
    said = [cell for cell in filled if cell is not None]
    if not said:
        return pd.Series(cells, dtype=object)
    if all(map(_is_integer, said)):
        return _nullable([None if c is None else int(c) for c in filled], "Int64", "int64")
    if all(map(_is_decimal, said)):
        return pd.Series([math.nan if c is None else float(c) for c in filled], dtype="float64")
    if set(said) <= {"True", "False"}:
        return _nullable([None if c is None else c == "True" for c in filled], "boolean", "bool")
    return pd.Series(cells, dtype=object)


def _is_integer(cell: str) -> bool:
    # Not of any length: reading digits takes a time that grows with their square.
    short = len(cell) <= 20 and INTEGER.fullmatch(cell) is not None
    return short and INT64[0] <= int(cell) <= INT64[1]


def _is_decimal(cell: str) -> bool:
    if _is_integer(cell):
        return True
    # An integer beyond 64 bits stays the string it is: a double would lose digits of it.
    if INTEGER.fullmatch(cell) or not DECIMAL.fullmatch(cell) or not any(map(str.isdigit, cell)):
        return False
    return math.isfinite(float(cell))


def _nullable(cells: list[Any], with_missing: str, without: str) -> pd.Series[Any]:
    dtype: Any = with_missing if None in cells else without
    column: pd.Series[Any] = pd.Series(cells, dtype=dtype)
    return column


def _table(table: dict[str, Any], name: str, limits: Limits) -> tuple[list[str], list[list[Any]]]:
    for key in table:
        if key not in ("ColumnNames", "Values"):
            _refuse(f"{name} has the key {shorten(key)}; a table has ColumnNames and Values.")
    names, rows = table.get("ColumnNames"), table.get("Values")
    if not isinstance(names, list) or not all(isinstance(column, str) for column in names):
        _refuse(f"{name}.ColumnNames must be a list of strings.")
    if not isinstance(rows, list):
        _refuse(f"{name}.Values must be a list of rows; found {describe(rows)}.")
    if len(set(names)) < len(names):
        twice = next(column for column in names if names.count(column) > 1)
        _refuse(f"{name}.ColumnNames has {shorten(twice)} twice.")
    check_size(name, len(rows), len(names), limits)
    for i, row in enumerate(rows):
        if not isinstance(row, list):
            _refuse(f"{name}.Values[{i}] must be a list; found {describe(row)}.")
        if len(row) != len(names):
            _refuse(f"{name}.Values[{i}] has {len(row)} cells; there are {len(names)} ColumnNames.")
    return names, rows


def _list(rows: list[Any], name: str, limits: Limits) -> tuple[list[str], list[list[Any]]]:
    for i, row in enumerate(rows):
        if not isinstance(row, dict):
            _refuse(f"{name}[{i}] must be an object; found {describe(row)}.")
    names = list(rows[0]) if rows else []
    check_size(name, len(rows), len(names), limits)
    keys = rows[0].keys() if rows else set()
    for i, row in enumerate(rows):
        if row.keys() != keys:
            odd = next(iter(row.keys() ^ keys))
            verb = "has" if odd in row else "lacks"
            _refuse(f"{name}[{i}] {verb} {shorten(odd)}, unlike the first row; send equal keys.")
    return names, [[row[column] for column in names] for row in rows]


def check_size(name: str, rows: int, columns: int, limits: Limits) -> None:
    """Refuse a table that is larger than the limits.

    Raises:
        LimitExceeded: naming what there is too much of.
    """
    for what, count in (("rows", rows), ("columns", columns), ("cells", rows * columns)):
        limit = getattr(limits, what)
        if count > limit:
            raise LimitExceeded(f"{name} has {count} {what}", limit, what)


def _check_scalars(cells: list[Any], name: str, column: str) -> None:
    for i, cell in enumerate(cells):
        if not isinstance(cell, SCALARS):
            where = f"{name}, row {i}, column {shorten(column)}"
            _refuse(f"{where}: a cell is a string, number, boolean or null; {describe(cell)}.")


def _in_order(
    names: list[str], rows: list[list[Any]], schema: Mapping[str, str], name: str
) -> list[list[Any]]:
    """Return the rows in the order of the schema, which must have the same columns."""
    if not names and not rows:
        return []
    for column in schema:
        if column not in names:
            _refuse(f"{name} has no column {shorten(column)}, which the service's schema asks for.")
    for column in names:
        if column not in schema:
            _refuse(f"{name} has a column {shorten(column)}, which the service's schema lacks.")
    places = [names.index(column) for column in schema]
    return [[row[i] for i in places] for row in rows]


def _typed(cells: list[Any], kind: str, where: str) -> pd.Series[Any]:
    """Return a column as the schema declares it; `where` names it in messages."""
    if kind == "String":
        _require(cells, [c is None or isinstance(c, str) for c in cells], kind, where)
        return pd.Series(cells, dtype=object)
    filled = [None if cell == "" else cell for cell in cells]
    if kind == "DateTime":
        return _datetimes(filled, where)
    reader = {"Double": _double, "Boolean": _boolean}.get(kind)
    read = [
        None if cell is None else reader(cell) if reader else _integer(cell, kind)
        for cell in filled
    ]
    good = [one is not None or cell is None for one, cell in zip(read, filled, strict=True)]
    _require(filled, good, kind, where)
    if kind == "Double":
        return pd.Series([math.nan if c is None else c for c in read], dtype="float64")
    if kind == "Boolean":
        return _nullable(read, "boolean", "bool")
    return _nullable(read, kind, kind.lower())


def _integer(cell: Any, kind: str) -> int | None:
    if isinstance(cell, str):
        cell = int(cell) if _is_integer(cell) else None
    whole = isinstance(cell, int) and not isinstance(cell, bool)
    low, high = INTEGERS[kind]
    return cell if whole and low <= cell <= high else None


def _double(cell: Any) -> float | None:
    if isinstance(cell, str):
        cell = float(cell) if _is_decimal(cell) else None
    number = isinstance(cell, int | float) and not isinstance(cell, bool)
    try:
        return float(cell) if number and math.isfinite(cell) else None
    except OverflowError:  # an integer beyond what a double holds
        return None


def _boolean(cell: Any) -> bool | None:
    # 1.0 equals 1 but is neither a boolean nor the integer 1.
    text = str(cell).lower() if isinstance(cell, str | bool | int) else ""
    return BOOLEANS.get(text)


def _datetimes(cells: list[Any], where: str) -> pd.Series[Any]:
    # Without the digits pandas would take for a year alone, "7" say.
    good = [c is None or (isinstance(c, str) and len(c) >= len("2010-05-30")) for c in cells]
    _require(cells, good, "DateTime", where)
    try:
        return pd.Series(pd.to_datetime(pd.Series(cells, dtype=object), format="ISO8601"))
    except (ValueError, OverflowError):
        read = [pd.to_datetime(c, format="ISO8601", errors="coerce") for c in cells]
        good = [c is None or not pd.isna(one) for c, one in zip(cells, read, strict=True)]
        _require(cells, good, "DateTime", where)
        _refuse(f"{where}: offsets from UTC differ; send one offset, or none.")


def _require(cells: Sequence[Any], good: Sequence[bool], kind: str, where: str) -> None:
    if not all(good):
        i = int(np.argmin(good))
        _refuse(f"{where}, row {i}: expected {kind}, found {describe(cells[i])}.")


def _refuse(message: str) -> NoReturn:
    raise BadArgument(message, "InputParseError")
