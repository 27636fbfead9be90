"""A file that only grows, cut back to what counts when it is opened again."""

from __future__ import annotations

import csv
import io
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from scoring_client.cells import cell, flat, json_text

#: Encodings that begin with a byte order mark: the first bytes have it, the others have not.
WITHOUT_MARK = {
    "utf-8-sig": "utf-8",
    "utf-16": f"utf-16-{'le' if sys.byteorder == 'little' else 'be'}",
    "utf-32": f"utf-32-{'le' if sys.byteorder == 'little' else 'be'}",
}

Row = Mapping[str, Any]


class OutputError(Exception):
    """The output cannot be written; the message says what to do."""


@dataclass(frozen=True)
class Form:
    """How a file is written.

    Attributes:
        csv: CSV, else JSON lines.
        sep: a CSV's separator.
        encoding: a CSV's encoding.
    """

    csv: bool
    sep: str = ","
    encoding: str = "utf-8"


def open_own(path: Path, mode: str) -> IO[bytes]:
    """Open a file of this run to write, never what a link points to.

    Raises:
        OutputError: it is a link, or cannot be opened.
    """
    # Where the system has it, the flag refuses a link that comes up after the question as well.
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    flags |= os.O_CREAT | os.O_TRUNC if mode == "wb" else 0
    check_no_link(path)
    try:
        return open(os.open(path, flags, 0o666), mode)  # noqa: PTH123 - a descriptor
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}.") from None


def check_no_link(path: Path) -> None:
    """Refuse a name that is a link.

    Raises:
        OutputError: it is one.
    """
    if path.is_symlink():
        raise OutputError(f"{path} is a link, and is not written through: name a file itself.")


class PartFile:
    """A file that only grows, cut back to what counts when it is opened.

    Args:
        path: its name while the run is under way.
        form: how it is written.
        found: what `state()` returned when it was last saved.
    """

    def __init__(self, path: Path, form: Form, found: Mapping[str, Any]) -> None:
        self._path, self._form = path, form
        self._columns: list[str] = list(found.get("columns", []))
        counted = int(found.get("bytes", 0))
        if counted and (not path.is_file() or path.stat().st_size < counted):
            raise OutputError(f"{path} has lost its end: use --restart.")
        self._file = open_own(path, "r+b" if counted else "wb")
        self._file.truncate(counted)
        self._file.seek(counted)

    def state(self) -> dict[str, Any]:
        """Return how much of the file counts."""
        return {"columns": self._columns, "bytes": self._file.tell()}

    def append(self, rows: Sequence[Row]) -> None:
        """Write rows; they are on the disk when this returns.

        Raises:
            OutputError: a CSV has no column for a value.
        """
        if not rows:
            return
        if self._form.csv:
            self._file.write(self._csv_lines(rows))
        else:
            self._file.write("".join(f"{json_text(dict(row))}\n" for row in rows).encode())
        self._file.flush()
        os.fsync(self._file.fileno())

    def finish(self, name: Path) -> None:
        """Close the file and give it its name; remove it when it is empty."""
        empty = self._file.tell() == 0
        self._file.close()
        if empty:
            self._path.unlink()
        else:
            self._path.replace(name)

    def close(self) -> None:
        """Close the file; it stays for the next run."""
        self._file.close()

    def _csv_lines(self, rows: Sequence[Row]) -> bytes:
        rows = [flat(row) for row in rows]
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self._form.sep)
        if rows and not self._columns:
            self._columns = list({name: None for row in rows for name in row})
            writer.writerow(self._columns)
        for row in rows:
            if unknown := [name for name in row if name not in self._columns]:
                raise OutputError(
                    f"A row has {unknown[0]!r}, which the CSV's first rows had not: "
                    "give --out a name that ends in .jsonl."
                )
            writer.writerow([cell(row.get(name)) for name in self._columns])
        encoding = self._form.encoding
        if self._file.tell():
            encoding = WITHOUT_MARK.get(encoding, encoding)
        # Only the reason beside a row can hold what the input's encoding has not.
        return text.getvalue().encode(encoding, errors="backslashreplace")
