"""The command line's input: a table of any size, read row by row, or images."""

from __future__ import annotations

import glob
import json
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from scoring_client.csv_dialect import Asked, InputError
from scoring_client.csv_file import CsvTable
from scoring_client.errors import clean, counted
from scoring_client.rows import OWN_COLUMNS, SourceRow
from scoring_client.tables import Frame

#: Input formats of tables, by the end of the name.
TABLES = (".csv", ".tsv", ".parquet", ".json", ".jsonl")

#: Of these, the ones that `--sep` and the like are about.
TEXT_TABLES = (".csv", ".tsv")

#: Tables that are not read, and would be taken for pictures.
SPREADSHEETS = (".xlsx", ".xls", ".ods")

#: Rows of a Parquet file in memory at once.
PARQUET_ROWS = 2000


class TableFile(Protocol):
    """A table to be scored.

    Attributes:
        total: its rows.
        says: how it is read, in one line.
        dialect: how it is read, as a run that goes on must read it.
    """

    total: int
    says: str
    dialect: dict[str, str]

    def rows(self) -> Iterator[SourceRow]:
        """Yield every row, in order."""

    def kept(self, row: SourceRow) -> dict[str, Any]:
        """Return all that the file says of a row."""


def expand(patterns: list[str]) -> list[Path]:
    """Return the files that names and patterns such as `images/*.png` stand for.

    Raises:
        InputError: there is none.
    """
    found: list[Path] = []
    for pattern in patterns:
        names = [pattern] if Path(pattern).is_file() else sorted(glob.glob(pattern))  # noqa: PTH207 - patterns may be absolute
        if not names:
            raise InputError(f"No file {pattern}.")
        if folders := [name for name in names if Path(name).is_dir()]:
            raise InputError(f"{folders[0]} is a folder: name its files, as in '{folders[0]}/*'.")
        found += map(Path, names)
    return found


def is_table(files: list[Path]) -> bool:
    """Tell whether the input is a table rather than images.

    Raises:
        InputError: there are several tables, a table among images, or a spreadsheet.
    """
    if sheets := [file for file in files if file.suffix.lower() in SPREADSHEETS]:
        raise InputError(f"{sheets[0]} is a spreadsheet: save it as CSV, and score that.")
    tables = [file for file in files if file.suffix.lower() in TABLES]
    if tables and len(files) > 1:
        raise InputError(f"One table at a time, or images only: {tables[0]} is one of several.")
    return bool(tables)


def is_text_table(files: list[Path]) -> bool:
    """Tell whether the input is a CSV."""
    return files[0].suffix.lower() in TEXT_TABLES


def open_table(path: Path, columns: Mapping[str, str], asked: Asked) -> TableFile:
    """Return a table, after a look at the whole file.

    Args:
        path: a .csv, .tsv, .parquet, .jsonl or .json (a list of objects).
        columns: the service's columns and types; empty when unknown.
        asked: how a CSV was written.

    Raises:
        InputError: the file is not what its name says, has no rows, or a package to read it is
            missing.
    """
    suffix = path.suffix.lower()
    try:
        if suffix in TEXT_TABLES:
            return CsvTable(path, columns, asked)
        if asked != Asked():
            raise InputError(f"--sep, --decimal, --encoding and --na are for CSV, not {suffix}.")
        if suffix == ".parquet":
            return _Objects(path, _parquet, _parquet_rows(path))
        read = _json_lines if suffix == ".jsonl" else _json
        return _Objects(path, read, sum(1 for _ in read(path)))
    except ImportError as error:
        raise InputError(
            f"{suffix} files need {error.name}: pip install 'scoring-client[parquet]'"
        ) from None
    except (ValueError, OSError) as error:
        raise InputError(f"{path} cannot be read: {clean(error)}") from None


class _Objects:
    """A file whose rows are objects with typed values."""

    def __init__(
        self, path: Path, read: Callable[[Path], Iterator[dict[str, Any]]], total: int
    ) -> None:
        self._path, self._read, self.total = path, read, total
        if not total:
            raise InputError(f"{path} has no rows: there is nothing to score.")
        columns = len(next(read(path)).keys() - OWN_COLUMNS)
        self.says = f"{path}: {counted(columns, 'column')}, {counted(total, 'row')}"
        self.dialect: dict[str, str] = {}

    def rows(self) -> Iterator[SourceRow]:
        for row in self._read(self._path):
            yield SourceRow({name: row[name] for name in row if name not in OWN_COLUMNS})

    def kept(self, row: SourceRow) -> dict[str, Any]:
        return row.values


def _parquet_rows(path: Path) -> int:
    import pyarrow.parquet

    return int(pyarrow.parquet.read_metadata(path).num_rows)


def _parquet(path: Path) -> Iterator[dict[str, Any]]:
    import pandas as pd
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(PARQUET_ROWS):
            frame: pd.DataFrame = batch.to_pandas()
            yield from Frame(frame).rows(0, len(frame))


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines):
            if line.strip():
                yield _record(json.loads(line), number)


def _json(path: Path) -> Iterator[dict[str, Any]]:
    content = json.loads(path.read_text(encoding="utf-8-sig"))
    if not isinstance(content, list):
        raise ValueError("expected a list of objects")
    for number, row in enumerate(content):
        yield _record(row, number)


def _record(value: Any, number: int) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"row {number} is no object")
    return value


def batches(table: TableFile, size: int, skip: int) -> Iterator[tuple[range, list[SourceRow]]]:
    """Yield a table's rows, `size` at a time, with their numbers from 0.

    Args:
        table: the table.
        size: rows at a time.
        skip: rows to leave out at the beginning.
    """
    rows = islice(table.rows(), skip, None)
    while batch := list(islice(rows, size)):
        yield range(skip, skip + len(batch)), batch
        skip += len(batch)
