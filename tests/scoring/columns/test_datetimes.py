"""scoring.columns.datetimes: the same instant reaches the model however it was written."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring.columns.base import Refused
from scoring.columns.datetimes import DateTime
from scoring.columns.from_sample import column_kind, dtype_kind, values_kind
from scoring.errors import InvalidInput
from scoring.parameters.nested import Nested
from scoring.problems import Problems

TOKYO = zoneinfo.ZoneInfo("Asia/Tokyo")

ZONES = st.integers(-23 * 60, 23 * 60).map(lambda m: dt.timezone(dt.timedelta(minutes=m)))
#: What 64 bits of nanoseconds hold, less a day for the zones.
MOMENTS = st.datetimes(dt.datetime(1677, 9, 23), dt.datetime(2262, 4, 10), timezones=ZONES)

NAIVE = column_kind(pd.Series(pd.to_datetime(["2024-01-02"])), "x")
AWARE = column_kind(pd.Series(pd.to_datetime(["2024-01-02"]).tz_localize("Asia/Tokyo")), "x")


@given(moments=st.lists(MOMENTS, min_size=1, max_size=3), times=st.sampled_from([1, 10]))
def test_instants_are_kept(moments: list[dt.datetime], times: int) -> None:
    """Python's own isoformat, with any offset, arrives as the same instant."""
    moments *= times
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


@pytest.mark.parametrize("times", [1, 20])
def test_rows_do_not_inherit_offsets(times: int) -> None:
    """A date-time without offset is UTC, whatever the row before it has."""
    sent = ["2024-01-02T03:04:05+02:00", "2024-01-02T03:04:05"] * times
    utc = [dt.datetime(2024, 1, 2, hour, 4, 5) for hour in (1, 3)] * times
    assert pd.Series(NAIVE.convert(sent)).tolist() == utc
    assert [moment.hour for moment in AWARE.convert(sent)] == [10, 12] * times
    assert values_kind([dt.datetime(2024, 1, 1)], "x").convert(sent).tolist() == utc
    check = Nested({"at": [dt.datetime(2024, 1, 1)]}).deserialize_input
    assert check({"at": sent}) == {"at": utc}


ZONED = ["Asia/Tokyo", "Europe/Berlin", "America/New_York", "UTC", "Pacific/Kiritimati"]


@pytest.mark.parametrize("times", [1, 20])
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, *ZONED, *map(zoneinfo.ZoneInfo, ZONED)])
def test_nothing_wraps_around(unit: Any, zone: Any, times: int) -> None:
    """At both ends of what a column holds pandas reads what was accepted; beyond is refused."""
    sample = pd.Series(pd.to_datetime(["2024-01-02"]).tz_localize(zone).as_unit(unit))
    kind = column_kind(sample, "x")
    assert isinstance(kind, DateTime)
    low, high = (str(np.datetime64(edge, unit)) for edge in kind.range)
    years = pd.Series(kind.convert([low, high] * times)).dt.year.tolist()
    first = 1 if unit != "ns" and zone is None else 1677
    assert years == [first, 2262 if unit == "ns" else 9999] * times
    for edge, sign in ((low, "+"), (high, "-")):
        beyond = f"{edge}{sign}00:01"
        assert not kind.accepts(beyond)
        with pytest.raises(Refused):
            kind.convert([beyond] * times)


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
def test_open_ends_are_taken(unit: Any) -> None:
    """The last second of 9999 arrives wherever a column can hold it."""
    sent, last = "9999-12-31T23:59:59Z", dt.datetime(9999, 12, 31, 23, 59, 59)
    for zone in (None, "UTC"):
        sample = pd.to_datetime(["2024-01-02"]).tz_localize(zone).as_unit(unit)
        kind = column_kind(pd.Series(sample), "x")
        assert pd.Series(kind.convert([sent])).dt.tz_localize(None)[0] == last
    utc = dt.timezone.utc
    assert values_kind([dt.datetime(2024, 1, 1)], "x").convert([sent])[0] == last
    aware = values_kind([dt.datetime(2024, 1, 1, tzinfo=utc)], "x")
    assert aware.convert([sent])[0] == last.replace(tzinfo=utc)


@pytest.mark.parametrize(
    ("sample", "sent", "expected"),
    [
        (
            np.datetime64(0, "ns"),
            "9999-12-31T23:59:59Z",
            "date-time (RFC 3339) from 1677-09-21T00:12:43.145224193Z "
            "to 2262-04-11T23:47:16.854775807Z",
        ),
        (
            dt.datetime(2024, 1, 1, tzinfo=zoneinfo.ZoneInfo("Asia/Tokyo")),
            "9999-12-31T23:59:59Z",
            "date-time (RFC 3339) from 0001-01-01T00:00:00.000000Z to 9999-12-31T14:59:59.999999Z",
        ),
        (
            dt.datetime(2024, 1, 1),
            "2024-01-02T03:04:05.1234567Z",
            "date-time (RFC 3339) with at most 6 decimals",
        ),
        (
            np.datetime64(0, "s"),
            "2024-01-02T03:04:05.5Z",
            "date-time (RFC 3339) in whole seconds",
        ),
        (
            dt.datetime(2024, 1, 1),
            "2016-12-31T23:59:60Z",
            "date-time (RFC 3339) without leap second",
        ),
        (
            dt.datetime(2024, 1, 1),
            "2024-02-30T00:00:00Z",
            "date-time (RFC 3339) of a day that exists",
        ),
        (dt.datetime(2024, 1, 1), "2 January", "date-time (RFC 3339)"),
        (dt.datetime(2024, 1, 1), 5, "date-time (RFC 3339)"),
        (dt.date(2024, 1, 1), "2023-02-29", "date (RFC 3339) of a day that exists"),
        (dt.time(1), "03:04:05.1234567Z", "time (RFC 3339) with at most 6 decimals"),
        (dt.time(1), "23:59:60Z", "time (RFC 3339) without leap second"),
        (np.timedelta64(1, "ns"), "P999999D", "duration (ISO 8601) of at most 106751 days"),
        (
            dt.timedelta(1),
            "P1Y",
            "duration (ISO 8601) of weeks, or of days, hours, minutes and seconds",
        ),
    ],
)
def test_a_refusal_says_why(sample: Any, sent: Any, expected: str) -> None:
    """Where a value is valid RFC 3339 and yet refused, the error says what is wrong with it."""
    single = isinstance(sample, np.generic)
    kind = dtype_kind(sample.dtype, "x") if single else values_kind([sample], "x")
    problems = Problems("x")
    kind.explain(sent, "x", "x", problems)
    with pytest.raises(InvalidInput) as caught:
        problems.raise_any()
    assert not kind.accepts(sent)
    assert caught.value.problems[0].expected == expected


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
        (dt.time(1), "03:04:05.0000000Z", dt.time(3, 4, 5)),
        (dt.time(1, tzinfo=TOKYO), "23:04:05Z", dt.time(8, 4, 5, tzinfo=TOKYO)),
        (
            dt.datetime(1, 1, 1),
            "2024-01-02T03:04:05.1234560Z",
            dt.datetime(2024, 1, 2, 3, 4, 5, 123456),
        ),
        (dt.timedelta(1), "P2W", dt.timedelta(14)),
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
