"""The formats of strings that a schema can name, held as their documents write them.

    format       document                          text
    date         RFC 3339 section 5.6              2024-01-02
    date-time    RFC 3339 section 5.6              2024-01-02T03:04:05.5Z
    time         RFC 3339 section 5.6              03:04:05+02:00
    duration     RFC 3339 appendix A, as `times`   P1DT2H, -PT0.5S
    byte         RFC 4648 section 4                YWJj

What a client sends is read more generously, see `times`: an answer has an offset and capitals.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Callable, Iterable

_DATE = r"\d{4}-\d\d-\d\d"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)"

DATE = re.compile(_DATE, re.ASCII)
TIME = re.compile(_CLOCK, re.ASCII)
DATE_TIME = re.compile(rf"{_DATE}T{_CLOCK}", re.ASCII)
DURATION = re.compile(
    r"-?P(?=.)(-?\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?",
    re.ASCII,
)


def _days_exist(days: Iterable[str]) -> bool:
    try:
        for day in set(days):
            dt.date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _are_dates(texts: Iterable[str]) -> bool:
    return all(map(DATE.fullmatch, texts)) and _days_exist(texts)


def _are_date_times(texts: Iterable[str]) -> bool:
    return all(map(DATE_TIME.fullmatch, texts)) and _days_exist(text[:10] for text in texts)


def _are_base64(texts: Iterable[str]) -> bool:
    try:
        for text in texts:
            base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


#: For each format, whether all of some texts have it. Other formats are not checked.
FORMATS: dict[str, Callable[[set[str]], bool]] = {
    "date": _are_dates,
    "date-time": _are_date_times,
    "time": lambda texts: all(map(TIME.fullmatch, texts)),
    "duration": lambda texts: all(map(DURATION.fullmatch, texts)),
    "byte": _are_base64,
}
