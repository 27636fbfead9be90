"""One run of the command: an input scored into an output, chunk by chunk."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from scoring_client.cells import flat, harmless, with_result
from scoring_client.client import ScoringClient
from scoring_client.csv_dialect import Asked
from scoring_client.errors import ScoringError
from scoring_client.faults import Outcome
from scoring_client.files import TableFile, batches, expand, is_table, is_text_table, open_table
from scoring_client.outcomes import Chunk, failures_in
from scoring_client.part_file import Form
from scoring_client.progress import progress_bar
from scoring_client.results import ResultFile
from scoring_client.rows import ERROR_COLUMN, LINE_COLUMN, ROW_COLUMN, SourceRow


@dataclass(frozen=True)
class Job:
    """What a run is about.

    Attributes:
        inputs: names and patterns of the input's files.
        out: the file to write.
        uri: the service's address.
        parameters: `GlobalParameters`.
        deployment: the deployment that shall answer; None for any.
        asked: how a CSV was written.
        formulas: leave text of the service as it is in a CSV, formulas included.
        restart: begin anew, whatever is there.
        quiet: show no progress.
    """

    inputs: list[str]
    out: Path
    uri: str
    parameters: dict[str, Any]
    deployment: str | None
    asked: Asked
    formulas: bool
    restart: bool
    quiet: bool


def run(
    job: Job, client: ScoringClient, report: dict[str, Any], say: Callable[[str], None]
) -> bool:
    """Score the input into the output; fill the report as it goes.

    Args:
        job: what to do.
        client: the service.
        report: gets what is done, also when the run is cut.
        say: called with one line on how a table is read, before any row is sent.

    Returns:
        Whether every row has a result.

    Raises:
        InputError: the input cannot be read.
        OutputError: the output cannot be written.
        ScoringError: the service is out of reach, or refuses the caller.
    """
    files = expand(job.inputs)
    identity = {
        "input": [[str(file), file.stat().st_size, file.stat().st_mtime_ns] for file in files],
        "reading": asdict(job.asked),
        "address": job.uri,
        "deployment": job.deployment,
        "parameters": job.parameters,
        "formulas": job.formulas,
    }
    # Failed rows are written as the input was, so that they can be scored with the same options.
    suffix = ".csv" if is_text_table(files) else None
    with ResultFile(job.out, identity, failed_suffix=suffix, restart=job.restart) as out:
        table = open_table(files[0], client.columns(), job.asked) if is_table(files) else None
        if table is not None:
            report["read"] = table.says
            say(table.says)
        out.begin(_failed_form(table))
        report["continued_at"] = out.rows
        writer = _Writer(out, job, table)
        if table is not None:
            total = table.total
            chunks = writer.chunks(batches(table, client.chunk_rows, out.rows))
            outcomes = client.score_chunks(chunks, job.parameters)
        else:
            total = len(files)
            outcomes = client.score_image_chunks(files, out.rows)
        report.update(rows=out.rows, failed_rows=out.failed_rows, failures=out.failures)
        wanted = False if job.quiet else None
        with closing(outcomes), progress_bar(total, wanted, out.rows) as advance:
            for (numbers, values), outcome in outcomes:
                writer.record(numbers, values, outcome)
                report.update(rows=out.rows, failed_rows=out.failed_rows)
                advance(len(numbers))
        out.finish()
        if out.failed_rows:
            report["failed"] = str(out.failed_path)
        return not out.failed_rows


def _failed_form(table: TableFile | None) -> Form | None:
    """Return how failed rows are written: a CSV's as the CSV was."""
    if table is None or not table.dialect:
        return None
    return Form(csv=True, sep=table.dialect["sep"], encoding=table.dialect["encoding"])


class _Writer:
    """Brings what was sent and what came of it together.

    Args:
        out: the output.
        job: what the run is about.
        table: the input; None for images.
    """

    def __init__(self, out: ResultFile, job: Job, table: TableFile | None) -> None:
        self._out, self._table = out, table
        self._as_csv = job.out.suffix.lower() == ".csv"
        self._harmless = self._as_csv and not job.formulas
        #: The rows of the chunks that are on their way, in order.
        self._sent: deque[list[SourceRow]] = deque()

    def chunks(self, read: Iterator[tuple[range, list[SourceRow]]]) -> Iterator[Chunk]:
        """Yield what is to be sent of each batch of rows."""
        for numbers, rows in read:
            self._sent.append(rows)
            yield (
                numbers,
                [row.values if row.problem is None else ScoringError(row.problem) for row in rows],
            )

    def record(self, numbers: range, values: Sequence[Any], outcome: Outcome) -> None:
        """Write a chunk: rows with their results, rows with the reason why they have none.

        Raises:
            ScoringError: the reason is not the rows' fault, so that they shall be sent again.
        """
        if isinstance(outcome, ScoringError) and (
            outcome.retryable or outcome.concerns_every_request
        ):
            raise outcome
        if self._table is not None:
            rows = self._sent.popleft()
        else:
            rows = [SourceRow({"file": str(file)}) for file in values]
        each = [outcome] * len(rows) if isinstance(outcome, ScoringError) else outcome
        results, failed = [], []
        for number, row, result in zip(numbers, rows, each, strict=True):
            if isinstance(result, ScoringError):
                failed.append(self._failed(number, row, result))
            else:
                results.append(self._scored(row, result))
        lines = {number: row.line for number, row in zip(numbers, rows, strict=True)}
        failures = [
            {
                **(failure.error.as_dict() if failure.error else {}),
                "rows": [failure.rows.start, failure.rows.stop - 1],
                **_lines(lines[failure.rows.start], lines[failure.rows.stop - 1]),
            }
            for failure in failures_in(numbers, outcome)
        ]
        self._out.append(results, failed, failures)

    def _scored(self, row: SourceRow, result: Any) -> dict[str, Any]:
        result = harmless(result) if self._harmless else result
        if not self._as_csv:
            return with_result(row.values, result)
        return with_result(flat(row.values), flat(result) if isinstance(result, dict) else result)

    def _failed(self, number: int, row: SourceRow, error: ScoringError) -> dict[str, Any]:
        kept = row.values if self._table is None else self._table.kept(row)
        place = {ROW_COLUMN: number} if row.line is None else {LINE_COLUMN: row.line}
        return {**kept, **place, ERROR_COLUMN: harmless(str(error))}


def _lines(first: int | None, last: int | None) -> dict[str, list[int]]:
    return {} if first is None or last is None else {"lines": [first, last]}


def parameter(text: str) -> tuple[str, Any]:
    """Return name and value of NAME=VALUE; the value as JSON where it is JSON.

    Raises:
        ValueError: there is no `=`.
    """
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise ValueError(f"--set needs NAME=VALUE, not {text!r}.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
