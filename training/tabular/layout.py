"""The fields of a CSV file: what separates them, and that every row has one for each column.

pandas fills short rows up, drops or shifts what is too much, and renames columns; none of that is
told. So the standard library's `csv` counts the fields of every row first.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from tabular.errors import BadData
from tabular.options import SEPARATORS

#: Rows by which the separator is recognised.
LOOKED_AT = 1000

#: Faults listed at once; the first few are what a person mends before trying again.
LISTED_FAULTS = 10

#: Longest field, in characters: the largest that csv accepts on every platform.
csv.field_size_limit(2**31 - 1)


def separator_of(text: str) -> str:
    """Return what separates the fields; a comma where there is one column only.

    Raises:
        BadData: two separators fit equally well.
    """
    found = {sep: list(islice(_lengths(text, sep), LOOKED_AT)) for sep in SEPARATORS}
    several = {sep: lengths for sep, lengths in found.items() if lengths and lengths[0] > 1}
    fitting = [sep for sep, lengths in several.items() if len(set(lengths)) == 1]
    if len(fitting) > 1:
        names = " or ".join(f"{sep!r}" for sep in fitting)
        raise BadData(f"separated by {names}; both fit: say --sep")
    if fitting:
        return fitting[0]

    def like_header(sep: str) -> float:
        return several[sep].count(several[sep][0]) / len(several[sep])

    return max(several, key=like_header, default=",")


def check_rows(text: str, sep: str) -> list[str]:
    """Return the header after checking that every row has as many fields.

    Raises:
        BadData: naming the lines whose fields do not fit, or what is wrong with the header.
    """
    header: list[str] = []
    faults: list[str] = []
    count = 0
    try:
        for line, fields in _records(text, sep):
            if not header:
                header = fields
                _check_header(header, line, sep)
            elif len(fields) != len(header):
                count += 1
                if len(faults) < LISTED_FAULTS:
                    faults.append(f"line {line} has {_fields(len(fields))}{_hint(fields, header)}")
    except csv.Error as error:
        raise BadData(f"not readable as CSV: {error}; is a quote not closed?") from None
    if not header:
        raise BadData("the file is empty; expected a header line and rows of data")
    if faults:
        more = [f"and {count - LISTED_FAULTS} more lines"] * (count > LISTED_FAULTS)
        raise BadData("\n  ".join([f"the header has {_fields(len(header))}, but", *faults, *more]))
    return header


def _records(text: str, sep: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line on which each row begins, and its fields; empty lines are no rows."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sep, strict=True)
    line = 1
    for fields in reader:
        if fields:
            yield line, fields
        line = reader.line_num + 1


def _lengths(text: str, sep: str) -> Iterator[int]:
    try:
        yield from (len(fields) for _, fields in _records(text, sep))
    except csv.Error:
        # Quotes that this separator does not fit; 0 is no row's length.
        yield 0


def _check_header(header: list[str], line: int, sep: str) -> None:
    if not any(header):
        raise BadData(f"line {line} is to be the header, and names no column")
    if "" in header:
        place = header.index("") + 1
        end = place == len(header) > 1
        raise BadData(
            f"column {place} has no name. "
            + (f"Does each line end in {sep!r}? Take the last one away" if end else
               "If it is an index that pandas wrote, write the file again with index=False")
        )  # fmt: skip
    twice = [name for name, count in Counter(header).items() if count > 1]
    if twice:
        raise BadData(f"more than one column is named {twice[0]!r}")


def _fields(count: int) -> str:
    return f"{count} field" + "s" * (count != 1)


def _hint(fields: list[str], header: list[str]) -> str:
    if len(fields) == len(header) + 1 and not fields[-1]:
        return ", the last one empty: take the separator at its end away"
    return ""
