"""scoring.rfc3339.formats: the formats of strings, as their documents write them."""

from __future__ import annotations

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring.outputs.encoding import plain
from scoring.rfc3339.formats import FORMATS


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("date", "2024-02-29"),
        ("date-time", "2024-02-29T23:59:59Z"),
        ("date-time", "2024-02-29T23:59:59.123456789-23:59"),
        ("time", "00:00:00.5+09:00"),
        ("duration", "P1DT2H0M0.5S"),
        ("duration", "-PT1S"),
        ("duration", "P-1DT23H59M58.5S"),
        ("byte", ""),
        ("byte", "/wA="),
    ],
)
def test_a_good_text_has_its_format(name: str, text: str) -> None:
    """A text that its document allows is accepted."""
    assert FORMATS[name]({text})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("date", "2024-13-45"),
        ("date", "2023-02-29"),
        ("date", "2024-1-2"),
        ("date", "2024-01-02T00:00:00Z"),
        ("date", "\u0662024-01-02"),
        ("date-time", "2024-02-30T00:00:00Z"),
        ("date-time", "2024-02-01T00:00:00"),
        ("date-time", "2024-02-01"),
        ("date-time", "2024-02-01T24:00:00Z"),
        ("date-time", "12024-02-01T00:00:00Z"),
        ("date-time", "2024-02-01T00:00:00+00:19:32"),
        ("time", "teatime"),
        ("time", "03:04:05"),
        ("time", "03:04:60Z"),
        ("duration", "an hour"),
        ("duration", "P"),
        ("duration", "PT"),
        ("duration", "1:00:00"),
        ("byte", "not base64!"),
        ("byte", "YQ"),
        ("byte", "é"),
    ],
)
def test_another_text_has_not(name: str, text: str) -> None:
    """One text of another form among good ones is noticed."""
    good = {"date": "2024-01-02", "time": "00:00:00Z", "duration": "PT1S", "byte": "YQ=="}
    assert not FORMATS[name]({good.get(name, "2024-01-02T00:00:00Z"), text})


@given(
    st.from_regex(
        r"\A2\d{3}-[01]\d-[0-3]\dT[0-2]\d:[0-6]\d:[0-6]\d(\.\d)?(Z|[+-][0-2]\d:[0-6]\d)\Z"
    )
)
def test_date_times_agree_with_an_independent_validator(text: str) -> None:
    """What we call a date-time, the reference validator of RFC 3339 does."""
    reference = jsonschema.Draft202012Validator.FORMAT_CHECKER
    assert not reference.conforms("2024-13-01T00:00:00Z", "date-time")
    if FORMATS["date-time"]({text}):
        assert reference.conforms(text, "date-time")


@given(st.datetimes(timezones=st.timezones() | st.none()), st.timedeltas(), st.binary())
def test_what_is_encoded_has_its_format(moment: object, length: object, raw: object) -> None:
    """Whatever the encoder writes, local mean time of long ago included, is accepted."""
    for name, value in {"date-time": moment, "duration": length, "byte": raw}.items():
        try:
            text = plain(value)
        except TypeError:  # moved by its offset out of the years 1 to 9999
            continue
        assert FORMATS[name]({text})
