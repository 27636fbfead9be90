"""A CSV as people have it, read row by row, and every row held against the header."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scoring_client.csv_dialect import (
    Asked,
    InputError,
    check_header,
    encoding_of,
    named,
    records,
    separator_of,
)
from scoring_client.csv_numbers import Evidence, reader_of
from scoring_client.errors import clean, counted
from scoring_client.rows import FIELDS_COLUMN, OWN_COLUMNS, SourceRow

#: What an empty cell, or one of these words, stands for in a column that is not text.
MISSING = ("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None")

#: How many lines that do not fit the header are listed.
SHOWN_LINES = 5

Read = Callable[[str], Any]


@dataclass(frozen=True)
class _Looked:
    """What the whole file was found to be."""

    rows: int
    misfits: list[tuple[int, int]]
    misfit_count: int
    evidence: list[Evidence]
    missing: dict[str, int]


class CsvTable:
    """A CSV file: looked at to its end when it is opened, read when it is scored.

    Args:
        path: the file.
        columns: the service's columns and types; text columns are read as text, so that "007" and
            "NA" stay what they are. Other columns are numbers when each of their cells is one.
        asked: how it was written, as far as the caller says so.

    Attributes:
        total: its rows.
        says: how it is read, in one line.
        sep: its separator.
        encoding: its encoding.
        dialect: how it is read, as a run that goes on must read it.

    Raises:
        InputError: it has no rows, or cannot be read without a further word of the caller.
    """

    def __init__(self, path: Path, columns: Mapping[str, str], asked: Asked) -> None:
        self._path = path
        self.encoding = encoding_of(path, asked.encoding)
        self.sep = separator_of(path, self.encoding, asked.sep, columns)
        self._header = next((fields for _, fields in self._records()), [])
        check_header(path, self._header)
        kinds = [_kind(columns.get(name)) for name in self._header]
        self._words = [_words(kind, asked.na) for kind in kinds]
        looked = self._look(kinds)
        self._check(looked)
        self.total = looked.rows
        decimal, sure = self._decimal(asked.decimal, kinds, looked.evidence)
        self._unnamed = sum(not name.strip() for name in self._header)
        self._sent = [
            (i, name, _reader(kinds[i], looked.evidence[i], self._words[i], decimal))
            for i, name in enumerate(self._header)
            if name.strip() and name not in OWN_COLUMNS
        ]
        self._marked = self._header.index(FIELDS_COLUMN) if FIELDS_COLUMN in self._header else None
        self.says = self._said(looked, decimal if sure else None)
        self.dialect = {"sep": self.sep, "decimal": decimal, "encoding": self.encoding}

    def rows(self) -> Iterator[SourceRow]:
        """Yield every row; one that does not fit the header has a problem instead of values."""
        for line, fields in self._body():
            problem = self._problem(fields)
            values = {} if problem else {name: read(fields[i]) for i, name, read in self._sent}
            yield SourceRow(values, line, problem, fields)

    def kept(self, row: SourceRow) -> dict[str, Any]:
        """Return a row's fields as they stand in the file, for the file of failed rows."""
        fields = row.fields or []
        width = len(self._header)
        padded = [*fields, *[""] * (width - len(fields))]
        found: dict[str, Any] = {name: padded[i] for i, name, _ in self._sent}
        if len(fields) != width:
            rest = f"; the rest: {json.dumps(fields[width:])}" if len(fields) > width else ""
            found[FIELDS_COLUMN] = f"{len(fields)} for {width} columns{rest}"
        elif self._marked is not None:
            found[FIELDS_COLUMN] = fields[self._marked]
        else:
            found[FIELDS_COLUMN] = ""
        return found

    # -- details ----------------------------------------------------------------------

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        return records(self._path, self.encoding, self.sep)

    def _body(self) -> Iterator[tuple[int, list[str]]]:
        found = self._records()
        next(found, None)
        return found

    def _problem(self, fields: Sequence[str]) -> str | None:
        if len(fields) != len(self._header):
            return f"{len(fields)} fields for the header's {len(self._header)} columns"
        if self._marked is not None and fields[self._marked].strip():
            return f"mend this row, then empty its cell in the column {FIELDS_COLUMN!r}"
        return None

    def _look(self, kinds: Sequence[str | None]) -> _Looked:
        """Return what the cells say, after reading all of them."""
        width = len(self._header)
        evidence = [Evidence() for _ in self._header]
        # Text that the service calls text says nothing of numbers.
        looking = [
            (i, evidence[i], self._words[i]) for i, kind in enumerate(kinds) if not _is_text(kind)
        ]
        misfits: list[tuple[int, int]] = []
        missing: dict[str, int] = {}
        rows = count = 0
        for line, fields in self._body():
            rows += 1
            if len(fields) != width:
                count += 1
                misfits += [(line, len(fields))] if count <= SHOWN_LINES else []
                continue
            for i, column, words in looking:
                cell = fields[i]
                if cell not in words:
                    column.add(cell, line)
                elif cell:
                    missing[cell] = missing.get(cell, 0) + 1
        return _Looked(rows, misfits, count, evidence, missing)

    def _check(self, looked: _Looked) -> None:
        """Refuse a file of which no row can be sent, or whose columns have no names.

        Raises:
            InputError: it is one.
        """
        if not looked.rows:
            raise InputError(f"{self._path} has a header and no rows: there is nothing to score.")
        if looked.misfit_count == looked.rows:
            lines = ", ".join(f"line {line} has {width}" for line, width in looked.misfits)
            raise InputError(
                f"{self._path}: no row fits the header of {len(self._header)} columns, separated "
                f"by {named(self.sep)}: {lines} fields. Mend the header or the rows, or say --sep."
            )
        for i, name in enumerate(self._header):
            if not name.strip() and looked.evidence[i].filled:
                raise InputError(
                    f"{self._path}: column {i + 1} has values and no name. Name it in the header; "
                    "the index of a DataFrame is left out by to_csv(index=False)."
                )

    def _decimal(
        self, asked: str | None, kinds: Sequence[str | None], evidence: Sequence[Evidence]
    ) -> tuple[str, bool]:
        """Return the decimal sign, and whether any number shows it.

        Raises:
            InputError: the numbers do not tell which it is.
        """
        numbers = [
            column
            for kind, column in zip(kinds, evidence, strict=True)
            if _is_number(kind) or (kind is None and not (column.text or column.code))
        ]
        point, comma, either_point, either_comma = (
            min((found for c in numbers if (found := getattr(c, name))), default=0)
            for name in ("point", "comma", "either_point", "either_comma")
        )
        if asked is not None:
            return asked, True
        if point and comma:
            doubt = f"line {point} has a decimal point and line {comma} a decimal comma"
        elif point or comma:
            return ("." if point else ","), True
        elif either_comma:
            doubt = f"a number like 1,234 (line {either_comma}) is 1234 or 1.234"
        elif either_point and self.sep == ";":
            doubt = f"a number like 1.234 (line {either_point}) is 1.234 or 1234"
        else:
            return ".", bool(either_point)
        raise InputError(f"{self._path}: {doubt}: say --decimal . or --decimal ,")

    def _said(self, looked: _Looked, decimal: str | None) -> str:
        own = [name for name in self._header if name in OWN_COLUMNS]
        parts = [f"{named(self.sep)} separated"]
        if decimal:
            parts.append(f"decimal {'point' if decimal == '.' else 'comma'}")
        if any((decimal or ".") in column.grouped for column in looked.evidence):
            parts.append("thousands apart")
        parts += [counted(len(self._sent), "column"), counted(looked.rows, "row"), self.encoding]
        if looked.missing:
            words = ", ".join(f"{clean(word)} ({n})" for word, n in looked.missing.items())
            parts.append(f"missing: {words}")
        if self._unnamed:
            parts.append(f"{self._unnamed} empty without a name left out")
        if own:
            parts.append(f"left out: {', '.join(own)}")
        if looked.misfit_count:
            lines = ", ".join(str(line) for line, _ in looked.misfits)
            more = ", ..." if looked.misfit_count > len(looked.misfits) else ""
            count = counted(looked.misfit_count, "row")
            parts.append(f"without fitting the header: {count} (line {lines}{more})")
        return f"{self._path}: {', '.join(parts)}"


def _words(kind: str | None, asked: tuple[str, ...] | None) -> frozenset[str]:
    if _is_text(kind):
        return frozenset(asked or ())
    return frozenset(MISSING if asked is None else (*asked, ""))


def _reader(kind: str | None, evidence: Evidence, words: frozenset[str], decimal: str) -> Read:
    """Return how a column's cells are read; the words for a missing value give None."""
    read: Read = str
    if _is_number(kind) or (kind is None and evidence.is_number(decimal)):
        read = reader_of(decimal)
    elif kind == "boolean" or (kind is None and evidence.filled and evidence.boolean):
        read = _boolean
    return lambda cell: None if cell in words else read(cell)


def _boolean(cell: str) -> bool | str:
    return {"true": True, "false": False}.get(cell.strip().lower(), cell)


def _kind(declared: str | None) -> str | None:
    """Return the type of a column; None when the service leaves it open."""
    return None if declared == "any" else declared


def _is_number(kind: str | None) -> bool:
    return kind in {"number", "integer"}


def _is_text(kind: str | None) -> bool:
    return kind is not None and kind not in {"number", "integer", "boolean"}
