"""The command line's input files: read chunk by chunk, however large they are."""

from __future__ import annotations

import glob
import json
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from scoring_client.tables import Frame

#: Input formats of tables, by the end of the name.
TABLES = (".csv", ".parquet", ".json", ".jsonl")

#: What an empty cell, or one of these words, stands for in a column that is not text.
MISSING = ("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None")

#: How much of a reader's complaint is repeated.
SHOWN_CHARACTERS = 200

Chunk = tuple[range, list[dict[str, Any]]]


class InputError(Exception):
    """The input cannot be read; the message says what to do."""


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
        InputError: there are several tables, or a table among images.
    """
    tables = [file for file in files if file.suffix.lower() in TABLES]
    if tables and len(files) > 1:
        raise InputError(f"One table at a time, or images only: {tables[0]} is one of several.")
    return bool(tables)


def read_table(path: Path, columns: Mapping[str, str], size: int, skip: int) -> Iterator[Chunk]:
    """Yield a table's rows, `size` at a time, with their numbers from 0.

    Args:
        path: a .csv, .parquet, .jsonl or .json (a list of objects).
        columns: the service's columns and types; a CSV's text columns are read as text, so
            that "007" and "NA" stay what they are.
        size: rows in a chunk.
        skip: rows to leave out at the beginning.

    Raises:
        InputError: the file is not what its name says, or a package to read it is missing.
    """
    readers = {".csv": _csv, ".parquet": _parquet, ".jsonl": _json_lines, ".json": _json}
    start = 0
    try:
        for rows in readers[path.suffix.lower()](path, columns, size):
            numbers = range(start, start + len(rows))
            start = numbers.stop
            if numbers.stop <= skip:
                continue
            yield (
                range(max(numbers.start, skip), numbers.stop),
                rows[max(skip - numbers.start, 0) :],
            )
    except ImportError as error:
        package = "pandas" if path.suffix == ".csv" else "parquet"
        raise InputError(
            f"{path.suffix} files need {error.name}: pip install 'scoring-client[{package}]'"
        ) from None
    except (ValueError, OSError) as error:
        reason = " ".join(str(error).split())[:SHOWN_CHARACTERS]
        raise InputError(f"{path} cannot be read: {reason}") from None


def _csv(path: Path, columns: Mapping[str, str], size: int) -> Iterator[list[dict[str, Any]]]:
    import pandas as pd

    header = pd.read_csv(path, nrows=0).columns
    text = [name for name in header if _is_text(columns.get(name))]
    missing = {name: list(MISSING) for name in header if name not in text}
    reader = pd.read_csv(
        path,
        chunksize=size,
        dtype=dict.fromkeys(text, str),
        keep_default_na=False,
        na_values=missing,
        # Round trip: the fast parser loses the last digit of some numbers.
        float_precision="round_trip",
    )
    with reader:
        for frame in reader:
            yield Frame(frame).rows(0, len(frame))


def _is_text(kind: str | None) -> bool:
    return kind is not None and kind not in {"number", "integer", "boolean"}


def _parquet(path: Path, _: Mapping[str, str], size: int) -> Iterator[list[dict[str, Any]]]:
    import pandas as pd
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(size):
            frame: pd.DataFrame = batch.to_pandas()
            yield Frame(frame).rows(0, len(frame))


def _json_lines(path: Path, _: Mapping[str, str], size: int) -> Iterator[list[dict[str, Any]]]:
    with path.open(encoding="utf-8") as lines:
        rows = (
            _record(json.loads(line), number) for number, line in enumerate(lines) if line.strip()
        )
        while chunk := list(islice(rows, size)):
            yield chunk


def _json(path: Path, _: Mapping[str, str], size: int) -> Iterator[list[dict[str, Any]]]:
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, list):
        raise ValueError("expected a list of objects")
    rows = [_record(row, number) for number, row in enumerate(content)]
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _record(value: Any, number: int) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"row {number} is no object")
    return value
