"""Reading RFC 3339 and ISO 8601: exact whole numbers, of one value or of a whole column.

    form         RFC 3339      is read as
    date         section 5.6   days since 1970-01-01
    time         section 5.6   units since midnight, UTC: below 0 or above a day with some offsets
    date-time    section 5.6   units since 1970-01-01T00:00:00Z
    duration     appendix A    units, with fractions and a sign

A unit is a second divided by ten as often as `decimals` says. What is finer is refused, not
rounded; zeros at the end are no precision. Without an offset a value is UTC.

`date`, `time` and `date_time` are the rule. `dates`, `times` and `date_times` read columns of
many values of one layout digit by digit, all rows at once; whatever looks unusual they hand to
the rule.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np

from scoring.kinds import Refused

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

#: A column of fewer values is read one by one: preparing all rows at once costs as much.
FEW = 16
#: No date-time needs more characters, and a client's text may be megabytes long.
LONGEST = 64


def date(text: str) -> int:
    """Return the day that a `full-date` names.

    Raises:
        Refused: saying why, where it has the form of a date.
    """
    match = DATE.fullmatch(text)
    if not match:
        raise Refused
    try:
        return dt.date(*map(int, match.groups())).toordinal() - EPOCH
    except ValueError:
        raise Refused("of a day that exists") from None


def time(text: str, decimals: int) -> int:
    """Return the time of day, in UTC, that a `full-time` names.

    Raises:
        Refused: saying why, where it has the form of a time.
    """
    match = CLOCK.fullmatch(text)
    if not match:
        raise Refused
    hour, minute, second, fraction, sign, hours, minutes = match.groups()
    if second == "60":
        raise Refused("without leap second")
    seconds = (int(hour) * 60 + int(minute)) * 60 + int(second)
    if sign:
        offset = (int(hours) * 60 + int(minutes)) * 60
        seconds += offset if sign == "-" else -offset
    return int(seconds * 10**decimals) + _fraction(fraction, decimals)


def date_time(text: str, decimals: int) -> int:
    """Return the point in time that a `date-time` names.

    Raises:
        Refused: saying why, where it has the form of a date-time.
    """
    if text[10:11] not in tuple("Tt "):
        raise Refused
    return int(date(text[:10]) * DAY * 10**decimals) + time(text[11:], decimals)


def duration(text: str, decimals: int) -> int:
    """Return the length of a duration of weeks, or of days, hours, minutes and seconds.

    Raises:
        Refused: saying why, where it has the form of a duration.
    """
    match = DURATION.fullmatch(text)
    if not match:
        raise Refused("of weeks, or of days, hours, minutes and seconds")
    sign, weeks, days, hours, minutes, seconds, fraction = match.groups()
    whole = int(weeks or 0) * 7 + int(days or 0)
    length = ((whole * 24 + int(hours or 0)) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    length = int(length * 10**decimals) + _fraction(fraction, decimals)
    return -length if sign else length


def _fraction(digits: str | None, decimals: int) -> int:
    if not digits:
        return 0
    if digits[decimals:].strip("0"):
        raise Refused(f"with at most {decimals} decimals" if decimals else "in whole seconds")
    return int(digits[:decimals].ljust(decimals, "0") or 0)


def dates(texts: list[str]) -> Any:
    """Return `date` of each, an array of int64: (texts,).

    Raises:
        Refused: some text is no date.
    """
    return _column(texts, date, _dates)


def times(texts: list[str], decimals: int) -> Any:
    """Return `time` of each, an array of int64: (texts,).

    Raises:
        Refused: some text is no time.
    """
    return _column(texts, lambda text: time(text, decimals), lambda grid: _times(grid, decimals))


def date_times(texts: list[str], decimals: int) -> Any:
    """Return `date_time` of each, an array of int64: (texts,).

    Raises:
        Refused: some text is no date-time, or outside what 64 bits count.
    """
    return _column(
        texts, lambda text: date_time(text, decimals), lambda grid: _date_times(grid, decimals)
    )


class _Unusual(Exception):
    """Not all texts have one layout, or some value is at an edge: read them one by one."""


def _column(texts: list[str], one: Callable[[str], int], block: Callable[[Any], Any]) -> Any:
    """Return what `one` makes of each text, an array of int64, by way of `block` where possible.

    Args:
        texts: the column.
        one: reads a text.
        block: reads many texts of one length: an array of their codes, (characters, texts).

    Raises:
        Refused: by `one` for some text, or its value does not fit 64 bits.
    """
    lengths = set(map(len, texts))
    if len(texts) >= FEW and len(lengths) > 1:
        places = defaultdict(list)
        for place, text in enumerate(texts):
            places[len(text)].append(place)
        column = np.empty(len(texts), dtype=np.int64)
        for some in places.values():
            column[some] = _column([texts[place] for place in some], one, block)
        return column
    if len(texts) >= FEW and lengths.pop() <= LONGEST:
        try:
            codes = np.frombuffer("".join(texts).encode("ascii"), dtype=np.uint8)
            return block(np.ascontiguousarray(codes.reshape(len(texts), -1).T))
        except (UnicodeEncodeError, _Unusual):
            pass
    try:
        return np.array(list(map(one, texts)), dtype=np.int64)
    except OverflowError:
        raise Refused from None


def _dates(grid: Any) -> Any:
    if len(grid) != 10:
        raise _Unusual
    _same(grid[4], "-")
    _same(grid[7], "-")
    year, month, day = (
        _number(grid[:4], 1, 9999),
        _number(grid[5:7], 1, 12),
        _number(grid[8:10], 1, 31),
    )
    months = (year - 1970) * 12 + month - 1
    first, after = (_first_day(months), _first_day(months + 1))
    if (day > after - first).any():
        raise _Unusual
    return first + day - 1


def _first_day(months: Any) -> Any:
    """Return the day that each month since 1970-01 begins with."""
    return months.view("M8[M]").astype("M8[D]").view(np.int64)


def _times(grid: Any, decimals: int) -> Any:
    length = len(grid)
    if length < 8:
        raise _Unusual
    _same(grid[2], ":")
    _same(grid[5], ":")
    seconds = _number(grid[:2], 0, 23) * 3600 + _number(grid[3:5], 0, 59) * 60
    seconds += _number(grid[6:8], 0, 59)
    end = length
    if chr(grid[-1, 0]) in "Zz":
        _same(grid[-1], chr(grid[-1, 0]))
        end -= 1
    elif length >= 14 and chr(grid[-6, 0]) in "+-":
        end -= 6
        _same(grid[-3], ":")
        offset = _number(grid[-5:-3], 0, 23) * 3600 + _number(grid[-2:], 0, 59) * 60
        minus = grid[-6] == ord("-")
        if not (minus | (grid[-6] == ord("+"))).all():
            raise _Unusual
        seconds += np.where(minus, offset, -offset)
    units = seconds * 10**decimals
    if end == 8:
        return units
    _same(grid[8], ".")
    digits = grid[9:end]
    if not len(digits) or (digits[decimals:] != ord("0")).any():
        raise _Unusual
    kept = digits[:decimals]
    if len(kept):
        units += _number(kept, 0, 10 ** len(kept)) * 10 ** (decimals - len(kept))
    return units


def _date_times(grid: Any, decimals: int) -> Any:
    if len(grid) < 19 or chr(grid[10, 0]) not in "Tt ":
        raise _Unusual
    _same(grid[10], chr(grid[10, 0]))
    days = _dates(grid[:10])
    # Near what 64 bits hold, only Python's own integers are safe.
    edge = 2**63 // (DAY * 10**decimals) - 2
    if days.min() < -edge or days.max() > edge:
        raise _Unusual
    return days * (DAY * 10**decimals) + _times(grid[11:], decimals)


def _same(codes: Any, character: str) -> None:
    if (codes != ord(character)).any():
        raise _Unusual


def _number(codes: Any, low: int, high: int) -> Any:
    """Return the numbers that rows of digits spell, (texts,); refuse any out of range."""
    digits = codes - np.uint8(ord("0"))  # what is below 0 wraps around and is above 9
    if (digits > 9).any():
        raise _Unusual
    number = digits[0].astype(np.int64)
    for row in digits[1:]:
        number = number * 10 + row
    if number.min() < low or number.max() > high:
        raise _Unusual
    return number
