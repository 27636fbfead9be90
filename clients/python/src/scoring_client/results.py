"""The command line's output: written as results arrive, continued where a run was cut.

While a run is under way its rows are in `OUT.part` (and those without a result in
`OUT.failed.part`), and `OUT.state` says how many rows and bytes of them count. The state is
replaced in one step after the rows are on the disk, so whatever cuts the run, the next one
drops what is torn and goes on: no row is lost, none is written twice. A run that ends gives
the files their names. None of these names may be a link: what it points to is not this run's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from scoring_client.cells import json_text
from scoring_client.part_file import Form, OutputError, PartFile, Row, check_no_link, open_own

FORMATS = (".csv", ".jsonl")

#: How many failures are kept one by one; the file of failed rows has them all.
KEPT_FAILURES = 100


class ResultFile:
    """The output of one run; use it as a context manager, and `begin` when the input is known.

    Args:
        path: a .csv or .jsonl.
        job: what the run is about: input, address, parameters.
        failed_suffix: how the name of the file of rows without a result ends, which is
            `NAME.failed.csv` or `.jsonl`; as the results' does by default.
        restart: forget what a run that was cut has left.

    Attributes:
        rows: how many rows are done, with or without a result.
        failed_rows: how many of them have none.
        failures: why, the first `KEPT_FAILURES` of all runs of the job.
        failed_path: where rows without a result go.

    Raises:
        OutputError: the name, or what lies there, does not allow the run.
    """

    def __init__(
        self,
        path: Path,
        job: Mapping[str, Any],
        *,
        failed_suffix: str | None = None,
        restart: bool = False,
    ) -> None:
        suffix = path.suffix.lower()
        if suffix not in FORMATS:
            raise OutputError(f"--out must end in {' or '.join(FORMATS)}, not {path.name}.")
        self._path = path
        self.failed_path = path.with_name(f"{path.stem}.failed{failed_suffix or suffix}")
        self._state_path = path.with_name(f"{path.name}.state")
        self._job = json.loads(json.dumps(job))
        self._check_names()
        found = {} if restart else self._found()
        for name in () if restart or found else (path, self.failed_path):
            if name.exists():
                raise OutputError(f"{name} is there already: remove it, or use --restart.")
        self.rows: int = found.get("rows", 0)
        self.failed_rows: int = found.get("failed_rows", 0)
        self.failures: list[dict[str, Any]] = found.get("failures", [])
        self._kept = found
        self._parts: list[PartFile] = []

    def begin(self, failed: Form | None = None) -> None:
        """Open the files.

        Args:
            failed: how rows without a result are written; as the results by default.

        Raises:
            OutputError: what a run that was cut has left is damaged, or a link.
        """
        form = Form(self._path.suffix.lower() == ".csv")
        for kind, name, written in (
            ("results", self._path, form),
            ("failed", self.failed_path, failed or form),
        ):
            part = name.with_name(f"{name.name}.part")
            self._parts.append(PartFile(part, written, self._kept.get(kind, {})))

    def _check_names(self) -> None:
        """Refuse names that are links, or the input's own.

        Raises:
            OutputError: one is.
        """
        inputs = {Path(name).resolve() for name, *_ in self._job.get("input", [])}
        for name in (self._path, self.failed_path):
            check_no_link(name)
            if name.resolve() in inputs:
                raise OutputError(f"{name} is the input, and would be written over: change --out.")

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

    def append(
        self,
        rows: Sequence[Row],
        failed: Sequence[Row] = (),
        failures: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """Write a chunk for good.

        Args:
            rows: with their results.
            failed: rows that have none, with the reason.
            failures: the reasons, for the report.
        """
        part, failed_part = self._parts
        part.append(rows)
        failed_part.append(failed)
        self.rows += len(rows) + len(failed)
        self.failed_rows += len(failed)
        room = KEPT_FAILURES - len(self.failures)
        self.failures += [dict(failure) for failure in failures[: max(room, 0)]]
        state = {
            "job": self._job,
            "rows": self.rows,
            "failed_rows": self.failed_rows,
            "failures": self.failures,
            "results": part.state(),
            "failed": failed_part.state(),
        }
        new = self._state_path.with_name(f"{self._state_path.name}.new")
        with open_own(new, "wb") as file:
            file.write(json_text(state).encode())
        new.replace(self._state_path)

    def finish(self) -> None:
        """Give the files their names: all rows are done."""
        results, failed = self._parts
        failed.finish(self.failed_path)
        results.finish(self._path)
        self._state_path.unlink(missing_ok=True)
