"""How instants, days, times of day and durations leave: as RFC 3339 writes them.

    instant      2024-01-02T03:04:05Z, +02:00    section 5.6; without a zone it is taken as UTC
    day          2024-01-02                      section 5.6
    time of day  03:04:05Z, +02:00               section 5.6; without a zone it is taken as UTC
    duration     P1DT2H0M0S, P-1DT23H0M0.5S      appendix A, with fractions and a sign

RFC 3339 has four digits for the year and whole minutes for the offset: an instant with another
offset (local mean time, say) is written in UTC, and another year is a `TypeError`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

#: Any day will do to ask a zone for its offset.
SOME_DAY = dt.date(2000, 1, 1)

#: What numpy counts whole days or more in.
DAYS = ("Y", "M", "W", "D")

NO_FORM = f"an instant outside of the years {dt.MINYEAR} to {dt.MAXYEAR} has no JSON form"

MINUTE = dt.timedelta(minutes=1)


def instant(value: dt.datetime) -> str:
    """Return an instant as text.

    Raises:
        TypeError: the year has no four digits.
    """
    offset = value.utcoffset()
    try:
        if offset is not None and offset % MINUTE:
            value = value.astimezone(dt.timezone.utc)
    except OverflowError:
        raise TypeError(NO_FORM) from None
    # pandas counts further than Python.
    if not dt.MINYEAR <= value.year <= dt.MAXYEAR:
        raise TypeError(NO_FORM)
    text = value.isoformat()
    if offset is None:
        return f"{text}Z"
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text


def time_of_day(value: dt.time) -> str:
    """Return a time of day as text, with the offset that its zone has on `SOME_DAY`."""
    return instant(dt.datetime.combine(SOME_DAY, value)).partition("T")[2]


def duration(value: dt.timedelta) -> str:
    """Return a length of time as text; only pandas' has nanoseconds."""
    if isinstance(value, pd.Timedelta):
        return value.isoformat()
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{value.microseconds:06}".rstrip("0") if value.microseconds else ""
    return f"P{value.days}DT{hours}H{minutes}M{seconds}{fraction}S"


def instants(values: npt.NDArray[np.datetime64]) -> tuple[npt.NDArray[np.str_], Any]:
    """Return an array of instants or days as texts, and where there are none.

    Raises:
        TypeError: a year has no four digits.
    """
    missing = np.isnat(values)
    there = values[~missing]
    if there.size:
        # By seconds: numpy cannot convert the finest units to years at once.
        ends = np.array([there.min(), there.max()]).astype("datetime64[s]")
        first, last = ends.astype("datetime64[Y]").astype(int) + 1970
        if first < dt.MINYEAR or last > dt.MAXYEAR:
            raise TypeError(NO_FORM)
    if np.datetime_data(values.dtype)[0] in DAYS:
        return np.asarray(np.datetime_as_string(values.astype("datetime64[D]"))), missing
    # As short as it can be: several clients read no more than six decimals.
    whole = (values == values.astype("datetime64[s]")) | missing
    micro = (values == values.astype("datetime64[us]")) | missing
    unit: Any = "s" if whole.all() else "us" if micro.all() else "ns"
    return np.asarray(np.datetime_as_string(values, unit=unit, timezone="UTC")), missing


def durations(values: npt.NDArray[np.timedelta64]) -> list[Any]:
    """Return lengths of time, (values,), as texts, None where there are none.

    Raises:
        TypeError: the unit is of no fixed length, or pandas cannot count that far.
    """
    if np.datetime_data(values.dtype)[0] == "generic" and not np.isnat(values).all():
        raise TypeError("a timedelta64 without a unit has no JSON form")
    try:
        lengths: list[Any] = [pd.Timedelta(value) for value in values]
    except ValueError as error:
        raise TypeError(f"an array of type {values.dtype} has no JSON form: {error}") from None
    return [None if length is pd.NaT else length.isoformat() for length in lengths]
