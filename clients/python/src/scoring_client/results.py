"""The command line's output: written as results arrive, continued where a run was cut.

While a run is under way its rows are in `OUT.part` (and those without a result in
`OUT.failed.part`), and `OUT.state` says how many rows and bytes of them count. The state is
replaced in one step after the rows are on the disk, so whatever cuts the run, the next one
drops what is torn and goes on: no row is lost, none is written twice. A run that ends gives
the files their names.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

FORMATS = (".csv", ".jsonl")

Row = Mapping[str, Any]


class OutputError(Exception):
    """The output cannot be written; the message says what to do."""


class _Part:
    """A file that only grows, cut back to what counts when it is opened.

    Args:
        path: its name while the run is under way.
        as_csv: CSV, else JSON lines.
        found: what `state()` returned when it was last saved.
    """

    def __init__(self, path: Path, as_csv: bool, found: Mapping[str, Any]) -> None:
        self._path, self._as_csv = path, as_csv
        self._columns: list[str] = list(found.get("columns", []))
        counted = int(found.get("bytes", 0))
        if counted and (not path.is_file() or path.stat().st_size < counted):
            raise OutputError(f"{path} has lost its end: use --restart.")
        try:
            self._file = path.open("r+b" if counted else "wb")
        except OSError as error:
            raise OutputError(f"{path} cannot be written: {error.strerror}.") from None
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
        if self._as_csv:
            self._file.write(self._csv_lines(rows))
        else:
            lines = (json.dumps(dict(row), default=_text) for row in rows)
            self._file.write("".join(f"{line}\n" for line in lines).encode())
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
        rows = [_flat(row) for row in rows]
        text = io.StringIO()
        writer = csv.writer(text)
        if rows and not self._columns:
            self._columns = list({name: None for row in rows for name in row})
            writer.writerow(self._columns)
        for row in rows:
            if unknown := [name for name in row if name not in self._columns]:
                raise OutputError(
                    f"A row has {unknown[0]!r}, which the CSV's first rows had not: "
                    "give --out a name that ends in .jsonl."
                )
            writer.writerow([_cell(row.get(name)) for name in self._columns])
        return text.getvalue().encode()


class ResultFile:
    """The output of one run; use it as a context manager.

    Args:
        path: a .csv or .jsonl; what has no result goes beside it, as `NAME.failed.csv`.
        job: what the run is about: input, address, parameters.
        restart: forget what a run that was cut has left.

    Attributes:
        rows: how many rows are done, with or without a result.
        failures: why some have none, one entry per chunk, earlier runs of the job included.
        failed_path: where rows without a result go.

    Raises:
        OutputError: the name, or what lies there, does not allow the run.
    """

    def __init__(self, path: Path, job: Mapping[str, Any], *, restart: bool = False) -> None:
        suffix = path.suffix.lower()
        if suffix not in FORMATS:
            raise OutputError(f"--out must end in {' or '.join(FORMATS)}, not {path.name}.")
        self._path = path
        self.failed_path = path.with_name(f"{path.stem}.failed{path.suffix}")
        self._state_path = path.with_name(f"{path.name}.state")
        self._job = dict(job)
        found = {} if restart else self._found()
        if not restart and not found and path.exists():
            raise OutputError(f"{path} is there already: remove it, or use --restart.")
        self.rows: int = found.get("rows", 0)
        self.failures: list[dict[str, Any]] = found.get("failures", [])
        self._parts = [
            _Part(name.with_name(f"{name.name}.part"), suffix == ".csv", found.get(kind, {}))
            for kind, name in (("results", path), ("failed", self.failed_path))
        ]

    def _found(self) -> dict[str, Any]:
        """Return the state that a run of the same job has left; empty when there is none."""
        if not self._state_path.is_file():
            return {}
        try:
            found = dict(json.loads(self._state_path.read_text()))
            changed = [name for name in self._job if found["job"].get(name) != self._job[name]]
        except (ValueError, TypeError, KeyError, AttributeError):
            raise OutputError(f"{self._state_path} is damaged: use --restart.") from None
        if changed:
            raise OutputError(
                f"{self._path}.part is of another run (another {', '.join(changed)}): "
                "repeat that run, or use --restart to begin anew."
            )
        return found

    def __enter__(self) -> ResultFile:
        """Return the file."""
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the files; what is in them stays for the next run."""
        for part in self._parts:
            part.close()

    def append(self, rows: Sequence[Row], failure: Mapping[str, Any] | None = None) -> None:
        """Write rows for good.

        Args:
            rows: with their results; with the reason, when they have none.
            failure: why they have none.
        """
        results, failed = self._parts
        (results if failure is None else failed).append(rows)
        self.rows += len(rows)
        if failure is not None:
            self.failures.append(dict(failure))
        state = {
            "job": self._job,
            "rows": self.rows,
            "failures": self.failures,
            "results": results.state(),
            "failed": failed.state(),
        }
        new = self._state_path.with_name(f"{self._state_path.name}.new")
        new.write_text(json.dumps(state))
        new.replace(self._state_path)

    def finish(self) -> None:
        """Give the files their names: all rows are done."""
        results, failed = self._parts
        failed.finish(self.failed_path)
        results.finish(self._path)
        self._state_path.unlink(missing_ok=True)


def _flat(row: Row) -> dict[str, Any]:
    """Return a row without nested objects: `probabilities` becomes `probabilities.0`, ..."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat.update({f"{name}.{inner}": deep for inner, deep in _flat(value).items()})
        else:
            flat[name] = value
    return flat


def _cell(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list) else value


def _text(value: Any) -> str:
    """Return a value of the input that JSON has not: a Parquet file's date, or bytes."""
    return str(value.isoformat() if hasattr(value, "isoformat") else value)
