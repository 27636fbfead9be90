"""The command `score`: a file in, a file with predictions out.

Exit codes: 0 all rows scored; 1 some rows have no result; 2 the command or a file is wrong;
3 the service is out of reach or refuses the caller (run the same command again to continue);
130 interrupted (likewise).
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from scoring_client.client import ScoringClient
from scoring_client.errors import ScoringError
from scoring_client.files import InputError, expand, is_table, read_table
from scoring_client.outcomes import Outcome
from scoring_client.progress import progress_bar
from scoring_client.results import OutputError, ResultFile
from scoring_client.secret import KEY_VARIABLE

EXIT_OK, EXIT_ROWS, EXIT_USAGE, EXIT_SERVICE, EXIT_INTERRUPTED = 0, 1, 2, 3, 130

#: The column of a prediction that is one value.
RESULT_COLUMN = "Results"

#: How many failures are shown to a person; --json has them all.
SHOWN_FAILURES = 5


class UsageError(Exception):
    """An option cannot be used."""


def parser() -> argparse.ArgumentParser:
    """Return the command's options."""
    options = argparse.ArgumentParser(
        prog="score",
        description="Score a table or images with an Azure ML scoring service.",
        epilog=f"The key is read from the variable {KEY_VARIABLE}. A run that was cut goes on "
        "where it stopped when the same command is given again.",
    )
    add = options.add_argument
    add("--uri", required=True, help="scoring address, https://HOST/score")
    add("--in", required=True, nargs="+", dest="inputs", metavar="FILE",
        help="a .csv, .parquet, .json or .jsonl table, or images")  # fmt: skip
    add("--out", required=True, type=Path, help="a .csv or .jsonl to write")
    add("--set", action="append", default=[], dest="parameters", metavar="NAME=VALUE",
        help="one of the service's GlobalParameters, such as method=predict_proba")  # fmt: skip
    add("--entra", action="store_true", help="sign in with Azure Entra (needs azure-identity)")
    add("--deployment", help="the deployment that shall answer (blue/green)")
    add("--chunk", type=int, help="rows, or images, in one request")
    add("--concurrency", type=int, default=4, help="requests at once (default: %(default)s)")
    add("--timeout", type=float, default=120, help="seconds for one attempt (%(default)s)")
    add("--retries", type=int, default=6, help="further attempts when busy (%(default)s)")
    add("--restart", action="store_true", help="begin anew, whatever is there")
    add("--json", action="store_true", dest="as_json", help="report as JSON on stdout")
    return options


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    args = parser().parse_args(argv)
    report: dict[str, Any] = {"out": str(args.out)}
    try:
        code = run(args, report)
    except (InputError, OutputError, UsageError, OSError) as error:
        code, report["error"] = EXIT_USAGE, {"message": str(error)}
    except ScoringError as error:
        code, report["error"] = EXIT_SERVICE, error.as_dict()
    except KeyboardInterrupt:
        code, report["error"] = EXIT_INTERRUPTED, {"message": "interrupted"}
    report["exit_code"] = code
    if args.as_json:
        print(json.dumps(report))
    else:
        print("\n".join(told(report)), file=sys.stderr if code else sys.stdout)
    return code


def run(args: argparse.Namespace, report: dict[str, Any]) -> int:
    """Score the input into the output; fill the report as it goes.

    Raises:
        InputError: the input cannot be read.
        OutputError: the output cannot be written.
        UsageError: an option cannot be used.
        ScoringError: the service is out of reach, or refuses the caller.
    """
    files = expand(args.inputs)
    table = files[0] if is_table(files) else None
    parameters = dict(map(parameter, args.parameters))
    job = {
        "input": [[str(file), file.stat().st_size, file.stat().st_mtime_ns] for file in files],
        "address": args.uri,
        "deployment": args.deployment,
        "parameters": parameters,
    }
    with client_of(args) as client, ResultFile(args.out, job, restart=args.restart) as out:
        report["continued_at"] = out.rows
        report.update(rows=out.rows, failures=out.failures)
        if table is not None:
            chunks = read_table(table, client.columns(), client.chunk_rows, out.rows)
            outcomes = client.score_chunks(chunks, parameters)
        else:
            outcomes = client.score_image_chunks(files, out.rows)
        wanted = False if args.as_json else None
        total = None if table else len(files)
        with closing(outcomes), progress_bar(total, wanted, out.rows) as advance:
            for (numbers, rows), outcome in outcomes:
                record(out, numbers, rows, outcome)
                report["rows"] = out.rows
                advance(len(numbers))
        out.finish()
        if out.failures:
            report["failed"] = str(out.failed_path)
    return EXIT_ROWS if report["failures"] else EXIT_OK


def record(out: ResultFile, numbers: range, rows: Sequence[Any], outcome: Outcome) -> None:
    """Write a chunk with its results, or with the reason why it has none.

    Raises:
        ScoringError: the reason is not the rows' fault, so that they shall be sent again.
    """
    lines = [row if isinstance(row, dict) else {"file": str(row)} for row in rows]
    if not isinstance(outcome, ScoringError):
        out.append([with_result(*pair) for pair in zip(lines, outcome, strict=True)])
        return
    if outcome.retryable or outcome.concerns_every_request:
        raise outcome
    out.append(
        [{**line, "error": str(outcome)} for line in lines],
        {**outcome.as_dict(), "rows": [numbers.start, numbers.stop - 1]},
    )


def with_result(row: dict[str, Any], result: Any) -> dict[str, Any]:
    """Return a row with its prediction; columns of the input keep their names."""
    fields = result if isinstance(result, dict) else {RESULT_COLUMN: result}
    return {**row, **{f"{n} (predicted)" if n in row else n: v for n, v in fields.items()}}


def parameter(text: str) -> tuple[str, Any]:
    """Return name and value of NAME=VALUE; the value as JSON where it is JSON.

    Raises:
        UsageError: there is no `=`.
    """
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError(f"--set needs NAME=VALUE, not {text!r}.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def client_of(args: argparse.Namespace) -> ScoringClient:
    """Return the client that the options ask for.

    Raises:
        UsageError: an option cannot be used.
    """
    credential = None
    if args.entra:
        try:
            from azure.identity import DefaultAzureCredential
        except ImportError:
            raise UsageError("--entra needs: pip install 'scoring-client[entra]'") from None
        # What it logs as a warning is in its exception, too.
        logging.getLogger("azure.identity").addHandler(logging.NullHandler())
        credential = DefaultAzureCredential()
    chunk = {} if args.chunk is None else {"chunk_rows": args.chunk, "chunk_images": args.chunk}
    try:
        return ScoringClient(
            args.uri,
            credential=credential,
            deployment=args.deployment,
            timeout=args.timeout,
            retries=args.retries,
            concurrency=args.concurrency,
            **chunk,
        )
    except ValueError as error:
        raise UsageError(str(error)) from None


def told(report: dict[str, Any]) -> list[str]:
    """Return the report for a person."""
    lines = []
    failures = report.get("failures", [])
    if report.get("continued_at"):
        lines.append(f"Continued after row {report['continued_at'] - 1}.")
    for failure in failures[:SHOWN_FAILURES]:
        first, last = failure["rows"]
        lines.append(f"Rows {first} to {last}: {failure['message']}")
    if len(failures) > SHOWN_FAILURES:
        lines.append(f"... and {len(failures) - SHOWN_FAILURES} more failures.")
    error = report.get("error")
    if error is not None:
        status = f"HTTP {error['status']}: " if "status" in error else ""
        lines.append(f"score: {status}{error['message']}")
        if "request_id" in error:
            lines.append(f"Request id: {error['request_id']}")
        if report.get("rows"):
            lines.append(f"{report['rows']} rows are done; the same command goes on from there.")
        return lines
    failed = sum(last - first + 1 for first, last in (failure["rows"] for failure in failures))
    scored = report["rows"] - failed
    lines.append(f"{scored} rows scored: {report['out']}" if scored else "No row is scored.")
    if failed:
        lines.append(f"{failed} rows without a result, with the reason: {report['failed']}")
    return lines


if __name__ == "__main__":
    sys.exit(main())
