"""scoring.rfc3339.read: many texts at once are read as each by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring.rfc3339 import read as rfc3339
from scoring.rfc3339 import read_columns

MANY = 2 * read_columns.FEW

#: Texts of which some are no date-times: day 31 of any month, hour 24, ...
MOMENTS = st.builds(
    "{:04d}-{:02d}-{:02d}{}{:02d}:{:02d}:{:02d}{}{}".format,
    *(st.integers(0, 9999), st.integers(1, 12), st.integers(1, 31), st.sampled_from("TTTTt ")),
    *(st.integers(0, 24), st.integers(0, 60), st.integers(0, 60)),
    st.sampled_from(["", "", ".5", ".500", ".1234567", ".123456000", ".", ".0000000000"]),
    st.sampled_from(["", "Z", "z", "+02:00", "-23:59", "+24:00", "-0:000"]),
)


def attempt(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except ValueError:
        return None


@given(
    texts=st.lists(MOMENTS, min_size=1, max_size=3),
    decimals=st.sampled_from([0, 3, 6, 9]),
)
def test_columns_are_read_as_single_texts(texts: list[str], decimals: int) -> None:
    """Whether a column is refused, and what it holds, is what its texts say one by one."""
    limit = 2**63
    for part, one, column in (
        (slice(None), rfc3339.date_time, read_columns.date_times),
        (slice(11, None), rfc3339.time, read_columns.times),
    ):
        parts = [text[part] for text in texts]
        single = attempt(lambda p=parts, o=one: [o(text, decimals) for text in p])  # type: ignore[misc]
        if single and not all(-limit <= count < limit for count in single):
            single = None
        many = attempt(lambda p=parts, c=column: c(p * MANY, decimals).tolist())  # type: ignore[misc]
        assert many == (single and single * MANY)
    days = [text[:10] for text in texts]
    single = attempt(lambda: [rfc3339.date(day) for day in days])
    many = attempt(lambda: read_columns.dates(days * MANY).tolist())
    assert many == (single and single * MANY)


@given(days=st.lists(st.dates(), min_size=1, max_size=50))
def test_every_day_is_the_one_that_python_reads(days: list[dt.date]) -> None:
    """Days since 1970, leap years included, are those of Python's calendar."""
    first = dt.date(1970, 1, 1)
    read = read_columns.dates([day.isoformat() for day in days] * MANY).tolist()
    assert read == [(day - first).days for day in days] * MANY


@pytest.mark.parametrize("place", range(20))
@pytest.mark.parametrize("character", "0:-TZ.9 /\u0662")
def test_one_wrong_character_is_found(place: int, character: str) -> None:
    """A column with one text that differs in one place is read as that text by itself."""
    text = "2024-01-02T03:04:05Z"
    odd = text[:place] + character + text[place + 1 :]
    single = attempt(lambda: [rfc3339.date_time(odd, 6)])
    column = attempt(lambda: read_columns.date_times([text] * MANY + [odd], 6).tolist()[-1:])
    assert column == single


def test_long_columns_are_read_whole() -> None:
    """No text is lost or moved where a column is longer than what is read at a time."""
    days = range(2 * read_columns.BLOCK + 5)
    texts = [(dt.date(1970, 1, 1) + dt.timedelta(day)).isoformat() for day in days]
    assert read_columns.dates(texts).tolist() == list(days)
