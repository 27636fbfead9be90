"""scoring.rfc3339.write: instants, days, times of day and durations as RFC 3339 writes them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring.rfc3339.write import duration, instant, instants, time_of_day

#: Years that leave room for an offset.
RANGE = dt.datetime(2, 1, 1), dt.datetime(9998, 12, 31)


@given(st.datetimes(*RANGE) | st.datetimes(*RANGE, timezones=st.timezones()))
def test_an_instant_stays_the_same(moment: dt.datetime) -> None:
    """What is written is read by pandas as the same instant, by UTC where there is no zone."""
    known = moment if moment.utcoffset() is not None else moment.replace(tzinfo=dt.timezone.utc)
    read = pd.Timestamp(instant(moment))
    # Aware values of one zone are compared without it.
    assert read.tz_convert("UTC") == pd.Timestamp(known.astimezone(dt.timezone.utc))


@given(st.lists(st.datetimes(), min_size=1))
def test_arrays_agree_with_single_instants(moments: list[dt.datetime]) -> None:
    """An array of instants is written as each of them is, but for its decimals."""
    texts, missing = instants(np.array(moments, "M8[us]"))
    assert not missing.any()
    for text, moment in zip(texts.tolist(), moments, strict=True):
        assert pd.Timestamp(text) == pd.Timestamp(instant(moment))


@pytest.mark.parametrize(
    ("clock", "text"),
    [
        (dt.time(3, 4, 5), "03:04:05Z"),
        (dt.time(3, 4, 5, 600_000, tzinfo=ZoneInfo("Asia/Tokyo")), "03:04:05.600000+09:00"),
        (dt.time(3, tzinfo=dt.timezone(dt.timedelta(seconds=30))), "02:59:30Z"),
    ],
)
def test_a_time_of_day_has_an_offset(clock: dt.time, text: str) -> None:
    """Without a zone it is taken as UTC; with one it has the zone's offset."""
    assert time_of_day(clock) == text


@given(st.timedeltas(dt.timedelta(days=-100_000), dt.timedelta(days=100_000)))
def test_durations_agree_with_pandas(length: dt.timedelta) -> None:
    """A duration of Python's is written as pandas writes the same one."""
    assert duration(length) == pd.Timedelta(length).isoformat()
