"""Reading columns of RFC 3339 texts: all rows at once where they have one layout.

Whatever looks unusual is handed to the rule for one value (`read`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from scoring.rfc3339.read import DAY, date, date_time, time

#: A column of fewer values is read one by one: preparing all rows at once costs as much.
FEW = 16


#: So many are read together: what is made of them on the way stays in the processor's cache.
BLOCK = 4096


#: No date-time needs more characters, and a client's text may be megabytes long.
LONGEST = 64


def dates(texts: list[str]) -> Any:
    """Return `date` of each, an array of int64: (texts,).

    Raises:
        ValueError: some text is no date.
    """
    return _column(texts, date, _dates)


def times(texts: list[str], decimals: int) -> Any:
    """Return `time` of each, an array of int64: (texts,).

    Raises:
        ValueError: some text is no time.
    """
    return _column(texts, lambda text: time(text, decimals), lambda grid: _times(grid, decimals))


def date_times(texts: list[str], decimals: int) -> Any:
    """Return `date_time` of each, an array of int64: (texts,).

    Raises:
        ValueError: some text is no date-time, or outside what 64 bits count.
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
        ValueError: by `one` for some text, or its value does not fit 64 bits.
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
            parts = (texts[start : start + BLOCK] for start in range(0, len(texts), BLOCK))
            return np.concatenate([block(_codes(part)) for part in parts])
        except (UnicodeEncodeError, _Unusual):
            pass
    try:
        return np.array(list(map(one, texts)), dtype=np.int64)
    except OverflowError:
        raise ValueError from None


def _codes(texts: list[str]) -> Any:
    """Return the codes of texts of one length, (characters, texts)."""
    codes = np.frombuffer("".join(texts).encode("ascii"), dtype=np.uint8)
    return np.ascontiguousarray(codes.reshape(len(texts), -1).T)


#: Where a number stands in a text, and its range: start, end, least, largest.
Field = tuple[int, int, int, int]


DATE_FIELDS: tuple[Field, ...] = ((0, 4, 1, 9999), (5, 7, 1, 12), (8, 10, 1, 31))


CLOCK_FIELDS: tuple[Field, ...] = ((0, 2, 0, 23), (3, 5, 0, 59), (6, 8, 0, 59))


def _dates(grid: Any) -> Any:
    if len(grid) != 10:
        raise _Unusual
    _same(grid, {4: "-", 7: "-"})
    year, month, day = _numbers(grid, DATE_FIELDS)
    months = (year - 1970) * 12 + month - 1
    first = _first_day(months)
    if day.max() > 28 and (day > _first_day(months + 1) - first).any():
        raise _Unusual
    return first + day - 1


def _first_day(months: Any) -> Any:
    """Return the day that each month since 1970-01 begins with."""
    return months.view("M8[M]").astype("M8[D]").view(np.int64)


def _times(grid: Any, decimals: int) -> Any:
    if len(grid) < 8:
        raise _Unusual
    first = [chr(code) for code in grid[:, 0]]
    same, fields, end = {2: ":", 5: ":"}, CLOCK_FIELDS, len(grid)
    if first[-1] in "Zz":
        end -= 1
        same[end] = first[-1]
    elif len(grid) >= 14 and first[-6] in "+-":
        end -= 6
        same[end + 3] = ":"
        fields += ((end + 1, end + 3, 0, 23), (end + 4, end + 6, 0, 59))
    kept = min(end, 9 + decimals)
    if end > 8:
        same |= {8: ".", **dict.fromkeys(range(kept, end), "0")}
        if end == 9:
            raise _Unusual
    if kept > 9:
        fields += ((9, kept, 0, 10**9),)
    _same(grid, same)
    numbers = list(_numbers(grid, fields))
    seconds = (numbers[0] * 60 + numbers[1]) * 60 + numbers[2]
    if end < len(grid) - 1:
        seconds -= (numbers[3] * 60 + numbers[4]) * 60 * _signs(grid[end])
    units = seconds * 10**decimals
    return units + numbers[-1] * 10 ** (9 + decimals - kept) if kept > 9 else units


def _signs(codes: Any) -> Any:
    """Return 1 for each plus and -1 for each minus, (texts,)."""
    plus = codes == ord("+")
    if not (plus | (codes == ord("-"))).all():
        raise _Unusual
    return np.where(plus, 1, -1)


def _date_times(grid: Any, decimals: int) -> Any:
    if len(grid) < 19 or chr(grid[10, 0]) not in "Tt ":
        raise _Unusual
    _same(grid, {10: chr(grid[10, 0])})
    days = _dates(grid[:10])
    # Near what 64 bits hold, only Python's own integers are safe.
    edge = 2**63 // (DAY * 10**decimals) - 2
    if days.min() < -edge or days.max() > edge:
        raise _Unusual
    return days * (DAY * 10**decimals) + _times(grid[11:], decimals)


def _same(grid: Any, characters: dict[int, str]) -> None:
    """Refuse texts that have another character in one of these places."""
    if not all((grid[place] == ord(each)).all() for place, each in characters.items()):
        raise _Unusual


def _numbers(grid: Any, fields: tuple[Field, ...]) -> Any:
    """Return the number that each text has in each field, (fields, texts)."""
    places, weights, low, high = _plan(fields)
    digits = grid[places] - np.uint8(ord("0"))  # what is below 0 wraps around and is above 9
    if digits.max() > 9:
        raise _Unusual
    # As doubles they are multiplied by the fastest routine there is; nine digits are exact.
    numbers = (weights @ digits.astype(np.float64)).astype(np.int64)
    if (numbers.min(axis=1) < low).any() or (numbers.max(axis=1) > high).any():
        raise _Unusual
    return numbers


@lru_cache(maxsize=64)
def _plan(fields: tuple[Field, ...]) -> Any:
    """Return the places of all digits, what each counts in each field, and the ranges."""
    places = [place for start, end, _, _ in fields for place in range(start, end)]
    weights = np.zeros((len(fields), len(places)))
    column = 0
    for row, (start, end, _, _) in enumerate(fields):
        weights[row, column : column + end - start] = 10.0 ** np.arange(end - start)[::-1]
        column += end - start
    low, high = np.array([field[2:] for field in fields]).T
    return places, weights, low, high
