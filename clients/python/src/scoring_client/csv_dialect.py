"""How a CSV was written: found out from the whole file, or asked for, never guessed.

Everything is read by the standard library's `csv`, because it tells what pandas does not: the line
of each row, and how many fields it has (pandas fills a short row up, and takes the first column of
a long one for an index). What the file itself cannot decide is an `InputError` that names the
option which does.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from scoring_client.errors import clean

SEPARATORS = (",", ";", "\t", "|")

#: Rows in which a separator must prove itself.
SAMPLED_ROWS = 50

#: A field longer than this is an open quote rather than a value; the library's own limit is lower.
MAX_FIELD_CHARACTERS = 10_000_000

#: What the spreadsheet program writes before the header to say its separator.
SEPARATOR_LINE = re.compile(r"sep=(.)")

#: Byte order marks, the longer ones first: UTF-32's begins with UTF-16's.
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


class InputError(Exception):
    """The input cannot be read; the message says what to do."""


@dataclass(frozen=True)
class Asked:
    """How the caller says that a CSV was written.

    Attributes:
        sep: the separator; None to find it out, as with the others.
        decimal: `.` or `,`.
        encoding: a name that Python knows, such as `cp1252`.
        na: the words for a missing value, in text columns too.
    """

    sep: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    na: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            InputError: an option has no such value.
        """
        if self.sep is not None and (len(self.sep) != 1 or self.sep in '"\r\n'):
            raise InputError(f"--sep takes one character, such as ';' or tab, not {self.sep!r}.")
        if self.decimal not in {None, ".", ","}:
            raise InputError(f"--decimal takes . or , and not {self.decimal!r}.")
        if self.encoding is not None:
            try:
                "a".encode(self.encoding)
            except LookupError:
                raise InputError(
                    f"--encoding {self.encoding!r} is none that Python knows; utf-8, cp1252, "
                    "latin-1 and utf-16 are."
                ) from None


def encoding_of(path: Path, asked: str | None) -> str:
    """Return the encoding of a text file, every byte of which was looked at.

    Raises:
        InputError: it is empty, has other bytes than the encoding, or holds a NUL byte.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise InputError(f"{path} is empty: not even a header.")
    encoding = asked or next((MARKS[m] for m in MARKS if start.startswith(m)), "utf-8")
    for number, line in enumerate(_decoded(path, encoding), start=1):
        if "\0" in line:
            raise InputError(
                f"{path}: line {number} holds a NUL byte, which no text has. Is it a CSV? "
                "What a spreadsheet calls Unicode text needs --encoding utf-16-le."
            )
    return encoding


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    """Yield the lines of a file, so that a wrong byte is told by its line.

    Raises:
        InputError: there is one.
    """
    number = 0
    try:
        if codecs.lookup(encoding).name.startswith(("utf-16", "utf-32")):
            # Their line ends are no single bytes.
            with path.open(encoding=encoding, newline="") as text:
                yield from text
            return
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):  # noqa: B007 - told below
                yield line.decode(encoding)
    except UnicodeError as error:
        place = f" line {number} is not" if number else " it is not"
        raise InputError(
            f"{path}:{place} {encoding} ({clean(error)}). Say how it was written: --encoding "
            "cp1252 for Excel in Western Europe, cp1250 in Central Europe."
        ) from None


def records(path: Path, encoding: str, sep: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line where each record begins, from 1, and its fields; blank lines are no records.

    Raises:
        InputError: a quote is never closed, or text follows a closed one.
    """
    csv.field_size_limit(MAX_FIELD_CHARACTERS)
    with path.open(encoding=encoding, newline="") as text:
        reader = csv.reader(text, delimiter=sep, strict=True)
        begins = 1
        try:
            for fields in reader:
                if fields and not (begins == 1 and SEPARATOR_LINE.fullmatch(sep.join(fields))):
                    yield begins, fields
                begins = reader.line_num + 1
        except csv.Error as error:
            raise InputError(
                f"{path}: the record that begins in line {begins} cannot be read: {error}. "
                'A quote within a quoted field is written twice: "".'
            ) from None


def separator_of(path: Path, encoding: str, asked: str | None, columns: Mapping[str, str]) -> str:
    """Return what stands between the fields.

    Args:
        path: the file.
        encoding: its encoding.
        asked: what the caller says.
        columns: the service's columns; empty when unknown.

    Raises:
        InputError: more than one would do.
    """
    if asked is not None:
        return asked
    with path.open(encoding=encoding, newline="") as text:
        if said := SEPARATOR_LINE.fullmatch(text.readline().strip("\r\n")):
            return said.group(1)
    samples = {sep: _sample(path, encoding, sep) for sep in SEPARATORS}
    known = {sep: len(columns.keys() & set(rows[0])) for sep, rows in samples.items() if rows}
    if most := max(known.values(), default=0):
        found = [sep for sep in known if known[sep] == most]
        if len(found) == 1:
            return found[0]
    split = [sep for sep, rows in samples.items() if rows and len(rows[0]) > 1]
    even = [sep for sep in split if len({len(row) for row in samples[sep]}) == 1]
    fitting = even or split
    if len(fitting) > 1:
        raise InputError(
            f"{path} may be separated by {' or '.join(map(named, fitting))}: say which, "
            f"as in --sep '{fitting[0]}'."
        )
    # A single column is separated by nothing.
    return fitting[0] if fitting else ","


def _sample(path: Path, encoding: str, sep: str) -> list[list[str]]:
    """Return the first records as a separator gives them; none when it cannot be the one."""
    try:
        return [fields for _, fields in islice(records(path, encoding, sep), SAMPLED_ROWS)]
    except InputError:
        return []


def check_header(path: Path, header: Sequence[str]) -> None:
    """Refuse a header whose columns cannot be told apart.

    Raises:
        InputError: a name is there twice.
    """
    names = [name for name in header if name.strip()]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(f"{path}: the header has the column {clean(twice)!r} more than once.")


def named(sep: str) -> str:
    """Return what a person calls a separator."""
    return {",": "comma", "\t": "tab"}.get(sep, sep)
