"""Dates and times, as RFC 3339 writes them.

    kind        a client sends                       RFC 3339
    date-time   2024-01-02T03:04:05.678Z, +02:00     section 5.6
    date        2024-01-02                           section 5.6
    time        03:04:05Z                            section 5.6
    duration    P1DT2H, PT0.5S                       appendix A, with fractions and a sign

A date-time or time without an offset is accepted and taken as UTC. Where the sample has no
zone, an offset is converted to UTC and dropped; where it has one, the value keeps its instant
and gets the sample's zone. So the same instant reaches the model however it was written.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from scoring.kinds import Kind, Refused, objects

_DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d"
_OFFSET = r"(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?"
_FLAGS = re.ASCII | re.IGNORECASE

#: pandas reads nine decimals and would drop the rest.
DATE_TIME = re.compile(rf"{_DATE}[T ]{_CLOCK}(\.\d{{1,9}})?{_OFFSET}", _FLAGS)
DATE = re.compile(_DATE, _FLAGS)
#: Python's time has six.
TIME = re.compile(rf"({_CLOCK}(?:\.\d{{1,6}})?){_OFFSET}", _FLAGS)
#: Years and months have no fixed length, so they are not durations here.
DURATION = re.compile(
    r"-?P(?=.)(?:(-?\d{1,6})D)?(?:T(?=.)(?:(\d{1,9})H)?(?:(\d{1,9})M)?"
    r"(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?",
    re.ASCII,
)

#: What pandas counts in; numpy's coarser units would round.
Unit = Literal["s", "ms", "us", "ns"]

#: Any day will do to move a time of day between zones.
SOME_DAY = dt.date(2000, 1, 1)


@dataclass(frozen=True)
class DateTime(Kind):
    """A point in time; the column is one of datetime64, or of `datetime` objects.

    Attributes:
        unit: of the numpy type: a value finer than that is refused, not rounded.
        zone: of the sample; None where it has none.
    """

    unit: Unit = "ns"
    zone: Any = None

    filler = "1970-01-01T00:00:00Z"

    @property
    def name(self) -> str:
        return "date-time (RFC 3339)" if self.unit in ("us", "ns") else f"date-time in {self.unit}"

    def fits(self, value: Any) -> bool:
        if not DATE_TIME.fullmatch(value):
            return False
        try:
            moment = pd.Timestamp(value.upper()).as_unit("ns")
        except (ValueError, OverflowError):  # 31 February, or outside what 64 bits can count
            return False
        return moment.as_unit(self.unit) == moment

    def pack(self, values: list[Any]) -> Any:
        if not all(map(DATE_TIME.fullmatch, values)):
            raise Refused
        upper = [value.upper() for value in values]
        try:
            index = pd.to_datetime(upper, format="ISO8601", utc=True)
        except (ValueError, OverflowError):
            raise Refused from None
        exact = index.tz_localize(None).to_numpy()
        array = exact.astype(f"datetime64[{self.unit}]")
        if not (array == exact).all():
            raise Refused
        return array

    def store(self, array: Any, missing: Any) -> Any:
        if missing is not None:
            array[missing] = np.datetime64("NaT")
        if isinstance(self.dtype, np.dtype) and self.dtype.kind == "M":
            return array.astype(self.dtype)
        index = pd.DatetimeIndex(array)
        if self.zone is not None:
            index = index.tz_localize("UTC").tz_convert(self.zone)
        if isinstance(self.dtype, pd.DatetimeTZDtype):
            return index.array
        cells = objects(list(index.to_pydatetime()))
        if missing is not None:
            cells[missing] = None
        return cells

    def scalar(self, value: Any) -> Any:
        if value is None:
            return None
        moment = pd.Timestamp(value.upper())
        moment = moment.tz_localize("UTC") if moment.tzinfo is None else moment
        return moment.tz_convert(self.zone).to_pydatetime(warn=False)

    def example(self, value: Any) -> Any:
        moment = pd.Timestamp(value)
        moment = moment.tz_localize("UTC") if moment.tzinfo is None else moment.tz_convert("UTC")
        return moment.isoformat().replace("+00:00", "Z")

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}


@dataclass(frozen=True)
class Date(Kind):
    """A calendar day; the column is one of `date` objects, or of datetime64[D]."""

    filler = "1970-01-01"
    name = "date (RFC 3339)"

    def fits(self, value: Any) -> bool:
        if not DATE.fullmatch(value):
            return False
        try:
            dt.date.fromisoformat(value)
        except ValueError:
            return False
        return True

    def pack(self, values: list[Any]) -> Any:
        if not all(map(self.fits, values)):
            raise Refused
        return objects(list(map(dt.date.fromisoformat, values)))

    def store(self, array: Any, missing: Any) -> Any:
        if isinstance(self.dtype, np.dtype) and self.dtype.kind == "M":
            days = array.astype(self.dtype)
            if missing is not None:
                days[missing] = np.datetime64("NaT")
            return days
        return super().store(array, missing)

    def example(self, value: Any) -> Any:
        return str(np.datetime64(value, "D"))

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True)
class Time(Kind):
    """A time of day; the column is one of `time` objects.

    Attributes:
        zone: of the sample; None where it has none.
    """

    zone: Any = None

    filler = "00:00:00Z"
    name = "time (RFC 3339)"

    def fits(self, value: Any) -> bool:
        return TIME.fullmatch(value) is not None

    def pack(self, values: list[Any]) -> Any:
        if not all(map(TIME.fullmatch, values)):
            raise Refused
        return objects(list(map(self._parse, values)))

    def _parse(self, value: str) -> dt.time:
        # Not fromisoformat: before Python 3.11 it reads neither Z nor .5
        moment = pd.Timestamp(f"{SOME_DAY}T{value.upper()}")
        moment = moment.tz_localize("UTC") if moment.tzinfo is None else moment
        moment = moment.tz_convert(self.zone or "UTC")
        return moment.timetz() if self.zone is not None else moment.time()

    def example(self, value: Any) -> Any:
        if value.tzinfo is None:
            return f"{value.isoformat()}Z"
        return str(dt.datetime.combine(SOME_DAY, value).isoformat()).partition("T")[2]

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "time"}


@dataclass(frozen=True)
class Duration(Kind):
    """A length of time; the column is one of timedelta64, or of `timedelta` objects.

    Attributes:
        unit: of the numpy type: a value finer than that is refused, not rounded.
    """

    unit: Unit = "ns"

    filler = "PT0S"
    name = "duration (ISO 8601)"

    @cached_property
    def _nanoseconds(self) -> int:
        return int(np.timedelta64(1, self.unit) / np.timedelta64(1, "ns"))

    def fits(self, value: Any) -> bool:
        try:
            self._parse(value)
        except Refused:
            return False
        return True

    def _parse(self, value: str) -> int:
        """Return the duration in units."""
        match = DURATION.fullmatch(value)
        if not match:
            raise Refused
        days, hours, minutes, seconds = match.groups(default="0")
        whole, _, fraction = seconds.partition(".")
        length = ((int(days) * 24 + int(hours)) * 60 + int(minutes)) * 60 + int(whole)
        length = length * 10**9 + int(fraction.ljust(9, "0"))
        count, rest = divmod(-length if value.startswith("-") else length, self._nanoseconds)
        # The least number of 64 bits stands for NaT.
        if rest or not -(2**63) < count < 2**63:
            raise Refused
        return count

    def pack(self, values: list[Any]) -> Any:
        counts = np.array(list(map(self._parse, values)), dtype=np.int64)
        return counts.view(f"timedelta64[{self.unit}]")

    def store(self, array: Any, missing: Any) -> Any:
        if missing is not None:
            array[missing] = np.timedelta64("NaT")
        if isinstance(self.dtype, np.dtype) and self.dtype.kind == "m":
            return array.astype(self.dtype)
        cells = objects(list(pd.TimedeltaIndex(array).to_pytimedelta()))
        if missing is not None:
            cells[missing] = None
        return cells

    def scalar(self, value: Any) -> Any:
        if value is None:
            return None
        return pd.Timedelta(self.pack([value])[0]).to_pytimedelta()

    def example(self, value: Any) -> Any:
        return pd.Timedelta(value).isoformat()

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "duration"}
