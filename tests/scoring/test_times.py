"""scoring.times: the same instant reaches the model however it was written."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring.samples import column_kind, dtype_kind, values_kind

ZONES = st.integers(-23 * 60, 23 * 60).map(lambda m: dt.timezone(dt.timedelta(minutes=m)))
#: What 64 bits of nanoseconds hold, less a day for the zones.
MOMENTS = st.datetimes(dt.datetime(1677, 9, 23), dt.datetime(2262, 4, 10), timezones=ZONES)

NAIVE = column_kind(pd.Series(pd.to_datetime(["2024-01-02"])), "x")
AWARE = column_kind(pd.Series(pd.to_datetime(["2024-01-02"]).tz_localize("Asia/Tokyo")), "x")


@given(moments=st.lists(MOMENTS, min_size=1, max_size=3))
def test_instants_are_kept(moments: list[dt.datetime]) -> None:
    """Python's own isoformat, with any offset, arrives as the same instant."""
    sent = [moment.isoformat() for moment in moments]
    assert [pd.Timestamp(each, tz="UTC") for each in NAIVE.convert(sent)] == moments
    assert list(AWARE.convert(sent)) == moments
    assert [NAIVE.scalar(each).replace(tzinfo=dt.timezone.utc) for each in sent] == moments


@pytest.mark.parametrize(
    ("sent", "utc"),
    [
        ("2024-01-02T03:04:05Z", "2024-01-02T03:04:05"),
        ("2024-01-02T03:04:05", "2024-01-02T03:04:05"),
        ("2024-01-02t03:04:05.5z", "2024-01-02T03:04:05.5"),
        ("2024-01-02 03:04:05-01:30", "2024-01-02T04:34:05"),
    ],
)
def test_no_offset_is_utc(sent: str, utc: str) -> None:
    """Without an offset a time is UTC, with one it is converted; lower case is fine."""
    assert NAIVE.convert([sent])[0] == np.datetime64(utc)
    assert AWARE.convert([sent])[0] == pd.Timestamp(utc, tz="UTC")
    assert str(AWARE.convert([sent])[0].tz) == "Asia/Tokyo"


@pytest.mark.parametrize(
    "sent",
    ["1704164645", "2024-01-02", "2024-1-2T3:04:05Z", "02.01.2024", "now", "", "2024-13-01T00:00Z"],
)
def test_other_spellings_are_refused(sent: str) -> None:
    """What is no RFC 3339 date-time is no date-time, however pandas would read it."""
    assert not NAIVE.accepts(sent)


def test_precision_is_not_rounded_away() -> None:
    """A sample in seconds refuses half a second instead of dropping it."""
    seconds = dtype_kind(np.dtype("datetime64[s]"), "x")
    assert seconds.accepts("2024-01-02T03:04:05.000Z")
    assert not seconds.accepts("2024-01-02T03:04:05.5Z")


@given(
    st.timedeltas(dt.timedelta(days=-99_999), dt.timedelta(days=99_999)),
)
def test_durations_are_kept(length: dt.timedelta) -> None:
    """Pandas' own ISO 8601 spelling arrives as the same length, sign and fraction included."""
    kind = column_kind(pd.Series(pd.to_timedelta(["1h"])), "x")
    sent = pd.Timedelta(length).isoformat()
    assert pd.Timedelta(kind.convert([sent])[0]) == length
    assert kind.scalar(sent) == length


@pytest.mark.parametrize(
    ("sample", "sent", "arrives"),
    [
        (dt.time(1), "03:04:05+02:00", dt.time(1, 4, 5)),
        (dt.time(1), "00:30:00+01:00", dt.time(23, 30)),
        (dt.time(1), "03:04:05.25", dt.time(3, 4, 5, 250_000)),
        (dt.date(2024, 1, 1), "2024-02-29", dt.date(2024, 2, 29)),
        (dt.datetime(2024, 1, 1), "2024-01-02T03:04:05+02:00", dt.datetime(2024, 1, 2, 1, 4, 5)),
        (
            dt.datetime(2024, 1, 1, tzinfo=dt.timezone.utc),
            "2024-01-02T03:04:05+02:00",
            dt.datetime(2024, 1, 2, 1, 4, 5, tzinfo=dt.timezone.utc),
        ),
        (dt.timedelta(1), "-PT0.5S", dt.timedelta(seconds=-0.5)),
    ],
)
def test_python_objects(sample: Any, sent: str, arrives: Any) -> None:
    """A column of Python's own dates and times gets Python's own again."""
    kind = values_kind([sample], "x")
    assert kind.convert([sent])[0] == arrives
    assert kind.scalar(sent) == arrives
    assert type(kind.convert([sent])[0]) is type(arrives)


def test_days_of_an_array() -> None:
    """datetime64[D] is a date."""
    kind = dtype_kind(np.dtype("datetime64[D]"), "x")
    assert kind.schema() == {"type": "string", "format": "date"}
    assert kind.convert(["2024-02-29"])[0] == np.datetime64("2024-02-29")
    assert not kind.accepts("2023-02-29")
