"""What the operator sees: progress on standard error, the result on standard output."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from deploy.checks.run import Report
from deploy.findings import Finding, Level
from deploy.masking import masked, masked_document

#: The form of what --json prints; it is raised when a field goes or changes its meaning.
JSON_VERSION = 1

COLOURS = {Level.FAULT: "red", Level.WARNING: "yellow", Level.NOTICE: "cyan"}


class Output:
    """Where a command's words go.

    Everything passes `masked`: no secret is printed, but the keys that `keys` is asked for.

    Args:
        as_json: print the result as one JSON object and nothing else on standard output.
        verb: the command, for that object.
        target: where to, for that object; empty where the verb has none.
    """

    def __init__(self, *, as_json: bool = False, verb: str = "", target: str = "") -> None:
        self.as_json = as_json
        self.verb, self.target = verb, target
        self.stage = ""
        self._so_far: Any = None
        self.console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._progress: Progress | None = None
        self._task: Any = None

    def say(self, text: str) -> None:
        """Tell which step has begun: a line, and on a terminal one with the time it takes."""
        text = self.stage = masked(text)
        if self._progress is None:
            self.console.print(text, markup=False)
            return
        if self._task is not None:
            self._progress.update(self._task, total=1, completed=1)
        self._task = self._progress.add_task(text, total=None)

    @contextmanager
    def progress(self) -> Iterator[None]:
        """Show the steps that are told meanwhile, each with the time it takes."""
        if not self.console.is_terminal:
            yield
            return
        columns = SpinnerColumn(finished_text="✓"), TextColumn("{task.description}")
        # Standard output is left alone: it is the result's, and may be a file.
        display = Progress(
            *columns, TimeElapsedColumn(), console=self.console, redirect_stdout=False
        )
        with display as self._progress:
            try:
                yield
                self._done()
            finally:
                self._progress = self._task = None

    def _done(self) -> None:
        """End the display: its last step is done, and what follows stands below it."""
        if self._progress is None:
            return
        if self._task is not None:
            self._progress.update(self._task, total=1, completed=1)
        self._progress.stop()

    def result(self, document: Any, text: str, *, secret: bool = False) -> None:
        """Print the result: the document with --json, else the text.

        Args:
            document: a JSON value.
            text: the same for a person.
            secret: the result is secrets that were asked for.
        """
        self._done()
        if self.as_json:
            self._print_json(document if secret else masked_document(document), None)
        else:
            print(text if secret else masked(text))

    def so_far(self, document: Any, text: str = "") -> None:
        """Tell what is known although the command ends with an error."""
        self._done()
        self._so_far = masked_document(document)
        if text and not self.as_json:
            print(masked(text))

    def failure(self, message: str, exit_code: int, log: str = "") -> None:
        """Print why the command fails, as a person or a program reads it."""
        if log:
            self.log(log)
        self.error(message)
        if self.as_json:
            error = {
                "message": masked(message),
                "stage": self.stage,
                "exit_code": exit_code,
                "log": masked(log),
            }
            self._print_json(self._so_far, error)

    def _print_json(self, result: Any, error: dict[str, Any] | None) -> None:
        document = {
            "version": JSON_VERSION,
            "verb": self.verb,
            "target": self.target,
            "ok": error is None,
            "result": result,
            "error": error,
        }
        print(json.dumps(document, indent=2, default=str), flush=True)

    def table(self, table: Table) -> None:
        """Print a table as the result."""
        Console(highlight=False).print(table)

    def error(self, text: str) -> None:
        """Print what went wrong."""
        self.console.print(masked(text), style="red", markup=False)

    def log(self, text: str) -> None:
        """Print lines of a service's log, set off from our own words."""
        for line in masked(text).splitlines():
            self.console.print(f"  | {line}", style="dim", markup=False)

    def findings(self, found: list[Finding]) -> None:
        """Print findings, one line each."""
        for finding in found:
            colour = COLOURS[finding.level]
            self.console.print(f"[{colour}]{finding.level.value:<8}[/]", end=" ")
            self.console.print(masked(str(finding)), markup=False)

    def report(self, report: Report) -> None:
        """Print a check's findings and the files it would upload."""
        self.findings(list(report.findings))
        if report.bundle is not None:
            sizes = report.bundle.sizes()
            table = Table("file", "bytes", title=f"uploaded from {report.bundle.source}")
            for name, size in sizes.items():
                table.add_row(name, f"{size:,}")
            left = f"; {report.bundle.left_out} left out" if report.bundle.left_out else ""
            table.caption = f"{len(sizes)} files, {sum(sizes.values()):,} bytes{left}"
            self.console.print(table)


def report_json(report: Report) -> dict[str, Any]:
    """Return a check's result as a JSON object."""
    return {
        "faults": len(report.faults),
        "findings": [vars(finding) for finding in report.findings],
        "files": report.bundle.sizes() if report.bundle else {},
    }
