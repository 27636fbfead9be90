"""Reading RFC 3339 and ISO 8601: exact whole numbers, of one value.

    form         RFC 3339      is read as
    date         section 5.6   days since 1970-01-01
    time         section 5.6   units since midnight, UTC: below 0 or above a day with some offsets
    date-time    section 5.6   units since 1970-01-01T00:00:00Z
    duration     appendix A    units, with fractions and a sign

A unit is a second divided by ten as often as `decimals` says. What is finer is refused, not
rounded; zeros at the end are no precision. Without an offset a value is UTC. A text that is none
of these is a `ValueError`; where it looks like one, the error says what is wrong with it.

`date`, `time` and `date_time` are the rule; `read_columns` has whole columns.
"""

from __future__ import annotations

import datetime as dt
import re

CLOCK = re.compile(
    r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.(\d+))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))?",
    re.ASCII | re.IGNORECASE,
)
DATE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)
#: Years and months have no fixed length, so they are no durations here. A sign stands in front,
#: or before the days, as pandas writes it: P-1DT23H is less than nothing by an hour.
DURATION = re.compile(
    r"(?!-P-)(-)?P(?=.)(?:(\d{1,6})W|(?:(-?\d{1,6})D)?(?:T(?=.)(?:(\d{1,9})H)?(?:(\d{1,9})M)?"
    r"(?:(\d{1,9})(?:\.(\d+))?S)?)?)",
    re.ASCII,
)

EPOCH = dt.date(1970, 1, 1).toordinal()
DAY = 86_400


def date(text: str) -> int:
    """Return the day that a `full-date` names.

    Raises:
        ValueError: saying why, where it has the form of a date.
    """
    match = DATE.fullmatch(text)
    if not match:
        raise ValueError
    try:
        return dt.date(*map(int, match.groups())).toordinal() - EPOCH
    except ValueError:
        raise ValueError("of a day that exists") from None


def time(text: str, decimals: int) -> int:
    """Return the time of day, in UTC, that a `full-time` names.

    Raises:
        ValueError: saying why, where it has the form of a time.
    """
    match = CLOCK.fullmatch(text)
    if not match:
        raise ValueError
    hour, minute, second, fraction, sign, hours, minutes = match.groups()
    if second == "60":
        raise ValueError("without leap second")
    seconds = (int(hour) * 60 + int(minute)) * 60 + int(second)
    if sign:
        offset = (int(hours) * 60 + int(minutes)) * 60
        seconds += offset if sign == "-" else -offset
    return int(seconds * 10**decimals) + _fraction(fraction, decimals)


def date_time(text: str, decimals: int) -> int:
    """Return the point in time that a `date-time` names.

    Raises:
        ValueError: saying why, where it has the form of a date-time.
    """
    if text[10:11] not in tuple("Tt "):
        raise ValueError
    return int(date(text[:10]) * DAY * 10**decimals) + time(text[11:], decimals)


def duration(text: str, decimals: int) -> int:
    """Return the length of a duration of weeks, or of days, hours, minutes and seconds.

    Raises:
        ValueError: saying why, where it has the form of a duration.
    """
    match = DURATION.fullmatch(text)
    if not match:
        raise ValueError("of weeks, or of days, hours, minutes and seconds")
    sign, weeks, days, hours, minutes, seconds, fraction = match.groups()
    whole = int(weeks or 0) * 7 + int(days or 0)
    length = ((whole * 24 + int(hours or 0)) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    length = int(length * 10**decimals) + _fraction(fraction, decimals)
    return -length if sign else length


def _fraction(digits: str | None, decimals: int) -> int:
    if not digits:
        return 0
    if digits[decimals:].strip("0"):
        raise ValueError(f"with at most {decimals} decimals" if decimals else "in whole seconds")
    return int(digits[:decimals].ljust(decimals, "0") or 0)
