"""Dates and times, as RFC 3339 writes them; `rfc3339` reads them.

    kind        a client sends
    date-time   2024-01-02T03:04:05.678Z, +02:00
    date        2024-01-02
    time        03:04:05Z
    duration    P1DT2H, PT0.5S, P1W

A date-time or time without an offset is accepted and taken as UTC. Where the sample has no
zone, an offset is converted to UTC and dropped; where it has one, the value keeps its instant
and gets the sample's zone. So the same instant reaches the model however it was written.
"""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from scoring.columns.base import OBJECT, Kind, Refused, objects
from scoring.rfc3339 import read as rfc3339
from scoring.rfc3339 import read_columns

#: What pandas counts in; numpy's coarser units would round.
Unit = Literal["s", "ms", "us", "ns"]
DECIMALS: dict[str, int] = {"s": 0, "ms": 3, "us": 6, "ns": 9}

#: Any day will do to move a time of day between zones: Unix time of 2000-01-01.
SOME_DAY = 946_684_800

#: The least number of 64 bits stands for NaT.
LEAST, MOST = -(2**63) + 1, 2**63 - 1


@contextmanager
def refusing() -> Iterator[None]:
    """Turn the reader's word for a text that is no date or time into the columns' own."""
    try:
        yield
    except ValueError as wrong:
        raise Refused(*wrong.args) from None


@dataclass(frozen=True)
class Written(Kind):
    """Base of the kinds that are text with an exact reading."""

    @abstractmethod
    def read(self, value: str) -> int:
        """Return the number that the text stands for.

        Raises:
            ValueError: it is not of this kind; saying why, if there is more to say than `name`.
        """

    def fits(self, value: Any) -> bool:
        try:
            self.read(value)
        except ValueError:
            return False
        return True

    def hint(self, value: Any) -> str:
        try:
            self.read(value)
        except ValueError as wrong:
            return f"{self.name} {wrong}".rstrip()
        return self.name


@dataclass(frozen=True)
class DateTime(Written):
    """A point in time; the column is one of datetime64, or of `datetime` objects.

    Attributes:
        unit: of the numpy type: a value finer than that is refused, not rounded.
        zone: of the sample; None where it has none.
    """

    unit: Unit = "ns"
    zone: Any = None

    filler = "1970-01-01T00:00:00Z"
    name = "date-time (RFC 3339)"

    @cached_property
    def range(self) -> tuple[int, int]:
        """The first and the last point in time that the column holds, in units.

        Nanoseconds fill 64 bits from 1677 to 2262; whatever is coarser ends where Python's
        `datetime` does. Beyond, pandas fails as soon as a value is looked at, also where only
        the local time of the sample's zone is beyond.
        """
        low, high = LEAST, MOST
        if self.unit != "ns":
            low, high = (
                int(np.datetime64(edge, self.unit).astype(np.int64))
                for edge in (dt.datetime.min, dt.datetime.max)
            )
        if self.zone is None:
            return low, high
        if isinstance(self.dtype, pd.DatetimeTZDtype):
            # Whatever the unit, pandas looks zones up in a table that begins in 1677: with a zone
            # of pytz it reads other memory before that, and the process ends.
            low = -(MOST // 10 ** (DECIMALS["ns"] - DECIMALS[self.unit]))
        return low - min(0, self._offset(low, 2)), high - max(0, self._offset(high, -2))

    def _offset(self, edge: int, days: int) -> int:
        """Return the zone's offset in units, so many days from an edge of the calendar."""
        seconds = edge // 10 ** DECIMALS[self.unit] + days * rfc3339.DAY
        moment = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc) + dt.timedelta(seconds=seconds)
        offset = moment.astimezone(self.zone).utcoffset() or dt.timedelta(0)
        return int(round(offset.total_seconds()) * 10 ** DECIMALS[self.unit])

    def read(self, value: str) -> int:
        count = rfc3339.date_time(value, DECIMALS[self.unit])
        low, high = self.range
        if not low <= count <= high:
            first, last = (np.datetime64(edge, self.unit) for edge in (low, high))
            raise ValueError(f"from {first}Z to {last}Z")
        return count

    def pack(self, values: list[Any]) -> Any:
        with refusing():
            counts = read_columns.date_times(values, DECIMALS[self.unit])
        low, high = self.range
        if len(counts) and not low <= counts.min() <= counts.max() <= high:
            raise Refused
        return counts.view(f"M8[{self.unit}]")

    def store(self, array: Any, missing: Any) -> Any:
        if missing is not None:
            array[missing] = np.datetime64("NaT")
        if isinstance(self.dtype, pd.DatetimeTZDtype):
            column = self._blank.repeat(len(array))
            column.view(np.int64)[:] = array.view(np.int64)
            return column
        if self.dtype != OBJECT:
            return array.astype(self.dtype, copy=False)
        cells = array.astype(OBJECT)  # NaT becomes None
        if self.zone is None:
            return cells
        moments = [
            each and each.replace(tzinfo=dt.timezone.utc).astimezone(self.zone) for each in cells
        ]
        return objects(moments)

    @cached_property
    def _blank(self) -> Any:
        """A column of one value with a zone: repeating it takes far less time than a new one."""
        return pd.array(np.zeros(1, np.int64), dtype=self.dtype)

    def scalar(self, value: Any) -> Any:
        if value is None:
            return None
        cell = self.convert([value])[0]
        return pd.Timestamp(cell) if isinstance(cell, np.datetime64) else cell

    def example(self, value: Any) -> Any:
        moment = pd.Timestamp(value)
        moment = moment.tz_localize("UTC") if moment.tzinfo is None else moment.tz_convert("UTC")
        return moment.isoformat().replace("+00:00", "Z")

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}


@dataclass(frozen=True)
class Date(Written):
    """A calendar day; the column is one of `date` objects, or of datetime64[D]."""

    filler = "1970-01-01"
    name = "date (RFC 3339)"

    def read(self, value: str) -> int:
        return rfc3339.date(value)

    def pack(self, values: list[Any]) -> Any:
        with refusing():
            return read_columns.dates(values).view("M8[D]")

    def store(self, array: Any, missing: Any) -> Any:
        if missing is not None:
            array[missing] = np.datetime64("NaT")
        return array.astype(self.dtype)  # as an object, NaT becomes None

    def example(self, value: Any) -> Any:
        return str(np.datetime64(value, "D"))

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True)
class Time(Written):
    """A time of day; the column is one of `time` objects, which have six decimals.

    Attributes:
        zone: of the sample; None where it has none.
    """

    zone: Any = None

    filler = "00:00:00Z"
    name = "time (RFC 3339)"

    def read(self, value: str) -> int:
        return rfc3339.time(value, DECIMALS["us"])

    def pack(self, values: list[Any]) -> Any:
        with refusing():
            counts = read_columns.times(values, DECIMALS["us"])
        moments = (counts + SOME_DAY * 10 ** DECIMALS["us"]).view("M8[us]").astype(OBJECT)
        if self.zone is None:
            return objects([moment.time() for moment in moments])
        utc = dt.timezone.utc
        return objects(
            [moment.replace(tzinfo=utc).astimezone(self.zone).timetz() for moment in moments]
        )

    def example(self, value: Any) -> Any:
        if value.tzinfo is None:
            return f"{value.isoformat()}Z"
        day = dt.datetime.fromtimestamp(SOME_DAY, dt.timezone.utc).date()
        return str(dt.datetime.combine(day, value).isoformat()).partition("T")[2]

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "time"}


@dataclass(frozen=True)
class Duration(Written):
    """A length of time; the column is one of timedelta64, or of `timedelta` objects.

    Attributes:
        unit: of the numpy type: a value finer than that is refused, not rounded.
    """

    unit: Unit = "ns"

    filler = "PT0S"
    name = "duration (ISO 8601)"

    def read(self, value: str) -> int:
        """Return the duration in units."""
        count = rfc3339.duration(value, DECIMALS[self.unit])
        if not LEAST <= count <= MOST:
            days = MOST // (rfc3339.DAY * 10 ** DECIMALS[self.unit])
            raise ValueError(f"of at most {days} days")
        return count

    def pack(self, values: list[Any]) -> Any:
        # The same lengths come again and again, and reading one costs far more than finding it.
        with refusing():
            read = {value: self.read(value) for value in set(values)}
        counts = np.fromiter(map(read.__getitem__, values), np.int64, len(values))
        return counts.view(f"m8[{self.unit}]")

    def store(self, array: Any, missing: Any) -> Any:
        if missing is not None:
            array[missing] = np.timedelta64("NaT")
        return array.astype(self.dtype)  # as an object, NaT becomes None

    def scalar(self, value: Any) -> Any:
        if value is None:
            return None
        cell = self.convert([value])[0]
        return pd.Timedelta(cell) if isinstance(cell, np.timedelta64) else cell

    def example(self, value: Any) -> Any:
        return pd.Timedelta(value).isoformat()

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "duration"}
