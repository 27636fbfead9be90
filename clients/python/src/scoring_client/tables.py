"""Tables of four kinds: rows as JSON out, results of the same kind back.

    list of dictionaries   rows by column name      -> list
    pandas.DataFrame       rows by column name      -> Series or DataFrame, same index
    list of lists          rows of plain values     -> list
    numpy.ndarray (2-D)    rows of plain values     -> ndarray

pandas and numpy are used only when the caller's table is theirs, so neither needs to be
installed.
"""

from __future__ import annotations

import datetime as dt
import decimal
import json
import math
import re
import sys
from collections.abc import Sequence
from typing import Any, Protocol

#: RFC 3339 section 5.6, as the service writes date-times; the offset may be missing.
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?")


class Table(Protocol):
    """A table to be scored.

    Attributes:
        named: whether its rows have column names.
    """

    named: bool

    def __len__(self) -> int:
        """Return the number of rows."""

    def widths(self) -> set[int]:
        """Return how many values a row has; one number unless the rows differ."""

    def rows(self, start: int, stop: int) -> list[Any]:
        """Return rows `start` to `stop` (exclusive) as values that JSON has."""

    def answer(self, results: list[Any]) -> Any:
        """Return one result per row in the table's own kind."""


class Records:
    """A list of dictionaries, or of lists."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._rows = rows
        self.named = not rows or isinstance(rows[0], dict)

    def __len__(self) -> int:
        return len(self._rows)

    def widths(self) -> set[int]:
        """Return the lengths of the rows."""
        return set(map(len, self._rows))

    def rows(self, start: int, stop: int) -> list[Any]:
        """Return rows as they are."""
        return list(self._rows[start:stop])

    def answer(self, results: list[Any]) -> list[Any]:
        """Return the list itself."""
        return results


class Frame:
    """A DataFrame; its columns keep their types on the way to JSON."""

    named = True

    def __init__(self, frame: Any) -> None:
        self._frame = frame
        self._names = [str(name) for name in frame.columns]
        if len(set(self._names)) < len(self._names):
            raise ValueError(f"Each column needs a name of its own; found {self._names}.")

    def __len__(self) -> int:
        return len(self._frame)

    def widths(self) -> set[int]:
        """Return the number of columns."""
        return {len(self._names)}

    def rows(self, start: int, stop: int) -> list[dict[str, Any]]:
        """Return rows as dictionaries."""
        part = self._frame.iloc[start:stop]
        # By column: a row of a DataFrame has one type for all, which turns 1 into 1.0.
        columns = [_plain_column(part.iloc[:, i]) for i in range(len(self._names))]
        if not columns:
            return [{} for _ in range(len(part))]
        return [dict(zip(self._names, row, strict=True)) for row in zip(*columns, strict=True)]

    def answer(self, results: list[Any]) -> Any:
        """Return a Series, or a DataFrame for records, with the frame's index."""
        return frame_of(results, self._frame.index)


class Array:
    """A numpy array with a row per line."""

    named = False

    def __init__(self, array: Any) -> None:
        if array.ndim != 2:
            raise ValueError(f"An array needs two dimensions (rows, columns); found {array.ndim}.")
        self._array = array

    def __len__(self) -> int:
        return len(self._array)

    def widths(self) -> set[int]:
        """Return the number of columns."""
        return {self._array.shape[1]}

    def rows(self, start: int, stop: int) -> list[Any]:
        """Return rows as lists."""
        rows: list[Any] = self._array[start:stop].tolist()
        return rows

    def answer(self, results: list[Any]) -> Any:
        """Return an array: of one dimension, or of two when the results are records."""
        import numpy as np

        if any(isinstance(result, dict) for result in results):
            return frame_of(results, None).to_numpy()
        return np.array(results)


def table_of(data: Any) -> Table:
    """Return `data` as a table.

    Raises:
        TypeError: it is none of the four kinds.
    """
    pandas, numpy = sys.modules.get("pandas"), sys.modules.get("numpy")
    if pandas is not None and isinstance(data, pandas.DataFrame):
        return Frame(data)
    if numpy is not None and isinstance(data, numpy.ndarray):
        return Array(data)
    if isinstance(data, list | tuple) and all(isinstance(row, dict | list | tuple) for row in data):
        return Records(data)
    raise TypeError(
        "A table is a list of dictionaries, a list of lists, a DataFrame or a 2-D array, "
        f"not {type(data).__name__}."
    )


def frame_of(results: list[Any], index: Any) -> Any:
    """Return results as a Series; as a DataFrame when they are records.

    Date-times in RFC 3339 become `datetime64`: in UTC where they have an offset.
    """
    import pandas as pd

    names = {name: None for result in results if isinstance(result, dict) for name in result}
    if not names:
        return _typed(pd.Series(results, index=index, name="Results", dtype=_dtype(results)))
    columns = {
        name: [result.get(name) if result is not None else None for result in results]
        for name in names
    }
    return pd.DataFrame(
        {n: _typed(pd.Series(v, index=index, dtype=_dtype(v))) for n, v in columns.items()}
    )


def dumps(value: Any) -> bytes:
    """Return `value` as UTF-8 JSON; missing numbers as null, date-times in RFC 3339.

    Raises:
        ValueError: a number is infinite, which JSON cannot say.
        TypeError: a value has no JSON form.
    """
    try:
        return json.dumps(value, default=_plain, allow_nan=False).encode()
    except ValueError:
        return json.dumps(_without_nan(value), default=_plain, allow_nan=False).encode()


def _dtype(values: list[Any]) -> Any:
    # Without values pandas would choose, and warn that its choice will change.
    return None if values else float


def _typed(series: Any) -> Any:
    import pandas as pd

    if series.dtype != object:
        return series
    texts = series.dropna()
    matches = [isinstance(text, str) and DATE_TIME.fullmatch(text) for text in texts]
    if not matches or not all(matches):
        return series
    with_offset = {bool(match and match.group(2)) for match in matches}
    if len(with_offset) > 1:
        return series
    return pd.to_datetime(series, utc=with_offset == {True}, format="ISO8601")


def _plain_column(column: Any) -> list[Any]:
    """Return a column as values that JSON has; what is missing as None."""
    kind = getattr(column.dtype, "kind", "O")
    if kind in "iub" and not column.hasnans:
        values: list[Any] = column.tolist()
        return values
    missing = column.isna().tolist()
    values = column.tolist()
    return [None if gone else value for gone, value in zip(missing, values, strict=True)]


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date | dt.time):
        # pandas' NaT is a datetime, and the only one that differs from itself.
        return value.isoformat() if value == value else None
    if isinstance(value, decimal.Decimal):
        return float(value)
    if hasattr(value, "dtype") and hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"A value of type {type(value).__name__} cannot be sent as JSON.")


def _without_nan(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        if math.isinf(value):
            raise ValueError("A number is infinite, which JSON cannot say.")
        return None
    if isinstance(value, dict):
        return {name: _without_nan(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(inner) for inner in value]
    return value
